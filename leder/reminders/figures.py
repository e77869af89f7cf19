"""What HR sees of the reminders: how many went in which week, and what comes next. Figures and dates, no names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import Promise

from leder.agreements.models import Agreement, Round
from leder.oversight.my_year import newest_round
from leder.reminders.due import beginnings, week_of
from leder.reminders.kinds import Kind
from leder.reminders.models import Digest, ReminderPlan

WEEKS = 12


@dataclass(frozen=True)
class Week:
    """A week's digests: how many went, of how many it is not known, and in how many each kind stood."""

    monday: dt.date
    sent: int
    unknown: int
    kinds: list[int]

    @property
    def number(self) -> int:
        """The week's number, as in a calendar."""
        return self.monday.isocalendar().week


@dataclass(frozen=True)
class Planned:
    """From which day reminders of something go out, about which round, and how many agreements it concerns now."""

    day: dt.date
    year: int
    kind: Kind
    about: str | Promise
    agreements: int | None


def weeks(today: dt.date) -> list[Week]:
    """Return the last weeks in which digests went out, the newest first. One query."""
    counts: dict[str, Any] = {kind.value: Count("pk", filter=Q(kinds__has_key=kind.value)) for kind in Kind}
    rows: Any = (
        Digest.objects.filter(week_start__gt=week_of(today) - dt.timedelta(weeks=WEEKS))
        .order_by("-week_start")
        .values("week_start")
        .annotate(sent=Count("sent_at"), rows=Count("pk"), **counts)
    )
    return [
        Week(row["week_start"], row["sent"], row["rows"] - row["sent"], [row[kind.value] for kind in Kind])
        for row in rows
    ]


def planned(today: dt.date, plan: ReminderPlan) -> list[Planned]:
    """Return what goes out in the newest round and the one before, begun and to come. Three queries."""
    newest = newest_round()
    if newest is None:
        return []
    rounds = Round.objects.filter(opened_at__isnull=False, year__in=(newest.year, newest.year - 1))
    found = [
        each
        for year_round in rounds
        for each in beginnings(year_round, plan, is_newest=year_round.pk == newest.pk)
    ]
    states = {
        (row["round__year"], row["state"]): row["count"]
        for row in Agreement.objects.filter(round__in=rounds)
        .order_by()
        .values("round__year", "state")
        .annotate(count=Count("pk"))
    }
    counted = [
        Planned(
            day,
            year,
            kind,
            about,
            sum(states.get((year, state), 0) for state in concerned) if concerned else None,
        )
        for day, year, kind, about, concerned in found
    ]
    # Of the year before only what is left to do.
    return sorted(
        (each for each in counted if each.agreements != 0 or each.year == newest.year),
        key=lambda each: (each.day, list(Kind).index(each.kind)),
    )
