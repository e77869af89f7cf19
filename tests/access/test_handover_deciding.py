"""A handover that is planned, stopped or over, as everybody: the rows of `matrix_handover`, and HR's page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leder.agreements.models import Handover
from leder.handover import actions, deciding
from leder.organisation.models import Appointment
from leder.pages import roles
from tests.access.matrix_handover import ROWS, SIGN_IN, STATES, Row
from tests.access.visiting import Visitor
from tests.access.world import OUTSIDERS, World
from tests.factories import known_in_hr, make_user

PEOPLE = {"leader": "leader_signed", "former": "superior", "successor": "new_superior"}
THE_THREE = {persona: part for part, persona in PEOPLE.items()}


def day(days: int = 0) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def second_in_hr() -> Any:
    person = make_user(last_name="Personal")
    person.groups.add(Group.objects.get(name=roles.HR))
    return known_in_hr(person)


def stands_as(world: World, state: str) -> Handover:
    """A handover of the signed agreement that stands as its state says, by the real actions."""
    agreement, hr = world.agreements["signed"], world.people["hr"]
    on = {"in time": 9, "late": 9, "approved": 2}.get(state, 0)
    Appointment.objects.create(
        position=agreement.superior_position,
        person=world.people["new_superior"],
        starts=day(on),
        acting=True,
    )
    row = actions.plan(actor=hr, agreement=agreement, on=day(on))
    if state == "stopped":
        row = deciding.stop(actor=agreement.leader, handover=row, reason="talk")
    if state in ("approved", "carried_out"):
        row = deciding.approve(actor=second_in_hr(), handover=row)
    if state == "cancelled":
        row = actions.cancel(actor=hr, handover=row)
    if state == "lapsed":
        Appointment.objects.filter(acting=True, person=world.people["new_superior"]).delete()
        actions.carry_out_due(day(4))
    if state == "late":
        row.planned_at -= dt.timedelta(days=5)
        row.sign()
        row.save()
    if state == "forged":
        Handover.objects.filter(pk=row.pk).update(approved_by=world.people["superuser"])
    row.refresh_from_db()
    assert row.is_genuine == (state != "forged")
    return row


def expected(row: Row, persona: str) -> Any:
    if persona in OUTSIDERS:
        return row.outsider
    return getattr(row, THE_THREE[persona]) if persona in THE_THREE else row.stranger


@pytest.mark.parametrize("state", STATES)
def test_who_reaches_it(visitor: Visitor, state: str, db: None) -> None:
    handover = stands_as(visitor.world, state)
    for row in (each for each in ROWS if state in each.states):
        path = reverse(f"leder:{row.address}", args=[handover.uuid])
        for persona in visitor.world.clients:
            answer = visitor.ask(persona, row.method, path, row.data, channel=row.channel)
            said = expected(row, persona)
            if said == SIGN_IN:
                assert answer.to_sign_in, f"{row}: {answer}"
            elif said == "confirm":
                assert answer.to_confirm, f"{row}: {answer}"
            else:
                assert answer.status == said, f"{row}: {answer}, not {said}"
            assert bool(answer.changed) == (row.method == "POST" and said == 302), f"{row}: {answer}"


def test_one_that_is_not_there(visitor: Visitor) -> None:
    path = reverse("leder:handover", args=["00000000-0000-0000-0000-000000000007"])
    for persona in visitor.world.clients:
        answer = visitor.get(persona, path)
        assert answer.to_sign_in if persona in OUTSIDERS else answer.status == 404


@pytest.mark.parametrize("state", ["waits", "stopped"])
@pytest.mark.parametrize("act", ["approve", "cancel"])
def test_what_hr_decides(visitor: Visitor, state: str, act: str, db: None) -> None:
    """The one who planned it decides nothing that needs two, and nobody outside HR anything."""
    handover = stands_as(visitor.world, state)
    for persona in visitor.world.clients:
        answer = visitor.post(persona, reverse("leder_handovers"), {act: str(handover.pk)})
        decides = persona in ("hr", "superuser") and (act, state) == ("cancel", "waits")
        assert ("leder_handover" in answer.changed) == decides, answer
    client = Client()
    client.force_login(second_in_hr())
    assert client.post(reverse("leder_handovers"), {act: str(handover.pk)}).status_code == 302
    handover.refresh_from_db()
    assert handover.status == ("carried_out" if act == "approve" else "cancelled")
