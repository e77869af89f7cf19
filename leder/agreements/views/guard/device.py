"""Whether a session came by a new device: then what its person reads of their own is written in the reading log, too.

One who has another's password reads as them from a browser of their own. A device is new until its person has signed in
by it for LEDER_NEW_DEVICE_DAYS: else signing in twice would make it a known one.
"""

from __future__ import annotations

import time

from django.http import HttpRequest

from leder import conf

SESSION_KEY = "leder_device_since"
SECONDS_A_DAY = 24 * 60 * 60


def begin(request: HttpRequest, since: int | None) -> bool:
    """Note in a session since when its person signs in by this device; None for one never seen, which is now.

    Returns False where the session has one: it was confirmed anew, and what it was it stays.
    """
    if SESSION_KEY in request.session:
        return False
    request.session[SESSION_KEY] = int(time.time()) if since is None else since
    return True


def is_new_device(request: HttpRequest) -> bool:
    """Whether this session is of a new device. One that nothing is known of is."""
    since = request.session.get(SESSION_KEY, time.time())
    return bool(time.time() - since < conf.new_device_days() * SECONDS_A_DAY)
