"""What is done every day of the year, step by step: `manage.py leder_year`, and the button in the CMS.

A step is a function of a `Day` that returns figures (`Outcome`). Slices add theirs with Wagtail's hook
`leder_year_step`, in the order they are to be done; `leder/wagtail_hooks.py` lists them all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import log

from leder.agreements.models import Round
from leder.year.leaving import are_many, end_for_leaver, leavers
from leder.year.opening import OPEN_AGREEMENTS, open_for_all
from leder.year.plan import plan_of
from leder.year.texts import problems_of, stopping

STEP = "leder_year_step"
END_AGREEMENTS = "leder.end_agreements"


@dataclass(frozen=True)
class Day:
    """The day, the newest open round, who asked for it (None: the daily job), and whether they said yes to many.

    `newest` is None from New Year until the year is opened. What has a day of its own is done then, too.
    """

    today: dt.date
    newest: Round | None
    actor: Any = None
    confirmed: bool = False


@dataclass(frozen=True)
class Outcome:
    """A figure for the one who runs it; `warning` for what a person should look at."""

    label: str | Promise
    count: int
    warning: bool = False


Step = Callable[[Day], list[Outcome]]


def newest_open_round(today: dt.date) -> Round | None:
    """Return the newest round that is open, unless its year has gone."""
    newest = Round.objects.filter(opened_at__isnull=False).order_by("-year").first()
    return newest if newest is not None and newest.year >= today.year else None


def bring_in_line(*, actor: Any = None, confirmed: bool = False) -> Iterator[Outcome]:
    """Do every step for today and yield what was done, whether or not a round is open. What is done is not done twice.

    Without an open round those who leave and what is handed over go by their days, and nobody gets an agreement.
    """
    today = timezone.localdate()
    day = Day(today, newest_open_round(today), actor, confirmed)
    for step in hooks.get_hooks(STEP):
        yield from step(day)


def end_leavers(day: Day) -> list[Outcome]:
    """End the agreements of those who have left, unless they are so many that a person should say yes first."""
    found = list(leavers(day.newest, day.today))
    if not day.confirmed and are_many(len(found), day.newest, day.today):
        label = _("Agreements that would end, too many without a yes: look at the page “Open the year”")
        return [Outcome(label, len(found), warning=True)]
    ended = sum(end_for_leaver(agreement=agreement, today=day.today) for agreement in found)
    if ended:
        # Without an open round they are all of the year before.
        log(
            instance=day.newest or found[0].round,
            action=END_AGREEMENTS,
            user=day.actor,
            data={"agreements": ended},
        )
    return [Outcome(_("Agreements ended: the leader has left the position"), ended)]


def open_for_newcomers(day: Day) -> list[Outcome]:
    """Open the agreements of those who lead today and have none, where there is a superior to have it with."""
    if day.newest is None:
        return []
    if stopping(problems_of(day.newest)):
        return [Outcome(_("Texts of the year that are not published: nothing was opened"), 1, warning=True)]
    plan = plan_of(day.newest, day.today)
    opened = open_for_all(day.newest, [line.pair for line in plan.ready])
    if opened:
        data = {"agreements": opened, "without": plan.without}
        log(instance=day.newest, action=OPEN_AGREEMENTS, user=day.actor, data=data)
    return [
        Outcome(_("Agreements opened: the leader had none"), opened),
        Outcome(_("Leaders without an agreement, most for want of a superior"), plan.without),
    ]
