"""What is published of a count: that it is at least so many, in steps of five. Pure.

What is said is always true, and says less where more would tell of single leaders (decision 0017):

- nothing of fewer than ten agreements, and nothing of a count below five;
- never that a count comes closer to all of them than five;
- of the whole, nothing that narrows what is said of its parts;
- from one time to the next, never that all who came to it have chosen the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

STEP = 5
SMALLEST = 2 * STEP


@dataclass(frozen=True)
class Before:
    """What was said last time, of how many. `none` says that it was told that nobody had chosen it."""

    said: int
    of: int
    none: bool = False


def at_least(count: int, *, of: int, before: Before | None = None) -> int:
    """Return the number that the count is said to be at least, 0 for nothing.

    `before` is what a reader knows already: the count was at most four more than was said (or none at all), and so many
    have come to it since.
    """
    if of < SMALLEST:
        return 0
    least = min(_down(count), _down(of - STEP))
    if before is None:
        return least
    come = of - before.of
    most = _down(come - 1) if before.none else before.said + _down(come + STEP - 2)
    return min(least, most)


def at_least_in_all(count: int, *, of: int, parts: Iterable[int], before: Before | None = None) -> int:
    """Return the same of the whole, when its parts are published too.

    With n parts that each are up to four more than said, what is said of the whole stays four below the most that they
    can add up to. Then each of them may still be as small as it says.
    """
    said = list(parts)
    least = at_least(count, of=of, before=before)
    if not said:
        return least
    most = _down(sum(said) + (STEP - 1) * (len(said) - 1))
    return max(min(least, most), sum(said))


def is_renewed(now: int, before: int | None) -> bool:
    """Whether a count may be made anew: the first time, and when five more agreements have come to it since."""
    return before is None or now >= before + STEP


def _down(number: int) -> int:
    return max(number, 0) // STEP * STEP
