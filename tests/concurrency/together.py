"""Several people at the same moment: a thread and a connection each, let go by one barrier."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from django.db import connection

from leder.agreements.actions import ContentChanged, RuleBroken, TextMovedOn, VersionConflict

ROUNDS = range(int(os.environ.get("RACE_ROUNDS", "10")))
REFUSALS = (RuleBroken, VersionConflict, ContentChanged, TextMovedOn)
# Seconds. Who waits for longer waits for ever: each of two holds what the other needs. Far more than the slowest
# machine takes to let go of a lock, since a test must fail by what the two did and not by how busy the machine was.
LONGEST_WAIT = 120
HEAD_STARTS = (0, 0.006, 0.03)


@dataclass(frozen=True)
class Outcome:
    """How it went for one of them: what the act gave, or the refusal it met."""

    result: Any = None
    refusal: Exception | None = None

    @property
    def done(self) -> bool:
        """Whether the act was done."""
        return self.refusal is None


def together(*acts: Callable[[], Any]) -> list[Outcome]:
    """Do all of it at once. Returns an outcome for each act, in their order; what is no refusal fails the test."""
    barrier = threading.Barrier(len(acts), timeout=LONGEST_WAIT)

    def run(act: Callable[[], Any]) -> Outcome:
        with closing(connection):
            _be_impatient()
            barrier.wait()
            # Not always the same one first.
            time.sleep(random.uniform(0, random.choice(HEAD_STARTS)))  # noqa: S311
            try:
                return Outcome(result=act())
            except REFUSALS as refusal:
                return Outcome(refusal=refusal)

    with ThreadPoolExecutor(len(acts)) as threads:
        waiting = [threads.submit(run, act) for act in acts]
        return [each.result(timeout=4 * LONGEST_WAIT) for each in waiting]


def _be_impatient() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET lock_timeout = '{LONGEST_WAIT}s'")
            cursor.execute(f"SET statement_timeout = '{2 * LONGEST_WAIT}s'")
        else:
            cursor.execute(f"PRAGMA busy_timeout = {LONGEST_WAIT * 1000}")
