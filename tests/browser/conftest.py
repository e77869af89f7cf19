"""A real browser (Debian's Chromium) against a live server, for every test in this folder."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser.people import AXE, NARROW, PATIENCE, SCHEMES, WIDE, People, Watch, faults

expect.set_options(timeout=PATIENCE)
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium that “make test” found or installed; Playwright's own is never downloaded."""
    chromium = (
        os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    )
    assert chromium, "No Chromium: run “make test”, or set CHROMIUM to its path."
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": chromium, "args": [*QUIET, *sandbox]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A reader in Norway, on a screen of ordinary size."""
    return {
        **browser_context_args,
        "locale": "nb-NO",
        "timezone_id": "Europe/Oslo",
        "viewport": {"width": 1280, "height": 900},
    }


@pytest.fixture(autouse=True)
def clean_start(playwright: Playwright, transactional_db: None) -> None:
    """Each test begins with what the migrations made."""


@pytest.fixture
def sign_in(live_server: Any) -> Callable[[BrowserContext, Any], None]:
    """sign_in(context, user): from now on the context's pages are this person's."""

    def do(context: BrowserContext, user: Any) -> None:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return do


@pytest.fixture
def look_at(page: Page, live_server: Any) -> Callable[..., None]:
    """look_at(path, …): axe finds nothing on these pages, and none is too wide: light and dark, wide and narrow.

    `unfold` is a selector of what is opened first.
    """

    def do(*paths: str, unfold: str = "") -> None:
        for scheme, width, path in itertools.product(SCHEMES, (WIDE, NARROW), paths):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(live_server.url + path)
            for details in page.locator(unfold).all() if unfold else ():
                details.evaluate("element => { element.open = true }")
            page.evaluate(AXE)
            assert faults(page) == [], (path, scheme, width)

    return do


@pytest.fixture
def people(
    browser: Browser,
    browser_context_args: dict[str, Any],
    live_server: Any,
    sign_in: Callable[..., None],
) -> Iterator[People]:
    """A watched browser for each person. The test fails when any of them had something to complain of."""
    watch = Watch(live_server.url)
    everyone = People(browser, browser_context_args, watch, sign_in)
    yield everyone
    everyone.close()
    assert not watch.found, "\n".join(watch.found)
