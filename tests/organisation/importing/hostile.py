"""Files made to cost whoever reads them: small to send, and large, deep or slow to whoever believes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

MEGABYTE = 1024 * 1024
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."

TYPES = f"""<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"
ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{KIND}sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}worksheet+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{KIND}styles+xml"/>
<Override PartName="/xl/sharedStrings.xml" ContentType="{KIND}sharedStrings+xml"/></Types>"""
TOP = f"""<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" Type="{OFFICE}/officeDocument"
Target="xl/workbook.xml"/></Relationships>"""
BOOK = f"""<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">
<sheets><sheet name="a" sheetId="1" r:id="a"/></sheets></workbook>"""
LINKS = f"""<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" Type="{OFFICE}/worksheet"
Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="{OFFICE}/styles" Target="styles.xml"/><Relationship Id="c"
Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"""


def part(tag: str, inside: str, begin: str = "") -> str:
    """A part of a workbook: one element with this in it."""
    return f'{begin}<{tag} xmlns="{MAIN}">{inside}</{tag}>'


def _in(tag: str, inside: str) -> str:
    return f"<{tag}>{inside}</{tag}>"


def workbook(sheet: str | bytes = "", strings: str | bytes = "", styles: str | bytes = "") -> bytes:
    """A workbook of these parts, packed as tightly as can be."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, content in (
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", TOP),
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", LINKS),
            ("xl/worksheets/sheet1.xml", sheet or part("worksheet", "<sheetData/>")),
            ("xl/sharedStrings.xml", strings or part("sst", "")),
            ("xl/styles.xml", styles or part("styleSheet", "")),
        ):
            packed.writestr(name, content)
    return written.getvalue()


def rows(inside: str, *, times: int, each: str = "<row>{}</row>") -> str:
    """A sheet of so many equal rows."""
    return part("worksheet", f"<sheetData>{each.format(inside) * times}</sheetData>")


def _entities(*, pad: int = 0) -> str:
    defined = "".join(f'<!ENTITY e{n} "' + f"&e{n - 1};" * 10 + '">' for n in range(1, 9))
    begin = '<?xml version="1.0"?><!--' + " " * pad + f'--><!DOCTYPE a [<!ENTITY e0 "ha">{defined}]>'
    return part("worksheet", "<sheetData><row><c t='str'><v>&e8;</v></c></row></sheetData>", begin)


# Marks that stand in the wrong order: to put n of them in order takes n * n steps.
MARKS = "a" + "\u0315\u0300" * 16_000

# Each is just beyond a bound, or would cost by its shape alone.
FILES: dict[str, Callable[[], bytes]] = {
    "3,200,000 empty cells": lambda: workbook(rows('<c s="1"/>' * 200, times=16_000)),
    "20,000,000 tags": lambda: workbook(strings=part("sst", "<a/>" * 20_000_000)),
    "64 MB in equal cells": lambda: workbook(
        rows('<c t="s"><v>0</v></c>' * 200, times=11), strings=part("sst", _in("si", _in("t", "a" * 32_000)))
    ),
    "a cell that no spreadsheet has room for": lambda: workbook(
        rows('<c t="s"><v>0</v></c>', times=1), strings=part("sst", _in("si", _in("t", MARKS * 2)))
    ),
    "a deep cell": lambda: workbook(
        rows(f"<c t='inlineStr'><is>{'<r>' * 90_000}{'</r>' * 90_000}</is></c>", times=1)
    ),
    "entities": lambda: workbook(_entities()),
    "entities, later": lambda: workbook(_entities(pad=5_000)),
    "entities, in another encoding": lambda: workbook(
        _entities().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")
    ),
    "9,000,000 columns": lambda: b"a" + b";" * 9 * MEGABYTE + b"b",
    "a quotation mark that never ends": lambda: b'a;b;"' + b"c;\n" * 3 * MEGABYTE,
    "marks": lambda: (MARKS * 4 + ";b\n").encode() * 30,
    "blanks": lambda: (b" ;" * 200 + b"\n") * 26_000,
    "1,000,000 empty lines": lambda: b"\n" * MEGABYTE + b"a;b",
}
