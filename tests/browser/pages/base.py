"""What all page objects share."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


class BasePage:
    """A page of the intranet in somebody's browser. `scripts` says whether JavaScript is on."""

    def __init__(self, page: Page, url: str, *, scripts: bool = True) -> None:
        self.page = page
        self.url = url
        self.scripts = scripts

    def goto(self, path: str) -> None:
        """Go to an address and see that it is there."""
        answer = self.page.goto(self.url + path)
        assert answer and answer.ok, f"{path}: {answer and answer.status}"

    def press(self, button: Locator) -> None:
        """Press a button that leads to a new page, and see that it is not an error."""
        with self.page.expect_navigation() as moved:
            button.click()
        answer = moved.value
        assert answer is None or answer.ok, f"{self.page.url}: {answer and answer.status}"

    def save(self, form: Locator) -> None:
        """With scripts: wait until it has saved itself. Without: press the button."""
        if self.scripts:
            form.locator("[data-autosave-status][data-state=saved]").wait_for()
        else:
            self.press(form.locator(".leder-save button").first)


def fill_all(fields: Locator, text: str) -> None:
    """Write the text, numbered, in every visible field."""
    for number in range(fields.count()):
        field = fields.nth(number)
        if field.is_visible():
            field.fill(f"{text} {number + 1}")
