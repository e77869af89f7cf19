"""One check at a time a person: while one of theirs is computed, the next gets an answer at once and costs nothing.

A lock on a file of the operating system, one a person, in the folder for temporary files. Considered and left: Django's
cache (the default one is of one process, so that a person gets as many checks at once as there are workers, and a lock
of a worker that was killed stands until its time is out); a row of the database (SQLite has no locks of rows, and a row
of the person's own would hold up their sign-in); the session (a person may have several).

What holds: for all processes and threads of one machine, with any cache and database. The system takes the lock of
a process that dies. What doesn't: a host with several machines gets one check a person on each of them; where nothing
can be written in the folder there is no limit, and the log says so. The files are empty and stay; their names are made
with SECRET_KEY, and tell nobody who has checked.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files import locks
from django.utils.crypto import salted_hmac

logger = logging.getLogger("leder.documents")


@contextmanager
def turn_of(person: object) -> Iterator[bool]:
    """Give whether it is the turn of the person with this key; nobody gets another until the block is left."""
    try:
        file = _file_of(person).open("ab")
    except OSError as error:
        logger.error("checks are not held to one at a time: %s", error.strerror)
        yield True
        return
    with file:
        # Given back when the file is closed, by us or by the system.
        yield locks.lock(file, locks.LOCK_EX | locks.LOCK_NB)


def _file_of(person: object) -> Path:
    name = salted_hmac("leder.documents.turns", str(person)).hexdigest()[:32]
    return Path(tempfile.gettempdir()) / f"leder-check-{name}"
