"""The organisation read as plain rows says the same as the selectors, and a line reaches all the way down."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from leder.organisation.areas import area_of_units
from leder.organisation.lines import Place, structure_on
from leder.organisation.models import Appointment, Position, Unit
from leder.organisation.selectors import leaders
from tests.factories import make_leader, make_position, make_user

pytestmark = pytest.mark.django_db
TODAY = dt.date(2027, 2, 1)


def appoint(position: Position, person: Any, **kwargs: Any) -> None:
    Appointment.objects.create(
        **{"position": position, "person": person, "starts": dt.date(2020, 1, 1), **kwargs}
    )


@pytest.fixture
def organisation() -> dict[str, Any]:
    """Four levels with a vacant position, one out of use, one acted in, and one person in two positions."""
    found: dict[str, Any] = {}
    found["top"], top = make_leader(first_name="Topp")
    found["middle"], middle = make_leader(reports_to=top, first_name="Midt")
    found["vacant"] = make_position(reports_to=middle)
    found["under_vacant"], found["under"] = make_leader(reports_to=found["vacant"])
    found["unused"] = make_position(reports_to=top, active=False)
    found["under_unused"], _position = make_leader(reports_to=found["unused"])
    on_leave, acted = make_leader(reports_to=middle, first_name="Permisjon")
    found["on_leave"], found["acted"] = on_leave, acted
    found["deputy"] = make_user(first_name="Vikar")
    appoint(acted, found["deputy"], acting=True, starts=dt.date(2027, 1, 1), ends=dt.date(2027, 12, 31))
    second = make_position(reports_to=middle)
    appoint(second, found["middle"])
    found["below_second"], _position = make_leader(reports_to=second)
    found["elsewhere"], _position = make_leader(first_name="Utenfor")
    return found


def test_seats_are_those_of_the_selectors(organisation: dict[str, Any]) -> None:
    expected = {
        (each.position.pk, each.person.pk, each.acting, each.superior.pk if each.superior else None)
        for each in leaders(TODAY)
    }
    assert {tuple(seat) for seat in structure_on(TODAY).seats()} == expected


def people_in_line(person: Any) -> set[int]:
    structure = structure_on(TODAY)
    line = structure.line_of(person.pk)
    return {structure.holders[pk].person_id for pk in line if pk in structure.holders}


def test_a_line_goes_all_the_way_down(organisation: dict[str, Any]) -> None:
    names = ("middle", "under_vacant", "under_unused", "deputy", "below_second")
    assert people_in_line(organisation["top"]) == {organisation[name].pk for name in names}
    below = ("under_vacant", "deputy", "below_second")
    assert people_in_line(organisation["middle"]) == {organisation[name].pk for name in below}


def test_one_on_leave_and_one_outside_have_no_line(organisation: dict[str, Any]) -> None:
    _below, _position = make_leader(reports_to=organisation["acted"])
    structure = structure_on(TODAY)
    assert structure.line_of(organisation["on_leave"].pk) == {}
    assert structure.line_of(organisation["elsewhere"].pk) == {}
    assert len(structure.line_of(organisation["deputy"].pk)) == 1


def test_each_comes_under_the_position_right_below(organisation: dict[str, Any]) -> None:
    line = structure_on(TODAY).line_of(organisation["middle"].pk)
    assert line[organisation["under"].pk] == organisation["vacant"].pk
    assert line[organisation["vacant"].pk] == organisation["vacant"].pk


def test_a_circle_ends() -> None:
    person, one = make_leader()
    other = make_position(reports_to=one)
    Position.objects.filter(pk=one.pk).update(reports_to=other)
    structure = structure_on(TODAY)
    assert set(structure.line_of(person.pk)) == {other.pk}
    assert structure.superior_of(one.pk, person.pk) is None


def test_areas_are_those_of_areas() -> None:
    def unit(code: str, kind: str, parent: Unit | None = None) -> Unit:
        return Unit.objects.create(code=code, name=code, kind=kind, parent=parent)

    town = unit("town", "municipality")
    sector = unit("sector", "sector", town)
    service = unit("service", "service", sector)
    ward = unit("ward", "department", service)
    alone = unit("alone", "department", town)
    structure = structure_on(TODAY)
    expected = {pk: area.pk for pk, area in area_of_units().items()}
    assert {pk: structure.place_of(pk).area_id for pk in expected} == expected
    assert structure.place_of(ward.pk) == Place(sector.pk, service.pk)
    assert structure.place_of(sector.pk) == Place(sector.pk, sector.pk)
    assert structure.place_of(alone.pk) == Place(alone.pk, alone.pk)


@pytest.mark.parametrize("number", [1, 30])
def test_three_queries(django_assert_num_queries: Any, number: int) -> None:
    for _number in range(number):
        make_leader()
    with django_assert_num_queries(3):
        list(structure_on(TODAY).seats())
