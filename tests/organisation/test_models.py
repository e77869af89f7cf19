"""What the models and the database refuse."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from leder.organisation.models import Appointment, Position, Unit

from .factories import AppointmentFactory, PersonFactory, PositionFactory, UnitFactory

pytestmark = pytest.mark.django_db


def test_a_unit_is_not_part_of_itself():
    unit = UnitFactory()
    unit.parent = unit
    with pytest.raises(ValidationError) as error:
        unit.full_clean()
    assert set(error.value.message_dict) == {"parent"}
    assert len(error.value.message_dict["parent"]) == 1


def test_units_do_not_make_a_circle():
    top = UnitFactory(name="Teknisk drift")
    middle = UnitFactory(name="Veg", parent=top)
    bottom = UnitFactory(name="Brøyting", parent=middle)
    top.parent = bottom
    with pytest.raises(ValidationError) as error:
        top.full_clean()
    assert "Teknisk drift → Brøyting → Veg → Teknisk drift" in str(error.value)


def test_a_position_does_not_report_to_itself():
    position = PositionFactory()
    position.reports_to = position
    with pytest.raises(ValidationError) as error:
        position.full_clean()
    assert len(error.value.message_dict["reports_to"]) == 1


def test_positions_do_not_make_a_circle():
    rector = PositionFactory(title="Rektor")
    head = PositionFactory(title="Skolesjef", reports_to=rector)
    rector.reports_to = head
    with pytest.raises(ValidationError) as error:
        rector.full_clean()
    assert "Rektor" in str(error.value)
    assert "Skolesjef" in str(error.value)


def test_reporting_may_cross_the_unit_tree():
    school = UnitFactory(parent=UnitFactory())
    office = UnitFactory(parent=UnitFactory())
    PositionFactory(unit=school, reports_to=PositionFactory(unit=office)).full_clean()


@pytest.mark.parametrize("model", [Unit, Position])
def test_the_database_refuses_itself_too(model):
    if model is Unit:
        row, field = UnitFactory(), "parent"
    else:
        row, field = PositionFactory(), "reports_to"
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{field: row.pk})


@pytest.mark.parametrize("change", [{"group": 4}, {"group": 0}, {"hta_chapter": "6"}])
def test_the_database_knows_groups_and_chapters(change):
    position = PositionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Position.objects.filter(pk=position.pk).update(**change)


def test_the_database_refuses_an_end_before_the_start():
    appointment = AppointmentFactory(starts=date(2026, 5, 2))
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=appointment.pk).update(ends=date(2026, 5, 1))


def test_the_database_refuses_two_open_permanent_appointments():
    position = AppointmentFactory(starts=date(2020, 1, 1)).position
    with pytest.raises(IntegrityError), transaction.atomic():
        AppointmentFactory(position=position, starts=date(2024, 1, 1))
    AppointmentFactory(position=position, starts=date(2024, 1, 1), acting=True)


def test_permanent_appointments_do_not_overlap_and_the_message_is_said_once():
    first = AppointmentFactory(starts=date(2024, 1, 1), ends=date(2026, 6, 30))
    second = Appointment(position=first.position, person=PersonFactory(), starts=date(2026, 6, 30))
    with pytest.raises(ValidationError) as error:
        second.full_clean()
    messages = [message for field in error.value.message_dict.values() for message in field]
    assert len(messages) == 1
    assert first.person.get_full_name() in messages[0]
    second.starts = date(2026, 7, 1)
    second.full_clean()


def test_the_same_start_is_said_once():
    first = AppointmentFactory(starts=date(2024, 1, 1))
    with pytest.raises(ValidationError) as error:
        Appointment(position=first.position, person=PersonFactory(), starts=date(2024, 1, 1)).full_clean()
    assert sum(len(messages) for messages in error.value.message_dict.values()) == 1


def test_an_end_before_the_start_is_refused_in_words():
    appointment = Appointment(
        position=PositionFactory(), person=PersonFactory(), starts=date(2026, 5, 2), ends=date(2026, 5, 1)
    )
    with pytest.raises(ValidationError) as error:
        appointment.full_clean()
    assert set(error.value.message_dict) == {"ends"}


def test_an_appointment_does_not_overlap_with_itself():
    appointment = AppointmentFactory(starts=date(2024, 1, 1))
    appointment.ends = date(2030, 1, 1)
    appointment.full_clean()


def test_acting_may_run_beside_permanent():
    first = AppointmentFactory(starts=date(2024, 1, 1))
    Appointment(
        position=first.position, person=PersonFactory(), starts=date(2026, 1, 1), acting=True
    ).full_clean()
