"""What a file would change, before anything is changed. Pure, in memory: 5,000 rows in a fraction of a second."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leder.organisation.models import HtaChapter, LeaderGroup, UnitKind

from .plain import Organisation, PersonFacts, PositionFacts, Standing, TermKey, UnitFacts, digest
from .rows import written
from .terms import Kept, Past, Terms, settle


class ChangeKind(models.TextChoices):
    """Kinds of changes, in the order they are shown."""

    UNIT_NEW = "unit_new", gettext_lazy("New units")
    UNIT_CHANGED = "unit_changed", gettext_lazy("Units that change name or kind")
    UNIT_MOVED = "unit_moved", gettext_lazy("Units that move to another unit")
    UNIT_BACK = "unit_back", gettext_lazy("Units back in use")
    UNIT_OFF = "unit_off", gettext_lazy("Units that go out of use")
    POSITION_NEW = "position_new", gettext_lazy("New positions")
    POSITION_CHANGED = "position_changed", gettext_lazy("Positions that change title, level or chapter")
    POSITION_MOVED = "position_moved", gettext_lazy("Positions that move to another unit")
    POSITION_SUPERIOR = "position_superior", gettext_lazy("Positions that get another superior")
    POSITION_BACK = "position_back", gettext_lazy("Positions back in use")
    POSITION_OFF = "position_off", gettext_lazy("Positions that go out of use")
    PERSON_NEW = "person_new", gettext_lazy("New people")
    PERSON_NAME = "person_name", gettext_lazy("People who change name")
    PERSON_EMAIL = "person_email", gettext_lazy("E-mail addresses that change")
    TERM_NEW = "term_new", gettext_lazy("New appointments")
    TERM_ENDED = "term_ended", gettext_lazy("Appointments that end")
    TERM_CHANGED = "term_changed", gettext_lazy("Appointments whose days are corrected")
    TERM_REOPENED = "term_reopened", gettext_lazy("Appointments that go on after all")
    TERM_REMOVED = "term_removed", gettext_lazy("Appointments that are removed")


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the difference: what, by which code, and what it was and becomes where something stands already."""

    kind: ChangeKind
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
        return {kind.value: counted[kind] for kind in ChangeKind if counted[kind]}


def compare(standing: Standing, file: Organisation, day: dt.date, past: Past | None = None) -> Difference:
    """Compare a file with what stands. `past` is given when an earlier file undoes what came after it."""
    found = Difference(day)
    _units(found, standing, file)
    _positions(found, standing, file)
    _people(found, standing, file)
    found.terms = settle(standing, file, day, past)
    found.changes += _term_changes(found.terms, standing, file)
    return found


# -- Units and positions
# -----------------------------------------------------------------------------------


def _units(found: Difference, standing: Standing, file: Organisation) -> None:
    def name_of(code: str) -> str:
        unit = file.units.get(code) or standing.units.get(code)
        return f"{unit.name} ({code})" if unit else _("none")

    kinds = dict(UnitKind.choices)
    for code, unit in file.units.items():
        before = standing.units.get(code)
        add = _Lines(found, code, unit.name)
        if before is None:
            add(ChangeKind.UNIT_NEW, "", name_of(unit.parent) if unit.parent else "")
        else:
            add.if_other(
                ChangeKind.UNIT_CHANGED,
                f"{before.name}, {kinds.get(before.kind, '')}",
                f"{unit.name}, {kinds.get(unit.kind, '')}",
            )
            add.if_other(
                ChangeKind.UNIT_MOVED,
                name_of(before.parent),
                name_of(unit.parent),
                by=(before.parent, unit.parent),
            )
            if code in standing.units_off:
                add(ChangeKind.UNIT_BACK)
        if unit != before or code in standing.units_off:
            found.units[code] = unit
    for code in standing.units.keys() - standing.units_off - file.units.keys() - _above(standing, file):
        found.units_off.add(code)
    for code in sorted(found.units_off):
        _Lines(found, code, standing.units[code].name)(ChangeKind.UNIT_OFF)


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
    def unit_of(code: str) -> str:
        unit = file.units.get(code) or standing.units.get(code)
        return f"{unit.name} ({code})" if unit else code

    def name_of(code: str) -> str:
        position = file.positions.get(code) or standing.positions.get(code)
        return f"{position.title} ({code})" if position else _("nobody")

    def facts(position: PositionFacts) -> str:
        return ", ".join(
            (
                position.title,
                str(dict(LeaderGroup.choices).get(position.group, "")),
                str(dict(HtaChapter.choices).get(position.chapter, "")),
            )
        )

    for code, position in file.positions.items():
        before = standing.positions.get(code)
        add = _Lines(found, code, position.title)
        if before is None:
            add(ChangeKind.POSITION_NEW, "", unit_of(position.unit))
        else:
            add.if_other(ChangeKind.POSITION_CHANGED, facts(before), facts(position))
            add.if_other(
                ChangeKind.POSITION_MOVED,
                unit_of(before.unit),
                unit_of(position.unit),
                by=(before.unit, position.unit),
            )
            add.if_other(
                ChangeKind.POSITION_SUPERIOR,
                name_of(before.reports_to),
                name_of(position.reports_to),
                by=(before.reports_to, position.reports_to),
            )
            if code in standing.positions_off:
                add(ChangeKind.POSITION_BACK, "", unit_of(position.unit))
        if position != before or code in standing.positions_off:
            found.positions[code] = position
    found.positions_off = standing.positions.keys() - standing.positions_off - file.positions.keys()
    for code in sorted(found.positions_off):
        gone = standing.positions[code]
        _Lines(found, code, gone.title)(ChangeKind.POSITION_OFF, unit_of(gone.unit))


# -- People
# ------------------------------------------------------------------------------------------------


def _people(found: Difference, standing: Standing, file: Organisation) -> None:
    for key, person in file.people.items():
        account = standing.accounts.get(key)
        add = _Lines(found, key, f"{person.first} {person.last}".strip())
        if account is None:
            add(ChangeKind.PERSON_NEW, "", person.email or "")
            found.people[key] = person
            continue
        before = account.facts
        wanted = person._replace(email=before.email if person.email is None else person.email)
        if account.guarded or wanted == before:
            continue
        found.people[key] = wanted
        add.if_other(ChangeKind.PERSON_NAME, f"{before.first} {before.last}", f"{wanted.first} {wanted.last}")
        add.if_other(ChangeKind.PERSON_EMAIL, before.email or "", wanted.email or "")


# -- Appointments
# ------------------------------------------------------------------------------------------


def _term_changes(terms: Terms, standing: Standing, file: Organisation) -> Iterable[Change]:
    def person_of(key: TermKey) -> str:
        account = standing.accounts.get(key.person)
        person = file.people.get(key.person) or (account.facts if account else None)
        return f"{person.first} {person.last}".strip() if person else key.person

    def line(kind: ChangeKind, key: TermKey, before: str, after: str) -> Change:
        position = file.positions.get(key.position) or standing.positions[key.position]
        acting = f" ({_('acting')})" if key.acting else ""
        name = f"{person_of(key)} – {position.title}{acting}"
        return Change(kind, f"{key.position} · {key.person}", name, before, after)

    for key, ends in sorted(terms.new.items()):
        yield line(ChangeKind.TERM_NEW, key, "", _days(key.starts, ends))
    for kept in sorted(terms.kept, key=lambda each: each.key):
        yield line(
            _kind(kept), kept.key, _days(kept.was.starts, kept.ended), _days(kept.key.starts, kept.ends)
        )
    for key in sorted(terms.removed):
        yield line(ChangeKind.TERM_REMOVED, key, _days(key.starts, standing.terms[key].ends), "")


def _kind(kept: Kept) -> ChangeKind:
    if kept.was.starts != kept.key.starts:
        return ChangeKind.TERM_CHANGED
    if kept.ends is None or (kept.ended is not None and kept.ends > kept.ended):
        return ChangeKind.TERM_REOPENED
    return ChangeKind.TERM_ENDED


def _days(starts: dt.date, ends: dt.date | None) -> str:
    return f"{written(starts)} – {written(ends) if ends else ''}".rstrip()


class _Lines:
    """Adds lines about one thing."""

    def __init__(self, found: Difference, code: str, name: str) -> None:
        self.found, self.code, self.name = found, code, name

    def __call__(self, kind: ChangeKind, before: str = "", after: str = "") -> None:
        self.found.changes.append(Change(kind, self.code, self.name, before, after))

    def if_other(self, kind: ChangeKind, before: str, after: str, by: tuple[str, str] | None = None) -> None:
        """Add the line when the two are not the same, or not the same by their codes."""
        one, other = by or (before, after)
        if one != other:
            self(kind, before, after)
