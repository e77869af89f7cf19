"""Every address of an agreement as a party whose account was changed: no text, nothing done; what was 404 stays so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from leder.agreements.states import State
from tests.access.matrix_agreements import ROWS
from tests.access.test_agreements import NAMES, Known, addresses_of, arguments
from tests.access.visiting import Visitor
from tests.access.world import SHARED_PATH, SIGNED_PATH, World

SHUT_PAGE = "/leder/konto/stengt/"
STATES = (State.OPENED, State.SIGNED)


@pytest.fixture
def shut(world: World, visitor: Visitor) -> Iterator[Visitor]:
    """The world in which everybody's address was changed by hand. Nobody is signed out by that."""
    with transaction.atomic():
        get_user_model().objects.update(email="ny@example.org")
        yield visitor
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", NAMES)
def test_no_address_of_an_agreement_opens_anything(shut: Visitor, name: str) -> None:
    for row in (row for row in ROWS if row.address == name):
        for state in STATES:
            agreement = shut.world.agreements[state]
            given = arguments(row, agreement, Known.of(agreement))
            for address in addresses_of(name):
                for persona in shut.world.parties(state).values():
                    answer = shut.ask(persona, row.method, address.path(given), None, channel="page")
                    assert answer.status in (302, 403, 404, 405), answer
                    assert answer.status != 302 or answer.location == SHUT_PAGE, answer
                    assert not answer.markers, answer
                    assert not answer.changed, answer


def test_nor_does_what_is_shared_or_was_signed_before(shut: Visitor) -> None:
    world = shut.world
    seen = {
        SHARED_PATH: "shared_reader",
        **{f"{SHARED_PATH}{share.uuid}/": "shared_reader" for share in world.shared.values()},
        f"{SIGNED_PATH}{world.agreements['left_signed'].uuid}/": "left_superior",
        f"{SIGNED_PATH}{world.agreements['handed_signed'].uuid}/": "handing_superior",
        world.earlier_path("handed_reopened"): "handing_superior",
    }
    for path, persona in seen.items():
        answer = shut.get(persona, path)
        assert (answer.status, answer.markers, answer.changed) in (
            (302, frozenset(), frozenset()),
            (404, frozenset(), frozenset()),
        ), answer


@pytest.mark.parametrize(
    "persona", ["leader_signed", "superior", "shared_reader", "employee", "hr", "superuser"]
)
def test_each_page_of_their_own_shows_nothing_written(shut: Visitor, persona: str) -> None:
    for path in ("/leder/min-side/", "/leder/min-side/ledere/", "/leder/kontroll/", "/"):
        answer = shut.get(persona, path)
        assert (answer.status, answer.markers) == (200, frozenset()), answer
