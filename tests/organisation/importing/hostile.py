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
BOOK = f"""<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="a" sheetId="1" r:id="a"/></sheets></workbook>"""
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

FILES: dict[str, Callable[[], bytes]] = {
    "empty cells, 140 MB": lambda: workbook(rows("<c/>" * 200, times=170_000)),
    "styled cells, 140 MB": lambda: workbook(rows('<c s="1"/>' * 200, times=69_000)),
    "empty rows, 140 MB": lambda: workbook(rows("", times=20_000_000, each="<row/>")),
    "one row, 140 MB": lambda: workbook(rows("<c/>" * 35_000_000, times=1)),
    "rows far apart": lambda: workbook(rows('<c r="GR999999999"/>', times=1, each='<row r="999999999">{}</row>')),
    "strings, 140 MB": lambda: workbook(strings=part("sst", "<si><t>a</t></si>" * 8_000_000)),
    "styles, 140 MB": lambda: workbook(styles=part("styleSheet", _in("cellXfs", "<xf/>" * 28_000_000))),
    "fonts, 60 MB": lambda: workbook(styles=part("styleSheet", _in("fonts", "<font><b/></font>" * 3_500_000))),
    "merged, 140 MB": lambda: workbook(
        part("worksheet", _in("mergeCells", '<mergeCell ref="A1:B2"/>' * 5_800_000))
    ),
    "deep, 140 MB": lambda: workbook(part("worksheet", "<a>" * 20_000_000 + "</a>" * 20_000_000)),
    "deep in a cell": lambda: workbook(rows("<c t='inlineStr'><is>" + "<r>" * 90_000 + "</r>" * 90_000 + "</is></c>", times=1)),
    "long string in every cell": lambda: workbook(
        rows('<c t="s"><v>0</v></c>' * 190, times=5_000), strings=part("sst", _in("si", _in("t", "a" * 32_000)))
    ),
    "marks, in every cell": lambda: workbook(
        rows('<c t="s"><v>0</v></c>' * 20, times=1_000), strings=part("sst", _in("si", _in("t", MARKS)))
    ),
    "entities": lambda: workbook(_entities()),
    "entities, later": lambda: workbook(_entities(pad=5_000)),
    "entities, utf-16": lambda: workbook(_entities().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")),
    "CSV: a million columns": lambda: b";" * 9 * MEGABYTE,
    "CSV: blanks": lambda: (b" ;" * 200 + b"\n") * 26_000,
    "CSV: a quote that never ends": lambda: b'a;b;"' + b"c;\n" * 3 * MEGABYTE,
    "CSV: quotes": lambda: b'"' * 10 * MEGABYTE,
    "CSV: marks": lambda: ("a" + "\u0315\u0300" * 60_000 + ";b\n").encode() * 40,
    "CSV: signs of no language": lambda: bytes(range(128, 256)) * 80_000,
    "CSV: empty lines": lambda: b"\n" * 10 * MEGABYTE,
}
