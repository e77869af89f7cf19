"""The page editor of the CMS. It needs JavaScript, as Wagtail does."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.pages.base import BasePage


class PageEditor(BasePage):
    """A page in the editor."""

    def open(self, page: Any) -> PageEditor:
        """Go there."""
        self.goto(f"/cms/pages/{page.pk}/edit/")
        return self

    def change_words(self, old: str, new: str) -> None:
        """Replace the words of the field that has exactly the old ones."""
        fields = self.page.locator("form[data-edit-form] textarea, form[data-edit-form] input[type=text]")
        field = next(fields.nth(n) for n in range(fields.count()) if fields.nth(n).input_value() == old)
        self._unfold(field)
        field.fill(new)

    def paragraph(self, identity: str) -> Locator:
        """The block or list item with this id, unfolded so far that it can be seen."""
        found = self.page.locator(f'[data-contentpath="{identity}"]')
        self._unfold(found)
        return found

    def press_like_a_hand(self, button: Locator) -> None:
        """Press the button as a person with a mouse does: go there, press, let go in the same place.

        Playwright's own click looks for the button anew; a hand does not, and what moves meanwhile is missed.
        """
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box is not None, "nothing to be pressed"
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self._next_frame()
        self.page.mouse.down()
        self._next_frame()
        self.page.mouse.up()
        self._next_frame()

    def _next_frame(self) -> None:
        """Let the browser lay out and paint what has changed."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def _unfold(self, field: Locator) -> None:
        """Open the folded blocks around a field, the outermost first."""
        while not field.is_visible():
            folded = field.locator("xpath=ancestor::section[@data-panel]//button[@data-panel-toggle]")
            for number in range(folded.count()):
                toggle = folded.nth(number)
                if toggle.is_visible() and toggle.get_attribute("aria-expanded") == "false":
                    toggle.click()
                    break
            else:
                raise AssertionError("the field can't be unfolded")

    def submit_for_approval(self) -> None:
        """Send it to those who approve."""
        self._choose_action("action-submit")

    def approve_and_publish(self) -> None:
        """As approver: approve the draft, which publishes it."""
        self._open_actions()
        self.page.locator('[data-workflow-action-name="approve"]').first.click()
        dialog = self.page.locator(".modal.in form, [role=dialog]:visible form").first
        if dialog.count():
            self.press(dialog.locator("[type=submit]"))

    def _choose_action(self, name: str) -> None:
        button = self.page.locator(f'button[name="{name}"]').first
        if not button.is_visible():
            self._open_actions()
        with self.page.expect_navigation():
            button.click()
        expect(self.page.locator(".messages .success")).to_be_visible()

    def _open_actions(self) -> None:
        toggle = self.page.locator("footer [data-controller='w-dropdown'] > button").last
        if toggle.count():
            toggle.click()
