"""Who holds what, and who answers to whom, on a day."""

from datetime import date

import pytest

from leder.organisation.models import Appointment, Position
from leder.organisation.selectors import holder, leaders, positions_of, reports_of, superior_of

from .factories import AppointmentFactory, PersonFactory, PositionFactory, UnitFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 6, 1)


@pytest.fixture
def line():
    """Director ← service leader ← ward leader, all held since 2020."""
    director = PositionFactory(title="Kommunaldirektør", group=1, hta_chapter="3.4.1")
    service = PositionFactory(title="Virksomhetsleder", group=2, hta_chapter="3.4.2", reports_to=director)
    ward = PositionFactory(title="Avdelingsleder", reports_to=service)
    return {p.title: AppointmentFactory(position=p) for p in (director, service, ward)}


def _end(appointment):
    Appointment.objects.filter(pk=appointment.pk).update(ends=date(2026, 5, 31))


def test_holder_on_first_and_last_day():
    position = PositionFactory()
    appointment = AppointmentFactory(position=position, starts=date(2026, 1, 1), ends=date(2026, 1, 31))
    assert holder(position, date(2025, 12, 31)) is None
    assert holder(position, date(2026, 1, 1)) == appointment.person
    assert holder(position, date(2026, 1, 31)) == appointment.person
    assert holder(position, date(2026, 2, 1)) is None


def test_acting_takes_precedence_while_it_lasts(line):
    permanent = line["Virksomhetsleder"]
    acting = AppointmentFactory(
        position=permanent.position, starts=date(2026, 5, 1), ends=date(2026, 7, 31), acting=True
    )
    assert holder(permanent.position, DAY) == acting.person
    assert holder(permanent.position, date(2026, 8, 1)) == permanent.person
    assert positions_of(permanent.person, DAY) == []
    assert positions_of(acting.person, DAY) == [permanent.position]
    assert superior_of(line["Avdelingsleder"].position, DAY) == (permanent.position, acting.person)
    assert reports_of(permanent.person, DAY) == []
    (report,) = reports_of(line["Kommunaldirektør"].person, DAY)
    assert (report.person, report.acting) == (acting.person, True)


def test_acting_takes_precedence_over_a_permanent_one_appointed_later(line):
    permanent = line["Virksomhetsleder"]
    Appointment.objects.filter(pk=permanent.pk).update(ends=date(2026, 2, 28))
    AppointmentFactory(position=permanent.position, starts=date(2026, 3, 1))
    acting = AppointmentFactory(position=permanent.position, starts=date(2026, 1, 1), acting=True)
    assert holder(permanent.position, DAY) == acting.person


def test_the_latest_acting_counts(line):
    position = line["Virksomhetsleder"].position
    AppointmentFactory(position=position, starts=date(2026, 1, 1), acting=True)
    later = AppointmentFactory(position=position, starts=date(2026, 4, 1), acting=True)
    assert holder(position, DAY) == later.person


def test_superior(line):
    assert superior_of(line["Avdelingsleder"].position, DAY) == (
        line["Virksomhetsleder"].position,
        line["Virksomhetsleder"].person,
    )
    assert superior_of(line["Kommunaldirektør"].position, DAY) is None


def test_a_vacant_superior_is_passed_over(line):
    _end(line["Virksomhetsleder"])
    director = line["Kommunaldirektør"]
    assert superior_of(line["Avdelingsleder"].position, DAY) == (director.position, director.person)
    reports = {report.position.title: report.person for report in reports_of(director.person, DAY)}
    assert reports == {"Virksomhetsleder": None, "Avdelingsleder": line["Avdelingsleder"].person}


def test_a_position_out_of_use_is_passed_over_and_listed_nowhere(line):
    Position.objects.filter(title="Virksomhetsleder").update(active=False)
    director = line["Kommunaldirektør"]
    assert superior_of(line["Avdelingsleder"].position, DAY) == (director.position, director.person)
    assert [report.position.title for report in reports_of(director.person, DAY)] == ["Avdelingsleder"]
    assert positions_of(line["Virksomhetsleder"].person, DAY) == []
    assert "Virksomhetsleder" not in {row.position.title for row in leaders(DAY)}


def test_nobody_is_their_own_superior(line):
    service, ward = line["Virksomhetsleder"], line["Avdelingsleder"]
    Appointment.objects.filter(pk=ward.pk).update(person=service.person)
    director = line["Kommunaldirektør"]
    assert superior_of(ward.position, DAY) == (director.position, director.person)
    assert reports_of(service.person, DAY) == []
    titles = [report.position.title for report in reports_of(director.person, DAY)]
    assert titles == ["Virksomhetsleder"]
    assert {row.superior for row in leaders(DAY) if row.person == service.person} == {director.person}


def test_reports_across_the_unit_tree():
    office = PositionFactory(title="Skolesjef", unit=UnitFactory(name="Skole, stab"))
    sector = UnitFactory(name="Oppvekst og utdanning")
    head = AppointmentFactory(position=office)
    rectors = [
        AppointmentFactory(
            position__title="Rektor", position__unit=UnitFactory(parent=sector), position__reports_to=office
        )
        for _ in range(2)
    ]
    assert {report.person for report in reports_of(head.person, DAY)} == {r.person for r in rectors}


def test_one_person_on_two_positions():
    person = PersonFactory()
    first = AppointmentFactory(person=person, position__group=2, position__hta_chapter="3.4.2").position
    second = AppointmentFactory(person=person).position
    below = AppointmentFactory(position__reports_to=second)
    assert positions_of(person, DAY) == [first, second]
    assert [report.person for report in reports_of(person, DAY)] == [below.person]


def test_a_cycle_in_the_database_does_not_hang(line):
    top = line["Kommunaldirektør"].position
    Position.objects.filter(pk=top.pk).update(reports_to=line["Avdelingsleder"].position)
    for appointment in line.values():
        _end(appointment)
    top.refresh_from_db()
    assert superior_of(top, DAY) is None
    assert leaders(DAY) == []


def test_leaders_agrees_with_superior_of(line):
    _end(line["Virksomhetsleder"])
    AppointmentFactory(position__reports_to=line["Avdelingsleder"].position, acting=True)
    rows = leaders(DAY)
    assert len(rows) == 3
    for row in rows:
        assert row.person == holder(row.position, DAY)
        expected = superior_of(row.position, DAY)
        assert (row.superior_position, row.superior) == (expected or (None, None))
    assert [row.acting for row in rows].count(True) == 1


def test_reports_takes_as_many_queries_for_30_as_for_1(line, django_assert_num_queries):
    superior = line["Virksomhetsleder"]
    with django_assert_num_queries(3):
        assert len(reports_of(superior.person, DAY)) == 1
    for _ in range(29):
        AppointmentFactory(position__reports_to=superior.position)
    with django_assert_num_queries(3):
        reports = reports_of(superior.person, DAY)
        assert len(reports) == 30
        assert all(str(report.position) and report.person.get_full_name() for report in reports)


def test_leaders_takes_two_queries(line, django_assert_num_queries):
    for _ in range(30):
        AppointmentFactory(position__reports_to=line["Virksomhetsleder"].position)
    with django_assert_num_queries(2):
        rows = leaders(DAY)
        assert len(rows) == 33
        assert all(str(row.position) for row in rows)


def test_somebody_without_a_position_costs_one_query(django_assert_num_queries):
    person = PersonFactory()
    with django_assert_num_queries(1):
        assert reports_of(person, DAY) == []
