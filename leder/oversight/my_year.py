"""What Min side is made of: a person's own agreements, the reports, and the one next step among them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from leder.agreements.models import Agreement, Round
from leder.agreements.models.agreement import held_by, reached
from leder.agreements.states import State
from leder.organisation.selectors import Report, reports_of
from leder.oversight.facts import UNFINISHED
from leder.oversight.reports import ReportRow, is_current, report_rows
from leder.oversight.turns import Turn, turns_of
from leder.people import Person


@dataclass(frozen=True)
class MyYear:
    """A person's year: own agreements now and earlier, and the rows of the reports."""

    newest: Round | None
    current: list[Turn]
    earlier: list[Turn]
    reports: list[Report]
    rows: list[ReportRow]

    @property
    def urgent(self) -> Turn | None:
        """The one to act on: own or a report's agreement that needs this person, else the first of their own."""
        waiting = [turn for turn in self.current if turn.needs_me]
        waiting += [row.turn for row in self.rows if row.turn is not None and row.turn.needs_me]
        return min(waiting, key=lambda turn: turn.urgency, default=self.current[0] if self.current else None)

    @property
    def mine(self) -> Turn | None:
        """One of the person's own agreements, which leads to all of them through the years; None for none."""
        return next(iter((*self.current, *self.earlier)), None)

    @property
    def missing(self) -> list[ReportRow]:
        """The reports without an agreement."""
        return [row for row in self.rows if row.is_missing]

    @property
    def needs_me(self) -> list[ReportRow]:
        """The reports who wait for this person."""
        return [row for row in self.rows if row.needs_me]


def newest_round() -> Round | None:
    """Return the newest round that is open. One query."""
    return Round.objects.filter(opened_at__isnull=False).order_by("-year").first()


def my_year(user: Person, *, today: dt.date) -> MyYear:
    """Return the year of a person. At most five queries beside those of `reports_of`, at any number of reports."""
    newest = newest_round()
    reports = reports_of(user, today)
    turns = turns_of(user, _agreements(user, newest), today=today)
    mine = [turn for turn in turns if turn.is_mine]
    current = sorted((turn for turn in mine if is_current(turn, newest)), key=lambda turn: turn.urgency)
    return MyYear(
        newest=newest,
        current=current,
        earlier=[turn for turn in mine if turn not in current],
        reports=reports,
        rows=report_rows(turns, reports, newest),
    )


def urgent_turn(user: Person, *, today: dt.date) -> Turn | None:
    """Return the one next step of a person, None for one who has no agreement to act on. At most three queries."""
    found = held_by(user, with_account=False).with_status().filter(state__in=UNFINISHED)
    turns = turns_of(user, reached(found), today=today)
    newest = max((turn.agreement.year for turn in turns), default=0)
    current = [turn for turn in turns if turn.agreement.year >= newest - 1]
    needing = [turn for turn in current if turn.needs_me]
    return min(
        needing or [turn for turn in current if turn.is_mine], key=lambda turn: turn.urgency, default=None
    )


def _agreements(user: Person, newest: Round | None) -> Any:
    """All of the person's own agreements; those of the reports from this year and the one before."""
    lately = Q(round__year__gte=newest.year - 1) if newest else Q()
    return (
        Agreement.objects.visible_to(user)
        .with_status()
        .filter(Q(leader_id=user.pk) | lately)
        .exclude(~Q(leader_id=user.pk) & Q(state__in=(State.REPLACED, State.ENDED)))
        .order_by("-round__year", "-pk")
    )
