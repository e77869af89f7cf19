"""Appointing and ending, and that a refusal changes nothing."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from leder.organisation.actions import appoint, end_appointment
from leder.organisation.models import Appointment

from .factories import AppointmentFactory, PersonFactory, PositionFactory

pytestmark = pytest.mark.django_db


def _rows():
    return list(Appointment.objects.order_by("pk").values())


def test_appoint():
    position, person = PositionFactory(), PersonFactory()
    appointment = appoint(position=position, person=person, starts=date(2026, 1, 1))
    assert Appointment.objects.get() == appointment
    assert (appointment.person, appointment.position, appointment.acting) == (person, position, False)


@pytest.mark.parametrize(
    "days",
    [
        {"starts": date(2026, 2, 1), "ends": date(2026, 1, 1)},
        {"starts": date(2019, 1, 1)},
        {"starts": date(2025, 1, 1), "ends": date(2025, 2, 1)},
    ],
)
def test_a_refused_appointment_changes_nothing(days):
    position = AppointmentFactory().position
    before = _rows()
    with pytest.raises(ValidationError):
        appoint(position=position, person=PersonFactory(), **days)
    assert _rows() == before


def test_nobody_is_appointed_to_a_position_out_of_use():
    position = PositionFactory(active=False)
    with pytest.raises(ValidationError, match="Avdelingsleder"):
        appoint(position=position, person=PersonFactory(), starts=date(2026, 1, 1))
    assert not Appointment.objects.exists()


def test_the_database_decides_whether_the_position_is_in_use():
    position = PositionFactory()
    type(position).objects.update(active=False)
    with pytest.raises(ValidationError):
        appoint(position=position, person=PersonFactory(), starts=date(2026, 1, 1))


def test_end_and_appoint_the_next():
    first = AppointmentFactory()
    ended = end_appointment(appointment=first, ends=date(2026, 5, 31))
    assert ended.ends == date(2026, 5, 31)
    appoint(position=first.position, person=PersonFactory(), starts=date(2026, 6, 1))
    assert Appointment.objects.count() == 2


def test_an_end_before_the_start_changes_nothing():
    appointment = AppointmentFactory(starts=date(2026, 1, 1))
    before = _rows()
    with pytest.raises(ValidationError):
        end_appointment(appointment=appointment, ends=date(2025, 12, 31))
    assert _rows() == before


def test_an_ended_appointment_is_not_prolonged():
    appointment = AppointmentFactory(starts=date(2025, 1, 1), ends=date(2025, 12, 31))
    before = _rows()
    with pytest.raises(ValidationError):
        end_appointment(appointment=appointment, ends=date(2026, 12, 31))
    assert _rows() == before
    end_appointment(appointment=appointment, ends=date(2025, 6, 30))
    assert Appointment.objects.get().ends == date(2025, 6, 30)
