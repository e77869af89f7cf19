"""The organisation as a file, in the form that is imported: what comes out and goes in again changes nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import tablib

from .cells import guard
from .columns import PERSON, POSITION, TERM, UNIT, PersonFacts, PositionFacts, Thing, UnitFacts, every_column
from .plain import Organisation, TermKey
from .standing import load_standing

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export(form: str) -> bytes:
    """The organisation in use as a file: `csv` with semicolons and a mark for Excel, or `xlsx`."""
    return written_out(load_standing().in_use(), form)


def written_out(organisation: Organisation, form: str) -> bytes:
    """Write an organisation as a file. No cell begins as a formula does."""
    rows = tablib.Dataset(headers=[column.heading for column in every_column()], title="Organisasjon")
    for row in _rows(organisation):
        rows.append([guard(cell) if isinstance(cell, str) else cell for cell in row])
    if form == "csv":
        return b"\xef\xbb\xbf" + str(rows.export("csv", delimiter=";")).encode()
    content = rows.export(form)
    assert isinstance(content, bytes)  # noqa: S101
    return content


def _rows(organisation: Organisation) -> Iterator[list[Any]]:
    """Units from the top down, each with its positions and these with their appointments, the oldest first."""
    positions: dict[str, list[PositionFacts]] = defaultdict(list)
    for position in organisation.positions.values():
        positions[position.unit].append(position)
    terms: dict[str, list[TermKey]] = defaultdict(list)
    for key in organisation.terms:
        terms[key.position].append(key)
    for unit in _downwards(organisation.units):
        first = _cells(UNIT, unit)
        below: list[Any] = sorted(positions[unit.code], key=lambda each: (each.group, each.title, each.code))
        for position in below or [None]:
            middle = _cells(POSITION, position)
            held: list[Any] = sorted(terms[position.code] if position else [], key=_by_day)
            for key in held or [None]:
                yield [*first, *middle, *_appointment(organisation, key)]


def _cells(thing: Thing, facts: Any) -> list[Any]:
    """The cells of a unit, a position or a person; empty ones where there is none."""
    return [column.written(facts) if facts else "" for column in thing.own]


def _appointment(organisation: Organisation, key: TermKey | None) -> list[Any]:
    if key is None:
        return [""] * len([*PERSON.own, *TERM])
    person = organisation.people.get(key.person) or PersonFacts(key.person, "", "")
    term = {"starts": key.starts, "ends": organisation.terms[key], "acting": key.acting}
    return [*_cells(PERSON, person), *(column.cell.write(term[column.key]) or "" for column in TERM)]


def _downwards(units: dict[str, UnitFacts]) -> Iterator[UnitFacts]:
    below: dict[str, list[UnitFacts]] = defaultdict(list)
    for unit in units.values():
        below[unit.parent if unit.parent in units else ""].append(unit)
    waiting = sorted(below[""], key=_by_name, reverse=True)
    while waiting:
        unit = waiting.pop()
        yield unit
        waiting += sorted(below[unit.code], key=_by_name, reverse=True)


def _by_name(unit: UnitFacts) -> tuple[str, str]:
    return unit.name, unit.code


def _by_day(key: TermKey) -> tuple[dt.date, bool, str]:
    return key.starts, key.acting, key.person
