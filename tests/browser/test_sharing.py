"""Sharing as the three live it: proposed, agreed, read, withdrawn. With JavaScript (and axe), and without."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from leder.agreements import actions
from leder.agreements.states import State
from tests import factories
from tests.browser.pages.sharing import SharedPage, SharingPage
from tests.browser.people import People

TEXT, PURPOSE = "Jeg øver på å lytte", "Veiledning av en mentor"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_two_share_with_a_third(
    transactional_db: None, live_server: Any, people: People, scripts: bool
) -> None:
    agreement = factories.make_agreement(state=State.DISCUSSED)
    actions.save_section(
        factories.access_of(agreement.leader, agreement),
        section_id=factories.PRIVATE_SECTION,
        version=0,
        payload={"note": TEXT, "answers": {}, "choices": [], "goals": []},
    )
    mentor = factories.make_user(first_name="Marit", last_name="Mentor")
    factories.make_user(first_name="Mathias", last_name="Mentor")
    people.watch.allowed = {404, 422}

    def page_of(kind: Any, user: Any) -> Any:
        return kind(people.page_of(user, scripts=scripts), live_server.url, scripts=scripts)

    def look(page: Any, name: str) -> None:
        if scripts:
            people.look_at(page.page, name)

    leader, superior = (page_of(SharingPage, each) for each in (agreement.leader, agreement.superior))
    reader = page_of(SharedPage, mentor)

    # Two have the name: the form comes back and asks whom.
    leader.open(agreement)
    look(leader, "sharing")
    leader.fill(factories.PRIVATE_SECTION, "mentor", PURPOSE)
    leader.send()
    expect(leader.people_meant).to_have_count(2)
    look(leader, "sharing, whom")
    leader.page.get_by_label("Marit Mentor").check()
    leader.send()
    expect(leader.page.locator("#waiting")).to_be_visible()

    reader.open()
    look(reader, "nothing shared")
    expect(reader.page.locator(".leder-empty")).to_be_visible()

    superior.open(agreement)
    expect(superior.page.get_by_text(PURPOSE)).to_be_visible()
    look(superior, "sharing, to answer")
    superior.agree()
    expect(superior.page.locator("#waiting")).to_have_count(0)
    look(superior, "sharing, shared")

    reader.open()
    look(reader, "shared with me")
    reader.read()
    expect(reader.page.get_by_text(TEXT)).to_be_visible()
    expect(reader.page.get_by_text(PURPOSE)).to_be_visible()
    look(reader, "shared")

    leader.open(agreement).withdraw()
    answer = reader.page.reload()
    assert answer and answer.status == 404
    expect(reader.page.get_by_text(TEXT)).to_have_count(0)


def test_a_former_superior_reads_what_was_signed(
    transactional_db: None, live_server: Any, people: People
) -> None:
    agreement = factories.make_agreement()
    actions.save_section(
        factories.access_of(agreement.leader, agreement),
        section_id=factories.PRIVATE_SECTION,
        version=0,
        payload={"note": TEXT, "answers": {}, "choices": [], "goals": []},
    )
    factories.bring_to(agreement, State.SIGNED)
    factories.leave_office(agreement)
    superior = SharedPage(people.page_of(agreement.superior), live_server.url).open()
    people.look_at(superior.page, "signed as former superior")
    superior.read()
    expect(superior.page.get_by_text(TEXT)).to_be_visible()
    people.look_at(superior.page, "signed record")
