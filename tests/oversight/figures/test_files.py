"""Tables as files: no cell that a spreadsheet takes for a formula, and what Excel reads in Norwegian."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
import tablib

from leder.oversight.figures.files import CSV, XLSX, Sheet, file_response, safe

SHEET = Sheet("Alle [1/2]", ["Navn", "Antall"], [["Åse Ødegård; «A»", 12], ['=HYPERLINK("x")', 0]])


@pytest.mark.parametrize("text", ["=1+1", "+47", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"])
def test_no_formula(text: str) -> None:
    assert safe(text).startswith("'")


def test_numbers_dates_and_nothing() -> None:
    assert (safe(-3), safe(None), safe(dt.date(2027, 3, 31)), safe("A-4")) == (-3, "", "2027-03-31", "A-4")


def test_csv_is_what_excel_reads() -> None:
    content = file_response([SHEET], kind=CSV, name="Å være").content
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Navn;Antall"
    assert lines[1] == '"Åse Ødegård; «A»";12'
    assert lines[2].startswith("\"'=HYPERLINK")


def test_a_workbook_of_sheets() -> None:
    response = file_response([SHEET, Sheet("Andre", ["A"], [[1]])], kind=XLSX, name="Gjennomføring 2027")
    book = tablib.Databook().load(BytesIO(response.content), format="xlsx")
    assert [sheet.title for sheet in book.sheets()] == ["Alle  1 2 ", "Andre"]
    assert book.sheets()[0][1] == ('\'=HYPERLINK("x")', 0)
    assert response["Content-Disposition"] == 'attachment; filename="gjennomforing-2027.xlsx"'
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_no_formula_in_a_heading(kind: str) -> None:
    """A heading may be the name of a unit, which HR's register has."""
    content = file_response([Sheet("Ark", ["=1+1"], [[1]])], kind=kind, name="ark").content
    read = tablib.Dataset().load(
        BytesIO(content) if kind == XLSX else content.decode("utf-8-sig"), format=kind
    )
    assert read.headers == ["'=1+1"]
