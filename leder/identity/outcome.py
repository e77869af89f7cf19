"""What became of a changed account, for a party whose link came late."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from leder.agreements.models import AccountChange, KnownAccount, Reading
from leder.agreements.models.account import ANSWERS


@dataclass(frozen=True)
class Outcome:
    """How the texts were opened to an account again, when, and by whom, where somebody said so."""

    how: AccountChange
    at: dt.datetime
    by: Any = None


def outcome_of(account: KnownAccount, *, at: dt.datetime) -> Outcome | None:
    """Return how an account that is open was opened; None where nothing ever shut it. One query at most.

    What the row does not tell, the reading log does: it has a line for each answer, by night for time that passed.
    """
    if account.confirmed_by is not None and account.confirmed_at is not None:
        return Outcome(AccountChange.CONFIRMED, account.confirmed_at, account.confirmed_by)
    opens_at = account.opens_at()
    if account.shut_at is not None and opens_at is not None and opens_at <= at:
        return Outcome(AccountChange.TIME_PASSED, opens_at)
    lines = Reading.objects.filter(reader=account.pk, kind__in=ANSWERS - {AccountChange.REFUSED})
    last = lines.order_by("-at").first()
    if last is None:
        return None
    of_this_change = last.kind == AccountChange.TIME_PASSED and not account.changes
    return Outcome(AccountChange(last.kind), opens_at if of_this_change and opens_at else last.at)
