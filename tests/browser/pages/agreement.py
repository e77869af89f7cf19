"""The agreement, its follow-up and its signing."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator

from leder.pages.editions import Section
from tests.browser.pages.base import BasePage, fill_all


class AgreementPage(BasePage):
    """The agreement as one of the parties sees it."""

    def open(self, agreement: Any) -> AgreementPage:
        """Go there."""
        self.agreement = agreement
        self.goto(f"/leder/avtale/{agreement.uuid}/")
        return self

    def section(self, section: Section) -> Locator:
        """The part of the page with a section's text, fields and comments."""
        return self.page.locator(f'[id="s-{section.id}"]')

    def form(self, section: Section) -> Locator:
        """The form of a section."""
        return self.section(section).locator(f'form[action$="/del/{section.id}/"]')

    def write(self, section: Section, text: str) -> None:
        """Answer the questions, write the note and one goal."""
        form = self.form(section)
        fill_all(form.locator('textarea[name^="a-"]'), text)
        note = form.locator('textarea[name="note"]')
        if note.count():
            note.fill(f"{text} note")
        goal = form.locator('textarea[name^="g-"][name$="-goal"]').first
        if goal.count():
            goal.fill(f"{text} goal")
            form.locator('textarea[name^="g-"][name$="-measures"]').first.fill(f"{text} measures")
            form.locator('input[name^="g-"][name$="-due"]').first.fill(f"{self.agreement.year}-10-01")
        self.save(form)

    def choose(self, section: Section, statements: list[str], text: str, stances: list[str]) -> None:
        """Choose statements of the text it builds on, by their words, and write about each."""
        form = self.form(section)
        for words in statements:
            self._option(form, words).locator('input[name="chosen"]').check()
        if not self.scripts:
            self.save(form)
        for number, words in enumerate(statements):
            fields = self._option(form, words).locator("+ .leder-options__fields")
            fill_all(fields.locator("textarea"), f"{text} {number}")
            if stances:
                fields.locator(f'input[type=radio][value="{stances[number]}"]').check()
        self.save(form)

    def _option(self, form: Locator, words: str) -> Locator:
        option = form.locator(".leder-options > label").filter(has_text=words).first
        folded = form.locator("details:not([open])").filter(
            has=self.page.locator(".leder-options > label", has_text=words)
        )
        if folded.count():
            folded.first.locator("summary").first.click()
        return option

    def comment(self, section: Section, text: str) -> None:
        """Send a comment to the other."""
        self._talk(section, text)
        self.press(self.section(section).locator('.leder-talk button[type="submit"]').first)

    def ask_for_changes(self, section: Section, text: str) -> None:
        """As superior: say what should be changed."""
        self._talk(section, text)
        self.press(self.section(section).locator('button[name="verdict"][value="changes"]'))

    def approve(self, section: Section) -> None:
        """As superior: approve the section as it stands."""
        self.press(self.section(section).locator('button[name="verdict"][value="approved"]'))

    def _talk(self, section: Section, text: str) -> None:
        talk = self.section(section).locator("details.leder-talk")
        if talk.get_attribute("open") is None:
            talk.locator("summary").click()
        talk.locator('textarea[name="text"]').fill(text)


class SignPage(BasePage):
    """What is signed, and the two signatures."""

    def open(self, agreement: Any) -> SignPage:
        """Go there."""
        self.goto(f"/leder/avtale/{agreement.uuid}/signer/")
        return self

    def sign(self, place: str) -> None:
        """Sign what is shown."""
        self.page.locator('input[name="place"]').fill(place)
        self.press(self.page.locator(".leder-signature button[type=submit]"))


class FollowUpPage(BasePage):
    """How the goals stand, the prompts, and both confirmations."""

    def open(self, agreement: Any) -> FollowUpPage:
        """Go there."""
        self.agreement = agreement
        self.goto(f"/leder/avtale/{agreement.uuid}/oppfolging/")
        return self

    def tell_progress(self, section: Section, status: str, text: str) -> None:
        """Say how the first goal of a section stands."""
        form = self.page.locator(f'form[action$="/oppfolging/{section.id}/"]')
        form.locator('select[name$="-status"], input[type=radio][name$="-status"]').first.wait_for(
            state="attached"
        )
        choice = form.locator('select[name$="-status"]').first
        if choice.count():
            choice.select_option(status)
        else:
            form.locator(f'input[type=radio][name$="-status"][value="{status}"]').first.check()
        form.locator('textarea[name$="-comment"]').first.fill(text)
        self.save(form)

    def answer_prompts(self, section: Section, text: str) -> None:
        """Answer every prompt, and write what is new."""
        form = self.page.locator(f'form[action$="/del/{section.id}/"]')
        fill_all(form.locator("textarea"), text)
        self.save(form)

    def confirm(self) -> None:
        """Read through, unless that is what is shown, and confirm."""
        reading = self.page.locator('a[href^="?read=1"]')
        if reading.count():
            self.goto(f"/leder/avtale/{self.agreement.uuid}/oppfolging/?read=1")
        self.press(self.page.locator('form[action$="/oppfolging/bekreft/"] button'))
