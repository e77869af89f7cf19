"""The read path of completion: one row a leader of a year, with ids, states and dates. Reads only, and never a text.

Who is expected to have an agreement: each holder of a position on the day who has a superior, one row a person; and
everybody else who has an agreement in the round. Rows are made of plain values, so that 45,000 take less than a second.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.utils import timezone

from leder.agreements.models import Agreement, Round, Seal, Signature
from leder.agreements.states import ACTIVE, State
from leder.conversations.models import Conversation
from leder.organisation.lines import Seat, Structure, structure_on
from leder.oversight.completion.stages import Stage, is_overdue, stage_of, waits_for

SOME = 500
NOBODY: frozenset[str] = frozenset()


class Row(NamedTuple):
    """A leader in a year. `position_id` is the one led from today, else that of the agreement."""

    person_id: int
    position_id: int
    unit_id: int
    branch_id: int
    area_id: int
    group: int
    superior_id: int | None
    agreement_id: int | None
    stage: Stage
    waits_for: str
    overdue: bool
    planned_on: dt.date | None
    held_on: dt.date | None
    signed_on: dt.date | None
    followed_up_on: dt.date | None


class _Found(NamedTuple):
    """What is asked of an agreement."""

    pk: int
    leader_id: int
    superior_id: int
    position_id: int
    state: str
    discussed_on: dt.date | None
    signed_at: dt.datetime | None
    reopened_at: dt.datetime | None
    follow_up_on: dt.date | None


def day_of(year_round: Round, today: dt.date) -> dt.date:
    """The day that says who leads and answers to whom: today, and for an earlier round its last deadline."""
    return min(today, year_round.follow_up_due)


def status(year_round: Round, *, today: dt.date, structure: Structure | None = None) -> list[Row]:
    """Return the rows of a round, in no order. Three queries, and three more without a `structure` of `day_of`."""
    structure = structure or structure_on(day_of(year_round, today))
    agreements = _agreements(year_round)
    seats = _seats(structure, agreements)
    of = _Round(
        structure,
        _called(year_round),
        _signed_roles(year_round),
        year_round.conversation_due,
        year_round.follow_up_due,
        today,
        timezone.get_current_timezone(),
    )
    return [
        _row(person_id, seats.get(person_id), agreements.get(person_id), of)
        for person_id in seats.keys() | agreements.keys()
    ]


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of people by id. One query; for many, of the whole table."""
    model = get_user_model()
    wanted = set(person_ids)
    people = model._default_manager.order_by()
    if len(wanted) <= SOME:
        people = people.filter(pk__in=wanted)
    rows = people.values_list("pk", "first_name", "last_name", model.USERNAME_FIELD)
    return {pk: f"{first} {last}".strip() or name for pk, first, last, name in rows if pk in wanted}


def _agreements(year_round: Round) -> dict[int, _Found]:
    """The agreement of each leader: the one that stands, else the latest."""
    found: dict[int, _Found] = {}
    rows = Agreement.objects.filter(round=year_round).order_by("pk")
    for values in rows.values_list(*_Found._fields):
        one = _Found(*values)
        earlier = found.get(one.leader_id)
        if earlier is None or one.state in ACTIVE or earlier.state not in ACTIVE:
            found[one.leader_id] = one
    return found


def _called(year_round: Round) -> dict[tuple[int, str], dt.date]:
    rows = Conversation.objects.filter(
        agreement__round=year_round, status=Conversation.Status.CALLED
    ).order_by()
    return {
        (agreement_id, kind): timezone.localdate(starts_at)
        for agreement_id, kind, starts_at in rows.values_list("agreement_id", "kind", "starts_at")
    }


def _signed_roles(year_round: Round) -> dict[int, frozenset[str]]:
    roles: dict[int, set[str]] = defaultdict(set)
    rows = Signature.objects.filter(
        seal__agreement__round=year_round,
        seal__agreement__state=State.SIGNING,
        seal__kind=Seal.Kind.AGREEMENT,
        seal__voided_at=None,
    )
    for signature in rows.with_whose().given():
        roles[signature.seal.agreement_id].add(signature.role)
    return {agreement_id: frozenset(found) for agreement_id, found in roles.items()}


def _seats(structure: Structure, agreements: dict[int, _Found]) -> dict[int, Seat]:
    """One seat a person: that of the agreement where they still hold it, else the permanent and highest one."""
    seats: dict[int, Seat] = {}

    def order(seat: Seat) -> tuple[bool, bool, int, int]:
        agreement = agreements.get(seat.person_id)
        elsewhere = agreement is None or agreement.position_id != seat.position_id
        return elsewhere, seat.acting, structure.positions[seat.position_id].group, seat.position_id

    for seat in structure.seats():
        if seat.superior_id is None:
            continue
        other = seats.get(seat.person_id)
        if other is None or order(seat) < order(other):
            seats[seat.person_id] = seat
    return seats


class _Round(NamedTuple):
    """What every row of a round is made with."""

    structure: Structure
    called: dict[tuple[int, str], dt.date]
    signed: dict[int, frozenset[str]]
    conversation_due: dt.date
    follow_up_due: dt.date
    today: dt.date
    zone: dt.tzinfo


def _row(person_id: int, seat: Seat | None, agreement: _Found | None, of: _Round) -> Row:
    position_id = seat.position_id if seat is not None else agreement.position_id  # type: ignore[union-attr]
    position = of.structure.positions[position_id]
    place = of.structure.place_of(position.unit_id)
    superior_id = seat.superior_id if seat is not None else None
    state = agreement_id = planned_on = held_on = signed_on = followed_up_on = None
    if agreement is not None and not (seat is not None and agreement.state == State.ENDED):
        agreement_id, superior_id = agreement.pk, agreement.superior_id
        state, held_on = agreement.state, agreement.discussed_on
        if agreement.signed_at is not None:
            signed_on = agreement.signed_at.astimezone(of.zone).date()
            followed_up_on = agreement.follow_up_on
        if state in ACTIVE:
            kind = Conversation.Kind.FOLLOW_UP if signed_on else Conversation.Kind.FIRST
            planned_on = of.called.get((agreement_id, kind.value))
    stage = stage_of(
        state,
        expected=seat is not None,
        planned=planned_on is not None,
        followed_up=followed_up_on is not None,
    )
    overdue = is_overdue(
        stage,
        conversation_due=of.conversation_due,
        follow_up_due=of.follow_up_due,
        today=of.today,
        reopened=agreement is not None and agreement.reopened_at is not None,
    )
    return Row(
        person_id,
        position_id,
        position.unit_id,
        place.branch_id,
        place.area_id,
        position.group,
        superior_id,
        agreement_id,
        stage,
        waits_for(stage, of.signed.get(agreement_id or 0, NOBODY)),
        overdue,
        planned_on,
        held_on,
        signed_on,
        followed_up_on,
    )
