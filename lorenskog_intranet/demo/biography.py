"""A leader's agreements through the years: which there are, how each of them lives, and what it takes
over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from leder.agreements.models import Agreement
from lorenskog_intranet.demo.chapter import Chapter, Goals, Seat, World
from lorenskog_intranet.demo.lives import Life, cut, draw_life, draw_scene, opens, with_follow_up_ahead
from lorenskog_intranet.demo.people import draw
from lorenskog_intranet.demo.rows import Rows
from lorenskog_intranet.demo.shape import Slot
from lorenskog_intranet.demo.writing import Fitting, Sentences, Writer


@dataclass
class Biographer:
    """Writes leaders' agreements into rows. `newest` is the year of the newest round."""

    world: World
    rows: Rows
    sentences: Sentences
    slots: Mapping[str, Slot]
    newest: int
    seed: int
    now: dt.datetime
    fitting: Fitting = field(default_factory=Fitting)

    def write(self, person_id: int, seats: list[Seat], *, in_full: bool) -> int:
        """Write a leader's agreements, earlier years first, and return how many there are."""
        count = 0
        previous: Agreement | None = None
        unfinished: Goals = {}
        for seat, life in zip(seats, self._lives(seats), strict=True):
            if life is None:
                continue
            random = draw("agreement", self.seed, seat.round.year, seat.code)
            slot = self.slots[seat.code]
            writer = Writer(self.sentences, random, slot, seat.round.year, self.fitting)
            chapter = Chapter(self.world, self.rows, seat, life, writer, in_full)
            previous = chapter.open(person_id, previous)
            unfinished = chapter.write(unfinished)
            count += 1
        return count

    def _lives(self, seats: list[Seat]) -> list[Life | None]:
        """The lives as they stand now. The signature of one year's agreement replaces the one before."""
        lives: list[Life | None] = []
        replaced: dt.datetime | None = None
        for seat in reversed(seats):
            life = self._whole_life(seat)
            if life is not None:
                life = cut(replace(life, replaced=replaced, ended=None if replaced else seat.left), self.now)
            replaced = life.signed if life else None
            lives.insert(0, life)
        return lives

    def _whole_life(self, seat: Seat) -> Life | None:
        scene, year = self.slots[seat.code].scene, seat.round.year
        random = draw("life", self.seed, year, seat.code)
        if scene and year == self.newest:
            return draw_scene(random, scene, self.now)
        life = draw_life(random, year, opens(year, self.now.date()))
        if scene == "untouched" and year == self.newest - 1:
            # Last year's follow-up is still to be held: something to do besides the new agreement.
            life = with_follow_up_ahead(random, life, self.now)
        return life
