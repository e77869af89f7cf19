"""Pure checks of the organisation's shape: no database, no HTTP, called from `clean()` and from imports.

Every check returns nothing when all is well, and raises `ValidationError` that names who and when.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Period:
    """The days someone holds a position, both included; `ends=None` means until further notice."""

    starts: date
    ends: date | None = None
    who: str = ""

    def __str__(self) -> str:
        first = date_format(self.starts, "DATE_FORMAT")
        if self.ends is None:
            return _("from %(first)s") % {"first": first}
        return _("%(first)s to %(last)s") % {"first": first, "last": date_format(self.ends, "DATE_FORMAT")}


def overlap(one: Period, other: Period) -> bool:
    """True when the two periods have at least one day in common."""
    starts_in_time = other.ends is None or one.starts <= other.ends
    ends_in_time = one.ends is None or other.starts <= one.ends
    return starts_in_time and ends_in_time


def check_period(starts: date | None, ends: date | None) -> None:
    """An appointment ends on the day it starts or later; an empty end is open. Error on field `ends`."""
    if starts and ends and ends < starts:
        raise ValidationError(
            {
                "ends": _("The last day, %(last)s, is before the first day, %(first)s.")
                % {"last": date_format(ends, "DATE_FORMAT"), "first": date_format(starts, "DATE_FORMAT")}
            },
            code="ends_before_start",
        )


def check_no_overlap(new: Period, existing: Iterable[Period], position: str) -> None:
    """One permanent appointment a position at a time; acting ones may run beside it. Error on `starts`."""
    for period in existing:
        if overlap(new, period):
            raise ValidationError(
                {
                    "starts": _(
                        "%(who)s is already permanently appointed as %(position)s %(period)s. "
                        "End that appointment first, or mark this one as acting."
                    )
                    % {"who": period.who, "position": position, "period": period}
                },
                code="overlap",
            )


def check_no_cycle(
    start: Key | None,
    above: Key | None,
    above_of: Callable[[Key], Key | None],
    name_of: Callable[[Key], str],
    *,
    field: str,
    itself: str,
) -> None:
    """Refuse to place `start` below `above` when `above` is `start` itself or already stands below it.

    `above_of` tells what stands above a key, `name_of` its name for the message, `itself` is the sentence
    for the shortest cycle. A chain that already is broken further up does not hang: each key is visited once.
    """
    if above is None or start is None:
        return
    if above == start:
        raise ValidationError({field: itself}, code="itself")
    path = [above]
    seen = {above}
    while (above := above_of(path[-1])) is not None:
        if above == start:
            chain = " → ".join(name_of(key) for key in [start, *path, start])
            raise ValidationError(
                {field: _("This makes a circle: %(chain)s.") % {"chain": chain}},
                code="cycle",
            )
        if above in seen:
            return
        seen.add(above)
        path.append(above)
