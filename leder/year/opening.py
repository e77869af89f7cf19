"""Opening a round for all its leaders: in batches, each its own transaction, so that it can be stopped and go on.

The rows of a batch and the figures of the opening are saved together. A run that is killed loses the batch it was
at; the next run opens for those who have no agreement yet. Two runs at once wait for each other at every batch, and
the database has the last word (`leder_agreement_one_active_a_year`).
"""

from __future__ import annotations

import datetime as dt
import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from leder.agreements import actions as agreeing
from leder.agreements.actions import Pair, RuleBroken
from leder.agreements.actions.opening import pinned_editions
from leder.agreements.models import Agreement, Round
from leder.agreements.states import ACTIVE
from leder.pages.editions import Edition
from leder.year.models import Opening
from leder.year.plan import plan_of
from leder.year.texts import problems_of, stopping

BATCH = 1000
OPEN_ROUND, OPEN_AGREEMENTS = "leder.open_round", "leder.open_agreements"


def may_open(year_round: Round, today: dt.date) -> bool:
    """Whether a year can be opened: it is not over, its texts are published, and it has not been opened for all."""
    return (
        year_round.year >= today.year
        and not stopping(problems_of(year_round))
        and not year_round.openings.filter(finished_at__isnull=False).exists()
    )


@transaction.atomic
def begin(*, actor: Any, year_round: Round) -> Opening:
    """Open a round, or take up an opening that has stopped; `tasks.open_round` does the rest. Returns the opening.

    From here on superiors can open agreements too. Raises RuleBroken when the year can't be opened.
    """
    locked = _lock(year_round)
    today, now = timezone.localdate(), timezone.now()
    if not may_open(locked, today):
        raise RuleBroken
    if unfinished := locked.openings.filter(finished_at=None).first():
        unfinished.alive_at, unfinished.failure = now, ""
        unfinished.save(update_fields=["alive_at", "failure"])
        return unfinished
    plan = plan_of(locked, today)
    opening = Opening.objects.create(
        round=locked,
        started_by=actor,
        started_at=now,
        alive_at=now,
        total=len(plan.ready) + plan.having,
        done=plan.having,
        skipped=plan.without,
    )
    if locked.opened_at is None:
        locked.opened_at = now
        locked.save(update_fields=["opened_at"])
    log(instance=locked, action=OPEN_ROUND, user=actor, data={"leaders": opening.total})
    return opening


def run(opening: Opening) -> None:
    """Open for everybody who is to have an agreement and has none. Safe to run again, also beside another run.

    What stops it is raised, and noted on the opening by its kind.
    """
    finished = False
    try:
        _run(opening)
        finished = True
    finally:
        if not finished:
            kind = type(sys.exception()).__name__
            Opening.objects.filter(pk=opening.pk, finished_at=None).update(failure=kind)


def open_for_all(year_round: Round, pairs: Sequence[Pair]) -> int:
    """Open the agreements of these pairs in batches; return how many were opened.

    Passes over those who have one by now. Raises ValueError when a text of the round is not published.
    """
    if not pairs:
        return 0
    editions = _editions(year_round)
    return sum(_open_some(year_round, some, editions) for some in _batches(pairs))


def _run(opening: Opening) -> None:
    plan = plan_of(opening.round, timezone.localdate())
    editions = _editions(opening.round)
    with _plan_set_aside():
        for some in _batches([line.pair for line in plan.ready]):
            _open_and_note(opening, some, editions)
    _finish(opening, without=plan.without)


@contextmanager
def _plan_set_aside() -> Iterator[None]:
    """Keep what is in memory out of the garbage collector's rounds: the plan of 45,000 leaders costs a third there."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@transaction.atomic
def _editions(year_round: Round) -> dict[str, Edition]:
    return pinned_editions(year_round)


def _batches(pairs: Sequence[Pair]) -> Iterator[Sequence[Pair]]:
    for start in range(0, len(pairs), BATCH):
        yield pairs[start : start + BATCH]


@transaction.atomic
def _open_and_note(opening: Opening, pairs: Sequence[Pair], editions: dict[str, Edition]) -> None:
    opened = _open_some(opening.round, pairs, editions)
    current = Opening.objects.select_for_update().get(pk=opening.pk)
    current.done += opened
    current.alive_at = timezone.now()
    current.save(update_fields=["done", "alive_at"])


@transaction.atomic
def _open_some(year_round: Round, pairs: Sequence[Pair], editions: dict[str, Edition]) -> int:
    # Nobody in particular opens each of them; who opened the year stands on the opening and in HR's log.
    return len(agreeing.open_agreements(year_round=_lock(year_round), pairs=pairs, editions=editions))


@transaction.atomic
def _finish(opening: Opening, *, without: int) -> None:
    year_round = _lock(opening.round)
    current = Opening.objects.select_for_update().get(pk=opening.pk)
    if current.finished_at is not None:
        return
    standing = Agreement.objects.filter(round=year_round, state__in=ACTIVE)
    current.done = current.total = standing.count()
    current.skipped = without
    current.finished_at = current.alive_at = timezone.now()
    current.failure = ""
    current.save()
    data = {"agreements": current.done, "without": current.skipped}
    log(instance=year_round, action=OPEN_AGREEMENTS, user=current.started_by, data=data)


def _lock(year_round: Round) -> Round:
    # No key: superiors who open an agreement of the round meanwhile do not wait.
    return Round.objects.select_for_update(no_key=True).get(pk=year_round.pk)
