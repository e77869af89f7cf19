"""What was agreed and stands: the document, its check, reopening, the years."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator

from tests.browser.pages.base import BasePage


class CheckPage(BasePage):
    """The check of a document, and the way a document gets to one's own computer."""

    def fetch(self, agreement: Any, folder: Path) -> Path:
        """Fetch the agreement's document from where it is signed, as a file."""
        self.goto(f"/leder/avtale/{agreement.uuid}/signer/")
        with self.page.expect_download() as fetched:
            self.page.locator("a[href$='/dokument.pdf']").first.click()
        path = folder / f"{fetched.value.suggested_filename}"
        fetched.value.save_as(path)
        return path

    def check(self, file: Path) -> Locator:
        """Have a file checked; returns what is said of it."""
        self.goto("/leder/kontroll/")
        self.page.locator("input[type=file]").set_input_files(file)
        self.press(self.page.locator("form[enctype] button[type=submit]"))
        return self.page.locator("main [role=status]").first


class NewerTextPage(BasePage):
    """What has changed in the texts that an agreement builds on."""

    def open(self, agreement: Any) -> NewerTextPage:
        """Go there by the way that the agreement shows."""
        self.goto(f"/leder/avtale/{agreement.uuid}/")
        self.press(self.page.locator("main .ds-alert a[href$='/ny-tekst/']").first)
        return self

    def decide(self, edition: Any, choice: str) -> None:
        """Take an edition into use ("adopted"), or keep what the agreement has ("retained")."""
        form = self.page.locator(f"form:has(input[name=edition][value='{edition.pk}'])")
        self.press(form.locator(f"button[value={choice}]"))


class ReopeningPage(BasePage):
    """Reopening what both have signed."""

    def open(self, agreement: Any) -> ReopeningPage:
        """Go there."""
        self.goto(f"/leder/avtale/{agreement.uuid}/gjenapne/")
        return self

    def propose(self, reason: str) -> None:
        """Say why, and send it to the other."""
        self.page.locator('textarea[name="reason"]').fill(reason)
        self.press(self.page.locator("form:has(textarea[name=reason]) button[type=submit]"))

    def consent(self) -> None:
        """Agree to it."""
        self.press(self.page.locator("form[action$='/samtykk/'] button:not([formaction])"))


class HistoryPage(BasePage):
    """A leader's agreements and goals through the years."""

    def open(self, agreement: Any) -> HistoryPage:
        """Go there."""
        self.goto(f"/leder/avtale/{agreement.uuid}/historikk/")
        return self

    @property
    def goals(self) -> list[str]:
        """The goals that show, in order."""
        return self.page.locator(".leder-track strong").all_inner_texts()

    @property
    def earlier_seals_for(self) -> Locator:
        """The ways to what was signed before it was opened again."""
        return self.page.locator("a[href*='/signert/']")
