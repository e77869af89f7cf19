"""Texts published anew, in a browser: nothing for axe to find, nothing wider than the screen, no script needed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from leder.agreements import actions
from leder.agreements.actions.opening import pinned_editions
from leder.agreements.models import Agreement
from lorenskog_intranet.demo.example_text import load_example_text
from lorenskog_intranet.management.commands.site_demo import make_front_page
from tests import factories

TEXTS = Path(__file__).resolve().parents[2] / "fixtures" / "text"


@pytest.fixture
def agreement(transactional_db: None) -> Agreement:
    """An agreement on the example text, which has been published anew: of what was chosen, one rewritten, one gone."""
    make_front_page(TEXTS)
    pages = load_example_text(TEXTS, parent=None, work_year=2027)
    this, last = factories.make_round(2027), factories.make_round(2026)
    this.platform_page, this.letter_page, this.form_page = (
        pages[name] for name in ("platform", "letter_next", "form_next")
    )
    editions = pinned_editions(this)
    last.platform_page, last.letter_page, last.form_page = (
        pages[name] for name in ("platform", "letter_this", "form_next")
    )
    earlier = factories.make_agreement(year=2026, editions=pinned_editions(last))
    found = factories.make_agreement(leader=earlier.leader, superior=earlier.superior, editions=editions)
    for each in (earlier, found):
        _choose(each)
    for page in (pages["letter_next"], pages["platform"]):
        _publish_anew(page)
    return found


def _choose(agreement: Agreement) -> None:
    for section in agreement.form_edition.sections:
        edition = {"letter": agreement.letter_edition, "platform": agreement.platform_edition}.get(
            section.answer
        )
        if edition is None:
            continue
        kind = {"letter": "assignment", "platform": "expectation"}[section.answer]
        chosen = [each.id for each in edition.statements.values() if each.kind == kind][:3]
        fields = ("stance", "why") if kind == "expectation" else ("contribution", "ambition", "expectations")
        payload = {
            "note": "",
            "answers": {},
            "goals": [],
            "choices": [{"id": each, **dict.fromkeys(fields, "")} for each in chosen],
        }
        actions.save_section(
            factories.access_of(agreement.leader, agreement),
            section_id=section.id,
            version=0,
            payload=payload,
        )


def _publish_anew(page: Any) -> None:
    draft = page.specific_class.objects.get(pk=page.pk).get_latest_revision_as_object()
    body = list(draft.body.raw_data)
    name, text = ("assignments", "text") if hasattr(page, "year") else ("expectations", "text")
    block = next(block for block in body if name in block["value"])
    items = block["value"][name]
    items[0]["value"][text] += " Det gjelder " + "alltid" * 60 + "."
    del items[1]
    draft.body = body
    draft.save_revision().publish()


def test_axe_finds_nothing_and_nothing_is_too_wide(
    context: BrowserContext, sign_in: Callable[..., None], look_at: Callable[..., None], agreement: Agreement
) -> None:
    sign_in(context, agreement.superior)
    look_at(*(f"/leder/avtale/{agreement.uuid}/{place}" for place in ("ny-tekst/", "nytt-i-brevet/", "")))


def test_a_party_adopts_without_a_script(
    browser: Browser, live_server: Any, sign_in: Callable[..., None], agreement: Agreement
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="nb-NO")
    sign_in(context, agreement.leader)
    page = context.new_page()
    page.goto(f"{live_server.url}/leder/avtale/{agreement.uuid}/")
    page.locator(".ds-alert a[href$='/ny-tekst/']").click()
    assert page.locator("li[data-change='removed'] del").count()
    assert page.locator("li[data-change='rewritten'] ins").count()
    page.locator("section[aria-labelledby='text-letter'] button[value='adopted']").click()
    page.locator("section[aria-labelledby='text-platform'] button[value='retained']").click()
    assert page.locator("section[aria-labelledby='decided'] li").count() == 2
    agreement.refresh_from_db()
    assert (agreement.letter_edition.number, agreement.platform_edition.number) == (2, 1)
    page.goto(f"{live_server.url}/leder/avtale/{agreement.uuid}/")
    assert page.locator(".ds-alert a[href$='/ny-tekst/']").count() == 0
    assert page.locator(".leder-options input:checked").count() == 6
    context.close()
