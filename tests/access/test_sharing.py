"""What is shown to others than the two parties, as everybody (R2): the rows of `matrix_sharing`, and what they read."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from leder.agreements.models import Reading
from leder.agreements.states import State
from leder.sharing import actions as sharing
from tests import factories
from tests.access.addresses import every_address
from tests.access.matrix_agreements import ROWS as AGREEMENT_ROWS
from tests.access.matrix_sharing import ROWS, SIGN_IN, Row
from tests.access.test_agreements import ask, check
from tests.access.visiting import READING_LOG, Visitor
from tests.access.world import CLOSED_SHARES, LEFT, OUTSIDERS, World

ADDRESSES = {address.name.removeprefix("leder:"): address for address in every_address()}
MISSING = uuid.UUID(int=7)


def path_of(world: World, row: Row) -> str:
    shares = {**world.shared, **world.closed}
    signed = dict.fromkeys(("signed_record", "signed_document"), world.agreements)
    found: dict[str, Any] = {"shared": shares, "shared_document": shares, **signed}.get(row.address, {})
    there = found[row.to].uuid if row.to in found else MISSING
    return ADDRESSES[row.address].path({"share": there, "agreement": there})


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_one_it_is_for_and_nobody_else(visitor: Visitor, row: Row) -> None:
    path = path_of(visitor.world, row)
    for persona in visitor.world.clients:
        expected = row.get if persona == row.reader else row.others
        for answer, status in (
            (visitor.get(persona, path), expected),
            (visitor.post(persona, path), row.post),
        ):
            if persona in OUTSIDERS:
                assert answer.to_sign_in, answer
            else:
                assert answer.status == status, f"{answer}, not {status}"
            # Reading leaves a line in the log, and is the only thing that does.
            reads = row.address != "shared_with_me" and status == 200 and persona == row.reader
            assert answer.changed <= (READING_LOG if reads else set()), answer
    assert row.outsider == SIGN_IN


@pytest.mark.parametrize("state", [*State.values, *LEFT])
def test_the_reader_meets_all_that_is_shared_and_only_there(visitor: Visitor, state: str) -> None:
    world = visitor.world
    path = reverse("leder:shared", args=[world.shared[state].uuid])
    mine = {text for text, marker in world.markers.items() if world.may_read("shared_reader", marker, path)}
    assert len(mine) > (6 if state in (State.SIGNED, State.FOLLOWED_UP) else 4)
    assert visitor.get("shared_reader", path).markers == mine
    assert visitor.get("shared_reader", reverse("leder:shared_with_me")).markers == frozenset()


@pytest.mark.parametrize("address", ["signed_record", "signed_document"])
def test_a_former_superior_meets_all_that_was_signed(visitor: Visitor, address: str) -> None:
    world = visitor.world
    path = reverse(f"leder:{address}", args=[world.agreements["left_signed"].uuid])
    mine = {text for text, marker in world.markers.items() if world.may_read("left_superior", marker, path)}
    assert len(mine) > 10
    assert visitor.get("left_superior", path).markers == mine


@pytest.mark.parametrize("row", [row for row in AGREEMENT_ROWS if not row.given], ids=str)
def test_a_superior_who_has_left_is_a_stranger(visitor: Visitor, row: Any) -> None:
    for name, reached in LEFT.items():
        if reached in row.states:
            check(ask(visitor, row, "left_superior", name), row.stranger)


@pytest.mark.parametrize("name", LEFT)
def test_the_leader_stays(visitor: Visitor, name: str) -> None:
    """Otherwise it would say nothing that the superior is shut out."""
    path = reverse("leder:agreement", args=[visitor.world.agreements[name].uuid])
    assert visitor.get(f"leader_{name}", path).status == 200


def test_each_way_to_be_closed_is_what_it_says(world: World, db: None) -> None:
    """A share that is closed for another reason would say nothing of this one."""
    assert set(world.closed) == set(CLOSED_SHARES)
    statuses = {way: share.status for way, share in world.closed.items()}
    assert statuses == {
        "proposed": "proposed", "declined": "declined", "withdrawn": "withdrawn",
        "lapsed": "agreed", "wrong_mac": "agreed", "by_hand": "agreed",
    }  # fmt: skip
    for share in world.closed.values():
        share.refresh_from_db()
        assert share.status == statuses[next(way for way, each in world.closed.items() if each == share)]


@pytest.mark.parametrize("role", ["leader", "superior"])
def test_withdrawal_ends_it_at_once(visitor: Visitor, role: str) -> None:
    share = visitor.world.shared[State.SIGNED]
    path = reverse("leder:shared", args=[share.uuid])
    with transaction.atomic():
        assert visitor.get("shared_reader", path).markers
        sharing.withdraw(factories.access_of(getattr(share.agreement, role), share.agreement), share)
        answer = visitor.get("shared_reader", path)
        transaction.set_rollback(True)
    assert (answer.status, answer.markers) == (404, frozenset())


def test_leaving_office_ends_it_at_once(visitor: Visitor) -> None:
    agreement = visitor.world.agreements[State.SIGNED]
    address = reverse("leder:agreement", args=[agreement.uuid])
    with transaction.atomic():
        assert visitor.get("superior", address).status == 200
        factories.leave_office(agreement)
        for name in ("agreement", "sign", "sharing", "conversations", "preparation"):
            assert visitor.get("superior", reverse(f"leder:{name}", args=[agreement.uuid])).status == 404
        transaction.set_rollback(True)


def test_readings_stand_in_the_log_with_the_share(world: World, db: None) -> None:
    share = world.shared[State.SIGNED]
    with transaction.atomic():
        world.clients["shared_reader"].get(reverse("leder:shared", args=[share.uuid]))
        lines = set(Reading.objects.filter(share=share).values_list("reader", "section_id", "kind"))
        transaction.set_rollback(True)
    reader = world.people["shared_reader"].pk
    assert lines == {(reader, factories.PRIVATE_SECTION, kind) for kind in ("answer", "progress")}
