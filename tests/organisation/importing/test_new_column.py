"""A column that only this test declares goes all the way: read, refused by row and column, compared, written, exported.

One of a position, with a field of its own in the database, and one of a person. Nothing else is told of them.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, models

from leder.organisation.importing import cells, columns
from leder.organisation.importing.cells import Cell
from leder.organisation.importing.columns import PERSON, POSITION, THINGS, Column, PersonFacts, PositionFacts
from leder.organisation.importing.export import export
from leder.organisation.importing.faults import Kind, Wrong
from leder.organisation.importing.reading import parse
from leder.organisation.models import Position

from .files import KEYS, Row, as_csv, bring_in, everything, look, organisation, small

pytestmark = pytest.mark.django_db

NO_PHONE = Kind("phone", "No telephone number")
PHONE_CHANGED = Kind("position_phone", "Telephone numbers that change")
MAY_CHANGED = Kind("person_may", "People who may sign in, or no more")


def _phone(value: Any) -> str:
    digits = re.sub(r"\D", "", cells.clean(value).removeprefix("+47"))
    if len(digits) != 8:
        raise ValueError(value)
    return digits


PHONE = Column(
    "phone", "Telefon",
    Cell(parse=(_phone, Wrong(NO_PHONE, "“%(value)s” is no telephone number.")), write=lambda value: f"+47 {value}"),
    needed=False, change=PHONE_CHANGED, synonyms=("Mobil",),
)  # fmt: skip
MAY_SIGN_IN = Column(
    "may", "Kan logge inn", cells.YES_OR_NO, field="is_active", needed=False, change=MAY_CHANGED
)


@pytest.fixture
def phone(monkeypatch):
    """Positions have a telephone number, as a field and as a column."""
    field = models.CharField(max_length=20, default="")
    field.contribute_to_class(Position, "phone")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE leder_position ADD COLUMN phone varchar(20) NOT NULL DEFAULT ''")
    facts = NamedTuple("Facts", [*PositionFacts.__annotations__.items(), ("phone", str)])
    monkeypatch.setattr(POSITION, "facts", facts)
    monkeypatch.setattr(POSITION, "columns", (*POSITION.columns, PHONE))
    yield
    Position._meta.local_fields.remove(field)
    Position._meta._expire_cache()
    del Position.phone


@pytest.fixture
def may_sign_in(monkeypatch):
    facts = NamedTuple("Facts", [*PersonFacts.__annotations__.items(), ("may", bool)])
    monkeypatch.setattr(PERSON, "facts", facts)
    monkeypatch.setattr(PERSON, "columns", (*PERSON.columns, MAY_SIGN_IN))


def _file(key: str, heading: str, *values: str) -> bytes:
    """The small file with one more column."""
    rows: list[Row] = [row | {key: value} for row, value in zip(small(), values, strict=True)]
    lines = as_csv(rows).decode().splitlines()
    return "\r\n".join(
        f"{line};{more}" for line, more in zip(lines, [heading, *values], strict=True)
    ).encode()


def _changes(content: bytes) -> list[tuple[str, str, str, str]]:
    found = look(content).difference
    assert found is not None
    return [(change.kind.value, change.code, change.before, change.after) for change in found.changes]


def _phones() -> dict[str, str]:
    return dict(Position.objects.values_list("code", "phone"))


def test_a_column_of_a_position(phone):
    bring_in(_file("phone", "Mobil", "+47 11 11 11 11", ""))
    assert _phones() == {"S1": "11111111", "S2": ""}
    later = _file("phone", "Telefon", "22 22 22 22", "33333333")
    assert _changes(later) == [
        ("position_phone", "S1", "+47 11111111", "+47 22222222"),
        ("position_phone", "S2", "", "+47 33333333"),
    ]
    assert bring_in(later).counts == {"position_phone": 2}
    assert _phones() == {"S1": "22222222", "S2": "33333333"}
    assert organisation().positions["S1"].phone == "22222222"
    assert bring_in(later) is None


def test_its_fault_has_row_and_column_and_nothing_is_changed(phone):
    bring_in(_file("phone", "Telefon", "11111111", "22222222"))
    before = everything()
    [fault] = look(_file("phone", "Mobil", "11111111", "ring meg")).faults
    assert (fault.kind, fault.row, fault.column) == (NO_PHONE, 3, "Mobil")
    assert fault.text == "“ring meg” is no telephone number."
    assert everything() == before


def test_a_file_without_it_leaves_it_and_an_empty_cell_takes_it_away(phone):
    bring_in(_file("phone", "Telefon", "11111111", "22222222"))
    assert bring_in(as_csv(small())) is None
    assert bring_in(_file("phone", "Telefon", "", "22222222")).counts == {"position_phone": 1}
    assert _phones() == {"S1": "", "S2": "22222222"}


def test_two_rows_that_disagree_about_it(phone):
    lines = _file("phone", "Telefon", "11111111", "22222222").decode().splitlines()
    content = "\r\n".join([*lines, lines[2].replace("22222222", "33333333")]).encode()
    assert [(fault.kind.value, fault.row, fault.column) for fault in look(content).faults] == [
        ("contradiction", 4, "Telefon")
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_it_is_exported_after_the_others_of_its_position_and_read_again(phone, form):
    bring_in(_file("phone", "Telefon", "11111111", "22222222"))
    table = parse(export(form))
    place = table.headings.index("Telefon")
    assert table.headings[place - 1] == "Rapporterer til"
    assert [row[place] for _number, row in table.rows] == ["'+47 11111111", "'+47 22222222"]
    assert bring_in(export(form)) is None


def test_a_column_of_a_person(may_sign_in):
    people = get_user_model().objects
    bring_in(as_csv(small()))
    assert people.get(username="ola").is_active
    [fault] = look(_file("may", "Kan logge inn", "ja", "tja")).faults
    assert (fault.kind.value, fault.row, fault.column) == ("yes_no", 3, "Kan logge inn")
    left = _file("may", "Kan logge inn", "ja", "nei")
    assert _changes(left) == [("person_may", "ola", "Ja", "Nei")]
    bring_in(left)
    assert (people.get(username="kari").is_active, people.get(username="ola").is_active) == (True, False)
    assert bring_in(export("xlsx")) is None
    assert bring_in(as_csv(small())) is None
    assert not people.get(username="ola").is_active


def test_every_fact_has_its_column_and_every_column_its_field():
    for thing in THINGS:
        assert [column.place for column in thing.columns] == [*thing.facts._fields]
        assert all(thing.field(column) for column in thing.columns)
        assert all(column.change for column in thing.columns[1:])
    assert [column.key for column in columns.every_column()] == KEYS
    assert len({*KEYS}) == len(KEYS)
