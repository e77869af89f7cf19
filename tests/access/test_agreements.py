"""Every address of an agreement, as everybody, in every state (R2, R5): the rows of `matrix_agreements`."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from leder.agreements.models import Agreement
from leder.conversations import actions as conversing
from tests import factories
from tests.access.addresses import Address, every_address
from tests.access.matrix_agreements import ALL, CONFIRM, ROWS, SIGN_IN, Expected, Row, rows_of
from tests.access.payloads import payload
from tests.access.visiting import READING_LOG, Answer, Visitor
from tests.access.world import OUTSIDERS

# "avtale": of a handover, which has an identity too, there is `matrix_handover`.
ADDRESSES = [address for address in every_address() if "avtale/<uuid:uuid>" in address.route]
NAMES = sorted({address.name.removeprefix("leder:") for address in ADDRESSES})


NOTHING = uuid.UUID(int=7)


@dataclass(frozen=True)
class Known:
    """What the addresses of an agreement name, as it stands."""

    conversation: int
    shared: uuid.UUID
    proposed: uuid.UUID
    reopening: uuid.UUID
    seal: uuid.UUID

    @classmethod
    def of(cls, agreement: Agreement) -> Known:
        """Look it up."""
        last = agreement.conversations.order_by("pk").last()
        shares = agreement.shares.order_by("pk")
        return cls(
            conversation=last.pk if last else 0,
            shared=shares.filter(status="agreed").values_list("uuid", flat=True).first() or NOTHING,
            proposed=shares.filter(status="proposed")[0].uuid,
            reopening=reopening.uuid if (reopening := agreement.reopenings.first()) else NOTHING,
            seal=seal.uuid if (seal := agreement.seals.first()) else NOTHING,
        )


def arguments(row: Row, agreement: Agreement, known: Known) -> dict[str, Any]:
    """The arguments of the row's address for an agreement."""
    return {
        "uuid": agreement.uuid,
        "sid": row.section,
        "pk": known.conversation,
        # The leader's proposal to share, or what both have agreed to.
        "share": known.shared if row.given == "shared" else known.proposed,
        # Of a section's versions, one that both have been shown.
        "number": 1,
        "row": known.reopening,
        "seal": known.seal,
    }


def addresses_of(name: str) -> list[Address]:
    """The addresses of this name: one, or one with and one without a conversation's number."""
    return [address for address in ADDRESSES if address.name == f"leder:{name}"]


def ask(visitor: Visitor, row: Row, persona: str, state: str) -> list[Answer]:
    """Send the row's request as a persona to the agreement in a state, by each address of the name."""
    return [_ask(visitor, row, address, persona, state) for address in addresses_of(row.address)]


def _ask(visitor: Visitor, row: Row, address: Address, persona: str, state: str) -> Answer:
    agreement = visitor.world.agreements[state]
    if row.given in ONCE:
        return _ask_once(visitor, row, address, persona, agreement)
    # Looked up once: whatever a request changes is undone.
    facts = visitor.world.facts
    known = facts.get(state) or facts.setdefault(state, Known.of(agreement))
    path = address.path(arguments(row, agreement, known))
    posted = None if row.method == "GET" else payload(visitor.world, row, persona, agreement)
    return visitor.ask(persona, row.method, path, posted, channel=row.channel)


def _ask_once(visitor: Visitor, row: Row, address: Address, persona: str, agreement: Agreement) -> Answer:
    with transaction.atomic():
        ONCE[row.given](agreement)
        found = Agreement.objects.get(pk=agreement.pk)
        path = address.path(arguments(row, found, Known.of(found)))
        posted = payload(visitor.world, row, persona, found)
        answer = visitor.ask(persona, row.method, path, posted, channel=row.channel)
        transaction.set_rollback(True)
    return answer


def _hold(agreement: Agreement) -> None:
    conversing.hold(factories.access_of(agreement.superior, agreement), held_on=timezone.localdate())


def _confirm(agreement: Agreement) -> None:
    _hold(agreement)
    factories.confirm(agreement, agreement.leader)


# What is done just before, and undone after.
ONCE: dict[str, Callable[[Agreement], Any]] = {
    "held": _hold,
    "confirmed": _confirm,
    "proposed": factories.propose_reopening,
}


def check(answers: list[Answer], expected: Expected) -> None:
    """The status is the row's, and whoever was refused changed nothing."""
    for answer in answers:
        _check(answer, expected)


def _check(answer: Answer, expected: Expected) -> None:
    if expected == SIGN_IN:
        assert answer.to_sign_in, answer
    elif expected == CONFIRM:
        assert answer.to_confirm, answer
    else:
        assert answer.status == expected, f"{answer}, not {expected}"
    if expected != 302 and not (expected == 200 and answer.method == "POST"):
        changed = answer.changed - READING_LOG if expected == 200 else answer.changed
        assert not changed, f"{answer}, and changed {sorted(changed)}"


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_parties(visitor: Visitor, row: Row) -> None:
    for state in row.states:
        parties = visitor.world.parties(state)
        check(ask(visitor, row, parties["leader"], state), row.leader)
        check(ask(visitor, row, parties["superior"], state), row.superior)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_strangers_get_what_a_missing_agreement_gives(visitor: Visitor, row: Row) -> None:
    """Everybody in one state; those who hold every permission, or a grant nobody gave, in all of them."""
    for number, state in enumerate(row.states):
        for persona in visitor.world.strangers(state) if number == 0 else ("superuser", "forged"):
            check(ask(visitor, row, persona, state), row.stranger)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_nobody_gets_in_without_signing_in(visitor: Visitor, row: Row) -> None:
    for persona in OUTSIDERS:
        check(ask(visitor, row, persona, row.states[0]), row.outsider)


# Nothing stands in last year's agreement here that could be carried over.
CHANGING = [
    row for row in ROWS if row.method == "POST" and row.leader in (200, 302) and row.address != "carry_over"
]


@pytest.mark.parametrize("row", CHANGING, ids=str)
def test_what_is_allowed_does_change_something(visitor: Visitor, row: Row) -> None:
    """Otherwise the rows above would say little of what was refused."""
    for state in row.states:
        answers = ask(visitor, row, visitor.world.parties(state)["leader"], state)
        assert all(answer.changed for answer in answers)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_state_has_a_row(name: str, method: str) -> None:
    rows = [row for row in rows_of(name) if row.method == method and row.channel == "page"]
    missing = [state for state in ALL if not any(state in row.states for row in rows)]
    assert not missing, f"tests/access/matrix_agreements.py says nothing of {method} {name} when {missing}"


def test_a_conversation_is_reached_through_its_own_agreement_only(visitor: Visitor) -> None:
    world = visitor.world
    own, other = world.agreements["opened"], world.agreements["prepared"]
    pk = other.conversations.get().pk
    taking = [address for address in ADDRESSES if "pk" in address.arguments]
    assert len(taking) == 3
    for address in taking:
        row = Row(address.name.removeprefix("leder:"), "POST", ("opened",), 404, 404)
        for persona in world.parties("opened").values():
            path = address.path({"uuid": own.uuid, "pk": pk})
            _check(visitor.post(persona, path, payload(world, row, persona, own)), 404)


def test_someone_whose_account_is_closed_does_not_reach_their_own(visitor: Visitor) -> None:
    agreement = visitor.world.own["inactive"]
    for name in ("agreement", "preparation", "conversations", "sign"):
        for address in addresses_of(name):
            assert visitor.get("inactive", address.path({"uuid": agreement.uuid})).to_sign_in
