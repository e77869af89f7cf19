"""The site in a browser: its policy lets its own pages work, and lets nothing else in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import BrowserContext, Page, Request
from wagtail.models import Page as WagtailPage

from lorenskog_intranet.management.commands.site_demo import make_front_page

TEXTS = Path(__file__).resolve().parents[2] / "fixtures" / "text"
PLACES = ["/", "/sok/?q=leder", "/leder/varsler/", "/finnes-ikke/", "/logg-inn/"]
CMS_PLACES = ["/cms/", "/cms/pages/{home}/", "/cms/pages/{home}/edit/", "/cms/images/", "/cms/users/"]
CMS_PLACES += ["/cms/leder/reminders/", "/cms/leder/reminders/preview/"]

LISTEN = """
document.addEventListener('securitypolicyviolation', (event) =>
    console.error('policy: ' + event.effectiveDirective + ' ' + event.blockedURI));
"""


@pytest.fixture(autouse=True)
def front_page(transactional_db: None) -> None:
    """The front page of the example, in place of Wagtail's own “Welcome”."""
    make_front_page(TEXTS)


@pytest.fixture
def complaints(context: BrowserContext, live_server: Any) -> list[str]:
    """What the policy stopped, what broke, and what was asked of other machines."""
    told: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:", "blob:")):
            told.append(f"asked: {request.url}")

    context.add_init_script(LISTEN)
    context.on("request", asked)
    context.on("console", lambda message: told.append(message.text) if "policy: " in message.text else None)
    context.on("weberror", lambda error: told.append(str(error.error)))
    return told


def test_policies_stop_nothing_of_ours_and_nothing_leaves(
    page: Page, context: BrowserContext, live_server: Any, sign_in: Callable[..., None], complaints: list[str]
) -> None:
    sign_in(context, get_user_model().objects.create_superuser("it", first_name="It", last_name="Eksempel"))
    home = WagtailPage.objects.get(depth=2).pk
    for place in PLACES + CMS_PLACES:
        page.goto(live_server.url + place.format(home=home), wait_until="networkidle")
    assert complaints == []


def test_the_policy_stops_an_inline_script(
    page: Page, context: BrowserContext, live_server: Any, sign_in: Callable[..., None], complaints: list[str]
) -> None:
    page.goto(live_server.url + "/logg-inn/")
    page.evaluate("""() => {
        const script = document.createElement('script');
        script.textContent = 'window.slipped = true';
        document.body.append(script);
    }""")
    assert page.evaluate("() => window.slipped") is None
    assert complaints == ["policy: script-src-elem inline"]


def test_signing_out_empties_the_session_storage(
    page: Page, context: BrowserContext, live_server: Any, sign_in: Callable[..., None]
) -> None:
    sign_in(context, get_user_model().objects.create_user("kari", first_name="Kari", last_name="Eksempel"))
    page.goto(live_server.url + "/sok/")
    page.evaluate("() => sessionStorage.setItem('unsent', 'personal')")
    page.reload()
    assert page.evaluate("() => sessionStorage.getItem('unsent')") == "personal"
    page.evaluate("() => document.querySelector('form[action=\"/logg-ut/\"]').requestSubmit()")
    page.wait_for_url("**/logg-inn/")
    assert page.evaluate("() => sessionStorage.getItem('unsent')") is None


def test_axe_finds_nothing_and_nothing_is_too_wide(
    context: BrowserContext, sign_in: Callable[..., None], look_at: Callable[..., None]
) -> None:
    look_at("/logg-inn/")
    sign_in(context, get_user_model().objects.create_user("kari", first_name="Kari", last_name="Eksempel"))
    look_at(*PLACES[1:])
