"""What tests of the pages of sharing share."""

import datetime as dt
import time

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leder.agreements.views.recent import SESSION_KEY
from tests.factories import PRIVATE_SECTION, make_agreement, make_user


@pytest.fixture
def agreement(db):
    return make_agreement()


@pytest.fixture
def reader(db):
    return make_user(first_name="Ragnhild", last_name="Rådgiver")


@pytest.fixture
def as_user():
    """A function that gives a client signed in as a person, just now or a while ago."""

    def sign_in(person, *, recent=True):
        client = Client()
        client.force_login(person)
        if not recent:
            session = client.session
            session[SESSION_KEY] = int(time.time()) - 3600
            session.save()
        return client

    return sign_in


@pytest.fixture
def page_of():
    """A function that gives the address of an agreement's page of sharing."""
    return lambda agreement: reverse("leder:sharing", args=[agreement.uuid])


@pytest.fixture
def posted():
    """A function that gives what the form posts."""

    def fields(**changes):
        until = (timezone.localdate() + dt.timedelta(days=10)).isoformat()
        return {"part": PRIVATE_SECTION, "reader": "", "purpose": "Veiledning", "until": until, **changes}

    return fields
