"""The clock that the suite runs by: this machine's, or as of another moment, on a machine as slow as one says.

AS_OF=2028-02-29T12:00 runs it as of that moment, Norwegian time. SLOW=20 lets twenty minutes pass, by the clock only,
after each thing that several tests share was made: whatever gets old on a slow machine does so here. Processes that a
test starts have the time of the machine.
"""

from __future__ import annotations

import datetime as dt
import os
from zoneinfo import ZoneInfo

import time_machine

AS_OF = os.environ.get("AS_OF", "")
SLOW = dt.timedelta(minutes=int(os.environ.get("SLOW", "0")))
ZONE = ZoneInfo("Europe/Oslo")
# For a sign-in that is old by any limit, in seconds as in a session.
LONG_AGO = 1


def start() -> time_machine.Traveller | None:
    """Begin at that moment; None where the machine's own clock is meant. Called before anything reads the clock."""
    if not AS_OF and not SLOW:
        return None
    moment = dt.datetime.fromisoformat(AS_OF).replace(tzinfo=ZONE) if AS_OF else dt.datetime.now(ZONE)
    return time_machine.travel(moment, tick=True).start()


def in_november() -> time_machine.travel:
    """It is November before the year of the agreements: none of the year's dates has come (factories.YEAR)."""
    # Only now: the builders can't be read before Django is set up.
    from tests.factories import YEAR

    return time_machine.travel(dt.datetime(YEAR - 1, 11, 23, 9, tzinfo=dt.UTC), tick=True)
