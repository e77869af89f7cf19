"""Another person behind the same account: at the sign-on, and by two accounts that are made one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leder.agreements.models import Agreement, AgreementUserObjectPermission
from leder.organisation.models import Appointment
from leder.safekeeping.verification import findings
from tests.attacks import sign_on
from tests.attacks.conftest import Municipality, shows

AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"


@pytest.fixture
def signed_on(municipality: Municipality, settings: Any) -> Iterator[Municipality]:
    """The same, from the day that people sign in by the municipality's sign-on: known to be no change."""
    settings.AUTHENTICATION_BACKENDS = [sign_on.BACKEND]
    settings.LEDER_PROVIDER_IDENTITY = sign_on.IDENTITY
    position = settings.MIDDLEWARE.index(AUTHENTICATION) + 1
    by_name = "django.contrib.auth.middleware.RemoteUserMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:position], by_name, *settings.MIDDLEWARE[position:]]
    call_command("leder_accounts", know_method=sign_on.BACKEND, stdout=StringIO())
    call_command("leder_accounts", take_over=True, stdout=StringIO())
    yield municipality
    sign_on.MOVED.clear()


def _read(person: Any, agreement: Agreement) -> set[str]:
    """What one whom the sign-on lets in as this person is shown of an agreement."""
    client = Client(REMOTE_USER=person.username)
    pages = [
        reverse(f"leder:{name}", args=[agreement.uuid]) for name in ("agreement", "preparation", "document")
    ]
    return shows("\n".join(client.get(page, follow=True).content.decode(errors="replace") for page in pages))


def test_the_sign_on_gives_a_user_name_to_another(signed_on: Municipality) -> None:
    leader, agreement = signed_on.leader, signed_on.agreement
    assert "open" in _read(leader, agreement)
    sign_on.MOVED[leader.username] = "somebody-elses-number"
    assert _read(leader, agreement) == set()
    assert signed_on.told() >= {leader.email, signed_on.superior.email}
    # Who has the name there is believed neither when they have it back: a party says so first.
    sign_on.MOVED.clear()
    assert _read(leader, agreement) == set()


def test_two_accounts_are_made_one(municipality: Municipality) -> None:
    """HR's file puts another user behind the leader, and a script moves what the first one had."""
    leader, other, agreement = municipality.leader, municipality.colleague, municipality.agreement
    today = timezone.localdate()
    Appointment.objects.filter(person=leader).update(ends=today - dt.timedelta(days=1))
    Appointment.objects.create(position=agreement.position, person=other, starts=today)
    assert shows(municipality.browser(other).reads()) == set()

    Agreement.objects.filter(leader=leader).update(leader=other)
    AgreementUserObjectPermission.objects.filter(user=leader).update(user=other)
    assert (
        shows(municipality.browser(other).reads(reverse("leder:agreement", args=[agreement.uuid]))) == set()
    )
    assert any("grants" in line for line in findings())
