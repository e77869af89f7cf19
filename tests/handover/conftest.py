"""What tests of handovers share: a municipality of five, and ways to change it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from leder.agreements.models import Agreement, Handover
from leder.handover import actions, deciding
from leder.organisation.models import Appointment
from tests.factories import bring_to, known_in_hr, make_agreement, make_user


def permitted(**kwargs: Any) -> Any:
    """One who may hand over, and has been known in HR for some days."""
    person = make_user(**kwargs)
    person.user_permissions.add(Permission.objects.get(codename="hand_over"))
    return known_in_hr(person)


def day(days: int = 0) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


@dataclass
class Case:
    """An agreement, its first superior (`former`), one who comes (`successor`), and two in HR."""

    agreement: Agreement
    leader: Any
    former: Any
    successor: Any
    hr: Any
    second: Any

    def fresh(self) -> Agreement:
        return Agreement.objects.with_status().get(pk=self.agreement.pk)

    def appoint(
        self, person: Any = None, *, on: int = 0, acting: bool = False, until: int | None = None
    ) -> None:
        """Another in the superior's position: permanently (which ends the one before), or acting for a period."""
        position = self.agreement.superior_position
        if not acting:
            self.let_days_pass()
            Appointment.objects.filter(position=position, ends=None).update(ends=day(on - 1))
        Appointment.objects.create(
            position=position,
            person=person or self.successor,
            starts=day(on),
            ends=None if until is None else day(until),
            acting=acting,
        )

    def let_days_pass(self) -> None:
        """What began today began some days ago."""
        for row in Appointment.objects.filter(starts__gte=day(-60)).order_by("starts"):
            row.starts -= dt.timedelta(days=3)
            row.ends = row.ends and row.ends - dt.timedelta(days=3)
            row.save()

    def end_acting(self) -> None:
        """The acting period ended yesterday."""
        Appointment.objects.filter(acting=True).update(starts=day(-9), ends=day(-1))

    def hand_over(self, person: Any = None, *, acting: bool = False) -> Handover:
        """Appoint, and hand over today, as two in HR."""
        self.appoint(person, acting=acting)
        return self.carry_out()

    def carry_out(self) -> Handover:
        row = self.plan()
        if row.status == Handover.Status.PLANNED:
            row = deciding.approve(actor=self.second, handover=row)
        assert row.status == Handover.Status.CARRIED_OUT
        self.agreement.refresh_from_db()
        return row

    def plan(self, on: int = 0) -> Handover:
        """One in HR plans it, for today or a day that comes."""
        return actions.plan(actor=self.hr, agreement=self.agreement, on=day(on))

    def come_back(self) -> Handover:
        """The acting period is over, and the permanent one is superior again."""
        self.end_acting()
        return self.carry_out()


@pytest.fixture
def case_in(db):
    """A function that gives a case with the agreement in a state, after `write` has been done in the opened one."""

    def make(state="opened", write=None):
        agreement = make_agreement()
        # The leader holds the position that the agreement is for.
        Appointment.objects.create(
            position=agreement.position, person=agreement.leader, starts=dt.date(2020, 1, 1)
        )
        made = Case(
            agreement,
            agreement.leader,
            agreement.superior,
            make_user(first_name="Bente", last_name="Ny"),
            permitted(first_name="Hanne", last_name="HR"),
            permitted(first_name="Hilde", last_name="HR"),
        )
        if write:
            write(made)
        bring_to(agreement, state)
        return made

    return make
