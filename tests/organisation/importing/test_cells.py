"""What stands in cells, as people and spreadsheets write it."""

import datetime as dt

import pytest

from leder.organisation.importing import cells
from leder.organisation.importing.columns import every_column, guess, missing

DAY = dt.date(2027, 12, 31)


@pytest.mark.parametrize(
    "value",
    [
        DAY, dt.datetime(2027, 12, 31), "31.12.2027", " 31.12.2027 ", "31.12.27", "31/12/2027", "31-12-2027",
        "2027-12-31", "2027-12-31 00:00:00", "2027-12-31T00:00", "20271231", 46752, 46752.0, "46752", "31. 12. 2027",
        "31.12.2027 00:00:00", "\u00a031.12.2027",
    ],
)  # fmt: skip
def test_a_day_is_read(value):
    assert cells.day(value) == DAY


@pytest.mark.parametrize(
    "value", ["31.02.2027", "i dag", "2027", "12", 7, 3.5, "1.1.1900", "31.12.9999", "2027-13-01", True]
)
def test_what_is_no_day_is_refused(value):
    with pytest.raises((ValueError, OverflowError)):
        cells.day(value)


@pytest.mark.parametrize(
    "value", [None, "", "  ", "\u00a0", "31.12.9999", "9999-12-31", dt.datetime(9999, 12, 31)]
)
def test_until_further_notice(value):
    assert cells.last_day(value) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1001.0, "1001"), (1001, "1001"), ("1001.0", "1001"), ("1001,00", "1001"), ("0042", "0042"), ("3.4", "3.4"),
        (" A\u00a01 ", "A 1"), ("\ufeffA", "A"), ("A\u200bB", "AB"), ("A\n  B", "A B"), (None, ""), ("A\x07", "A"),
    ],
)  # fmt: skip
def test_a_code_is_what_the_register_wrote(value, text):
    assert cells.code(value) == text


@pytest.mark.parametrize(
    ("value", "chapter"),
    [
        ("3.4.1", "3.4.1"), ("HTA 3.4.2", "3.4.2"), ("kap. 5", "5"), ("Kapittel 3.4.1", "3.4.1"), (5, "5"), (5.0, "5"),
        (dt.datetime(2001, 4, 3), "3.4.1"), ("03.04.2002", "3.4.2"),
    ],
)  # fmt: skip
def test_chapters_even_where_excel_made_them_dates(value, chapter):
    assert cells.chapter(value) == chapter


@pytest.mark.parametrize("value", ["4", "3.4", "3.4.3", dt.datetime(2003, 4, 3), ""])
def test_no_chapter(value):
    with pytest.raises(ValueError):
        cells.chapter(value)


@pytest.mark.parametrize(("value", "group"), [(1, 1), ("2", 2), (3.0, 3), ("Gruppe 1", 1), ("nivå 3", 3)])
def test_leader_levels(value, group):
    assert cells.leader_group(value) == group


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("Ja", True),
        ("x", True),
        (True, True),
        (1, True),
        ("Nei", False),
        (None, False),
        (False, False),
        (0.0, False),
    ],
)
def test_yes_and_no(value, answer):
    assert cells.yes_no(value) is answer


@pytest.mark.parametrize("value", ["kanskje", "ja, delvis", 2])
def test_neither_yes_nor_no(value):
    with pytest.raises(ValueError):
        cells.yes_no(value)


@pytest.mark.parametrize("text", ["=1+1", "+47", "-5", "@a", "'=1", "'t Hooft", "''", "Kari", ""])
def test_what_is_guarded_comes_back(text):
    guarded = cells.guard(text)
    assert not guarded.startswith(("=", "+", "-", "@"))
    assert cells.clean(guarded) == text


def test_headings_are_known_in_any_case_and_by_other_names():
    headings = ["ENHETSNR", " enhetsnavn ", "Type enhet", "Ukjent", "Epost", "E-POSTADRESSE", "Ansattnr."]
    assert guess(headings) == {0: "unit", 1: "unit_name", 2: "unit_kind", 4: "email", 6: "person"}
    assert guess([column.heading for column in every_column()]) == {
        n: c.key for n, c in enumerate(every_column())
    }


def test_what_was_chosen_goes_before_what_is_known():
    assert guess(["Kode", "Enhetskode"], {"kode": "unit"}) == {0: "unit"}
    assert guess(["Enhetskode", "Enhet"], {"enhetskode": ""}) == {1: "unit_name"}


def test_needed_columns():
    assert [column.key for column in missing(column.key for column in every_column()[1:])] == ["unit"]
    assert not missing(
        column.key for column in every_column() if column.key not in {"email", "ends", "acting"}
    )
