"""Min side, preparation, conversations and meeting mode."""

from __future__ import annotations

import datetime as dt
from typing import Any

from leder.pages.editions import Section
from tests.browser.pages.base import BasePage, fill_all


class MyPage(BasePage):
    """Min side, and the list of reports."""

    def open(self) -> MyPage:
        """Go there."""
        self.goto("/leder/min-side/")
        return self

    def open_agreement_of(self, name: str) -> None:
        """As superior: open the agreement of a report."""
        self.goto("/leder/min-side/ledere/")
        row = self.page.locator("tbody tr").filter(has_text=name)
        self.press(row.locator("form button"))


class PreparationPage(BasePage):
    """One's own preparation, a section at a time."""

    def open(self, agreement: Any) -> PreparationPage:
        """Go there."""
        self.agreement = agreement
        self.goto(f"/leder/avtale/{agreement.uuid}/forberedelse/")
        return self

    def write(self, section: Section, text: str) -> None:
        """Answer the questions of a section."""
        self.goto(f"/leder/avtale/{self.agreement.uuid}/forberedelse/{section.id}/")
        form = self.page.locator("main form")
        fill_all(form.locator("textarea"), text)
        self.save(form)

    def ready(self) -> None:
        """Say ready."""
        self.open(self.agreement)
        self.press(self.page.locator('button[name="act"][value="ready"]'))


class ConversationsPage(BasePage):
    """The conversations of an agreement."""

    def open(self, agreement: Any) -> ConversationsPage:
        """Go there."""
        self.agreement = agreement
        self.goto(f"/leder/avtale/{agreement.uuid}/samtaler/")
        return self

    def call(self, day: dt.date, place: str) -> None:
        """As superior: call the next conversation."""
        form = self.page.locator('form[action$="/samtaler/"]')
        form.locator('input[name="date"]').fill(day.isoformat())
        form.locator('input[name="time"]').fill("10:30")
        form.locator('input[name="place"]').fill(place)
        self.press(form.locator("button[type=submit]"))


class MeetingPage(BasePage):
    """Meeting mode: one section at a time."""

    def open(self, agreement: Any) -> MeetingPage:
        """Begin at the first section."""
        self.goto(f"/leder/avtale/{agreement.uuid}/mote/")
        return self

    def go_through(self) -> int:
        """Turn every page to the end. Returns how many sections there were."""
        turned = 0
        while (onwards := self.page.locator('[data-meeting-nav] a[rel="next"]')).count():
            self.press(onwards)
            turned += 1
        return turned

    def note_as_held(self) -> None:
        """As superior, at the end: the conversation was held today."""
        self.press(self.page.locator('form[action*="/samtaler/"] button'))
