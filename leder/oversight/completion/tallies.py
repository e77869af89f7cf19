"""Counts of the rows of `status`: by area, branch and leader group, by month, and by day towards the deadline."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Agreement, Round
from leder.agreements.states import State
from leder.oversight.completion.stages import COUNTED, DONE, STAGES, Stage
from leder.oversight.completion.status import Row
from leder.oversight.figures.holding_back import Cell, Key

MONTHS = range(1, 13)


@dataclass(frozen=True)
class Tally:
    """How many leaders stand in each stage, and how many are past a deadline."""

    stages: dict[Stage, int]
    overdue: int

    @property
    def leaders(self) -> int:
        """Everybody there is a row of."""
        return sum(self.stages.values())

    @property
    def counted(self) -> int:
        """Those who have or should have an agreement that stands."""
        return sum(self.stages.get(stage, 0) for stage in COUNTED)

    @property
    def done(self) -> int:
        """Those who have signed, followed up or not."""
        return sum(self.stages.get(stage, 0) for stage in DONE)

    @property
    def not_started(self) -> int:
        """Those without an agreement."""
        return self.stages.get(Stage.NOT_STARTED, 0)

    @property
    def followed_up(self) -> int:
        """Those whose autumn conversation is held."""
        return self.stages.get(Stage.FOLLOWED_UP, 0)

    @property
    def percent(self) -> int | None:
        """How many of a hundred have signed, rounded down, so that 100 means everybody; None where nobody counts."""
        return 100 * self.done // self.counted if self.counted else None

    @property
    def numbers(self) -> list[int]:
        """The count of each stage in order, for a line of a table."""
        return [self.stages.get(stage, 0) for stage in STAGES]

    @property
    def summary(self) -> list[tuple[str | Promise, int | None, int | None]]:
        """The figures of a summary: what each is called, the number, and how many of a hundred where that is told."""
        return [(each.label, each.number(self), each.percent(self)) for each in SUMMARY]

    @property
    def columns(self) -> list[tuple[int | None, bool]]:
        """The figures of a line of a table after the stages, and whether each is of a hundred."""
        return [(each.cell(self), each.is_percent) for each in COLUMNS]


@dataclass(frozen=True)
class Measure:
    """A figure of a tally beside the stages: what it is called, the number, and how many of a hundred, if that is told.

    A new one is a line below.
    """

    label: str | Promise
    number: Callable[[Tally], int | None]
    percent: Callable[[Tally], int | None] = lambda tally: None
    is_percent: bool = False

    @property
    def heading(self) -> str:
        """The heading of its column in a file."""
        return f"{self.label}, %" if self.is_percent else str(self.label)

    def cell(self, tally: Tally) -> int | None:
        """What stands in its column: of a hundred where it is told so, else the number."""
        return self.percent(tally) if self.is_percent else self.number(tally)


OVERDUE = Measure(_("Past a deadline"), lambda tally: tally.overdue)
SIGNED = Measure(_("Signed"), lambda tally: tally.done, lambda tally: tally.percent, is_percent=True)
# What stands above the tables, and in them after the stages: on pages, in files, in print and on the dashboard.
SUMMARY = (
    Measure(_("Leaders"), lambda tally: tally.counted),
    SIGNED,
    Measure(_("Not started"), lambda tally: tally.not_started),
    OVERDUE,
    Measure(_("Follow-up held"), lambda tally: tally.followed_up),
)
COLUMNS = (OVERDUE, SIGNED)

NOTHING = Tally({}, 0)


class _At(NamedTuple):
    cell: Cell
    stage: Stage
    overdue: bool


class Cube:
    """The rows counted once by where leaders stand and how far they have come; every table is a sum of it.

    `place` says which area and branch a row belongs to; usually those of the unit.
    """

    def __init__(self, rows: Iterable[Row], place: Callable[[Row], tuple[Key, Key]] | None = None) -> None:
        placed = place or (lambda row: (row.area_id, row.branch_id))
        self._counts: Counter[_At] = Counter(
            _At(Cell._make((*placed(row), row.group)), row.stage, row.overdue) for row in rows
        )

    def sizes(self) -> Counter[Cell]:
        """How many leaders stand where: what is asked before figures are shown.

        Those whose agreement has ended hide nobody: it is known of each who has left.
        """
        sizes: Counter[Cell] = Counter()
        for at, count in self._counts.items():
            sizes[at.cell] += count if at.stage in COUNTED else 0
        return sizes

    def by(self, key: Callable[[Cell], Key]) -> dict[Key, Tally]:
        """Return the tally of each key."""
        stages: dict[Key, Counter[Stage]] = defaultdict(Counter)
        overdue: Counter[Key] = Counter()
        for at, count in self._counts.items():
            found = key(at.cell)
            stages[found][at.stage] += count
            if at.overdue:
                overdue[found] += count
        return {found: Tally(dict(counts), overdue[found]) for found, counts in stages.items()}

    def total(self) -> Tally:
        """Return the tally of all."""
        return self.by(lambda cell: "").get("", NOTHING)


def held_by_month(rows: Iterable[Row], year: int, key: Callable[[Row], Key]) -> dict[Key, list[int]]:
    """Return how many conversations, first ones and follow-ups, were held in each month of the year by key.

    The first number is of the time before the year, the last of the time after it.
    """
    counts: dict[Key, list[int]] = defaultdict(lambda: [0] * (len(MONTHS) + 2))
    for row in rows:
        for day in (row.held_on, row.followed_up_on):
            if day is not None:
                column = day.month if day.year == year else 0 if day.year < year else len(MONTHS) + 1
                counts[key(row)][column] += 1
    return counts


class Signed(NamedTuple):
    """How many had signed by each day, counted from the deadline of the first conversation, and of how many."""

    by_day: Counter[int]
    of: int

    def points(self, *, first: int, last: int) -> tuple[tuple[int, float], ...]:
        """The share that had signed, on each day it grew between two days."""
        if not self.of:
            return ()
        total = sum(count for day, count in self.by_day.items() if day < first)
        points = [(first, total / self.of)]
        for day in sorted(day for day in self.by_day if first <= day <= last):
            total += self.by_day[day]
            points.append((day, total / self.of))
        return (*points, (last, total / self.of))

    def percent_at(self, day: int) -> int | None:
        """How many of a hundred had signed by the end of a day, rounded down."""
        if not self.of:
            return None
        return 100 * sum(count for at, count in self.by_day.items() if at <= day) // self.of


def signed_of(rows: Iterable[Row], year_round: Round) -> Signed:
    """Count the signatures of rows."""
    due = year_round.conversation_due
    days: Counter[int] = Counter()
    of = 0
    for row in rows:
        if row.stage != Stage.ENDED:
            of += 1
            if row.signed_on is not None:
                days[(row.signed_on - due).days] += 1
    return Signed(days, of)


def signed_before(year_round: Round, positions: Collection[int] | None = None) -> Signed:
    """Count the signatures of an earlier round, of some positions or all. One query.

    The organisation of that time is not asked: those are counted who had an agreement that was not ended.
    """
    zone, due = timezone.get_current_timezone(), year_round.conversation_due
    found: dict[int, dt.date | None] = {}
    agreements = Agreement.objects.filter(round=year_round).exclude(state=State.ENDED).order_by()
    for position_id, leader_id, signed_at in agreements.values_list("position_id", "leader_id", "signed_at"):
        if positions is None or position_id in positions:
            day = signed_at.astimezone(zone).date() if signed_at is not None else None
            earlier = found.get(leader_id)
            # Signed with one superior and opened anew with the next: the first day counts.
            found[leader_id] = min(day, earlier) if day and earlier else day or earlier
    days = Counter((day - due).days for day in found.values() if day is not None)
    return Signed(days, len(found))
