"""Changes to the organisation: each is one transaction that locks, checks the rules again, and changes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from . import rules
from .models import Appointment, Position


@transaction.atomic
def appoint(
    *, position: Position, person: Any, starts: date, ends: date | None = None, acting: bool = False
) -> Appointment:
    """Appoint a person to a position (tilsetting) and return the appointment.

    Raises `ValidationError` when the days are wrong, the position is out of use, or a permanent appointment
    already runs in the period; then nothing is changed.
    """
    # Two simultaneous appointments to a position wait for each other here, so that both are checked.
    locked = Position.objects.select_for_update(of=("self",)).select_related("unit").get(pk=position.pk)
    if not locked.active:
        raise ValidationError(
            _("%(position)s is no longer in use. Choose another position.") % {"position": locked},
            code="inactive",
        )
    appointment = Appointment(position=locked, person=person, starts=starts, ends=ends, acting=acting)
    appointment.full_clean()
    appointment.save()
    return appointment


@transaction.atomic
def end_appointment(*, appointment: Appointment, ends: date) -> Appointment:
    """Set the last day of an appointment, or move it to an earlier day. Returns the appointment.

    Raises `ValidationError` when the day is before the first, or when the appointment already has ended on an
    earlier day: extending is a new appointment.
    """
    # The position first, as in `appoint`: one order of locks.
    Position.objects.select_for_update().get(pk=appointment.position_id)
    locked = Appointment.objects.select_for_update().get(pk=appointment.pk)
    rules.check_period(locked.starts, ends)
    if locked.ends is not None and ends > locked.ends:
        raise ValidationError(
            {
                "ends": _("The appointment already ends on %(last)s. Make a new appointment to prolong it.")
                % {"last": date_format(locked.ends, "DATE_FORMAT")}
            },
            code="already_ended",
        )
    locked.ends = ends
    locked.save(update_fields=["ends"])
    return locked
