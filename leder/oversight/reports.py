"""A superior's reports: those with an agreement (seen through `visible_to`) and those who miss one (R3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from leder.agreements.models import Agreement, Round
from leder.agreements.states import ACTIVE, State
from leder.organisation.models import Position
from leder.organisation.selectors import Report, holder, superior_of
from leder.oversight.turns import FAR_AHEAD, Turn

MISSING = "missing"
# There is an agreement, but with another superior: the fact is all that is told of it.
ELSEWHERE = "elsewhere"
FINISHED = (State.FOLLOWED_UP, State.REPLACED, State.ENDED)


@dataclass(frozen=True)
class ReportRow:
    """A report and a year: the agreement, or (`turn` is None) that there is none yet, or one with another superior."""

    person: Any
    title: str
    unit: str
    year: int
    turn: Turn | None
    position: Position | None
    due: dt.date | None
    elsewhere: bool = False

    @property
    def state(self) -> str:
        """The state of the agreement, or `missing`, or `elsewhere`."""
        if self.turn:
            return self.turn.agreement.state
        return ELSEWHERE if self.elsewhere else MISSING

    @property
    def is_missing(self) -> bool:
        """Whether there is no agreement, so that the superior is to open one."""
        return self.state == MISSING

    @property
    def needs_me(self) -> bool:
        """Whether the superior is the one to act. An agreement that is missing is for the superior to open."""
        return self.turn.needs_me if self.turn else self.is_missing

    @property
    def is_late(self) -> bool:
        """Whether the deadline has passed while something remains."""
        return self.due is not None and self.due < timezone.localdate()

    @property
    def order(self) -> tuple[bool, bool, dt.date, str]:
        """What needs me first, the finished last, each by deadline and name."""
        finished = self.state in (*FINISHED, ELSEWHERE)
        return (not self.needs_me, finished, self.due or FAR_AHEAD, self.person.get_full_name())


def report_rows(turns: Iterable[Turn], reports: Iterable[Report], newest: Round | None) -> list[ReportRow]:
    """Return the rows of a superior, what needs the superior first. One query where a report has no row among `turns`.

    `turns` are the agreements where this person is the superior; `reports` the positions below; a report without an
    agreement is missing in the newest open round. Of earlier rounds only what remains to be done is listed.
    """
    rows = [
        ReportRow(
            person=turn.agreement.leader,
            title=turn.agreement.leader_title,
            unit=turn.agreement.unit_name,
            year=turn.agreement.year,
            turn=turn,
            position=None,
            due=turn.due,
        )
        for turn in turns
        if not turn.is_mine and is_current(turn, newest)
    ]
    if newest is not None:
        having = {row.person.pk for row in rows if row.year == newest.year and row.state != State.ENDED}
        rows += _without_turn(
            [row for row in _missing(reports, newest) if row.person.pk not in having], newest
        )
    return sorted(rows, key=lambda row: row.order)


def is_current(turn: Turn, newest: Round | None) -> bool:
    """Whether an agreement belongs to now: of the newest round, or the year before with something left to do."""
    agreement = turn.agreement
    if newest is None or agreement.year >= newest.year:
        return agreement.state != State.ENDED
    return agreement.year == newest.year - 1 and agreement.state not in FINISHED


def may_open(user: Any, position: Position, year_round: Round, *, on: dt.date) -> bool:
    """Whether a person may open the agreement of a position's holder: it reports to them now, and the round is open."""
    if year_round.opened_at is None or not position.active or holder(position, on) is None:
        return False
    above = superior_of(position, on)
    return above is not None and above[1].pk == user.pk


def _missing(reports: Iterable[Report], newest: Round) -> list[ReportRow]:
    # One who holds two positions here has one agreement a year, and so one row.
    first: dict[int, Report] = {}
    for report in reports:
        if report.person is not None:
            first.setdefault(report.person.pk, report)
    return [
        ReportRow(
            person=report.person,
            title=report.position.title,
            unit=report.position.unit.name,
            year=newest.year,
            turn=None,
            position=report.position,
            due=newest.conversation_due,
        )
        for report in first.values()
    ]


def _without_turn(rows: list[ReportRow], newest: Round) -> list[ReportRow]:
    """Those who miss an agreement, and those whose agreement stands with somebody else."""
    if not rows:
        return []
    standing = Agreement.objects.filter(
        round=newest, leader__in=[row.person.pk for row in rows], state__in=ACTIVE
    )
    elsewhere = set(standing.values_list("leader_id", flat=True))
    return [replace(row, elsewhere=True, due=None) if row.person.pk in elsewhere else row for row in rows]


def filtered(rows: Sequence[ReportRow], *, state: str = "", words: str = "") -> list[ReportRow]:
    """Return the rows in a state (or `mine`: those that need me) whose name, title and unit hold every word."""
    wanted = words.casefold().split()
    return [
        row
        for row in rows
        if (not state or (row.needs_me if state == "mine" else row.state == state))
        and all(word in f"{row.person.get_full_name()} {row.title} {row.unit}".casefold() for word in wanted)
    ]
