"""Files in the shapes that Excel and HR systems write, and files that are refused."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from leder.organisation.importing import reading, unpacking
from leder.organisation.importing.faults import FileRefused

from .files import HEADINGS, as_csv, as_xlsx, look, small

ROWS = small()


def _cells(content):
    table = reading.parse(content)
    return table.headings, [list(row) for _number, row in table.rows]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_delimiters_and_encodings(delimiter, encoding):
    content = as_csv(ROWS, delimiter=delimiter).decode().encode(encoding)
    headings, rows = _cells(content)
    assert headings == HEADINGS
    assert rows[1][11] == "Bø"


@pytest.mark.parametrize(
    "top", ["sep=;\r\n", "\r\n\r\n", "Ledere i kommunen;;\r\nSkrevet ut 10.06.2027\r\n\r\n"]
)
def test_what_stands_above_the_headings(top):
    content = top.encode() + as_csv(ROWS)
    table = reading.parse(content)
    assert table.headings == HEADINGS
    # The number that a spreadsheet shows.
    assert [number for number, _row in table.rows] == [top.count("\n") + 2, top.count("\n") + 3]


def test_empty_rows_are_passed_over_and_counted():
    content = as_csv([ROWS[0], {}, {"unit": "  ", "title": "\u00a0"}, ROWS[1], {}])
    assert [number for number, _row in reading.parse(content).rows] == [2, 5]


def test_a_cell_may_have_the_delimiter_a_quote_and_a_line_in_it():
    row = {**ROWS[0], "unit_name": 'Skole; "Nord"\nog Sør'}
    assert look(as_csv([row])).file.units["1"].name == 'Skole; "Nord" og Sør'


def test_a_workbook_is_read_as_its_values():
    book = Workbook()
    sheet = book.active
    sheet.append(HEADINGS)
    sheet.append(["=1+1", "Kommunen"])
    written = io.BytesIO()
    book.save(written)
    # Never worked out by a spreadsheet: there is no value.
    assert _cells(written.getvalue())[1][0][:2] == [None, "Kommunen"]


def test_the_first_visible_sheet_counts():
    book = Workbook()
    book.active.append(["Skjult"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Ledere").append(HEADINGS)
    written = io.BytesIO()
    book.save(written)
    assert _cells(written.getvalue())[0] == HEADINGS


def _packed(**parts):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        with zipfile.ZipFile(io.BytesIO(as_xlsx(ROWS))) as good:
            for name in good.namelist():
                packed.writestr(name, good.read(name))
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), content)
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n;;;\n",
        b"\xd0\xcf\x11\xe0 an older workbook",
        b"PK\x03\x04 not a zip",
        b"\x89PNG\r\n\x00\x00",
        b"a" * (reading.LARGEST_FILE + 1),
        _packed(xl__vbaProject_bin=b"x"),
        _packed(xl__media__bomb_bin=b"\0" * (unpacking.LARGEST_UNPACKED + 1)),
        _packed(xl__extra_xml=b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        b'"a;b\n' + b"x" * 200_000,
    ],
    ids=["nothing", "empty", "old", "broken", "binary", "large", "macros", "bomb", "doctype", "quote"],
)
def test_what_is_refused(content):
    with pytest.raises(FileRefused) as refused:
        reading.parse(content)
    assert str(refused.value).endswith((".", "?"))


def test_another_zip_is_refused():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        packed.writestr("word/document.xml", "<a/>")
    with pytest.raises(FileRefused):
        reading.parse(written.getvalue())


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 10)
    assert reading.parse(as_csv([ROWS[0]] * 10))
    with pytest.raises(FileRefused):
        reading.parse(as_csv([ROWS[0]] * 11))


pytestmark = pytest.mark.django_db
