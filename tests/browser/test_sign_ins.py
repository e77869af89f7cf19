"""Somebody else signs in as a leader and reads: both see the line, and the leader is told at the next sign-in."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page, expect

from leder import conf
from leder.agreements import actions
from leder.agreements.models import Agreement
from tests.browser.people import AXE, NARROW, SCHEMES, WIDE, faults
from tests.factories import SECTION, access_of, make_agreement, make_user

PASSWORD = "riktig-hest-batteri"


@pytest.fixture
def agreement(transactional_db: None, settings: Any) -> Agreement:
    settings.LEDER_NEW_DEVICE_DAYS = conf.NEW_DEVICE_DAYS
    people = {
        "leader": make_user(password=PASSWORD, first_name="Solveig", last_name="Eksempel"),
        "superior": make_user(password=PASSWORD, first_name="Ola", last_name="Overordnet"),
    }
    made: Agreement = make_agreement(**people)
    written = {"note": "Det jeg har skrevet", "answers": {}, "choices": [], "goals": []}
    actions.save_section(access_of(made.leader, made), section_id=SECTION, version=0, payload=written)
    return made


def sign_in(browser: Browser, url: str, user: Any, to: str) -> Page:
    """A page in a browser of its own, where somebody signs in by the form."""
    page = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo").new_page()
    page.goto(f"{url}/logg-inn/?next={to}")
    page.get_by_label("Brukernavn").fill(user.username)
    page.get_by_label("Passord").fill(PASSWORD)
    page.get_by_role("button", name="Logg inn").click()
    expect(page).to_have_url(f"{url}{to}")
    return page


def look_at(page: Page) -> None:
    """In light and dark, wide and narrow: without a fault."""
    page.evaluate(AXE)
    for scheme, width in itertools.product(SCHEMES, (WIDE, NARROW)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        assert faults(page) == [], (scheme, width)


def test_an_impostor_is_seen_by_both(browser: Browser, live_server: Any, agreement: Agreement) -> None:
    assert django_settings.LEDER_NEW_DEVICE_DAYS
    own_page, log = "/leder/min-side/", f"/leder/avtale/{agreement.uuid}/lesing/"
    impostor = sign_in(browser, live_server.url, agreement.leader, f"/leder/avtale/{agreement.uuid}/")
    expect(impostor.get_by_text("Det jeg har skrevet").first).to_be_visible()

    superior = sign_in(browser, live_server.url, agreement.superior, log)
    expect(superior.get_by_text("(egen tekst, innlogging fra ny enhet)")).to_be_visible()
    look_at(superior)

    leader = sign_in(browser, live_server.url, agreement.leader, own_page)
    told = leader.get_by_role("region", name="Meldinger")
    expect(told).to_contain_text("Forrige innlogging: ")
    expect(told).to_contain_text("Chrome på Linux. Enheten var ny.")
    look_at(leader)
    told.get_by_role("link", name="Se innloggingene dine").click()
    expect(leader.get_by_role("heading", level=1)).to_have_text("Innloggingene dine")
    expect(leader.get_by_role("row")).to_have_count(3)
    look_at(leader)
    leader.goto(f"{live_server.url}{own_page}")
    expect(leader.get_by_text("Forrige innlogging: ")).to_have_count(0)
