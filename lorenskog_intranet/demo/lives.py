"""How an agreement of the example lives through its year: when each step was, and what state that makes.

Whole lives are drawn first and then cut at today, so that an example made on any day looks like that day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from leder.agreements.states import State

ZONE = ZoneInfo("Europe/Oslo")


@dataclass(frozen=True)
class Life:
    """The steps of one agreement in order; None for what has not come to be."""

    opened: dt.datetime
    called: dt.datetime | None = None
    starts: dt.datetime | None = None
    leader_ready: dt.datetime | None = None
    superior_ready: dt.datetime | None = None
    held: dt.datetime | None = None
    written: dt.datetime | None = None
    leader_signed: dt.datetime | None = None
    superior_signed: dt.datetime | None = None
    called_again: dt.datetime | None = None
    starts_again: dt.datetime | None = None
    held_again: dt.datetime | None = None
    leader_confirmed: dt.datetime | None = None
    superior_confirmed: dt.datetime | None = None
    replaced: dt.datetime | None = None
    ended: dt.datetime | None = None

    @property
    def prepared(self) -> dt.datetime | None:
        """When both had said ready."""
        return _later(self.leader_ready, self.superior_ready)

    @property
    def signed(self) -> dt.datetime | None:
        """When both had signed."""
        return _later(self.leader_signed, self.superior_signed)

    @property
    def confirmed(self) -> dt.datetime | None:
        """When both had confirmed the follow-up."""
        return _later(self.leader_confirmed, self.superior_confirmed)

    @property
    def state(self) -> State:
        """The state these steps have led to."""
        if self.ended:
            return State.ENDED
        if self.replaced:
            return State.REPLACED
        if self.confirmed:
            return State.FOLLOWED_UP
        if self.signed:
            return State.SIGNED
        if self.leader_signed or self.superior_signed:
            return State.SIGNING
        if self.held:
            return State.DISCUSSED
        return State.PREPARED if self.prepared else State.OPENED

    @property
    def state_changed(self) -> dt.datetime:
        """When the state came to be."""
        either = self.leader_signed or self.superior_signed
        latest = (self.ended, self.replaced, self.confirmed, self.signed, either, self.held, self.prepared)
        return next((step for step in latest if step is not None), self.opened)


def opens(year: int, today: dt.date) -> dt.date:
    """The day a round opens: when its form is published, in November before the year."""
    return min(dt.date(year - 1, 11, 10), working_day(today, -5))


def draw_life(random: Random, year: int, opens: dt.date) -> Life:
    """A whole life in a round that opens on a day: some are early, most in time, a few late."""
    early = random.random() < 0.3
    if early:
        opened = opens + dt.timedelta(days=random.randint(0, 4))
        held = opened + dt.timedelta(days=random.randint(2, 18))
    else:
        opened = opens + dt.timedelta(days=int(random.triangular(0, 45, 8)))
        spring = dt.date(year, 1, 4) + dt.timedelta(days=int(random.triangular(0, 112, 50)))
        held = max(spring, opened + dt.timedelta(days=14))
    gap = (held - opened).days
    first, second = sorted(
        (random.randint(0, 12 if not early else 4), random.randint(1, 25 if not early else 8))
    )
    signing = [held + dt.timedelta(days=first), held + dt.timedelta(days=second)]
    random.shuffle(signing)
    autumn = dt.date(year, 8, 17) + dt.timedelta(days=int(random.triangular(0, 130, 62)))
    again = max(autumn, max(signing) + dt.timedelta(days=40))
    prepares = random.random() < 0.9
    ready = [opened + dt.timedelta(days=random.randint(gap // 3, max(gap - 1, 0))) for _ in range(2)]
    at = _Clock(random).at
    begun = at(opened)
    starts = at(held, after=begun)
    starts_again = at(again)
    before = starts - dt.timedelta(hours=1)
    met, met_again = starts + dt.timedelta(hours=2), starts_again + dt.timedelta(hours=2)
    return Life(
        opened=begun,
        called=min(at(opened + dt.timedelta(days=random.randint(0, gap // 3)), after=begun), before),
        starts=starts,
        leader_ready=min(at(ready[0], after=begun), before) if prepares else None,
        superior_ready=min(at(ready[1], after=begun), before) if prepares else None,
        held=met,
        written=starts + dt.timedelta(hours=1),
        leader_signed=at(signing[0], after=met),
        superior_signed=at(signing[1], after=met),
        called_again=at(again - dt.timedelta(days=random.randint(10, 30))),
        starts_again=starts_again,
        held_again=met_again,
        leader_confirmed=at(again + dt.timedelta(days=random.randint(0, 6)), after=met_again),
        superior_confirmed=at(again + dt.timedelta(days=random.randint(0, 9)), after=met_again),
    )


def draw_scene(random: Random, scene: str, now: dt.datetime) -> Life | None:
    """A life that shows a certain state today, whatever the day is. None when nothing has been opened."""
    at = _Clock(random).at

    def ago(days: int) -> dt.datetime:
        return at(working_day(now.date(), -days))

    def ahead(days: int) -> dt.datetime:
        return at(working_day(now.date(), days))

    opened = ago(5)
    called = {"called": ago(4), "starts": ahead(7)}
    ready = {"leader_ready": ago(3), "superior_ready": ago(2)}
    met = ago(2) + dt.timedelta(hours=1)
    after = met + dt.timedelta(hours=2)
    held = {**ready, "called": ago(4), "starts": met, "held": after, "written": after}
    signed = ago(1)
    lives = {
        "untouched": Life(opened=opened),
        "opened": Life(opened=opened),
        "leader_ready": Life(opened=opened, leader_ready=ago(2), **called),
        "superior_ready": Life(opened=opened, superior_ready=ago(2), **called),
        "prepared": Life(opened=opened, **called, **ready),
        "discussed": Life(opened=opened, **held),
        "signing": Life(opened=opened, **held, leader_signed=signed),
        "signed": Life(
            opened=opened, **held, leader_signed=signed, superior_signed=signed + dt.timedelta(hours=1)
        ),
    }
    return lives.get(scene)


def with_follow_up_ahead(random: Random, life: Life, now: dt.datetime) -> Life:
    """The same life with the follow-up conversation called and still to come."""
    at = _Clock(random).at
    return replace(
        life,
        called_again=at(working_day(now.date(), -3)),
        starts_again=at(working_day(now.date(), 8)),
        held_again=None,
        leader_confirmed=None,
        superior_confirmed=None,
    )


def cut(life: Life, now: dt.datetime) -> Life | None:
    """The life as it stands now: None when it has not begun, and without what lies ahead.

    The time of a called conversation may lie ahead. Nothing follows what was replaced or ended.
    """
    if life.opened > now:
        return None
    last = min([now, *(stop for stop in (life.replaced, life.ended) if stop is not None)])
    values: dict[str, Any] = {}
    for step in fields(life):
        value = getattr(life, step.name)
        if value is not None and value > last and step.name not in ("starts", "starts_again"):
            values[step.name] = None
    so_far = replace(life, **values)
    if so_far.called is None:
        so_far = replace(so_far, starts=None)
    if so_far.called_again is None or ((so_far.replaced or so_far.ended) and not so_far.held_again):
        so_far = replace(so_far, called_again=None, starts_again=None)
    return so_far


def working_day(day: dt.date, steps: int) -> dt.date:
    """The day that many working days later, or earlier for a negative number."""
    step = 1 if steps > 0 else -1
    while steps:
        day += dt.timedelta(days=step)
        if day.weekday() < 5:
            steps -= step
    return day


class _Clock:
    """Puts days into working hours."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def at(self, day: dt.date, *, after: dt.datetime | None = None) -> dt.datetime:
        """A quarter of an hour in the working hours of the day, or of the next Monday, after `after`."""
        if day.weekday() > 4:
            day += dt.timedelta(days=7 - day.weekday())
        time = dt.time(self.random.randint(8, 14), self.random.choice((0, 15, 30, 45)))
        moment = dt.datetime.combine(day, time, ZONE)
        if after is not None and moment <= after:
            moment = after + dt.timedelta(hours=3)
        return moment


def _later(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    return max(one, other) if one and other else None
