"""A browser for each person, watched: whatever it complains of or asks of other machines fails the test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

# Milliseconds: a limit for what never comes, and no measure of anything. A page that could not save tries again after
# at most 64 seconds.
PATIENCE = 90_000
SCHEMES = ("light", "dark")
WIDE, NARROW = 1280, 390
AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text()
TELL_POLICY = """
document.addEventListener('securitypolicyviolation', (event) =>
    console.error('policy: ' + event.effectiveDirective + ' ' + event.blockedURI));
"""


@dataclass
class Watch:
    """What went wrong in the browsers of a test. `allowed` are statuses that the test brings about on purpose."""

    url: str
    found: list[str] = field(default_factory=list)
    allowed: set[int] = field(default_factory=set)
    is_offline: bool = False

    def over(self, context: BrowserContext) -> None:
        """Watch a context."""
        context.add_init_script(TELL_POLICY)
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.found.append(str(error.error)))

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:", "about:")):
            self.found.append(f"asked another machine: {request.url}")

    def _response(self, response: Response) -> None:
        # The page editor saves by itself, and is told 400 when a button has saved or submitted just before it.
        request = response.request
        overtaken = (
            response.status == 400 and request.resource_type == "fetch" and "/cms/pages/" in request.url
        )
        if response.status >= 400 and response.status not in self.allowed and not overtaken:
            self.found.append(f"{response.status} {response.request.method} {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error" or self.is_offline:
            return
        # Chromium tells of each answer that is an error; those are judged by their status above.
        if not message.text.startswith("Failed to load resource"):
            self.found.append(message.text)


def faults(page: Page) -> list[str]:
    """What is wrong with a page in which axe is: a line for each thing that axe finds, and one if it is too wide."""
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    said = [
        f"{broken['id']} {node['target']} {node['failureSummary']}"
        for broken in found["violations"]
        for node in broken["nodes"]
    ]
    wider = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    return said + ([f"{wider} px wider than the screen"] if wider > 0 else [])


@dataclass
class People:
    """Gives each person a browser of their own."""

    browser: Browser
    arguments: dict[str, Any]
    watch: Watch
    sign_in: Callable[..., None]
    contexts: list[BrowserContext] = field(default_factory=list)
    looked_at: set[str] = field(default_factory=set)

    def page_of(self, user: Any, *, scripts: bool = True) -> Page:
        """A new browser in which this person is signed in (nobody for None)."""
        context = self.browser.new_context(**{**self.arguments, "java_script_enabled": scripts})
        context.set_default_timeout(PATIENCE)
        self.watch.over(context)
        self.contexts.append(context)
        if user is not None:
            self.sign_in(context, user)
        return context.new_page()

    def look_at(self, page: Page, name: str) -> None:
        """axe finds nothing on the page: light and dark, wide and narrow. Once for each name."""
        if name in self.looked_at:
            return
        self.looked_at.add(name)
        page.evaluate(AXE)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for width in (WIDE, NARROW) if scheme == "light" else (WIDE,):
                page.set_viewport_size({"width": width, "height": 900})
                self.watch.found += (f"{name}, {scheme}, {width}: {each}" for each in faults(page))
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": WIDE, "height": 900})

    def close(self) -> None:
        """Close every browser."""
        for context in self.contexts:
            context.close()
