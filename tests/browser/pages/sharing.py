"""The page where the two share, and what the one they share with is shown."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator

from tests.browser.pages.base import BasePage


class SharingPage(BasePage):
    """What is shared of an agreement, as one of the parties sees it."""

    def open(self, agreement: Any) -> SharingPage:
        """Go there."""
        self.goto(f"/leder/avtale/{agreement.uuid}/deling/")
        return self

    @property
    def people_meant(self) -> Locator:
        """Those whom the name fits, to choose among."""
        return self.page.locator('input[name="person"]')

    def fill(self, part: str, reader: str, purpose: str) -> None:
        """Fill in the form; the date stands there."""
        self.page.locator(f'input[name="part"][value="{part}"]').check()
        self.page.locator('input[name="reader"]').fill(reader)
        self.page.locator('input[name="purpose"]').fill(purpose)

    def send(self) -> None:
        """Send the proposal, whether it is received or not."""
        with self.page.expect_navigation():
            self.page.locator('form[action$="/deling/"] button').click()

    def agree(self) -> None:
        """Agree to what waits."""
        self.press(self.page.locator('form[action$="/godta/"] button:not([formaction])'))

    def withdraw(self) -> None:
        """End what is shared."""
        self.press(self.page.locator('form[action$="/trekk/"] button'))


class SharedPage(BasePage):
    """What is shared with somebody."""

    def open(self) -> SharedPage:
        """Go to the list from Min side, and on to the first text."""
        self.goto("/leder/min-side/")
        self.press(self.page.locator('#main a[href$="/leder/delt/"]'))
        return self

    def read(self) -> None:
        """Open the first text of the list."""
        self.press(self.page.locator('#main ul a[href*="/leder/delt/"]').first)
