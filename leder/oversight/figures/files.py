"""Tables as files: XLSX, and CSV as Excel reads it in Norwegian. No cell begins a formula."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tablib
from django.http import HttpResponse
from django.utils.text import slugify

XLSX, CSV = "xlsx", "csv"
KINDS = (XLSX, CSV)
TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}
# What spreadsheets take for the beginning of a formula (OWASP, CSV injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
SHEET_NAME_LENGTH = 31
# Names of files go through systems that know no other letters.
PLAIN = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "Æ": "Ae", "Ø": "O", "Å": "A"})


@dataclass(frozen=True)
class Sheet:
    """A table: its name, its headings and its rows."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]


def file_response(sheets: Sequence[Sheet], *, kind: str, name: str) -> HttpResponse:
    """Return the sheets as a file to save. A CSV holds the first: there is one table to a file."""
    content = _xlsx(sheets) if kind == XLSX else _csv(sheets[0])
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{slugify(name.translate(PLAIN))}.{kind}"'
    # Made for one reader, as the pages are.
    response["Cache-Control"] = "no-store, private"
    return response


def safe(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula. Numbers stay numbers."""
    if value is None or isinstance(value, bool):
        return "" if value is None else int(value)
    if isinstance(value, int | float):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text


def _dataset(sheet: Sheet) -> tablib.Dataset:
    title = "".join(" " if letter in "[]:*?/\\" else letter for letter in sheet.name)[:SHEET_NAME_LENGTH]
    dataset = tablib.Dataset(headers=[safe(heading) for heading in sheet.headings], title=title)
    for row in sheet.rows:
        dataset.append([safe(cell) for cell in row])
    return dataset


def _xlsx(sheets: Sequence[Sheet]) -> bytes:
    content: bytes = tablib.Databook([_dataset(sheet) for sheet in sheets]).export(XLSX)
    return content


def _csv(sheet: Sheet) -> bytes:
    # A mark of the encoding and semicolons are what Excel takes for a table where the comma is the decimal sign.
    content: str = _dataset(sheet).export(CSV, delimiter=";")
    return content.encode("utf-8-sig")
