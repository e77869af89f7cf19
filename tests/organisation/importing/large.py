"""A file of 5,000 people, and 40 faults planted in it."""

from __future__ import annotations

import copy
from typing import Any

from leder.organisation.importing.faults import FaultKind, Kind

from .files import KOMMUNE, Row, person, position, unit

SECTORS, SERVICES = 8, 400


def large(people: int = 5_000) -> list[Row]:
    """A municipality with this many leaders: a director, sectors, services and departments."""
    rows = [{**KOMMUNE, **position("S0", "Kommunedirektør", group=1, chapter="3.4.1"), **_someone(0)}]
    for number in range(1, people):
        if number <= SECTORS:
            where = unit(f"E{number}", f"Sektor {number}", "Sektor", "1")
            post = position(f"S{number}", "Kommunaldirektør", "S0", 1, "3.4.1")
        elif number <= SECTORS + SERVICES:
            above = 1 + number % SECTORS
            where = unit(f"E{number}", f"Virksomhet {number}", "Virksomhet", f"E{above}")
            post = position(f"S{number}", "Virksomhetsleder", f"S{above}")
        else:
            above = SECTORS + 1 + number % SERVICES
            where = unit(f"E{number}", f"Avdeling {number}", "Avdeling", f"E{above}")
            post = position(f"S{number}", "Avdelingsleder", f"S{above}", 3, 5)
        rows.append({**where, **post, **_someone(number)})
    return rows


def _someone(number: int) -> Row:
    return person(
        f"p{number:05}", f"Fornavn{number}", "Ås-Øvergård", f"{1 + number % 28:02}.03.20{number % 20:02}"
    )


# What is planted: the kind of fault, the column, and what is put there; {row} is the index of the row.
PLANTS: list[tuple[Kind, str, Any]] = [
    (FaultKind.MISSING_VALUE, "unit_name", ""),
    (FaultKind.MISSING_VALUE, "title", "  "),
    (FaultKind.MISSING_VALUE, "starts", "\u00a0"),
    (FaultKind.MISSING_VALUE, "last", ""),
    (FaultKind.UNIT_KIND, "unit_kind", "Klubb"),
    (FaultKind.UNIT_KIND, "unit_kind", "Avd."),
    (FaultKind.LEADER_GROUP, "group", 4),
    (FaultKind.LEADER_GROUP, "group", "topp"),
    (FaultKind.CHAPTER, "chapter", "4.1"),
    (FaultKind.CHAPTER, "chapter", "3.4.3"),
    (FaultKind.DATE, "starts", "31.02.2024"),
    (FaultKind.DATE, "starts", "i fjor"),
    (FaultKind.DATE, "ends", "2024-13-01"),
    (FaultKind.DATE, "starts", 7),
    (FaultKind.END_BEFORE_START, "ends", "01.01.1999"),
    (FaultKind.END_BEFORE_START, "ends", "1998-05-05"),
    (FaultKind.NO_POSITION, "reports_to", "S99999"),
    (FaultKind.NO_POSITION, "reports_to", "tom"),
    (FaultKind.NO_UNIT, "unit_parent", "E99999"),
    (FaultKind.NO_UNIT, "unit_parent", "Helse"),
    (FaultKind.UNIT_CYCLE, "unit_parent", "E{row}"),
    (FaultKind.UNIT_CYCLE, "unit_parent", "E{row}"),
    (FaultKind.POSITION_CYCLE, "reports_to", "S{row}"),
    (FaultKind.POSITION_CYCLE, "reports_to", "S{row}"),
    (FaultKind.SHARED_EMAIL, "email", "P00001@Example.no"),
    (FaultKind.SHARED_EMAIL, "email", "p00002@EXAMPLE.NO "),
    (FaultKind.EMAIL, "email", "ola(at)example.no"),
    (FaultKind.EMAIL, "email", "ola@"),
    (FaultKind.TOO_LONG, "title", "L" * 201),
    (FaultKind.TOO_LONG, "unit_name", "E" * 300),
    (FaultKind.YES_NO, "acting", "kanskje"),
    (FaultKind.YES_NO, "acting", "2"),
    (FaultKind.EXCEL, "first", "#REF!"),
    (FaultKind.USERNAME, "person", "ola nordmann"),
]


def planted(rows: list[Row]) -> tuple[list[Row], set[tuple[Kind, int, str]]]:
    """The rows with 40 faults in them, and what should be said: kind, row in the spreadsheet, column."""
    rows = copy.deepcopy(rows)
    expected = set()
    for number, (kind, column, value) in enumerate(PLANTS):
        index = 1000 + 97 * number
        rows[index][column] = value.format(row=index) if isinstance(value, str) else value
        expected.add((kind, index + 2, column))
    for number in range(2):
        # Two permanently appointed; one name twice; the same unit and position with other facts.
        other = {**rows[500 + number], **_someone(90_000 + number), "starts": "01.01.2028"}
        renamed = {**rows[600 + number], "first": "Annet navn", "ends": "01.01.2030", "starts": "01.01.2029"}
        renamed |= {"position": f"SX{number}", "title": "Ekstra"}
        for row, kind, column in (
            (other, FaultKind.OVERLAP, "starts"),
            (renamed, FaultKind.NAMES, "first"),
            ({**rows[700 + number], "unit_name": "Et annet navn"}, FaultKind.CONTRADICTION, "unit_name"),
        ):
            rows.append(row)
            expected.add((kind, len(rows) + 1, column))
    return rows, expected
