"""A small municipality to count by hand: two sectors with leaders in every stage, made by the real actions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.models import Agreement
from leder.agreements.states import State, Step, advance
from leder.conversations import actions as conversing
from leder.organisation.models import Appointment, Position, Unit
from leder.pages import roles
from tests import factories

BEFORE = dt.date(factories.YEAR, 3, 1)
AFTER_SPRING = dt.date(factories.YEAR, 4, 1)
AFTER_AUTUMN = dt.date(factories.YEAR + 1, 1, 1)


@dataclass
class World:
    """The people by name, and the units."""

    people: dict[str, Any] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)

    def unit(self, name: str, kind: str, parent: str = "") -> Unit:
        self.units[name] = Unit.objects.create(code=name, name=name, kind=kind, parent=self.units.get(parent))
        return self.units[name]

    def leader(self, name: str, unit: str, *, group: int = 3, above: str = "", person: Any = None) -> Any:
        """Somebody in a position of their own in a unit, who reports to `above`."""
        position = factories.make_position(
            unit=self.units[unit], group=group, reports_to=self.positions.get(above), title=f"Leder {name}"
        )
        person = person or factories.make_user(username=name, first_name=name, last_name="Nordmann")
        Appointment.objects.create(position=position, person=person, starts=dt.date(2020, 1, 1))
        self.people[name], self.positions[name] = person, position
        return person

    def open(self, name: str, above: str, *, year: int = factories.YEAR) -> Agreement:
        """Open the agreement of a leader with a superior."""
        self.agreements[name] = actions.open_agreement(
            year_round=factories.make_round(year),
            position=self.positions[name],
            leader=self.people[name],
            superior=self.people[above],
            superior_position=self.positions[above],
            editions=factories.make_editions(),
        )
        return self.agreements[name]

    def bring(self, name: str, above: str, state: str) -> Agreement:
        """The same, brought to a state."""
        return factories.bring_to(self.open(name, above), state)


def make_world() -> World:
    """Health has a leader in each stage, culture nobody who has started. The top has no superior, and no row."""
    world = World()
    world.unit("Kommunen", "municipality")
    world.unit("Helse", "sector", "Kommunen")
    world.unit("Sykehjemmet", "service", "Helse")
    world.unit("Avdeling A", "department", "Sykehjemmet")
    world.unit("Kultur", "sector", "Kommunen")
    world.unit("Biblioteket", "service", "Kultur")
    world.leader("Topp", "Kommunen", group=1)
    world.leader("Helsesjef", "Helse", group=1, above="Topp")
    world.leader("Bestyrer", "Sykehjemmet", group=2, above="Helsesjef")
    world.leader("Kultursjef", "Kultur", group=1, above="Topp")
    world.leader("Biblioteksjef", "Biblioteket", group=2, above="Kultursjef")
    for name in ("Forbereder", "Planlagt", "Samtalt", "Halvsignert", "Signert", "Fulgt"):
        world.leader(name, "Avdeling A", above="Bestyrer")
    world.bring("Forbereder", "Bestyrer", State.PREPARED)
    planned = world.open("Planlagt", "Bestyrer")
    conversing.call(
        factories.access_of(planned.superior, planned),
        starts_at=timezone.now() + dt.timedelta(days=9),
        minutes=60,
        place="Rom 1",
        message="",
    )
    world.bring("Samtalt", "Bestyrer", State.DISCUSSED)
    world.bring("Halvsignert", "Bestyrer", State.SIGNING)
    world.bring("Signert", "Bestyrer", State.SIGNED)
    world.bring("Fulgt", "Bestyrer", State.FOLLOWED_UP)
    _add_one_who_left(world)
    return world


def _add_one_who_left(world: World) -> None:
    world.leader("Sluttet", "Biblioteket", above="Kultursjef")
    ended = world.open("Sluttet", "Kultursjef")
    advance(ended, Step.END)
    Appointment.objects.filter(person=world.people["Sluttet"]).update(ends=dt.date(2026, 1, 1))


# Who stands where, counted by hand.
STAGES = {
    "Helsesjef": "not_started", "Bestyrer": "not_started", "Kultursjef": "not_started", "Biblioteksjef": "not_started",
    "Forbereder": "preparing", "Planlagt": "planned", "Samtalt": "held", "Halvsignert": "signing",
    "Signert": "signed", "Fulgt": "followed_up", "Sluttet": "ended",
}  # fmt: skip


def people_of_the_cms() -> dict[str, Any]:
    """HR, the director's staff and an operator, with the permissions that the command gives."""
    roles.set_up_roles()
    names = {"hr": roles.HR, "staff": roles.DIRECTOR_STAFF, "operations": roles.OPERATIONS}
    people = {}
    for name, group in names.items():
        people[name] = factories.make_user(username=name, last_name=name)
        people[name].groups.add(Group.objects.get(name=group))
    return people
