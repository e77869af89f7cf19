"""The organisation as a file, in the form that is imported: what comes out and goes in again changes nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

import tablib

from .cells import KIND_NAMES, NO_NAME, YES_NAME, guard
from .columns import COLUMNS
from .plain import Organisation, PersonFacts, PositionFacts, TermKey, UnitFacts
from .standing import read_standing

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Cell = str | int | dt.date
_NOBODY = PersonFacts("", "", "", "")


def export(form: str) -> bytes:
    """The organisation in use as a file: `csv` with semicolons and a mark for Excel, or `xlsx`."""
    return written_out(read_standing().in_use(), form)


def written_out(organisation: Organisation, form: str) -> bytes:
    """Write an organisation as a file. No cell begins as a formula does."""
    rows = tablib.Dataset(headers=[column.heading for column in COLUMNS], title="Organisasjon")
    for row in _rows(organisation):
        rows.append([guard(cell) if isinstance(cell, str) else cell for cell in row])
    if form == "csv":
        return b"\xef\xbb\xbf" + str(rows.export("csv", delimiter=";")).encode()
    content = rows.export(form)
    assert isinstance(content, bytes)  # noqa: S101
    return content


def _rows(organisation: Organisation) -> Iterator[list[Cell]]:
    """Units from the top down, each with its positions and these with their appointments, the oldest first."""
    positions: dict[str, list[PositionFacts]] = defaultdict(list)
    for position in organisation.positions.values():
        positions[position.unit].append(position)
    terms: dict[str, list[TermKey]] = defaultdict(list)
    for key in organisation.terms:
        terms[key.position].append(key)
    for unit in _downwards(organisation.units):
        first: list[Cell] = [unit.code, unit.name, KIND_NAMES[unit.kind], unit.parent]
        if not positions[unit.code]:
            yield [*first, *[""] * (len(COLUMNS) - len(first))]
        for position in sorted(positions[unit.code], key=lambda each: (each.group, each.title, each.code)):
            middle: list[Cell] = [
                position.code,
                position.title,
                position.group,
                position.chapter,
                position.reports_to,
            ]
            if not terms[position.code]:
                yield [*first, *middle, *[""] * (len(COLUMNS) - len(first) - len(middle))]
            for key in sorted(terms[position.code], key=lambda each: (each.starts, each.acting, each.person)):
                yield [*first, *middle, *_appointment(organisation, key)]


def _appointment(organisation: Organisation, key: TermKey) -> list[Cell]:
    person = organisation.people.get(key.person, _NOBODY)
    return [
        key.person,
        person.first,
        person.last,
        person.email or "",
        key.starts,
        organisation.terms[key] or "",
        YES_NAME if key.acting else NO_NAME,
    ]


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
