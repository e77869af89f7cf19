"""The organisation of a day read once, as plain rows: for figures of all leaders, and for whole lines below one person.

It says the same as `selectors`, without making an object of every row: at 45,000 leaders that is what a page can wait
for. Acting, vacant and one's own positions count as the docstring there says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from leder import keyed

from .areas import AREAS
from .models import Appointment, Position, Unit, appointment_covers, position_covers


class UnitLine(NamedTuple):
    """A unit: its name, kind and what it is part of."""

    name: str
    kind: str
    parent_id: int | None


class PositionLine(NamedTuple):
    """A position, in use or not."""

    title: str
    unit_id: int
    group: int
    reports_to_id: int | None
    active: bool


class Holder(NamedTuple):
    """Who leads from a position, and whether acting."""

    person_id: int
    acting: bool


class Seat(NamedTuple):
    """A held position, and whom its holder answers to; None at the top of the organisation."""

    position_id: int
    person_id: int
    acting: bool
    superior_id: int | None


class Place(NamedTuple):
    """Where a unit stands: its sector or staff department, and the unit right below that which it belongs to.

    Both are the unit itself where there is nothing above; `branch_id` is the area's for a leader of the area itself.
    """

    area_id: int
    branch_id: int


@dataclass
class Structure:
    """Units, positions and holders of one day."""

    units: dict[int, UnitLine]
    positions: dict[int, PositionLine]
    holders: dict[int, Holder]
    _places: dict[int, Place] = field(default_factory=dict)

    def seats(self) -> Iterable[Seat]:
        """Every held position in use with its holder and superior, as `selectors.leaders`."""
        for position_id, holder in self.holders.items():
            yield Seat(
                position_id, holder.person_id, holder.acting, self.superior_of(position_id, holder.person_id)
            )

    def superior_of(self, position_id: int, person_id: int) -> int | None:
        """Whom this person answers to from this position, as `selectors.superior_of`."""
        above_id = self.positions[position_id].reports_to_id
        seen = {position_id}
        while above_id is not None and above_id not in seen:
            seen.add(above_id)
            holder = self.holders.get(above_id)
            if holder is not None and holder.person_id != person_id:
                return holder.person_id
            above_id = self.positions[above_id].reports_to_id
        return None

    def place_of(self, unit_id: int) -> Place:
        """The sector or staff department of a unit (as `areas.area_of_units`), and its branch of it."""
        found = self._places.get(unit_id)
        if found is None:
            found = self._places[unit_id] = self._place(unit_id)
        return found

    def line_of(self, person_id: int) -> dict[int, int]:
        """Every position below those this person leads from, at any distance, vacant ones too.

        Returns for each the position right below the person's own that it comes under, itself for a direct one.
        """
        below: dict[int, list[int]] = defaultdict(list)
        for position_id, position in self.positions.items():
            if position.reports_to_id is not None:
                below[position.reports_to_id].append(position_id)
        own = {pk for pk, holder in self.holders.items() if holder.person_id == person_id}
        line: dict[int, int] = {}
        waiting = [(child, child) for pk in own for child in below[pk]]
        while waiting:
            position_id, first = waiting.pop()
            if position_id in line or position_id in own:
                continue
            line[position_id] = first
            waiting += [(child, first) for child in below[position_id]]
        return line

    def _place(self, unit_id: int) -> Place:
        branch_id, above_id = unit_id, unit_id
        seen: set[int] = set()
        while above_id in self.units and above_id not in seen:
            seen.add(above_id)
            unit = self.units[above_id]
            if unit.kind in AREAS:
                return Place(above_id, branch_id)
            if unit.parent_id is None:
                break
            branch_id, above_id = above_id, unit.parent_id
        return Place(unit_id, unit_id)


def structure_on(on: date) -> Structure:
    """Read the organisation as it stands on a day. Three queries at any size."""
    units = {
        row[0]: UnitLine._make(row[1:])
        for row in Unit.objects.order_by().values_list("pk", "name", "kind", "parent_id")
    }
    positions = {
        pk: PositionLine(title, unit_id, group, _above(mac, pk, code, above, active), active)
        for pk, title, unit_id, group, above, active, code, mac in Position.objects.order_by().values_list(
            "pk", "title", "unit_id", "group", "reports_to_id", "active", "code", "mac"
        )
    }
    holders: dict[int, Holder] = {}
    # Permanent before acting, earlier before later: what comes last is what counts, as in `selectors`.
    appointments = Appointment.objects.on(on).order_by("acting", "starts", "pk")
    for mac, *said in appointments.values_list("mac", "position_id", "person_id", "starts", "ends", "acting"):
        position_id, person_id, _starts, _ends, acting = said
        if positions[position_id].active and keyed.is_genuine(mac, *appointment_covers(*said)):
            holders[position_id] = Holder(person_id, acting)
    return Structure(units, positions, holders)


def _above(mac: str, pk: int, code: str, above: int | None, active: bool) -> int | None:
    """The position above, as far as the plugin has written it."""
    return above if keyed.is_genuine(mac, *position_covers(pk, code, above, active)) else None
