"""A copy of the database opens no session, and sessions work as ever."""

from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    client.force_login(make_user())
    return client


def is_signed_in(client):
    return client.get("/leder/min-side/").status_code == 200


def test_what_the_table_holds_is_no_cookie(signed_in):
    cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    row = Session.objects.get()
    assert cookie not in (row.session_key, row.session_data)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = row.session_key
    assert is_signed_in(signed_in)
    assert not is_signed_in(thief)


def test_another_secret_key_opens_nothing(signed_in, settings):
    settings.SECRET_KEY = "another secret key, long enough to be one, of another installation"
    assert not is_signed_in(signed_in)


def test_signing_out_removes_the_row(signed_in):
    signed_in.post("/logg-ut/")
    assert not Session.objects.exists()
    assert not is_signed_in(signed_in)


def test_signing_in_gives_a_new_key_and_keeps_one_row(client):
    client.force_login(make_user())
    first = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.force_login(make_user())
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != first
    assert Session.objects.count() == 1


def test_an_expired_session_is_none(signed_in):
    Session.objects.update(expire_date="2020-01-01T00:00:00Z")
    assert not is_signed_in(signed_in)


def test_what_another_sessions_row_holds_opens_nothing_in_ones_own(signed_in):
    """One who writes to the database copies a party's session into the row of a session of their own."""
    party = Session.objects.get()
    thief = Client()
    thief.force_login(make_user())
    Session.objects.exclude(pk=party.pk).update(session_data=party.session_data)
    assert is_signed_in(signed_in)
    assert not is_signed_in(thief)


def test_a_session_that_has_ended_is_deleted_daily(signed_in):
    call_command("leder_tidy", stdout=StringIO())
    assert Session.objects.count() == 1
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    call_command("leder_tidy", stdout=StringIO())
    assert not Session.objects.exists()
