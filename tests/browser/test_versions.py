"""An earlier version put back: by the leader with JavaScript (and axe), by the superior without."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from leder.agreements.states import State
from tests import factories
from tests.agreements.versions import look, standing, write
from tests.browser.people import People
from tests.factories import PRIVATE_SECTION

FIRST, WIPED, THIRD = "Jeg vil bli flinkere til å lytte.", "x", "Vi er enige om å øve på møteledelse."


def test_both_put_an_earlier_version_back(transactional_db: None, live_server: Any, people: People) -> None:
    agreement = factories.make_agreement(state=State.DISCUSSED)
    write(agreement, agreement.leader, FIRST, PRIVATE_SECTION)
    look(agreement, agreement.superior)
    write(agreement, agreement.superior, WIPED, PRIVATE_SECTION)
    leader = people.page_of(agreement.leader)
    superior = people.page_of(agreement.superior, scripts=False)
    section = agreement.form_edition.section(PRIVATE_SECTION)

    def find(page: Page, *, time: int = 0) -> None:
        page.goto(f"{live_server.url}/leder/avtale/{agreement.uuid}/")
        if page is leader:
            people.look_at(page, "agreement with earlier versions")
        page.get_by_role("link", name=f"Tidligere versjoner ({section.heading})").click()
        if page is leader:
            people.look_at(page, "earlier versions")
        page.locator(".leder-list a").nth(time).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("En tidligere versjon")

    find(leader)
    expect(leader.get_by_text(FIRST)).to_be_visible()
    people.look_at(leader, "an earlier version")
    leader.get_by_role("button", name="Hent tilbake").click()
    expect(leader.locator(f'[id="s-{PRIVATE_SECTION}"] textarea[name="note"]')).to_have_value(FIRST)
    people.look_at(leader, "put back")
    # One puts back what the other has saved over meanwhile: it says so, and the second try does it.
    find(superior)
    expect(superior.get_by_text(WIPED, exact=True)).to_be_visible()
    write(agreement, agreement.leader, THIRD, PRIVATE_SECTION)
    people.watch.allowed = {409}
    superior.get_by_role("button", name="Hent tilbake").click()
    expect(superior.get_by_text("Delen er endret siden du åpnet denne siden")).to_be_visible()
    superior.get_by_role("button", name="Hent tilbake").click()
    expect(superior.locator(f'[id="s-{PRIVATE_SECTION}"] textarea[name="note"]')).to_have_value(WIPED)
    assert standing(agreement, PRIVATE_SECTION).version == 5
    # The superior was never shown what the leader wrote last: it is the leader's own.
    find(leader)
    expect(leader.get_by_text(THIRD)).to_be_visible()
    people.look_at(leader, "a version of one's own")
