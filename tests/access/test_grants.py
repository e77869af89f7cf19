"""A grant counts by its signature, and a superior's while they hold the office: on every page, and where pages count.

One who writes to the database makes themself the superior of an agreement, with an office, an appointment and a grant
that says what it should. All but the signature is as the plugin would have written it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import reverse

from leder.agreements.models import Agreement, AgreementUserObjectPermission
from leder.agreements.states import State
from tests import factories
from tests.access.matrix_agreements import ROWS, Row
from tests.access.test_agreements import ask, check
from tests.access.visiting import Visitor

# Pages that tell of agreements without being of one: they ask for the grants in other ways than an agreement's page.
COUNTING = ("/", "/ledelse/plattform/", "/ledelse/brev/", "/leder/min-side/", "/leder/min-side/ledere/")
TAKEN = State.DISCUSSED


@pytest.fixture
def taken(visitor: Visitor) -> Iterator[Agreement]:
    """The agreement that "forged" has written themself into as superior, with another's signature."""
    agreement, person = visitor.world.agreements[TAKEN], visitor.world.people["forged"]
    with transaction.atomic():
        office = factories.make_position(title="Virksomhetsleder", group=2)
        factories.Appointment.objects.create(
            position=office, person=person, starts=agreement.opened_at.date()
        )
        grants = AgreementUserObjectPermission.objects.filter(content_object=agreement)
        genuine = grants.get(role="superior")
        grants.filter(user=person).update(role="superior", pair=genuine.pair, mac=genuine.mac)
        Agreement.objects.filter(pk=agreement.pk).update(superior=person, superior_position=office)
        yield Agreement.objects.get(pk=agreement.pk)
        transaction.set_rollback(True)


def led_to(visitor: Visitor, persona: str, path: str) -> set[str]:
    """The agreements that a page leads a persona to."""
    response = visitor.world.clients[persona].get(path)
    assert response.status_code == 200
    return set(re.findall(r"/leder/avtale/([0-9a-f-]{36})/", response.content.decode()))


@pytest.mark.parametrize(
    "row", [row for row in ROWS if TAKEN in row.states and row.method == "GET" and not row.given], ids=str
)
def test_a_party_put_in_by_hand_is_a_stranger(visitor: Visitor, taken: Agreement, row: Row) -> None:
    check(ask(visitor, row, "forged", TAKEN), row.stranger)


@pytest.mark.parametrize("path", COUNTING)
def test_no_page_counts_what_was_put_in_by_hand(visitor: Visitor, taken: Agreement, path: str) -> None:
    assert led_to(visitor, "forged", path) == set()


@pytest.mark.parametrize("path", COUNTING)
def test_no_page_counts_what_a_superior_has_left(visitor: Visitor, path: str) -> None:
    assert led_to(visitor, "left_superior", path) == set()


def test_the_front_page_leads_the_two_to_what_is_theirs(visitor: Visitor) -> None:
    """Otherwise it would say nothing that it leads nobody else there."""
    agreement = visitor.world.agreements[TAKEN]
    for persona in visitor.world.parties(TAKEN).values():
        assert str(agreement.uuid) in led_to(visitor, persona, "/leder/min-side/")
    leader = visitor.world.parties(TAKEN)["leader"]
    assert led_to(visitor, leader, "/") == {str(agreement.uuid)}
    assert reverse("leder:agreement", args=[agreement.uuid]).startswith("/leder/avtale/")
