"""Agreements that were handed over: the new superior is a party as any other, the former a stranger (R2)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from leder.agreements.models import Agreement
from tests.access.matrix_agreements import PRIVATE, ROWS, Row
from tests.access.test_agreements import ask, check
from tests.access.test_content import read_by
from tests.access.visiting import Visitor
from tests.access.world import HANDED, PRIVATE_SECTIONS, REOPENED, World
from tests.factories import SECTION

# What had been called is called off, and what was shared is not any more.
OTHERWISE = (
    "conversation_move",
    "conversation_cancel",
    "conversation_hold",
    "conversations",
    "handover_consent",
    # Of what another has signed the new superior gets no document; below.
    "document",
    # Only the two who signed it open it again; test_reopening.
    "reopening",
    "reopening_consent",
    "reopening_decline",
    "reopening_withdraw",
    "earlier_seal",
    "earlier_document",
    # Earlier versions follow no handover; below.
    "version",
    "version_put_back",
)
# A private section is the new pair's own, and begins at its first version.
SAME = [
    row
    for row in ROWS
    if not (
        row.given or row.address in OTHERWISE or (row.method == "POST" and row.section in PRIVATE_SECTIONS)
    )
]


@pytest.mark.parametrize("state", HANDED)
@pytest.mark.parametrize("row", SAME, ids=str)
def test_the_two_are_answered_as_any_two(visitor: Visitor, row: Row, state: str) -> None:
    if HANDED[state] not in row.states:
        pytest.skip("Says nothing of this state.")
    check(ask(visitor, row, f"leader_{state}", state), row.leader)
    check(ask(visitor, row, "new_superior", state), row.superior)
    for persona in ("handing_superior", "hr", "superuser", "forged"):
        check(ask(visitor, row, persona, state), row.stranger)


@pytest.mark.parametrize("state", HANDED)
def test_each_reads_all_that_is_theirs_and_no_more(visitor: Visitor, state: str) -> None:
    world = visitor.world
    for persona in (f"leader_{state}", "new_superior", "handing_superior", "hr"):
        seen = read_by(visitor, persona, state)
        theirs = {m.text for m in world.markers.values() if m.state == state and world.may_read(persona, m)}
        assert seen <= theirs, persona
        missing = {world.markers[text] for text in theirs - seen}
        # What called a conversation has done its work, and what was signed before has a page of its own.
        elsewhere = {"meeting", "purpose", "signed"} | ({"place"} if state in REOPENED else set())
        assert persona in ("handing_superior", "hr") or {m.kind for m in missing} <= elsewhere


@pytest.mark.parametrize("state", HANDED)
def test_only_the_leader_decides(visitor: Visitor, state: str) -> None:
    row = Row("handover_consent", "POST", (state,), 302, 403, section=PRIVATE)
    # The superior and all others first: what the leader does is undone, too.
    check(ask(visitor, row, "new_superior", state), 403)
    for persona in ("handing_superior", "hr", "superuser", "forged"):
        check(ask(visitor, row, persona, state), 404)
    check(ask(visitor, row, "anonymous", state), "sign-in")
    [answer] = ask(visitor, row, f"leader_{state}", state)
    assert answer.status == 302
    assert answer.changed
    stale = Row("handover_consent", "POST", (state,), "confirm", 403, section=PRIVATE, channel="stale")
    check(ask(visitor, stale, f"leader_{state}", state), "confirm")


@pytest.mark.parametrize("state", HANDED)
def test_earlier_versions_stay_with_the_two_who_had_them(visitor: Visitor, state: str) -> None:
    """Private or not: the leader reads on what both were shown, and can't pass it on."""
    for section in (SECTION, PRIVATE):
        shown = Row("version", "GET", (state,), 200, 404, section=section)
        back = Row("version_put_back", "POST", (state,), 403, 404, section=section)
        for row in (shown, back):
            check(ask(visitor, row, f"leader_{state}", state), row.leader)
            for persona in ("new_superior", "handing_superior", "hr", "superuser", "forged"):
                check(ask(visitor, row, persona, state), 404)


def test_hr_sees_names_and_states_only(visitor: Visitor) -> None:
    page = visitor.get("hr", reverse("leder_handovers"))
    assert page.status == 200
    assert not page.markers
    # The agreements of a superior who has left, which the organisation gives to the one above.
    response = visitor.world.clients["hr"].get(reverse("leder_handovers"))
    told = response.content.decode()
    assert all(name in told for name in ("Tilkommet", "Overlatende", "Fratrådt", "Toppsjef"))


def test_the_former_has_no_grant_left(world: World, db: None) -> None:
    for persona in ("handing_superior",):
        assert not Agreement.objects.visible_to(world.people[persona]).filter(round__year=2027).exists()


@pytest.mark.parametrize("state", HANDED)
@pytest.mark.parametrize("name", ["dokument", "oppfolging"])
def test_a_document_of_what_was_signed_is_for_those_who_may_read_it(
    visitor: Visitor, state: str, name: str
) -> None:
    path = f"/leder/avtale/{visitor.world.agreements[state].uuid}/{name}.pdf"
    is_signed = visitor.world.agreements[state].signed_at is not None
    status = 200 if is_signed or name == "dokument" else 403
    expected = {f"leader_{state}": status, "new_superior": status}
    for persona in (*expected, "handing_superior", "hr", "superuser", "forged"):
        # What stands in it is looked at for marks: the new superior is given nothing that is private.
        assert visitor.get(persona, path).status == expected.get(persona, 404), persona
