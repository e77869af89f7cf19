"""Titles of pages end in the history of a browser that others may use: they name no person and quote nobody.

Whose agreement it is they say by office: a superior with twelve reports has twelve tabs to tell apart.

`Visitor` looks at the title of every answer of all access tests; here is that there is something to look at.
"""

from __future__ import annotations

import pytest
from django.urls import reverse

from leder.agreements.states import State
from tests.access.visiting import Answer, Visitor
from tests.factories import PRIVATE_SECTION, QUESTIONS_SECTION, SECTION

PAGES = (
    "agreement",
    "preparation",
    "conversations",
    "sign",
    "follow_up",
    "meeting_end",
    "readings",
    "newer_text",
    "letter_news",
    "reopening",
    "sharing",
    "history",
)


def titles(answers: list[Answer]) -> set[str]:
    """The titles of the pages among the answers."""
    return {answer.title for answer in answers if answer.title}


@pytest.mark.parametrize("role", ["leader", "superior"])
@pytest.mark.parametrize(
    "state", [State.OPENED, State.PREPARED, State.DISCUSSED, State.SIGNED, State.REPLACED]
)
def test_pages_of_an_agreement(visitor: Visitor, state: str, role: str) -> None:
    agreement, persona = visitor.world.agreements[state], visitor.world.parties(state)[role]
    uuid = agreement.uuid
    paths = [reverse(f"leder:{name}", args=[uuid]) for name in PAGES]
    for name in ("preparation_section", "meeting"):
        paths += [reverse(f"leder:{name}", args=[uuid, sid]) for sid in (SECTION, PRIVATE_SECTION)]
    seen = titles([answer for path in paths if (answer := visitor.get(persona, path)).status == 200])
    assert len(seen) >= 5
    assert all(f" · {agreement.leader_title}, {agreement.unit_name}" in title for title in seen)


def test_pages_that_show_what_was_typed(visitor: Visitor) -> None:
    agreement = visitor.world.agreements[State.DISCUSSED]
    leader, superior = visitor.world.parties(State.DISCUSSED).values()
    address = reverse("leder:section", args=[agreement.uuid, QUESTIONS_SECTION])
    typed = {"version": "0", "note": "Ny tekst."}
    answers = [
        visitor.post(leader, address, typed),
        visitor.post(leader, address, {**typed, "version": "1", "note": "x" * 20_001}),
        visitor.post("anonymous", address, typed),
        visitor.post(leader, address, {**typed, "writer": visitor.world.people[superior].pk}),
    ]
    assert [answer.status for answer in answers] == [409, 422, 401, 401]
    seen = titles(answers)
    assert len(seen) == 4
    assert not [title for title in seen if "Ny tekst" in title or "xxx" in title]


def test_other_pages(visitor: Visitor) -> None:
    name = visitor.world.people["superior"].get_full_name()
    paths = [
        "/",
        "/leder/min-side/",
        "/leder/min-side/ledere/",
        f"/sok/?q={name}",
        "/ledelse/",
        "/finnes-ikke/",
    ]
    assert len(titles([visitor.get("superior", path) for path in paths])) == len(paths)
