"""What a file would change, before anything is changed. Pure, in memory: 5,000 rows in a fraction of a second."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .columns import (
    PERSON,
    POSITION,
    POSITION_BACK,
    POSITION_OFF,
    THINGS,
    UNIT,
    UNIT_BACK,
    UNIT_OFF,
    Column,
    PersonFacts,
    PositionFacts,
    Thing,
    UnitFacts,
)
from .faults import Kind
from .plain import Organisation, Standing, TermKey, completed, digest
from .rows import written
from .terms import Changed, Past, Terms, settle

TERM_NEW = Kind("term_new", gettext_lazy("New appointments"))
TERM_ENDED = Kind("term_ended", gettext_lazy("Appointments that end"))
TERM_CHANGED = Kind("term_changed", gettext_lazy("Appointments whose days are corrected"))
TERM_REOPENED = Kind("term_reopened", gettext_lazy("Appointments that go on after all"))
TERM_REMOVED = Kind("term_removed", gettext_lazy("Appointments that are removed"))
TERMS = (TERM_NEW, TERM_ENDED, TERM_CHANGED, TERM_REOPENED, TERM_REMOVED)


def kinds() -> list[Kind]:
    """Kinds of changes, in the order they are shown."""
    return [*(kind for thing in THINGS for kind in thing.kinds()), *TERMS]


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the difference: what, by which code, and what it was and becomes where something stands already."""

    kind: Kind
    code: str
    name: str
    before: str = ""
    after: str = ""


@dataclass
class Difference:
    """What is to be written, and the lines that tell of it."""

    day: dt.date
    units: dict[str, UnitFacts] = field(default_factory=dict)
    units_off: set[str] = field(default_factory=set)
    positions: dict[str, PositionFacts] = field(default_factory=dict)
    positions_off: set[str] = field(default_factory=set)
    people: dict[str, PersonFacts] = field(default_factory=dict)
    terms: Terms = field(default_factory=Terms)
    changes: list[Change] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """The same for the same changes: what was shown is what is applied."""
        return digest(sorted((c.kind.value, c.code, c.name, c.before, c.after) for c in self.changes))

    def counts(self) -> dict[str, int]:
        """How many changes of each kind there are, in the order of the kinds."""
        counted = Counter(change.kind for change in self.changes)
        return {kind.value: counted[kind] for kind in kinds() if counted[kind]}


def compare(standing: Standing, file: Organisation, day: dt.date, past: Past | None = None) -> Difference:
    """Compare a file with what stands. `past` is given when an earlier file undoes what came after it."""
    found = Difference(day)
    _units(found, standing, file)
    _positions(found, standing, file)
    _people(found, standing, file)
    found.terms = settle(standing, file, day, past)
    found.changes += _term_changes(found.terms, standing, file)
    return found


# -- Units, positions and people
# ----------------------------------------------------------------------------


def _units(found: Difference, standing: Standing, file: Organisation) -> None:
    add = _Lines(found, UNIT, standing, file)
    for code, said in file.units.items():
        before = standing.units.get(code)
        unit = said if before is None else completed(said, before)
        if before is None:
            add(UNIT.new, code, after=add.name_of(UNIT, unit.parent) if unit.parent else "")
        else:
            add.changes(code, before, unit)
        if code in standing.units_off:
            add(UNIT_BACK, code)
        if unit != before or code in standing.units_off:
            found.units[code] = unit
    for code in standing.units.keys() - standing.units_off - file.units.keys() - _above(standing, file):
        found.units_off.add(code)
    for code in sorted(found.units_off):
        add(UNIT_OFF, code)


def _above(standing: Standing, file: Organisation) -> set[str]:
    """Units without a row of their own that units of the file are part of: they stay in use."""
    above: set[str] = set()
    for unit in file.units.values():
        code = unit.parent
        while code and code not in above and code not in file.units and code in standing.units:
            above.add(code)
            code = standing.units[code].parent
    return above


def _positions(found: Difference, standing: Standing, file: Organisation) -> None:
    add = _Lines(found, POSITION, standing, file)
    for code, said in file.positions.items():
        before = standing.positions.get(code)
        position = said if before is None else completed(said, before)
        if before is None:
            add(POSITION.new, code, after=add.name_of(UNIT, position.unit))
        else:
            add.changes(code, before, position)
        if code in standing.positions_off:
            add(POSITION_BACK, code, after=add.name_of(UNIT, position.unit))
        if position != before or code in standing.positions_off:
            found.positions[code] = position
    found.positions_off = standing.positions.keys() - standing.positions_off - file.positions.keys()
    for code in sorted(found.positions_off):
        add(POSITION_OFF, code, before=add.name_of(UNIT, standing.positions[code].unit))


def _people(found: Difference, standing: Standing, file: Organisation) -> None:
    add = _Lines(found, PERSON, standing, file)
    for key, person in file.people.items():
        account = standing.accounts.get(key)
        if account is None:
            add(PERSON.new, key, after=person.email or "")
            found.people[key] = person
            continue
        wanted = completed(person, account.facts)
        if not account.guarded and wanted != account.facts:
            found.people[key] = wanted
            add.changes(key, account.facts, wanted)


# -- Appointments
# ------------------------------------------------------------------------------------------


def _term_changes(terms: Terms, standing: Standing, file: Organisation) -> Iterable[Change]:
    def person_of(key: TermKey) -> str:
        account = standing.accounts.get(key.person)
        person = file.people.get(key.person) or (account.facts if account else None)
        return PERSON.called(person) if person else key.person

    def line(kind: Kind, key: TermKey, before: str, after: str) -> Change:
        position = file.positions.get(key.position) or standing.positions[key.position]
        acting = f" ({_('acting')})" if key.acting else ""
        name = f"{person_of(key)} – {position.title}{acting}"
        return Change(kind, f"{key.position} · {key.person}", name, before, after)

    for key, ends in sorted(terms.new.items()):
        yield line(TERM_NEW, key, "", _days(key.starts, ends))
    for changed in sorted(terms.changed, key=lambda each: each.key):
        yield line(
            _kind(changed),
            changed.key,
            _days(changed.was.starts, changed.ended),
            _days(changed.key.starts, changed.ends),
        )
    for key in sorted(terms.removed):
        yield line(TERM_REMOVED, key, _days(key.starts, standing.terms[key].ends), "")


def _kind(changed: Changed) -> Kind:
    if changed.was.starts != changed.key.starts:
        return TERM_CHANGED
    if changed.ends is None or (changed.ended is not None and changed.ends > changed.ended):
        return TERM_REOPENED
    return TERM_ENDED


def _days(starts: dt.date, ends: dt.date | None) -> str:
    return f"{written(starts)} – {written(ends) if ends else ''}".rstrip()


class _Lines:
    """Adds lines about units, positions or people."""

    def __init__(self, found: Difference, thing: Thing, standing: Standing, file: Organisation) -> None:
        self.found, self.thing, self.standing, self.file = found, thing, standing, file

    def __call__(self, kind: Kind, code: str, before: str = "", after: str = "") -> None:
        name = self.thing.called(self._facts(self.thing, code))
        self.found.changes.append(Change(kind, code, name, before, after))

    def changes(self, code: str, before: Any, after: Any) -> None:
        """A line for each kind of change, with the values of all its columns."""
        columns = self.thing.columns if before != after else ()
        other = {column.change for column in columns if column.of(before) != column.of(after)}
        for kind in self.thing.changes() if other else ():
            if kind in other:
                told = [column for column in columns if column.change == kind]
                was, becomes = (
                    kind.between.join(self._words(column, facts) for column in told)
                    for facts in (before, after)
                )
                self(kind, code, was, becomes)

    def name_of(self, thing: Thing, code: str) -> str:
        """What it is called, and its code."""
        facts = self._facts(thing, code)
        return f"{thing.called(facts)} ({code})" if facts else code

    def _facts(self, thing: Thing, code: str) -> Any:
        return getattr(self.file, thing.many).get(code) or getattr(self.standing, thing.many).get(code)

    def _words(self, column: Column, facts: Any) -> str:
        """A value as people read it."""
        value, field = column.of(facts), self.thing.field(column)
        if value == "":
            return str(column.empty)
        if field.is_relation:
            return self.name_of(next(each for each in THINGS if each.model() is field.related_model), value)
        if field.choices:
            return str(dict(field.flatchoices).get(value, ""))
        value = column.cell.write(value)
        return written(value) if isinstance(value, dt.date) else str(value)
