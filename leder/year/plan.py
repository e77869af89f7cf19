"""Who is to have an agreement with whom, and what is wrong, read from the organisation as it is on a day. Reads only.

One agreement a leader, also for one who holds two positions: of those with a superior the permanent before the
acting, then the lower leader group, then the code.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from leder.agreements.actions import Pair
from leder.agreements.models import Agreement, Round
from leder.agreements.states import ACTIVE
from leder.organisation.areas import area_of_units
from leder.organisation.models import Position, Unit
from leder.organisation.selectors import Leader, leaders


class Remark(TextChoices):
    """What somebody should look at before the year is opened. The first of them stand in the way of an agreement."""

    NO_SUPERIOR = "no_superior", _("No superior")
    CIRCLE = "circle", _("The positions above stand in a circle")
    VACANT = "vacant", _("Vacant position")
    SECOND = "second", _("Has the agreement in another position")
    PASSED_OVER = "passed_over", _("The position above is passed over: vacant, or the same person")
    ACTING = "acting", _("Acting")
    SUPERIOR_CLOSED = "superior_closed", _("The superior's account is closed")
    SUPERIOR_UNREACHED = "superior_unreached", _("The superior has no e-mail address")
    LEADER_CLOSED = "leader_closed", _("The leader's account is closed")
    LEADER_UNREACHED = "leader_unreached", _("The leader has no e-mail address")


# Nobody gets an agreement for these positions.
IN_THE_WAY = frozenset({Remark.NO_SUPERIOR, Remark.CIRCLE, Remark.VACANT, Remark.SECOND})
# Nothing is wrong with these: they are told so that nobody wonders.
FOR_INFORMATION = frozenset({Remark.SECOND, Remark.ACTING})


@dataclass(frozen=True)
class Line:
    """A position in use, who holds it, and the agreement that follows; `person` is None when it is vacant."""

    position: Position
    person: Any
    acting: bool
    superior_position: Position | None
    superior: Any
    area: Unit
    remarks: tuple[Remark, ...]
    has_agreement: bool

    @property
    def gets_agreement(self) -> bool:
        """Whether there will be an agreement for this position: there is none that stands, and nothing in the way."""
        return not self.has_agreement and IN_THE_WAY.isdisjoint(self.remarks)

    @property
    def pair(self) -> Pair:
        """The agreement that is to be opened. Only for one who gets an agreement."""
        if self.superior_position is None:
            raise ValueError("nobody to have an agreement with")
        return Pair(self.position, self.person, self.superior_position, self.superior)


@dataclass(frozen=True)
class Plan:
    """Every position in use, by sector, unit and title, and what follows for a year."""

    lines: Sequence[Line]

    @cached_property
    def ready(self) -> list[Line]:
        """Those who are to get an agreement."""
        return [line for line in self.lines if line.gets_agreement]

    @cached_property
    def having(self) -> int:
        """How many leaders have an agreement that stands."""
        return len({line.person.pk for line in self.lines if line.has_agreement})

    @cached_property
    def superiors(self) -> int:
        """With how many superiors the agreements will be."""
        return len({line.superior.pk for line in self.ready})

    @cached_property
    def without(self) -> int:
        """How many leaders have no agreement and get none."""
        people = {line.person.pk for line in self.lines if line.person is not None}
        served = {line.person.pk for line in self.lines if line.has_agreement or line.gets_agreement}
        return len(people - served)

    @cached_property
    def counts(self) -> Counter[Remark]:
        """How many positions there are with each remark."""
        return Counter(remark for line in self.lines for remark in line.remarks)

    @cached_property
    def areas(self) -> list[Unit]:
        """The sectors and staff departments, by name."""
        return sorted({line.area.pk: line.area for line in self.lines}.values(), key=lambda area: area.name)


def plan_of(year_round: Round | None, on: dt.date) -> Plan:
    """Return the plan of a round (None: of one that is not set up yet) by the organisation of a day.

    Four queries at any size.
    """
    positions = Position.objects.select_related("unit").in_bulk()
    held = {row.position.pk: row for row in leaders(on, positions)}
    areas = area_of_units()
    counting = seats(held.values())
    having = _having(year_round)
    above = {pk: position.reports_to_id for pk, position in positions.items()}
    lines = []
    for pk, position in positions.items():
        if not position.active:
            continue
        row = held.get(pk)
        person_id = row.person.pk if row else None
        remarks = _remarks(row, counting, above) if row else (Remark.VACANT,)
        lines.append(
            Line(
                position=position,
                person=row.person if row else None,
                acting=row.acting if row else False,
                superior_position=row.superior_position if row else None,
                superior=row.superior if row else None,
                area=areas[position.unit_id],
                remarks=remarks,
                has_agreement=person_id in having,
            )
        )
    return Plan(sorted(lines, key=_order))


def seats(held: Iterable[Leader]) -> dict[int, int]:
    """Return for each person by id the position (by id) that the person's agreement is for. Pure."""
    best: dict[int, Leader] = {}
    for row in held:
        other = best.get(row.person.pk)
        if other is None or _precedence(row) < _precedence(other):
            best[row.person.pk] = row
    return {person_id: row.position.pk for person_id, row in best.items()}


def _precedence(row: Leader) -> tuple[bool, bool, int, str]:
    return (row.superior is None, row.acting, row.position.group, row.position.code)


def _remarks(row: Leader, counting: dict[int, int], above: dict[int, int | None]) -> tuple[Remark, ...]:
    found = []
    if row.superior is None:
        found.append(Remark.CIRCLE if _in_circle(row.position.pk, above) else Remark.NO_SUPERIOR)
    elif counting[row.person.pk] != row.position.pk:
        found.append(Remark.SECOND)
    if row.superior_position is not None and row.superior_position.pk != row.position.reports_to_id:
        found.append(Remark.PASSED_OVER)
    if row.acting:
        found.append(Remark.ACTING)
    for closed, unreached, person in (
        (Remark.SUPERIOR_CLOSED, Remark.SUPERIOR_UNREACHED, row.superior),
        (Remark.LEADER_CLOSED, Remark.LEADER_UNREACHED, row.person),
    ):
        if person is not None and not person.is_active:
            found.append(closed)
        elif person is not None and not person.email:
            found.append(unreached)
    return tuple(found)


def _in_circle(pk: int, above: dict[int, int | None]) -> bool:
    seen: set[int] = set()
    at: int | None = pk
    while at is not None and at not in seen:
        seen.add(at)
        at = above.get(at)
    return at is not None


def _having(year_round: Round | None) -> set[int]:
    if year_round is None:
        return set()
    standing = Agreement.objects.filter(round=year_round, state__in=ACTIVE)
    return set(standing.values_list("leader_id", flat=True))


def _order(line: Line) -> tuple[str, str, int, str, str]:
    position = line.position
    return (line.area.name, position.unit.name, position.group, position.title, position.code)


def filtered(plan: Plan, *, words: str = "", area: str = "", show: str = "") -> list[Line]:
    """Return the lines of an area whose names hold every word; `show` is "ready", "wrong", "having" or a remark."""
    wanted = words.casefold().split()
    return [
        line
        for line in plan.lines
        if (not area or str(line.area.pk) == area) and _is_shown(line, show) and _holds(line, wanted)
    ]


def _is_shown(line: Line, show: str) -> bool:
    if show == "ready":
        return line.gets_agreement
    if show == "having":
        return line.has_agreement
    if show == "wrong":
        return not FOR_INFORMATION.issuperset(line.remarks)
    return not show or show in line.remarks


def _holds(line: Line, words: list[str]) -> bool:
    people = " ".join(person.get_full_name() for person in (line.person, line.superior) if person is not None)
    text = f"{people} {line.position.title} {line.position.unit.name} {line.position.code}".casefold()
    return all(word in text for word in words)
