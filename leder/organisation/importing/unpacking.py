"""What is done with a stranger's bytes, in a process of its own (`apart`): from a file to rows of plain values.

It knows nothing of Django, of our columns or of our words. What it may cost is bounded before it is done: how much
comes out of a workbook, how many tags and cells there are, how long a cell is. What no bound foresees ends by the
limits that the process sets itself, on the processor, memory and time.

    python -m leder.organisation.importing.unpacking < file

Writes a line of JSON for each row that is not empty, [number, cells], with text, numbers, truth, null, and {"day": …}
for dates; at last {"refused": why, "line": number} where the file is refused.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import resource
import signal
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

MEGABYTE = 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 200
# 100,000 rows with 30 columns; ours are 16.
MOST_CELLS = 3_000_000
# As much as a spreadsheet lets one write in a cell.
MOST_LETTERS = 32_767
MOST_TEXT = 64 * MEGABYTE
# What comes out: the one that waits holds it whole. A letter of a small file can be twelve here, a thousand times over.
MOST_WRITTEN = 100 * MEGABYTE
# What a workbook may be when unpacked: 100,000 rows of our columns are some 60 MB, with six tags a cell at most.
LARGEST_UNPACKED = 150 * MEGABYTE
MOST_TAGS = 20_000_000
MOST_PARTS = 1000

# 45,000 rows of ours take 7 seconds of a processor as a workbook, half a second as CSV; 100,000 rows 16.
SECONDS = 25
MEMORY = 1024 * MEGABYTE
# Of the clock: others may want the processor too.
PATIENCE = 60

DELIMITERS = ";\t,|"
FIRST_ROWS = 10
PIECE = 64 * 1024
Cell = str | int | float | bool | dict[str, str] | None


class Refused(Exception):
    """Why a file is refused: a key of the words in `apart`, and the line of a text file."""

    def __init__(self, why: str, line: int = 0) -> None:
        self.why, self.line = why, line
        super().__init__(why)


def main() -> None:
    """Read a file from standard input and write its rows to standard output."""
    confine()
    for line in written(sys.stdin.buffer.read()):
        sys.stdout.write(line + "\n")


def written(content: bytes) -> Iterator[str]:
    """The rows of a file as lines of JSON, and at last why it is refused, if it is."""
    length = 0
    try:
        for row in bounded(unpack(content)):
            line = json.dumps(row)
            length += len(line)
            if length > MOST_WRITTEN:
                raise Refused("much")
            yield line
    except Refused as refused:
        yield json.dumps({"refused": refused.why, "line": refused.line})
    except (MemoryError, RecursionError):
        yield json.dumps({"refused": "heavy", "line": 0})


def confine() -> None:
    """Let this process end by itself: after so much of the processor, memory and time. It writes no file."""
    _limit(resource.RLIMIT_CPU, SECONDS)
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    # Also where the one that waits for it is gone.
    signal.alarm(PATIENCE)


def _limit(resource_of: int, most: int) -> None:
    """Set a limit, or keep the host's own where that is lower: none may raise it."""
    _soft, hard = resource.getrlimit(resource_of)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource_of, (bound, bound))


def unpack(content: bytes) -> Iterator[tuple[Any, ...]]:
    """The rows of a file, as they are read."""
    return _workbook(content) if is_packed(content) else _text(content)


def is_packed(content: bytes) -> bool:
    """Whether it is a workbook, if anything: how much comes out of it is not seen from its size."""
    return content.startswith(b"PK")


def bounded(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[int, list[Cell]]]:
    """The rows that are not empty, by number, as plain values without empty cells at their end; if not too many."""
    filled = cells = letters = 0
    for number, row in enumerate(rows, 1):
        # Empty rows count too: a sheet may claim a million of them.
        if number > 10 * MOST_ROWS:
            raise Refused("rows")
        plain = [_plain(cell) for cell in _without_end(row)]
        filled += bool(plain)
        cells += len(plain)
        letters += sum(len(cell) for cell in plain if isinstance(cell, str))
        # Which rows have but blanks in them, and which are headings, is not seen here.
        if filled > 2 * MOST_ROWS:
            raise Refused("rows")
        if cells > MOST_CELLS or letters > MOST_TEXT:
            raise Refused("much")
        if plain:
            yield number, plain


def _without_end(row: tuple[Any, ...]) -> tuple[Any, ...]:
    end = len(row)
    while end and row[end - 1] in (None, ""):
        end -= 1
    return row[:end]


def _plain(value: Any) -> Cell:
    if isinstance(value, str):
        if len(value) > MOST_LETTERS:
            raise Refused("long")
        # Where marks stand in the wrong order this takes the square of their number: here, not where others wait.
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, dt.datetime | dt.date):
        return of_day(value)
    return str(value)


def of_day(value: dt.date) -> dict[str, str]:
    """Return a day as an object of JSON; `apart.as_day` is the way back."""
    return {"day": value.isoformat()}


# -- Text
# ---------------------------------------------------------------------------------------------------


def _text(content: bytes) -> Iterator[tuple[Any, ...]]:
    text = _decoded(content)
    if "\x00" in text:
        raise Refused("neither")
    lines = text.lstrip("\ufeff")
    # Excel's own way to say what separates the cells. The row is counted all the same.
    if lines[:4].casefold() == "sep=" and lines[4:5] not in {"", '"', "\r", "\n"}:
        delimiter = lines[4]
        lines = "\n" + lines.partition("\n")[2]
    else:
        delimiter = _delimiter(lines)
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            yield tuple(row)
    except csv.Error as error:
        raise Refused("quote", reader.line_num) from error


def _decoded(content: bytes) -> str:
    # Latin-1 last: it has a sign for every byte, also for those that Windows leaves without.
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if wide else ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("letters")


def _delimiter(text: str) -> str:
    """What separates the cells: the sign that the first rows have most of, outside quotation marks."""
    first = "".join(text.splitlines(keepends=True)[:FIRST_ROWS])
    outside = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=lambda sign: (outside.count(sign), -DELIMITERS.index(sign)))


# -- Workbooks
# ----------------------------------------------------------------------------------------------


def _workbook(content: bytes) -> Iterator[tuple[Any, ...]]:
    # Only here: it takes ten times as long to load as to read most text files.
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        _inspect(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
            if sheet is None:
                raise Refused("sheet")
            # What the sheet says of its own size is often wrong.
            sheet.reset_dimensions()
            yield from sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)
        finally:
            book.close()
    except (
        zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, AttributeError,
        IndexError, EOFError, NotImplementedError, RuntimeError, zipfile.LargeZipFile, OSError,
    ) as error:  # fmt: skip
        # What openpyxl says of a broken workbook is none of its documented errors.
        raise Refused("heavy" if isinstance(error, RecursionError) else "unreadable") from error


def _inspect(content: bytes) -> None:
    """Refuse what a list of leaders never is: macros, a bomb, a document type that defines things."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        names = {part.filename.casefold() for part in parts}
        if not any(name.endswith("workbook.xml") for name in names):
            raise Refused("neither")
        if any("vbaproject" in name or "macrosheets" in name for name in names):
            raise Refused("macros")
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise Refused("much")
        tags = cells = 0
        for part in parts:
            # Whatever it is called: the workbook says itself what is a sheet.
            with packed.open(part) as opened:
                if _defines_things(opened):
                    raise Refused("defines")
            with packed.open(part) as opened:
                for piece in iter(partial(opened.read, PIECE), b""):
                    tags += piece.count(b"<")
                    cells += piece.count(b"<c")
            if tags > MOST_TAGS or cells > MOST_CELLS:
                raise Refused("much")


class _RootBegins(Exception):
    pass


def _defines_things(opened: IO[bytes]) -> bool:
    """Whether a part has a document type, in whatever encoding; it can only stand before the first element."""

    def root_begins(*_args: Any) -> None:
        raise _RootBegins

    found: list[bool] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_args: found.append(True)
    parser.StartElementHandler = root_begins
    try:
        while not found and (piece := opened.read(PIECE)):
            parser.Parse(piece)
    except (_RootBegins, expat.ExpatError):
        pass  # what is no XML is not read as such either
    return bool(found)


if __name__ == "__main__":
    main()
