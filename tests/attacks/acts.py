"""What those do who attack: one who keeps the users, and one in HR."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone

from leder.agreements.models import Handover, KnownAccount
from leder.organisation.models import Appointment
from tests.attacks.conftest import NEW, Municipality
from tests.attacks.hands import Hands

PASSWORDS = {"password1": NEW, "password2": NEW}


def edit(operator: Hands, user: Any, **changed: Any) -> None:
    """Save the form of a person in the user administration. None leaves a field out: unticks it."""
    page = reverse("wagtailusers_users:edit", args=[user.pk])
    answer = operator.submit(page, **{"username": user.username, **changed})
    assert answer.status == 200, answer


def change_of(person: Any) -> str:
    """Where a party says whose account it is."""
    change = KnownAccount.objects.get(pk=person.pk).uuid
    return reverse("leder:account_confirm", args=[change])


def appoint(municipality: Municipality) -> None:
    """The colleague in the superior's position from today."""
    position = municipality.agreement.superior_position
    today = timezone.localdate()
    Appointment.objects.filter(position=position).update(ends=today - dt.timedelta(days=1))
    Appointment.objects.create(position=position, person=municipality.colleague, starts=today)


def plan(municipality: Municipality, hr: Hands) -> Handover:
    """Plan the handover to the colleague for today, at HR's page."""
    hr.get(reverse("leder_handovers"))
    day = timezone.localdate().isoformat()
    hr.post(reverse("leder_handovers"), {"agreement": municipality.agreement.pk, "on": day})
    return Handover.objects.filter(agreement=municipality.agreement).latest("pk")
