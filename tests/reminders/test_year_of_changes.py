"""From May to Christmas with the daily jobs in their order: `leder_year`, then `leder_remind`.

HR plans the handovers: Arne comes for Anna in June, Konstituert acts for Arne from August to October. Vikar leads for
Signert from September to November, Nykommer is new in June. Reminders follow whoever the agreement is with.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command

from leder.handover import actions as handing
from leder.handover.changes import changes_on
from leder.organisation.models import Appointment
from tests import factories
from tests.access.pages import make_pages
from tests.reminders.helpers import YEAR, appoint, at, check, day, live, run
from tests.reminders.municipality import Act, Town

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FIRST, LAST = day(5, 17), day(12, 24)

EXPECTED: dict[str, dict[dt.date, list[str]]] = {
    "Direktør": {
        day(6, 7): ["meeting Arne"],
        day(8, 16): ["uncalled Konstituert"],
        day(8, 23): ["meeting Konstituert"],
        day(8, 30): ["autumn Konstituert"],
        # Arne's, which rested while another acted.
        day(12, 1): ["uncalled Arne"],
        day(12, 6): ["uncalled Arne"],
        day(12, 13): ["uncalled Arne"],
        day(12, 20): ["uncalled Arne"],
    },
    "Anna": {
        day(5, 17): ["overdue Sein"],
        day(5, 24): ["overdue Sein"],
        day(5, 31): ["overdue Sein"],
    },
    "Arne": {
        day(6, 1): ["overdue Sein"],
        day(6, 7): ["overdue Sein", "meeting Direktør"],
        day(6, 14): ["overdue Sein"],
        day(6, 21): ["meeting Sein"],
        day(6, 29): ["uncalled Nykommer"],
        day(7, 5): ["meeting Nykommer"],
        day(11, 1): ["autumn Nykommer", "autumn Vikar"],
        day(12, 1): ["uncalled Nykommer", "uncalled Signert"],
        day(12, 6): ["uncalled Nykommer", "uncalled Signert"],
        day(12, 13): ["uncalled Nykommer", "uncalled Signert"],
        day(12, 20): ["meeting Nykommer", "meeting Signert"],
    },
    "Konstituert": {
        day(8, 2): ["autumn Nykommer", "autumn Sein", "autumn Signert"],
        day(8, 16): ["step Direktør"],
        day(8, 23): ["meeting Direktør"],
        day(9, 6): ["meeting Sein"],
        day(9, 15): ["uncalled Vikar"],
        day(9, 27): ["meeting Vikar"],
    },
    "Sein": {
        day(5, 17): ["overdue Anna"],
        day(5, 24): ["overdue Anna"],
        day(5, 31): ["overdue Anna"],
        day(6, 7): ["overdue Arne"],
        day(6, 14): ["overdue Arne"],
        day(6, 21): ["meeting Arne"],
        day(9, 6): ["meeting Konstituert"],
    },
    "Nykommer": {
        day(6, 29): ["step Arne"],
        day(7, 5): ["meeting Arne"],
        day(12, 20): ["meeting Arne"],
    },
    "Vikar": {
        day(9, 15): ["step Konstituert"],
        day(9, 27): ["meeting Konstituert"],
    },
    "Signert": {day(12, 20): ["meeting Arne"]},
}


class Place(Town):
    """Anna and her three reports, and four who come in for others."""

    def __init__(self) -> None:
        pages, year_round = make_pages(), factories.make_round(YEAR)
        for kind in ("platform", "letter", "form"):
            setattr(year_round, f"{kind}_page_id", pages[kind].pk)
        year_round.save()
        self.people: dict[str, Any] = {}
        self.positions: dict[str, Any] = {}
        for name, above in (("Direktør", ""), ("Anna", "Direktør"), ("Signert", "Anna"), ("Sein", "Anna")):
            self.people[name], self.positions[name] = factories.make_leader(
                reports_to=self.positions.get(above), last_name=name
            )
            if above:
                self.open(name, above)
        for name in ("Arne", "Konstituert", "Nykommer", "Vikar"):
            self.people[name] = factories.make_user(last_name=name)
        self.hr = factories.make_user()
        self.hr.user_permissions.add(Permission.objects.get(codename="hand_over"))
        for name in ("Anna", "Signert"):
            factories.bring_to(self.agreement(name), "signed")

    def acts(self) -> dict[dt.date, list[Act]]:
        """What is done, by day, at noon."""
        return {
            day(5, 20): [self.appoints_arne, self.plans(day(6, 1))],
            day(6, 2): [self.ready("Arne"), self.calls("Arne", day(6, 10))],
            day(6, 10): [self.holds("Arne")],
            day(6, 11): [self.signs("Arne")],
            day(6, 14): [self.ready("Sein"), self.appoints_newcomer],
            day(6, 15): [self.calls("Sein", day(6, 23))],
            day(6, 23): [self.holds("Sein"), self.signs("Sein")],
            day(7, 1): [self.ready("Nykommer"), self.calls("Nykommer", day(7, 7))],
            day(7, 7): [self.holds("Nykommer"), self.signs("Nykommer")],
            day(7, 20): [self.appoints_acting, self.plans(day(8, 2))],
            day(8, 17): [self.ready("Konstituert"), self.calls("Konstituert", day(8, 25))],
            day(8, 25): [self.holds("Konstituert")],
            day(8, 26): [self.signs("Konstituert")],
            day(8, 30): [self.calls("Sein", day(9, 8))],
            day(9, 8): [self.holds("Sein"), self.confirms("Sein")],
            day(9, 15): [self.ready("Vikar"), self.calls("Vikar", day(9, 29))],
            day(9, 29): [self.holds("Vikar")],
            day(9, 30): [self.signs("Vikar")],
            day(10, 20): [self.plans(day(11, 1))],
            day(11, 20): [self.plans(day(12, 1))],
            day(12, 13): [self.calls("Signert", day(12, 22)), self.calls("Nykommer", day(12, 22))],
            day(12, 22): [self.holds("Signert"), self.holds("Nykommer")],
        }

    def appoints_arne(self) -> None:
        Appointment.objects.filter(person=self.people["Anna"]).update(ends=day(5, 31))
        appoint(self.people["Arne"], self.positions["Anna"], day(6, 1))

    def appoints_newcomer(self) -> None:
        self.positions["Nykommer"] = factories.make_position(reports_to=self.positions["Anna"])
        appoint(self.people["Nykommer"], self.positions["Nykommer"], day(6, 15))

    def appoints_acting(self) -> None:
        appoint(self.people["Konstituert"], self.positions["Anna"], day(8, 2), day(10, 31), acting=True)
        appoint(self.people["Vikar"], self.positions["Signert"], day(9, 1), day(11, 30), acting=True)

    def plans(self, on: dt.date) -> Act:
        """HR plans what the organisation asks for on a day."""

        def act() -> None:
            changes = changes_on(on)
            assert changes
            for change in changes:
                handing.plan(actor=self.hr, agreement=change.agreement, on=on)

        return act


def test_reminders_follow_the_superior() -> None:
    def morning(today: dt.date) -> Iterator[dict[str, Any]]:
        with at(today, hour=5):
            call_command("leder_year", verbosity=0)
        yield run(today)[0]

    with at(day(2, 1)):
        place = Place()
    check(place, live(place, FIRST, LAST, morning), EXPECTED)
