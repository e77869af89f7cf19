"""Two editions compared in a browser: nothing for axe to find, nothing wider than the screen, no script needed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Browser, BrowserContext

from leder.pages.editions import Edition
from leder.pages.example_text import load_example_text
from leder.pages.models import LeaderPlatformPage
from lorenskog_intranet.management.commands.site_demo import make_front_page

TEXTS = Path(__file__).resolve().parents[2] / "fixtures" / "text"


@pytest.fixture
def address(transactional_db: None) -> str:
    """The address of the example platform compared with itself rewritten: all kinds of change, one very long word."""
    make_front_page(TEXTS)
    load_example_text(TEXTS, parent=None, work_year=2027)
    draft = LeaderPlatformPage.objects.get().get_latest_revision_as_object()
    body = list(draft.body.raw_data)
    expectations = next(block for block in body if block["type"] == "expectations")["value"]["expectations"]
    expectations[0]["value"]["text"] += " Det gjelder " + "alltid" * 60 + "."
    expectations.append(expectations.pop(1))
    del expectations[1]
    text = next(block for block in body if block["type"] == "text_section")["value"]
    text["text"] += '<p>Ny <b>tekst</b> med <a href="https://example.org/">lenke</a>.</p>'
    body.append(body.pop(2))
    draft.body = body
    draft.save_revision().publish()
    new, old = Edition.objects.of(draft)
    return f"/leder/tekst/{new.pk}/mot/{old.pk}/"


def test_axe_finds_nothing_and_nothing_is_too_wide(
    context: BrowserContext, sign_in: Callable[..., None], look_at: Callable[..., None], address: str
) -> None:
    sign_in(context, get_user_model().objects.create_user("kari", first_name="Kari", last_name="Eksempel"))
    look_at(f"{address}?view=inline", f"{address}?view=side", unfold=".leder-comparison details")


def test_everything_works_without_a_script(
    browser: Browser, live_server: Any, sign_in: Callable[..., None], address: str
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="nb-NO")
    sign_in(context, get_user_model().objects.create_user("kari", first_name="Kari", last_name="Eksempel"))
    page = context.new_page()
    page.goto(live_server.url + "/ledelse/lederplattform/")
    page.locator("footer.leder-edition a[href*='/mot/']").first.click()
    assert page.locator("ins").count() and page.locator("del").count()
    assert page.locator(".leder-comparison table").count() == 0
    page.locator("a[href='?view=side']").click()
    assert page.locator(".leder-comparison table").count() > 0
    newest = page.locator("#id_new").input_value()
    page.locator("#id_old").select_option(newest)
    page.locator("form:has(#id_old) button").click()
    assert page.url.endswith(f"/leder/tekst/{newest}/mot/{newest}/?view=side")
    assert page.locator(".leder-empty").count() == 1
    context.close()
