"""From May to Christmas with the daily jobs in their order: `leder_year`, then `leder_remind`.

HR plans the handovers: Arne comes for Anna in June, Konstituert acts for Arne from August to October. Vikar leads for
Signert from September to November, Nykommer is new in June. Reminders follow whoever the agreement is with.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command

from leder.agreements.actions import open_agreement
from leder.agreements.models import Agreement
from leder.conversations import actions as conversing
from leder.handover import actions as handing
from leder.handover.changes import changes_on
from leder.organisation.models import Appointment
from leder.reminders.models import Digest
from tests import factories
from tests.access.pages import make_pages
from tests.reminders.helpers import OSLO, YEAR, appoint, at, day, run

pytestmark = pytest.mark.django_db

FIRST, LAST = day(5, 17), day(12, 24)
LINE = re.compile(r"^– .+: Kari (\w+), \d{4}\b", re.MULTILINE)

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


class Place:
    """The people, by name, and what they do."""

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

    def open(self, leader: str, superior: str) -> None:
        open_agreement(
            year_round=factories.make_round(YEAR),
            position=self.positions[leader],
            leader=self.people[leader],
            superior=self.people[superior],
            superior_position=self.positions[superior],
            editions=factories.make_editions(),
        )

    def agreement(self, leader: str) -> Agreement:
        return Agreement.objects.filter(leader=self.people[leader]).latest("pk")

    def acts(self) -> dict[dt.date, list[Callable[[], Any]]]:
        """What is done, by day, at noon."""
        return {
            day(5, 20): [self.appoints_arne, self.plans(day(6, 1))],
            day(6, 2): [self.ready("Arne"), self.calls("Arne", day(6, 10))],
            day(6, 10): [self.holds("Arne")],
            day(6, 11): [self.both_sign("Arne")],
            day(6, 14): [self.ready("Sein"), self.appoints_newcomer],
            day(6, 15): [self.calls("Sein", day(6, 23))],
            day(6, 23): [self.holds("Sein"), self.both_sign("Sein")],
            day(7, 1): [self.ready("Nykommer"), self.calls("Nykommer", day(7, 7))],
            day(7, 7): [self.holds("Nykommer"), self.both_sign("Nykommer")],
            day(7, 20): [self.appoints_acting, self.plans(day(8, 2))],
            day(8, 17): [self.ready("Konstituert"), self.calls("Konstituert", day(8, 25))],
            day(8, 25): [self.holds("Konstituert")],
            day(8, 26): [self.both_sign("Konstituert")],
            day(8, 30): [self.calls("Sein", day(9, 8))],
            day(9, 8): [self.holds("Sein"), self.both_confirm("Sein")],
            day(9, 15): [self.ready("Vikar"), self.calls("Vikar", day(9, 29))],
            day(9, 29): [self.holds("Vikar")],
            day(9, 30): [self.both_sign("Vikar")],
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

    def plans(self, on: dt.date) -> Callable[[], Any]:
        """HR plans what the organisation asks for on a day."""

        def act() -> None:
            changes = changes_on(on)
            assert changes
            for change in changes:
                handing.plan(actor=self.hr, agreement=change.agreement, on=on)

        return act

    def ready(self, leader: str) -> Callable[[], Any]:
        def act() -> None:
            agreement = self.agreement(leader)
            for person in (agreement.leader, agreement.superior):
                conversing.mark_ready(factories.access_of(person, agreement))

        return act

    def calls(self, leader: str, on: dt.date) -> Callable[[], Any]:
        def act() -> None:
            agreement = self.agreement(leader)
            conversing.call(
                factories.access_of(agreement.superior, agreement),
                starts_at=dt.datetime.combine(on, dt.time(11), OSLO),
                minutes=60,
                place="Kantina",
            )

        return act

    def holds(self, leader: str) -> Callable[[], Any]:
        def act() -> None:
            agreement = self.agreement(leader)
            today = dt.datetime.now(tz=OSLO).date()
            conversing.hold(factories.access_of(agreement.superior, agreement), held_on=today)

        return act

    def both_sign(self, leader: str) -> Callable[[], Any]:
        return lambda: [
            factories.sign(self.agreement(leader), person)
            for person in (self.agreement(leader).leader, self.agreement(leader).superior)
        ]

    def both_confirm(self, leader: str) -> Callable[[], Any]:
        return lambda: [
            factories.confirm(self.agreement(leader), person)
            for person in (self.agreement(leader).leader, self.agreement(leader).superior)
        ]


def test_reminders_follow_the_superior() -> None:
    with at(day(2, 1)):
        place = Place()
    acts = place.acts()
    name_of = {person.email: name for name, person in place.people.items()}
    boxes: dict[str, dict[dt.date, Any]] = {name: {} for name in place.people}
    today = FIRST
    while today <= LAST:
        with at(today, hour=5):
            call_command("leder_year", verbosity=0)
        for address, message in run(today)[0].items():
            boxes[name_of[address]][today] = message
        with at(today, hour=12):
            for act in acts.pop(today, []):
                act()
        today += dt.timedelta(days=1)
    assert not acts
    for name, box in boxes.items():
        assert sorted(box) == sorted(EXPECTED[name]), f"{name}: {sorted(set(box) ^ set(EXPECTED[name]))}"
        for on, message in box.items():
            expected = EXPECTED[name][on]
            whom = sorted(line.split()[1] for line in expected)
            assert sorted(LINE.findall(message.body)) == whom, f"{name}, {on}:\n{message.body}"
            sent = Digest.objects.get(
                person=place.people[name], week_start=on - dt.timedelta(days=on.weekday())
            )
            assert sent.kinds == Counter(line.split()[0] for line in expected), f"{name}, {on}"
