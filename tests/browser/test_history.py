"""Agreements through the years in a browser: many goals, long words, nothing for axe to find, no script needed."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from leder.agreements.models import Agreement
from leder.agreements.states import State
from leder.canonical import digest
from leder.pages.editions import Edition
from tests.browser.people import People
from tests.factories import LETTER, PRIVATE_SECTION, SECTION, make_editions, make_user
from tests.history.writing import make_year, set_goals, stand

LONG = "Menneskerettighetsorganisasjonsmedlemskapsavgift" * 4


@pytest.fixture
def agreement(transactional_db: None) -> Agreement:
    """The last of six years: goals carried over each year, 30 in one, words that are too long for a line."""
    pair = (
        make_user(first_name="Lars", last_name="Leder-Overordentligsen" * 3),
        make_user(first_name="Siri", last_name="Overordnet"),
    )
    make_year(pair, 2022, "Kortere kø", "Flere i heltid", LONG)
    for year in (2023, 2024, 2025):
        before = Agreement.objects.get(round__year=year - 1)
        stand(before, **{"Kortere kø": "started"}, **({"Flere i heltid": "reached"} if year == 2023 else {}))
        make_year(pair, year, f"Mål for {year}")
    make_year(pair, 2026, *(f"Et av mange mål, nummer {n}" for n in range(30)))
    letter = {**LETTER, "year": 2027, "title": "Styringsbrev 2027"}
    editions = make_editions()
    editions["letter_edition"] = Edition.objects.create(
        page=None,
        number=2,
        sha256=digest(letter),
        kind="letter",
        year=2027,
        title=letter["title"],
        published_at=editions["letter_edition"].published_at,
        content=letter,
    )
    newest = make_year(pair, 2027, state=State.OPENED, editions=editions)
    set_goals(newest, PRIVATE_SECTION, "Spørre først")
    set_goals(newest, SECTION, "Siste mål")
    return newest


@pytest.mark.parametrize("role", ["leader", "superior"])
def test_axe_finds_nothing_and_nothing_is_too_wide(
    people: People, live_server: Any, agreement: Agreement, role: str
) -> None:
    page = people.page_of(getattr(agreement, role))
    page.goto(live_server.url + reverse("leder:history", args=[agreement.uuid]))
    people.look_at(page, "history")
    for details in page.locator("main details").all():
        details.evaluate("element => { element.open = true }")
    people.look_at(page, "history, unfolded")
    expect(page.get_by_text("Spørre først")).to_be_visible()
    expect(page.get_by_text("Et av mange mål, nummer 29")).to_be_visible()


def test_everything_works_without_a_script(people: People, live_server: Any, agreement: Agreement) -> None:
    page = people.page_of(agreement.leader, scripts=False)
    page.goto(live_server.url + reverse("leder:my_page"))
    page.locator("main a[href$='/historikk/']").click()
    page.wait_for_url("**/historikk/")
    before = page.locator("details", has=page.locator(f"a[href='/leder/avtale/{_year(2026)}/']")).first
    before.locator("summary").first.click()
    expect(before.locator("dl")).to_be_visible()
    page.locator("a[href*='/mot/']").first.click()
    assert page.locator(".leder-comparison").count()
    page.go_back()
    line = page.locator(".leder-track", has_text="Kortere kø")
    assert line.locator(".leder-track__years > li").count() == 6
    line.locator(".leder-track__year").last.click()
    assert f"/avtale/{agreement.uuid}/" in page.url


def _year(year: int) -> str:
    return str(Agreement.objects.get(round__year=year).uuid)
