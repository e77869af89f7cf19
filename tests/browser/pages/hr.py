"""HR's pages in the CMS: import, opening the year, handovers, and what shows how it goes."""

from __future__ import annotations

from tests.browser.pages.base import BasePage


class HrPages(BasePage):
    """The pages under “Lederavtaler”, in HR's browser."""

    def import_file(self, name: str, content: bytes) -> None:
        """Send a file and apply what it changes, by whatever steps are between."""
        self.goto("/cms/leder/import/")
        self.page.set_input_files(
            "input[type=file]", {"name": name, "mimeType": "text/csv", "buffer": content}
        )
        self.press(self._main("form[enctype] button[type=submit]"))
        if "/columns/" in self.page.url:
            self.press(self._main("form button[type=submit]"))
        self.press(self._main("form button[type=submit]:not([name=cancel])"))
        assert "done=" in self.page.url, self.page.url

    def open_year(self) -> int:
        """Go through the four steps for the year that is suggested, and return it."""
        self.goto("/cms/leder/year/")
        self.press(self._main("a[href$='/texts/'].button"))
        year = int(self.page.url.split("/")[-3])
        for step in ("deadlines", "preview"):
            self.press(self._main("form[method=post] button[type=submit]"))
            assert self.page.url.endswith(f"/year/{year}/{step}/"), self.page.url
        self.press(self._main(f"a[href$='/year/{year}/open/']"))
        self.press(self._main("form[method=post] button[type=submit]"))
        assert self.page.url.endswith(f"/year/{year}/progress/"), self.page.url
        return year

    def plan_for_today(self) -> None:
        """Plan all handovers that the organisation of today asks for, from the first superior in the list."""
        self.goto("/cms/leder/handovers/")
        self.press(self._main("button[name=side]").first)

    def approve(self) -> None:
        """Let the first handover in the list act from its day, as a second person."""
        self.goto("/cms/leder/handovers/")
        self.press(self._main("button[name=approve]").first)

    def text_of(self, path: str) -> str:
        """What stands on a page of the CMS."""
        self.goto(path)
        return self.page.locator("main").inner_text()

    def _main(self, selector: str):  # type: ignore[no-untyped-def]
        return self.page.locator("main").locator(selector).first
