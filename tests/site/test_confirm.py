"""Confirming once more that it is you."""

from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.test import Client
from django.urls import reverse

from leder.agreements.views.guard.recent import SESSION_KEY, confirm_url
from lorenskog_intranet.signin.attempts import FREE_TRIES
from tests.clock import LONG_AGO

pytestmark = pytest.mark.django_db
ADDRESS = "/logg-inn/bekreft/"
PASSWORD = "riktig-hest-batteri"


@pytest.fixture
def leader() -> Any:
    return get_user_model().objects.create_user(
        "leder", password=PASSWORD, first_name="Solveig", last_name="Eksempel"
    )


@pytest.fixture
def waiting(leader: Any) -> Client:
    """The browser of somebody who signed in a while ago."""
    return signed_in_long_ago(Client(), leader)


def signed_in_long_ago(client: Client, user: AbstractUser) -> Client:
    client.force_login(user)
    session = client.session
    session[SESSION_KEY] = LONG_AGO
    session.save()
    return client


def is_confirmed(client: Client) -> bool:
    return bool(client.session[SESSION_KEY] > LONG_AGO)


def test_the_plugin_sends_people_here() -> None:
    assert confirm_url("/leder/min-side/") == f"{ADDRESS}?next=/leder/min-side/"


def test_the_password_confirms_and_leads_on(waiting: Client) -> None:
    page = waiting.get(ADDRESS, {"next": "/sok/?q=plan"}).content.decode()
    assert "Solveig Eksempel" in page and 'name="username"' not in page
    assert 'value="/sok/?q=plan"' in page
    response = waiting.post(ADDRESS, {"password": PASSWORD, "next": "/sok/?q=plan"})
    assert response["Location"] == "/sok/?q=plan"
    assert is_confirmed(waiting)


@pytest.mark.parametrize("password", ["feil", "", "annens-hest-batteri", PASSWORD + " "])
def test_another_password_does_not(waiting: Client, leader: Any, password: str) -> None:
    get_user_model().objects.create_user("annen", password="annens-hest-batteri")
    response = waiting.post(ADDRESS, {"password": password, "username": "annen", "next": "/sok/"})
    assert response.status_code == 422
    page = response.content.decode()
    assert 'aria-invalid="true"' in page and 'value="/sok/"' in page
    assert password == "" or f'value="{password}"' not in page
    assert not is_confirmed(waiting)
    assert waiting.session["_auth_user_id"] == str(leader.pk)


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/", "//example.com", "javascript:alert(1)", "", "abc", "sign_out"]
)
def test_it_leads_nowhere_else(waiting: Client, elsewhere: str) -> None:
    response = waiting.post(f"{ADDRESS}?next={quote(elsewhere)}", {"password": PASSWORD})
    assert response["Location"] == reverse("leder:my_page")


def test_guessing_is_stopped(waiting: Client) -> None:
    for _ in range(FREE_TRIES):
        assert waiting.post(ADDRESS, {"password": "feil"}).status_code == 422
    response = waiting.post(ADDRESS, {"password": PASSWORD, "next": "/sok/?q=plan"})
    assert response.status_code == 429
    assert not is_confirmed(waiting)
    # The page asks again, for the password alone, and goes on to the same place.
    page = response.content.decode()
    assert f'action="{ADDRESS}"' in page and 'value="/sok/?q=plan"' in page
    assert 'name="username"' not in page and PASSWORD not in page


def test_guesses_at_an_open_session_count_at_the_sign_in_of_that_browser(leader: Any) -> None:
    """There is one number of tries, with or without signing out in between."""
    client = Client()
    client.post("/logg-inn/", {"username": "leder", "password": PASSWORD})
    session = client.session
    session[SESSION_KEY] = LONG_AGO
    session.save()
    for _ in range(FREE_TRIES):
        client.post(ADDRESS, {"password": "feil"})
    assert client.post(ADDRESS, {"password": PASSWORD}).status_code == 429
    client.post("/logg-ut/")
    assert client.post("/logg-inn/", {"username": "leder", "password": PASSWORD}).status_code == 429


def test_guesses_elsewhere_do_not_keep_anybody_from_confirming(waiting: Client, leader: Any) -> None:
    """Neither from many networks nor from the same, also where the device's cookie is gone."""
    assert "device" not in waiting.cookies
    for network in ("127.0.0.1", *(f"203.0.113.{number}" for number in range(20))):
        for _ in range(FREE_TRIES + 1):
            last = Client().post("/logg-inn/", {"username": "leder", "password": "feil"}, REMOTE_ADDR=network)
        assert last.status_code == 429
    assert waiting.post(ADDRESS, {"password": PASSWORD, "next": "/sok/"})["Location"] == "/sok/"
    assert is_confirmed(waiting)


def test_a_stranger_signs_in_the_ordinary_way(client: Client) -> None:
    for response in (client.get(ADDRESS), client.post(ADDRESS, {"password": PASSWORD})):
        assert response["Location"].startswith("/logg-inn/?next=")


def test_one_who_has_just_signed_in_goes_on(person: Client) -> None:
    assert person.get(ADDRESS, {"next": "/sok/"})["Location"] == "/sok/"


def test_the_ordinary_sign_in_leads_back_and_no_further(waiting: Client) -> None:
    """No loop: what sends a signed-in person away from one page shows them the other."""
    response = waiting.get("/logg-inn/", {"next": f"{ADDRESS}?next=/sok/"}, follow=True)
    assert response.status_code == 200
    assert response.redirect_chain == [(f"{ADDRESS}?next=/sok/", 302)]


def test_one_without_a_password_signs_in_anew(waiting: Client, leader: Any) -> None:
    leader.set_unusable_password()
    leader.save()
    signed_in_long_ago(waiting, leader)
    page = waiting.get(ADDRESS, {"next": "/sok/"}).content.decode()
    assert 'type="password"' not in page
    response = waiting.post(ADDRESS, {"next": "/sok/"})
    assert response["Location"] == "/logg-inn/?next=/sok/"
    assert "_auth_user_id" not in waiting.session
    assert waiting.get(response["Location"]).status_code == 200


def test_in_the_demo_a_click_confirms(waiting: Client, demo: None) -> None:
    assert 'type="password"' not in waiting.get(ADDRESS).content.decode()
    assert not is_confirmed(waiting)
    assert waiting.post(ADDRESS, {"next": "/sok/"})["Location"] == "/sok/"
    assert is_confirmed(waiting)


def test_a_click_is_for_the_people_of_the_demo(demo: None) -> None:
    boss = get_user_model().objects.create_superuser("boss", password=PASSWORD)
    client = signed_in_long_ago(Client(), boss)
    assert client.post(ADDRESS, {"next": "/sok/"}).status_code == 422
    assert not is_confirmed(client)


def test_a_setting_alone_opens_no_click(waiting: Client, settings: Any) -> None:
    settings.DEMO_SIGN_IN = True
    assert waiting.post(ADDRESS, {"next": "/sok/"}).status_code == 422
    assert not is_confirmed(waiting)


@pytest.mark.parametrize("in_demo", [False, True])
def test_the_form_must_be_ours(leader: Any, request: pytest.FixtureRequest, in_demo: bool) -> None:
    if in_demo:
        request.getfixturevalue("demo")
    client = signed_in_long_ago(Client(enforce_csrf_checks=True), leader)
    assert client.post(ADDRESS, {"password": PASSWORD}).status_code == 403
    assert not is_confirmed(client)


def test_a_session_that_was_taken_takes_no_part(waiting: Client) -> None:
    thief = Client()
    thief.cookies = waiting.cookies.copy()
    waiting.post(ADDRESS, {"password": PASSWORD})
    assert is_confirmed(waiting)
    assert thief.get("/sok/").status_code == 302


def test_forms_open_in_other_tabs_can_still_be_sent(leader: Any) -> None:
    client = signed_in_long_ago(Client(enforce_csrf_checks=True), leader)
    tab = client.get("/sok/").content.decode()
    token = tab.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    response = client.post(ADDRESS, {"password": PASSWORD, "csrfmiddlewaretoken": token})
    assert response.status_code == 302
    answer = client.post("/sprak/", {"language": "nn", "csrfmiddlewaretoken": token})
    assert answer.status_code == 302


def test_the_page_is_not_kept(waiting: Client) -> None:
    assert "no-store" in waiting.get(ADDRESS)["Cache-Control"]
