"""From the bytes of a file to headings and rows. CSV in the shapes that Excel and HR systems write, and XLSX.

Nothing in the file is run: formulas count as the value that was last worked out, and files with macros, too much in
them, or more than they seem to hold are refused (`FileRefused`). What reads the bytes is a process of its own, which
ends when it takes too long (`apart`). That is done once: until it is imported, the table is kept instead of the file.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .apart import as_day, rows_of
from .cells import clean
from .columns import guess
from .faults import FileRefused
from .unpacking import MOST_COLUMNS, MOST_ROWS, of_day

LARGEST_FILE = 10 * 1024 * 1024
# A heading is offered for each of our columns, and remembered.
LONGEST_HEADING = 200
# A title or a date of printing may stand above the headings.
HEADINGS_WITHIN = 10
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Table:
    """The headings of a file and its rows that are not empty, each with the number a spreadsheet shows."""

    headings: list[str]
    rows: list[tuple[int, tuple[Any, ...]]]


def parse(content: bytes) -> Table:
    """Read a file. Raises `FileRefused` with words for the one who sent it."""
    if len(content) > LARGEST_FILE:
        raise FileRefused(_("The file is larger than 10 MB. Send the leader positions only."))
    if content.startswith(OLD_EXCEL):
        raise FileRefused(
            _(
                "This is an older or locked Excel file. Save it as “Excel workbook (.xlsx)” without a password."
            )
        )
    return _table(rows_of(content))


def to_keep(table: Table) -> bytes:
    """Return a table as it is kept: plain values, compressed."""
    return zlib.compress(json.dumps([table.headings, table.rows], default=of_day).encode())


def kept(content: bytes) -> Table:
    """Return the table that was kept so."""
    headings, rows = json.loads(zlib.decompress(content), object_hook=as_day)
    return Table(headings, [(number, tuple(row)) for number, row in rows])


def _table(rows: Iterator[tuple[int, tuple[Any, ...]]]) -> Table:
    numbered: list[tuple[int, tuple[Any, ...]]] = []
    for number, row in rows:
        if any(cell is not None and cell != "" and clean(cell) for cell in row):
            numbered.append((number, row))
        if len(numbered) > MOST_ROWS + 1:
            raise FileRefused(_("The file has more than 100,000 rows. Send the leader positions only."))
    if not numbered:
        raise FileRefused(_("The file is empty."))
    top = _heading_place(numbered[:HEADINGS_WITHIN])
    headings = [clean(cell)[:LONGEST_HEADING] for cell in numbered[top][1]]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MOST_COLUMNS:
        raise FileRefused(_("The file has more than 200 columns. Send the columns of the organisation only."))
    return Table(headings, numbered[top + 1 :])


def _heading_place(rows: Iterable[tuple[int, tuple[Any, ...]]]) -> int:
    known = [len(guess([clean(cell) for cell in row[:MOST_COLUMNS]])) for _number, row in rows]
    return known.index(max(known)) if max(known) >= 3 else 0
