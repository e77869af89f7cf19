"""From the bytes of a file to rows of cells. CSV in the shapes that Excel and HR systems write, and XLSX.

Nothing in the file is run: formulas count as the value that was last worked out, and files with macros, too much in
them, or more than they seem to hold are refused (`FileRefused`).
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from .cells import clean
from .columns import guess
from .faults import FileRefused

LARGEST_FILE = 10 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 200
# What a workbook may be when unpacked: 100,000 rows of our columns are some 60 MB.
LARGEST_UNPACKED = 150 * 1024 * 1024
DELIMITERS = ";\t,|"
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
    rows = _workbook(content) if content.startswith(b"PK") else _text(content)
    return _table(rows)


def _table(rows: Iterator[tuple[Any, ...]]) -> Table:
    numbered: list[tuple[int, tuple[Any, ...]]] = []
    for number, row in enumerate(rows, 1):
        if any(cell is not None and cell != "" and clean(cell) for cell in row):
            numbered.append((number, row))
        # Empty rows count too: a sheet may claim a million of them.
        if len(numbered) > MOST_ROWS + 1 or number > 10 * MOST_ROWS:
            raise FileRefused(_("The file has more than 100,000 rows. Send the leader positions only."))
    if not numbered:
        raise FileRefused(_("The file is empty."))
    top = _heading_place(numbered[:HEADINGS_WITHIN])
    headings = [clean(cell) for cell in numbered[top][1]]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MOST_COLUMNS:
        raise FileRefused(_("The file has more than 200 columns. Send the columns of the organisation only."))
    return Table(headings, numbered[top + 1 :])


def _heading_place(rows: Iterable[tuple[int, tuple[Any, ...]]]) -> int:
    known = [len(guess([clean(cell) for cell in row[:MOST_COLUMNS]])) for _number, row in rows]
    return known.index(max(known)) if max(known) >= 3 else 0


# -- Text
# ---------------------------------------------------------------------------------------------------


def _text(content: bytes) -> Iterator[tuple[Any, ...]]:
    text = _decoded(content)
    if "\x00" in text:
        raise FileRefused(_("This is neither a CSV file nor an Excel workbook (.xlsx)."))
    lines = text.lstrip("\ufeff")
    # Excel's own way to say what separates the cells. The row is counted all the same.
    if lines[:4].casefold() == "sep=" and len(lines) > 4:
        delimiter = lines[4]
        lines = "\n" + lines.partition("\n")[2]
    else:
        delimiter = _delimiter(lines)
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            yield tuple(row)
    except csv.Error as error:
        raise FileRefused(
            _("The file can't be read from line %(line)s on. Is a quotation mark missing there?")
            % {"line": reader.line_num}
        ) from error


def _decoded(content: bytes) -> str:
    # Latin-1 last: it has a sign for every byte, also for those that Windows leaves without.
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if wide else ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(_("The file's letters can't be read. Save it as “CSV UTF-8”."))


def _delimiter(text: str) -> str:
    """What separates the cells: the sign that the first rows have most of, outside quotation marks."""
    first = "".join(text.splitlines(keepends=True)[:HEADINGS_WITHIN])
    outside = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=lambda sign: (outside.count(sign), -DELIMITERS.index(sign)))


# -- Workbooks
# ----------------------------------------------------------------------------------------------


def _workbook(content: bytes) -> Iterator[tuple[Any, ...]]:
    unreadable = _(
        "The workbook can't be read. Open it in Excel and save it again as .xlsx, or as CSV UTF-8."
    )
    try:
        _inspect(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
            if sheet is None:
                raise FileRefused(_("The workbook has no sheet with rows."))
            # What the sheet says of its own size is often wrong.
            sheet.reset_dimensions()
            yield from sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)
        finally:
            book.close()
    except (
        zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, AttributeError,
        IndexError, EOFError, NotImplementedError, RuntimeError, zipfile.LargeZipFile,
    ) as error:  # fmt: skip
        # What openpyxl says of a broken workbook is none of its documented errors.
        raise FileRefused(unreadable) from error


def _inspect(content: bytes) -> None:
    """Refuse what a list of leaders never is: macros, a bomb, a document type that defines things."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        names = {part.filename.casefold() for part in parts}
        if not any(name.endswith("workbook.xml") for name in names):
            raise FileRefused(_("This is neither a CSV file nor an Excel workbook (.xlsx)."))
        if any("vbaproject" in name or "macrosheets" in name for name in names):
            raise FileRefused(
                _("The workbook has macros. Save it as “Excel workbook (.xlsx)”, without macros.")
            )
        if len(parts) > 1000 or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise FileRefused(
                _("There is far too much in the workbook. Send one sheet with the leader positions.")
            )
        for part in parts:
            if part.filename.casefold().endswith((".xml", ".rels")):
                with packed.open(part) as opened:
                    if b"<!doctype" in opened.read(1024).lower():
                        raise FileRefused(_("The workbook can't be read: it defines things of its own."))
