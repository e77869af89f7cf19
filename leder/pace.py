"""How often what costs much may be done: so many times in ten minutes a person, and a network.

Noted are the times, in a file for each of the two in the folder for temporary files, under a lock of the operating
system (as the check's turns, `documents/turns.py`: all processes of one machine, with any cache and database). Names of
the files are made with SECRET_KEY. What is refused is not noted, so that a wait has an end that trying does not move.
Where nothing can be written there is no limit, and the log says so.
"""

from __future__ import annotations

import logging
import math
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.core.files import locks
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from leder import conf

logger = logging.getLogger("leder.access")

WINDOW = 10 * 60
BEGINS = "leder-pace-"
NUMBER = re.compile(r"[0-9]+\.[0-9]+")


def too_early(request: HttpRequest, what: str) -> int:
    """Note that the person of a request does this, and return 0; or the seconds to wait, where it is too often."""
    a_person, a_network = conf.pace(what)
    network = conf.network_of(request)
    now = time.time()
    wait = 0
    try:
        with (
            _times(f"{what} person {request.user.pk}", now) as of_person,
            _times(f"{what} network {network}", now) as of_network,
        ):
            wait = max(_wait(of_person, a_person, now), _wait(of_network, a_network, now))
            if not wait:
                of_person.append(now)
                of_network.append(now)
    except OSError as error:
        logger.error("%s is not slowed: %s", what, error.strerror)
    if wait:
        logger.warning("slowed: %s by user %s from %s", what, request.user.pk, network)
    return wait


def words(seconds: int) -> str:
    """What to say to one who has to wait so long."""
    minutes = math.ceil(seconds / 60)
    return ngettext(
        "Many files have been sent in a short time. Wait %(minutes)s minute, and send the file again.",
        "Many files have been sent in a short time. Wait %(minutes)s minutes, and send the file again.",
        minutes,
    ) % {"minutes": minutes}


def tidy() -> int:
    """Delete what is too old to count. Returns how many files that were."""
    deleted = 0
    for file in _folder().glob(f"{BEGINS}*"):
        try:
            if file.stat().st_mtime < time.time() - WINDOW:
                file.unlink()
                deleted += 1
        except OSError as error:
            # The folder is everybody's: what another has put there is theirs to delete.
            logger.info("not deleted: %s: %s", file.name, error.strerror)
    return deleted


def _wait(times: list[float], most: int, now: float) -> int:
    """Seconds until the oldest of the last `most` is no longer within the window."""
    return math.ceil(times[-most] + WINDOW - now) if len(times) >= most else 0


@contextmanager
def _times(whom: str, now: float) -> Iterator[list[float]]:
    """The times within the window, in order; what is added to the list is kept. One at a time has it."""
    with _open(whom) as file:
        locks.lock(file, locks.LOCK_EX)
        file.seek(0)
        # Half a line of a process that was ended while it wrote is no time.
        kept = [float(line) for line in file.read().split() if NUMBER.fullmatch(line)]
        times = sorted(one for one in kept if now - WINDOW < one <= now)
        yield times
        file.seek(0)
        file.truncate()
        file.write("".join(f"{one!r}\n" for one in times))


def _open(whom: str) -> IO[str]:
    name = salted_hmac("leder.pace", whom).hexdigest()[:32]
    # The folder is everybody's: no link of another's is followed.
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    return os.fdopen(os.open(_folder() / f"{BEGINS}{name}", flags, 0o600), "r+")


def _folder() -> Path:
    return Path(tempfile.gettempdir())
