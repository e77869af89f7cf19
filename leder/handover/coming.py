"""The handovers that something can still come of: those of one person, and those that HR looks at. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from leder.agreements.models import Handover
from leder.handover import rules
from leder.people import Person


@dataclass(frozen=True)
class Coming:
    """A handover that is planned or stopped, when it acts, and what the one who looks may do about it in HR."""

    row: Handover
    may_approve: bool
    may_cancel: bool

    @property
    def first_day(self) -> dt.date:
        """When it is carried out, if nobody stops it."""
        return rules.first_day(self.row)

    @property
    def last_day(self) -> dt.date:
        """Until when it can be stopped."""
        return rules.last_day_to_stop(self.row)

    @property
    def waits(self) -> bool:
        """Whether a second person could let it act sooner."""
        return rules.waits(self.row)


def coming_to(user: Person) -> list[Coming]:
    """Return what is planned or stopped that this person is one of the three of, by day. One query."""
    return [Coming(row, False, False) for row in _open().visible_to(user)]


def coming_in_hr(user: Person, *, settled: bool) -> list[Coming]:
    """Return all that is planned or stopped, with what this person in HR may do about it. One query."""
    return [
        Coming(
            row,
            rules.may_approve(user, row, settled=settled),
            rules.may_cancel(user, row, settled=settled),
        )
        for row in _open().with_people().genuine()
    ]


def _open() -> Any:
    return Handover.objects.filter(status__in=(Handover.Status.PLANNED, Handover.Status.STOPPED))
