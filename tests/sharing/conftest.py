"""What tests of the pages of sharing share."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import PRIVATE_SECTION, make_agreement, make_user


@pytest.fixture
def agreement(db):
    return make_agreement()


@pytest.fixture
def reader(db):
    return make_user(first_name="Ragnhild", last_name="Rådgiver")


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
