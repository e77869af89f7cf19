"""A leader's agreements over several years, written by the real actions."""

import time
from functools import partial

import pytest
from django.test import Client

from leder.agreements.views.recent import SESSION_KEY
from tests.factories import make_user
from tests.history.writing import make_year


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
def pair(db):
    """A leader and a superior."""
    return make_user(first_name="Lars", last_name="Leder"), make_user(
        first_name="Siri", last_name="Overordnet"
    )


@pytest.fixture
def a_year(pair):
    """A function that gives the two an agreement for a year, with last year's open goals and new ones."""
    return partial(make_year, pair)
