"""A real browser (Debian's Chromium) against a live server, for every test in this folder."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser.people import PATIENCE, People, Watch

HERE = Path(__file__).parent
AXE = (HERE / "vendor" / "axe-core" / "axe.min.js").read_text()
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
def axe() -> Callable[[Page], list[str]]:
    """axe(page): what is wrong with the page as it stands, a line each; empty when nothing is."""

    def do(page: Page) -> list[str]:
        page.evaluate(AXE)
        found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{broken['id']}: {node['target']} {node['failureSummary']}"
            for broken in found["violations"]
            for node in broken["nodes"]
        ]

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
    everyone = People(browser, browser_context_args, watch, sign_in, AXE)
    yield everyone
    everyone.close()
    assert not watch.found, "\n".join(watch.found)
