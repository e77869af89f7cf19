"""The organisation as plain data: what a file says, and what stands in the database, in the same form."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .columns import PersonFacts, PositionFacts, UnitFacts


class TermKey(NamedTuple):
    """Which appointment it is: the position's code, the person's user name, the first day, permanent or acting."""

    position: str
    person: str
    starts: dt.date
    acting: bool = False


@dataclass
class Organisation:
    """Units, positions and people by code and user name; appointments with their last day."""

    units: dict[str, UnitFacts] = field(default_factory=dict)
    positions: dict[str, PositionFacts] = field(default_factory=dict)
    people: dict[str, PersonFacts] = field(default_factory=dict)
    terms: dict[TermKey, dt.date | None] = field(default_factory=dict)

    def fingerprint(self) -> str:
        """The same for the same content, in whatever order the rows stand."""
        parts: list[Iterable[Any]] = [
            sorted(self.units.values()),
            sorted(self.positions.values()),
            sorted(self.people.values(), key=lambda person: person.key),
            sorted((*key, ends.isoformat() if ends else "") for key, ends in self.terms.items()),
        ]
        return digest(parts)


@dataclass(frozen=True, slots=True)
class Account:
    """A person who is in the database. `guarded` says that a file changes neither name nor address."""

    pk: int
    facts: PersonFacts
    guarded: bool


@dataclass(frozen=True, slots=True)
class StandingTerm:
    """An appointment that is in the database."""

    pk: int
    ends: dt.date | None


@dataclass
class Standing:
    """What stands in the database, and by which id. Units and positions out of use are here too."""

    units: dict[str, UnitFacts] = field(default_factory=dict)
    positions: dict[str, PositionFacts] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    terms: dict[TermKey, StandingTerm] = field(default_factory=dict)
    unit_ids: dict[str, int] = field(default_factory=dict)
    position_ids: dict[str, int] = field(default_factory=dict)
    units_off: set[str] = field(default_factory=set)
    positions_off: set[str] = field(default_factory=set)

    def in_use(self) -> Organisation:
        """What an exported file holds: units and positions in use, and everybody's appointments to these."""
        positions = {code: each for code, each in self.positions.items() if code not in self.positions_off}
        terms = {key: term.ends for key, term in self.terms.items() if key.position in positions}
        units = {code: each for code, each in self.units.items() if code not in self.units_off}
        for position in positions.values():
            units.setdefault(position.unit, self.units[position.unit])
        return Organisation(
            units=units,
            positions=positions,
            people={key.person: self.accounts[key.person].facts for key in terms},
            terms=terms,
        )


def completed(said: Any, before: Any) -> Any:
    """The facts of a file, and what stands for those that it has no column for."""
    return type(said)._make(old if new is None else new for new, old in zip(said, before, strict=True))


def digest(parts: Any) -> str:
    """A SHA-256 of plain data. Dates count by their ISO form."""
    return hashlib.sha256(json.dumps(parts, default=str, separators=(",", ":")).encode()).hexdigest()


def rounds(above: Mapping[str, str]) -> list[list[str]]:
    """The circles in a forest of codes: each as the codes one meets, beginning with the smallest."""
    state: dict[str, int] = {}
    found = []
    for start in above:
        path: list[str] = []
        code = start
        while code and code in above and code not in state:
            state[code] = 1
            path.append(code)
            code = above[code]
        if code and state.get(code) == 1:
            circle = path[path.index(code) :]
            first = circle.index(min(circle))
            found.append(circle[first:] + circle[:first])
        state.update(dict.fromkeys(path, 2))
    return found
