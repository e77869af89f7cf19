"""Sessions end when they are not used, and some hours after the sign-in in any case. No text is lost by it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from leder.agreements.models import Entry
from leder.agreements.reading.current import open_texts
from leder.agreements.states import State
from lorenskog_intranet.sessions import USED
from lorenskog_intranet.settings import base
from tests.factories import QUESTIONS_SECTION, access_of, make_agreement, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_limits")]

LIMIT = base.SESSION_IDLE_MINUTES * 60
MINE = "/leder/min-side/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The time goes by as it is told to."""
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False) as traveller:
        yield traveller


@pytest.fixture
def client(clock: time_machine.Traveller) -> Client:
    """A browser that is signed in, and checked for forged requests as a real one."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())
    return client


def is_signed_in(client: Client) -> bool:
    return client.get(MINE).status_code == 200


def writes(client: Client, address: str = MINE) -> int:
    """How often a request writes to the table of sessions."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address)
    return sum('UPDATE "django_session"' in query["sql"] for query in queries.captured_queries)


def test_the_limits_are_an_hour_and_a_working_day() -> None:
    assert (LIMIT, settings.SESSION_COOKIE_AGE) == (60 * 60, 10 * 60 * 60)


def test_it_ends_after_the_time_without_use(client: Client, clock: time_machine.Traveller) -> None:
    for _exactly in range(2):
        clock.shift(LIMIT)
        assert is_signed_in(client)
    clock.shift(LIMIT + 1)
    response = client.get(MINE)
    assert response["Location"] == f"/logg-inn/?next={MINE}"
    assert not Session.objects.exists()
    # What waits unsent in the browser must still be there after signing in again.
    assert not response.has_header("Clear-Site-Data")


@pytest.mark.parametrize(("seconds", "lasts"), [(-1, True), (0, False)])
def test_use_begins_the_time_anew_until_the_day_is_over(
    client: Client, clock: time_machine.Traveller, seconds: int, lasts: bool
) -> None:
    for _hour in range(9):
        clock.shift(LIMIT)
        assert is_signed_in(client)
    clock.shift(LIMIT + seconds)
    assert is_signed_in(client) is lasts


@pytest.mark.parametrize("address", ["/", "/cms/", "/sok/", "/media/images/a.png"])
def test_no_view_sees_who_it_was(clock: time_machine.Traveller, address: str) -> None:
    client = Client()
    client.force_login(make_user(is_superuser=True))
    clock.shift(LIMIT + 1)
    response = client.get(address)
    assert response["Location"].startswith("/logg-inn/")
    assert not response.wsgi_request.user.is_authenticated


def test_use_is_noted_once_a_minute(client: Client, clock: time_machine.Traveller) -> None:
    client.get(MINE)
    clock.shift(59)
    assert writes(client) == 0
    clock.shift(1)
    assert writes(client) == 1
    assert writes(client) == 0


def test_use_counts_however_short_the_time_is(
    client: Client, clock: time_machine.Traveller, settings: Any
) -> None:
    settings.SESSION_IDLE_MINUTES = 1
    for _click in range(3):
        clock.shift(40)
        assert is_signed_in(client)


def test_use_does_not_move_the_end(client: Client, clock: time_machine.Traveller) -> None:
    end = Session.objects.get().expire_date
    assert end == timezone.now() + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    clock.shift(61)
    response = client.get(MINE)
    assert Session.objects.get().expire_date == end
    assert response.cookies[settings.SESSION_COOKIE_NAME]["max-age"] <= settings.SESSION_COOKIE_AGE


def test_a_session_of_unknown_age_is_ended(client: Client) -> None:
    session = client.session
    del session[USED]
    session.save()
    assert not is_signed_in(client)


def test_an_open_page_editor_is_no_use(clock: time_machine.Traveller) -> None:
    client = Client()
    client.force_login(make_user(is_superuser=True))
    clock.shift(600)
    used = client.session[USED]
    ping = reverse("wagtailadmin_editing_sessions:ping", args=["wagtailcore", "page", 1, 1])
    assert client.post(ping).status_code in (200, 404)
    assert client.session[USED] == used
    client.get("/cms/")
    assert client.session[USED] > used


def test_signing_in_by_hand_begins_it(clock: time_machine.Traveller) -> None:
    user = make_user()
    user.set_password("riktig-hest-batteri")
    user.save()
    client = Client()
    client.post("/logg-inn/", {"username": user.username, "password": "riktig-hest-batteri"})
    assert USED in client.session
    clock.shift(LIMIT + 1)
    assert not is_signed_in(client)


def fields_of(page: bytes, form: str) -> dict[str, Any]:
    """What a browser sends of a form, found by its selector."""
    fields = BeautifulSoup(page, "html.parser").select(f"{form} :is(input, textarea)")
    sent: dict[str, Any] = {}
    for field in fields:
        if not field.get("name") or (
            field.get("type") in ("radio", "checkbox") and not field.has_attr("checked")
        ):
            continue
        sent[field["name"]] = field.get_text() if field.name == "textarea" else field.get("value", "")
    return sent


@pytest.mark.parametrize("first", ["by the page's script", "by the button"])
@pytest.mark.parametrize("end", ["without use", "after a day's work"])
def test_what_was_typed_comes_back_to_be_sent_again(
    clock: time_machine.Traveller, end: str, first: str
) -> None:
    agreement = make_agreement(state=State.DISCUSSED)
    client = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "same-origin"})
    client.force_login(agreement.leader)
    page = client.get(reverse("leder:agreement", args=[agreement.uuid])).content
    address = reverse("leder:section", args=[agreement.uuid, QUESTIONS_SECTION])
    typed = {**fields_of(page, f'form[action="{address}"]'), "note": "Skrevet < mens ingen så på."}
    if end == "without use":
        clock.shift(LIMIT + 1)
    else:
        Session.objects.update(expire_date="2020-01-01T00:00:00Z")

    if first == "by the page's script":  # which keeps the text in the tab
        told = client.post(address, typed, headers={"Accept": "application/json"})
        assert (told.status_code, told.json()) == (401, {"signed_out": True})
    answer = client.post(address, typed)
    assert answer.status_code == 401
    assert "Skrevet &lt; mens ingen så på." in answer.content.decode()
    assert not answer.has_header("Clear-Site-Data")
    assert not Entry.objects.exists()

    client.force_login(agreement.leader)
    for _attempt in range(2):  # once more when the page was of the old session
        if answer.status_code != 302:
            answer = client.post(address, fields_of(answer.content, "main form"))
    assert answer.status_code == 302
    text = open_texts(access_of(agreement.leader, agreement)).answers[QUESTIONS_SECTION]
    assert text.payload["note"] == "Skrevet < mens ingen så på."
