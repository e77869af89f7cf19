"""Sessions end when they are not used, and some hours after the sign-in in any case. No text is lost by it."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from leder.agreements.models import Entry
from leder.agreements.reading import open_texts
from leder.agreements.states import State
from lorenskog_intranet.sessions import USED
from tests.factories import QUESTIONS_SECTION, make_agreement, make_user

pytestmark = pytest.mark.django_db

LIMIT = settings.SESSION_IDLE_MINUTES * 60
MINE = "/leder/min-side/"


@pytest.fixture
def client() -> Client:
    """A browser that is signed in, and checked for forged requests as a real one."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())
    return client


def leave(client: Client, seconds: int) -> None:
    """So many seconds go by in which nothing is used."""
    session = client.session
    session[USED] -= seconds
    session.save()


def is_signed_in(client: Client) -> bool:
    return client.get(MINE).status_code == 200


def writes(client: Client, address: str = MINE) -> int:
    """How often a request writes to the table of sessions."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address)
    return sum('UPDATE "django_session"' in query["sql"] for query in queries.captured_queries)


def test_it_ends_after_the_time_without_use(client: Client) -> None:
    leave(client, LIMIT - 30)
    assert is_signed_in(client)
    leave(client, LIMIT + 30)
    response = client.get(MINE)
    assert response["Location"] == f"/logg-inn/?next={MINE}"
    assert not Session.objects.exists()
    # What waits unsent in the browser must still be there after signing in again.
    assert not response.has_header("Clear-Site-Data")


def test_use_begins_the_time_anew(client: Client) -> None:
    for _time in range(3):
        leave(client, LIMIT - 30)
        assert is_signed_in(client)


@pytest.mark.parametrize("address", ["/", "/cms/", "/sok/", "/media/images/a.png"])
def test_no_view_sees_who_it_was(address: str) -> None:
    client = Client()
    client.force_login(make_user(is_superuser=True))
    leave(client, LIMIT + 30)
    response = client.get(address)
    assert response["Location"].startswith("/logg-inn/")
    assert not response.wsgi_request.user.is_authenticated


def test_use_is_noted_once_a_minute(client: Client) -> None:
    client.get(MINE)
    assert writes(client) == 0
    leave(client, 61)
    assert writes(client) == 1
    assert writes(client) == 0


def test_use_does_not_move_the_end(client: Client, settings: Any) -> None:
    end = Session.objects.get().expire_date
    assert abs((end - timezone.now()).total_seconds() - settings.SESSION_COOKIE_AGE) < 60
    leave(client, 61)
    response = client.get(MINE)
    assert Session.objects.get().expire_date == end
    assert response.cookies[settings.SESSION_COOKIE_NAME]["max-age"] <= settings.SESSION_COOKIE_AGE


def test_a_session_of_unknown_age_is_ended(client: Client) -> None:
    session = client.session
    del session[USED]
    session.save()
    assert not is_signed_in(client)


def test_an_open_page_editor_is_no_use() -> None:
    client = Client()
    client.force_login(make_user(is_superuser=True))
    leave(client, 600)
    used = client.session[USED]
    ping = reverse("wagtailadmin_editing_sessions:ping", args=["wagtailcore", "page", 1, 1])
    assert client.post(ping).status_code in (200, 404)
    assert client.session[USED] == used
    client.get("/cms/")
    assert client.session[USED] > used


def test_signing_in_by_hand_begins_it(settings: Any) -> None:
    user = make_user()
    user.set_password("riktig-hest-batteri")
    user.save()
    client = Client()
    client.post("/logg-inn/", {"username": user.username, "password": "riktig-hest-batteri"})
    assert USED in client.session
    leave(client, LIMIT + 30)
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
def test_what_was_typed_comes_back_to_be_sent_again(end: str, first: str) -> None:
    agreement = make_agreement(state=State.DISCUSSED)
    client = Client(enforce_csrf_checks=True)
    client.force_login(agreement.leader)
    page = client.get(reverse("leder:agreement", args=[agreement.uuid])).content
    address = reverse("leder:section", args=[agreement.uuid, QUESTIONS_SECTION])
    typed = {**fields_of(page, f'form[action="{address}"]'), "note": "Skrevet < mens ingen så på."}
    if end == "without use":
        leave(client, LIMIT + 30)
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
    text = open_texts(reader=agreement.leader, agreement=agreement, recent=True).answers[QUESTIONS_SECTION]
    assert text.payload["note"] == "Skrevet < mens ingen så på."
