"""The figures of a year as they are shown to one viewer: tables, and the drawings made of them.

`municipality` is for HR and the director's staff, `line` for a superior. What a viewer may not see is not in what these
return, so that pages, files and prints all show the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from leder.agreements.models import Round
from leder.organisation.lines import Structure, structure_on
from leder.organisation.models import LeaderGroup
from leder.oversight.completion.stages import COUNTED, Stage
from leder.oversight.completion.status import Row, day_of, status
from leder.oversight.completion.tallies import (
    NOTHING,
    Cube,
    Signed,
    Tally,
    held_by_month,
    signed_before,
    signed_of,
)
from leder.oversight.figures.charts import Bar, Line, Mark, Series, curve, heat_map, stacked_bars
from leder.oversight.figures.holding_back import FLOOR, Key, Shown, what_to_show
from leder.oversight.figures.svg import Fill

FILLS = {
    Stage.NOT_STARTED: Fill("#cdd3da"),
    Stage.PREPARING: Fill("#fbe7b8", "rising", "#c28a00"),
    Stage.PLANNED: Fill("#f4cf73", "dots", "#7a5600"),
    Stage.HELD: Fill("#d5e8f3", "falling", "#4b90b5"),
    Stage.SIGNING: Fill("#9cc6de", "level", "#1f6c96"),
    Stage.SIGNED: Fill("#00527a", ink="#ffffff"),
    Stage.FOLLOWED_UP: Fill("#1f5c3d", "upright", "#15452d", ink="#ffffff"),
}
ROWS_IN_A_FIGURE = 15
# The curve begins so many days before the deadline, and goes on for so many after it.
BEFORE, AFTER, STEP = 140, 30, 14


@dataclass(frozen=True)
class Group:
    """A line of a table. `tally` is None where the figures are held back; how many leaders there are is no secret."""

    key: Key
    label: str
    leaders: int
    tally: Tally | None


@dataclass(frozen=True)
class MonthTable:
    """Conversations held by month."""

    headings: list[str]
    rows: list[tuple[str, list[int] | None]]


@dataclass(frozen=True)
class CurvePoint:
    """A line of the table below the curve: the share on a day this year and the year before, of a hundred."""

    day: dt.date
    now: int | None
    before: int | None


@dataclass(frozen=True)
class Figures:
    """All that one viewer is shown of a year. `areas` is what the whole is divided into at first."""

    year_round: Round
    today: dt.date
    total: Tally | None
    leaders: int
    areas: list[Group]
    branches: dict[Key, list[Group]]
    groups: list[Group]
    months: MonthTable
    signed: Signed | None
    signed_before: Signed | None
    earlier: Round | None
    structure: Structure = field(repr=False)
    rows: list[Row] = field(repr=False, default_factory=list)

    @property
    def held_back(self) -> bool:
        """Whether something is held back anywhere."""
        tables = [self.areas, *self.branches.values()]
        return self.total is None or any(group.tally is None for table in tables for group in table)

    @property
    def curve_points(self) -> list[CurvePoint]:
        """The shares each fortnight up to today, or all of them when the time is past."""
        if self.signed is None:
            return []
        due = self.year_round.conversation_due
        passed = (self.today - due).days
        return [
            CurvePoint(
                due + dt.timedelta(days=day),
                self.signed.percent_at(day) if day <= passed else None,
                self.signed_before.percent_at(day) if self.signed_before else None,
            )
            for day in (*range(-BEFORE, 0, STEP), 0, AFTER)
        ]


def municipality(year_round: Round, *, rounds: Sequence[Round], today: dt.date, names: bool) -> Figures:
    """Return the figures of the whole organisation; without `names`, those of small groups are held back.

    `rounds` are those that were opened, the year before among them. Seven queries at any size.
    """
    structure = structure_on(day_of(year_round, today))
    rows = status(year_round, today=today, structure=structure)
    cube = Cube(rows)
    shown = None if names else what_to_show(cube.sizes())
    labels = _Labels(structure)
    area_of = {cell.branch: cell.area for cell in cube.sizes()}
    branches: dict[Key, list[Group]] = {}
    for group in _groups(cube.by(lambda cell: cell.branch), labels.branch, shown.branches if shown else None):
        branches.setdefault(area_of[group.key], []).append(group)
    areas = _groups(cube.by(lambda cell: cell.area), labels.unit, shown.areas if shown else None)
    counted = _Counted(rows, cube, structure, areas, lambda row: row.area_id, branches=branches, shown=shown)
    return _figures(year_round, counted, rounds=rounds, today=today)


def line(year_round: Round, person_id: int, *, rounds: Sequence[Round], today: dt.date) -> Figures | None:
    """Return the figures of a superior's own line, by the units right below; None for one who has nobody below.

    Who is in the line is what the organisation says today: those in positions below, and agreements made in them.
    Seven queries at any size, ten when the round is over.
    """
    day = day_of(year_round, today)
    structure = structure_on(day)
    # A round that is over is told of as it was on its last day, but only to those who lead today.
    positions = (structure if day == today else structure_on(today)).line_of(person_id)
    if not positions:
        return None
    rows = [
        row
        for row in status(year_round, today=today, structure=structure)
        if row.position_id in positions and row.person_id != person_id
    ]

    def place(row: Row) -> tuple[Key, Key]:
        first = structure.positions[positions[row.position_id]]
        return first.unit_id, row.unit_id

    cube = Cube(rows, place)
    labels = _Labels(structure)
    areas = _groups(cube.by(lambda cell: cell.area), labels.unit, None)
    counted = _Counted(rows, cube, structure, areas, lambda row: place(row)[0], positions=set(positions))
    return _figures(year_round, counted, rounds=rounds, today=today)


def draw_bars(groups: Sequence[Group], *, identity: str, title: str) -> SafeString:
    """Draw the stages of groups as stacked bars; those held back are left out. "" where nothing is left."""
    shown = [group for group in groups if group.tally is not None and group.tally.counted]
    if not shown:
        return SafeString("")
    series = [Series(str(stage.label), FILLS[stage]) for stage in COUNTED]
    bars = [
        Bar(group.label, tuple(group.tally.stages.get(stage, 0) for stage in COUNTED))
        for group in shown
        if group.tally is not None
    ]
    description = _(
        "Each bar is divided by how far the leaders have come: %(stages)s. The numbers stand in the table."
    )
    return stacked_bars(
        bars,
        series,
        identity=identity,
        title=title,
        description=description % {"stages": get_text_list([one.label for one in series], _("and"))},
    )


def whole(total: Tally) -> Group:
    """Everybody, as a line of a table."""
    return Group("", _("All leaders"), total.leaders, total)


def draw_curve(figures: Figures, *, identity: str) -> SafeString:
    """Draw the share that has signed towards the first deadline, against the year before. "" where it is held back."""
    if figures.signed is None or not figures.signed.of:
        return SafeString("")
    due = figures.year_round.conversation_due
    passed = (figures.today - due).days
    last = min(passed, AFTER)
    lines = []
    points = figures.signed.points(first=-BEFORE, last=last) if last >= -BEFORE else ()
    lines.append(Line(str(figures.year_round.year), points))
    if figures.signed_before is not None and figures.earlier is not None:
        before = figures.signed_before.points(first=-BEFORE, last=AFTER)
        lines.append(Line(str(figures.earlier.year), before))
    marks = [
        Mark((day - due).days, date_format(day, "M"))
        for day in _firsts_of_months(due - dt.timedelta(days=BEFORE), due + dt.timedelta(days=AFTER))
    ]
    now = figures.signed.percent_at(last)
    return curve(
        lines,
        marks,
        days=(-BEFORE, AFTER),
        deadline=_("Deadline %(day)s") % {"day": date_format(due, "j. F")},
        identity=identity,
        title=_("Share that has signed"),
        description=_("%(percent)s %% have signed in %(year)s so far. The numbers stand in the table.")
        % {"percent": now or 0, "year": figures.year_round.year},
    )


def draw_months(
    figures: Figures, *, identity: str, rows: Sequence[tuple[str, list[int] | None]]
) -> SafeString:
    """Draw the map of conversations held by month. "" where there is no row."""
    if not rows:
        return SafeString("")
    return heat_map(
        rows,
        figures.months.headings,
        identity=identity,
        title=_("Conversations held by month"),
        description=_(
            "The more conversations, the darker. An empty square is none. The numbers stand in the table."
        ),
    )


class _Labels:
    """Names of units as they are shown."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure

    def unit(self, key: Key) -> str:
        unit = self._structure.units.get(key)
        return unit.name if unit else ""

    def branch(self, key: Key) -> str:
        place = self._structure.place_of(key)
        if place.area_id == key:
            return _("%(unit)s, its own leaders") % {"unit": self.unit(key)}
        return self.unit(key)


def _groups(
    tallies: dict[Key, Tally], label: Callable[[Key], str], shown: Iterable[Key] | None
) -> list[Group]:
    allowed = None if shown is None else set(shown)
    groups = [
        Group(key, label(key), tally.leaders, tally if allowed is None or key in allowed else None)
        for key, tally in tallies.items()
    ]
    return sorted(groups, key=lambda group: (group.label.casefold(), str(group.key)))


@dataclass(frozen=True)
class _Counted:
    """The leaders that figures are of, and how they are put together.

    `month_key` says in which of the areas a leader's conversation is counted. `shown` is what isn't held back, None
    for all; `positions` those of a line, None for everybody.
    """

    rows: list[Row]
    cube: Cube
    structure: Structure
    areas: list[Group]
    month_key: Callable[[Row], Key]
    branches: dict[Key, list[Group]] = field(default_factory=dict)
    shown: Shown | None = None
    positions: set[int] | None = None


def _figures(year_round: Round, counted: _Counted, *, rounds: Sequence[Round], today: dt.date) -> Figures:
    shown, total = counted.shown, counted.cube.total()
    whole = shown is None or shown.total
    earlier = next((each for each in rounds if each.year == year_round.year - 1), None)
    before = signed_before(earlier, counted.positions) if earlier else None
    if before is not None and shown is not None and before.of < FLOOR:
        before = None
    return Figures(
        year_round=year_round,
        today=today,
        total=total if whole else None,
        leaders=total.leaders,
        areas=counted.areas,
        branches=counted.branches,
        groups=_leader_groups(counted.cube, shown),
        months=_months(held_by_month(counted.rows, year_round.year, counted.month_key), counted.areas),
        signed=signed_of(counted.rows, year_round) if whole else None,
        signed_before=before,
        earlier=earlier,
        structure=counted.structure,
        # Who they are is for those who are held nothing back.
        rows=counted.rows if shown is None else [],
    )


def _leader_groups(cube: Cube, shown: Shown | None) -> list[Group]:
    """By leader group; small ones put together with others where figures are held back."""
    parts = [frozenset({group.value}) for group in LeaderGroup] if shown is None else shown.groups
    part_of = {group: part for part in parts for group in part}
    tallies = cube.by(lambda cell: part_of.get(cell.group))
    groups = []
    for part in sorted(parts, key=min):
        tally = tallies.get(part, NOTHING)
        label = get_text_list([str(LeaderGroup(group).label) for group in sorted(part)], _("and"))
        if tally.leaders:
            groups.append(Group(part, label, tally.leaders, tally))
    return groups


def _months(counts: dict[Key, list[int]], areas: list[Group]) -> MonthTable:
    """The map's rows in the order of the areas; the times before and after the year only where something was held."""
    headings = [
        _("earlier"),
        *(date_format(dt.date(2000, month, 1), "M") for month in range(1, 13)),
        _("later"),
    ]
    rows = [
        (area.label, counts.get(area.key, [0] * len(headings)) if area.tally is not None else None)
        for area in areas
    ]
    columns = [
        number
        for number in range(len(headings))
        if 0 < number < len(headings) - 1 or any(values[number] for _label, values in rows if values)
    ]
    return MonthTable(
        [headings[number] for number in columns],
        [
            (label, [values[number] for number in columns] if values is not None else None)
            for label, values in rows
        ],
    )


def _firsts_of_months(first: dt.date, last: dt.date) -> list[dt.date]:
    days, day = [], first.replace(day=1)
    while day <= last:
        if day >= first:
            days.append(day)
        day = (day + dt.timedelta(days=32)).replace(day=1)
    return days
