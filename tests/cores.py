"""A core for each process that runs tests, and for what it waits for: a third of PostgreSQL's part of the suite.

A question to the database wakes the server, and its answer wakes the test. To wake another core takes longer than most
answers do (on a virtual machine, four times as long as on one's own), and nothing is gained by it: while one of the two
works, the other waits.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import Any

# Two processes share a core: one of them waits for a browser, a lock or a disk at times.
A_CORE = 2


def processes() -> int:
    """How many processes share the tests."""
    return A_CORE * len(_cores())


def keep_to_one(worker: str) -> None:
    """Let this process, and what it starts, run on the core of its number (`gw0`, `gw1`); where there are such."""
    from django.db.backends.signals import connection_created

    cores = _cores()
    if worker and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {cores[int(worker.removeprefix("gw")) % len(cores)]})
        connection_created.connect(_keep_server_beside)


def _cores() -> list[int]:
    return (
        sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [*range(os.cpu_count() or 1)]
    )


def _keep_server_beside(connection: Any, **kwargs: Any) -> None:
    """What answers runs where it was asked; not in races, whose threads are to meet at any point of what they do."""
    if connection.vendor == "postgresql" and threading.current_thread() is threading.main_thread():
        # On another machine, or somebody else's: then it stays as it is.
        with suppress(OSError):
            os.sched_setaffinity(connection.connection.info.backend_pid, os.sched_getaffinity(0))
