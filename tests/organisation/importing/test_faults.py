"""Every kind of fault by row and column, and what is no fault."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from leder.organisation.importing.faults import FaultKind, WarningKind
from tests.organisation.factories import PersonFactory

from .files import (
    HEADINGS,
    KEYS,
    KOMMUNE,
    SKOLE,
    TODAY,
    as_csv,
    as_xlsx,
    bring_in,
    everything,
    look,
    person,
    position,
    small,
    unit,
)

pytestmark = pytest.mark.django_db
HEADING = dict(zip(KEYS, HEADINGS, strict=True))


def _faults(rows):
    return [(fault.kind, fault.row, fault.column) for fault in look(as_csv(rows)).faults]


def _warnings(rows):
    found = look(as_csv(rows), day=TODAY)
    assert not found.faults
    return [(warning.kind, warning.row) for warning in found.warnings]


def test_nothing_is_wrong_with_a_small_file():
    found = look(as_csv(small()), day=TODAY)
    assert (found.faults, found.warnings) == ([], [])


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("unit", "", FaultKind.MISSING_VALUE),
        ("unit_name", "", FaultKind.MISSING_VALUE),
        ("position", "", FaultKind.MISSING_VALUE),
        ("group", "", FaultKind.MISSING_VALUE),
        ("chapter", "", FaultKind.MISSING_VALUE),
        ("person", "", FaultKind.MISSING_VALUE),
        ("first", "", FaultKind.MISSING_VALUE),
        ("starts", "", FaultKind.MISSING_VALUE),
        ("unit", "U" * 33, FaultKind.TOO_LONG),
        ("person", "u" * 151, FaultKind.TOO_LONG),
        ("unit_kind", "Skole", FaultKind.UNIT_KIND),
        ("group", "4", FaultKind.LEADER_GROUP),
        ("chapter", "4", FaultKind.CHAPTER),
        ("starts", "32.01.2020", FaultKind.DATE),
        ("ends", "snart", FaultKind.DATE),
        ("ends", "01.01.2010", FaultKind.END_BEFORE_START),
        ("acting", "tja", FaultKind.YES_NO),
        ("email", "ola@", FaultKind.EMAIL),
        ("person", "ola bø", FaultKind.USERNAME),
        ("last", "#N/A", FaultKind.EXCEL),
        ("unit_parent", "77", FaultKind.NO_UNIT),
        ("unit_parent", "10", FaultKind.UNIT_CYCLE),
        ("reports_to", "S9", FaultKind.NO_POSITION),
        ("reports_to", "S2", FaultKind.POSITION_CYCLE),
        ("email", "KARI@example.NO", FaultKind.SHARED_EMAIL),
    ],
)
def test_a_fault_in_a_cell_is_named_once(column, value, kind):
    rows = small()
    rows[1][column] = value
    before = everything()
    assert _faults(rows) == [(kind, 3, HEADING[column])]
    assert everything() == before


def test_a_long_circle_names_all_who_are_in_it():
    rows = [
        *small(),
        {**unit("20", "A", parent="22"), **position("A", "A", "C")},
        {**unit("21", "B", parent="20"), **position("B", "B", "A")},
        {**unit("22", "C", parent="21"), **position("C", "C", "B")},
    ]
    faults = look(as_csv(rows)).faults
    assert [(fault.kind, fault.row) for fault in faults if fault.kind == FaultKind.UNIT_CYCLE] == [
        (FaultKind.UNIT_CYCLE, row) for row in (4, 5, 6)
    ]
    assert "A → C → B → A" in {fault.text for fault in faults if fault.kind == FaultKind.POSITION_CYCLE}.pop()


def test_rows_that_disagree():
    rows = [
        *small(),
        {**SKOLE, **position("S2", "Rektor", "S1"), **person("ola", "Ole", "Bø", "01.01.2010", "31.12.2019")},
    ]
    assert _faults(rows) == [(FaultKind.NAMES, 4, "Fornavn")]
    rows[2] |= {"first": "Ola", "title": "Skoleleder"}
    assert _faults(rows) == [(FaultKind.CONTRADICTION, 4, "Stilling")]
    rows[2] |= {"title": "Rektor", "unit_parent": ""}
    assert _faults(rows) == [(FaultKind.CONTRADICTION, 4, "Overordnet enhet")]
    rows[2] |= {"unit_parent": "1", "email": "annen@example.no"}
    assert _faults(rows) == [(FaultKind.CONTRADICTION, 4, "E-post")]


def test_overlapping_appointments():
    rows = [*small(), {**SKOLE, **position("S2", "Rektor", "S1"), **person("eva", "Eva", "Li", "01.01.2025")}]
    assert _faults(rows) == [(FaultKind.OVERLAP, 4, "Fra dato")]
    rows[1]["ends"] = "31.12.2024"
    assert _faults(rows) == []
    rows[1]["ends"], rows[2]["acting"] = "", "ja"
    assert _faults(rows) == []


def test_the_same_row_twice_is_one_and_another_end_a_fault():
    rows = [*small(), small()[1]]
    assert _faults(rows) == []
    rows[2]["ends"] = "01.05.2027"
    assert _faults(rows) == [(FaultKind.REPEATED, 4, "Til dato")]


def test_an_address_of_somebody_who_is_not_in_the_file():
    PersonFactory(username="andre", email="Ola@Example.no")
    assert _faults(small()) == [(FaultKind.SHARED_EMAIL, 3, "E-post")]


def test_two_who_shared_an_address_already_may_go_on():
    bring_in(as_csv(small()))
    get_user_model().objects.filter(username__in=["kari", "ola"]).update(email="felles@example.no")
    rows = [row | {"email": "felles@example.no"} for row in small()]
    assert _faults(rows) == []


def test_user_names_in_other_letters_are_the_same_person():
    PersonFactory(username="OLA", first_name="Ola", last_name="Bø", email="ola@example.no")
    found = look(as_csv(small()))
    assert not found.faults
    assert set(found.file.people) == {"kari", "OLA"}


def test_vacant_positions_and_units_without_positions():
    rows = [
        *small(),
        {**unit("11", "SFO", "Avdeling", "10"), **position("S3", "Leder av SFO", "S2", 3, 5)},
        unit("12", "Klubben", "Avdeling", "10"),
    ]
    bring_in(as_csv(rows))
    assert _faults(rows) == []


def test_excel_made_numbers_and_dates_of_it():
    rows = small()
    rows[0] |= {"unit": 1.0, "group": 1.0, "starts": 43831}
    rows[1] |= {"unit_parent": 1, "starts": 43831.0, "chapter": "3.4.2 ", "person": 1001.0, "ends": None}
    found = look(as_xlsx(rows))
    assert not found.faults
    assert found.file.units["10"].parent == "1"
    assert set(found.file.people) == {"kari", "1001"}
    assert {key.starts.isoformat() for key in found.file.terms} == {"2020-01-01"}


def test_what_is_worth_a_look():
    rows = [
        *small(),
        {**unit("11", "SFO", "Avdeling", "10"), **position("S3", "Leder", "", 3, 5), **person("ola", "Ola", "Bø")},
        {**unit("12", "Trinn", "Avdeling", "10"), **position("S4", "Leder", "S2", 3, 5),
         **person("eva", "Eva", "Li", acting="ja")},
    ]  # fmt: skip
    assert _warnings(rows) == [
        (WarningKind.NO_SUPERIOR, 4),
        (WarningKind.TWO_POSITIONS, 4),
        (WarningKind.ONLY_ACTING, 5),
    ]


@pytest.mark.parametrize("flag", ["is_superuser", "is_staff", "cms"])
def test_names_and_addresses_of_those_with_power_are_left_alone(flag):
    ola = PersonFactory(username="ola", first_name="Gammelt", last_name="Navn", email="gammel@example.no")
    if flag == "cms":
        ola.user_permissions.add(Permission.objects.get(codename="access_admin"))
    else:
        get_user_model().objects.filter(pk=ola.pk).update(**{flag: True})
    assert _warnings(small()) == [(WarningKind.PROTECTED_PERSON, 3)]
    before = get_user_model().objects.filter(pk=ola.pk).values().get()
    bring_in(as_csv(small()))
    assert get_user_model().objects.filter(pk=ola.pk).values().get() == before


def test_a_lost_address_and_much_that_ends():
    rows = [*small(), *({**KOMMUNE, **position(f"X{n}", "Leder", "S1")} for n in range(8))]
    bring_in(as_csv(rows))
    rows = small()
    rows[1]["email"] = ""
    assert _warnings(rows) == [(WarningKind.MUCH_ENDS, None), (WarningKind.LOST_EMAIL, 3)]
