"""Sign-ins of those one signs in as, as they would have been: at work on a computer, now and then by telephone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from leder.agreements.models import KnownAccount
from leder.identity.kinds import Browser, System
from leder.identity.models import SignIn
from lorenskog_intranet.demo.people import draw
from lorenskog_intranet.signin.personas import USERNAMES

DAYS = 80
AT_WORK = (Browser.EDGE, System.WINDOWS)
BY_TELEPHONE = (Browser.SAFARI, System.IPHONE)


def write_sign_ins(*, seed: int, now: dt.datetime) -> None:
    """Save the sign-ins of the last months, of those whose account opens text."""
    people = KnownAccount.objects.filter(user__username__in=USERNAMES).select_related("user").order_by("pk")
    SignIn.objects.bulk_create(row for each in people for row in _of(each.user, seed, now))


def _of(person: Any, seed: int, now: dt.datetime) -> list[SignIn]:
    random = draw("sign-ins", person, seed)
    rows, seen = [], {AT_WORK}
    morning = now.replace(hour=6, minute=40, second=0, microsecond=0)
    for back in range(DAYS, 0, -1):
        at = morning - dt.timedelta(days=back) + dt.timedelta(minutes=random.randrange(60))
        if at.isoweekday() > 5 or random.random() < 0.5:
            continue
        kind = BY_TELEPHONE if random.random() < 0.1 else AT_WORK
        browser, system = kind
        rows.append(
            SignIn(user=person, at=at, browser=browser, system=system, is_new_device=kind not in seen)
        )
        seen.add(kind)
    return rows
