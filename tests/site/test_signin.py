"""Signing in and out."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import checks
from django.test import Client

from lorenskog_intranet.signin.attempts import FREE_TRIES
from lorenskog_intranet.signin.personas import ROLES, USERNAMES

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader() -> Any:
    return get_user_model().objects.create_user("leder", first_name="Solveig", last_name="Eksempel")


def signed_in(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_demo_shows_the_people_who_exist(client: Client, demo: None, leader: Any) -> None:
    page = client.get("/logg-inn/").content.decode()
    assert "Solveig Eksempel" in page
    assert 'value="leder"' in page
    assert 'value="drift"' not in page


def test_demo_signs_in_with_a_click_and_goes_on(client: Client, demo: None, leader: Any) -> None:
    response = client.post("/logg-inn/demo/", {"username": "leder", "next": "/sok/?q=plan"})
    assert response["Location"] == "/sok/?q=plan"
    assert signed_in(client) == str(leader.pk)


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "javascript:alert(1)", ""])
def test_demo_goes_nowhere_else(client: Client, demo: None, leader: Any, elsewhere: str) -> None:
    response = client.post("/logg-inn/demo/", {"username": "leder", "next": elsewhere})
    assert response["Location"] == "/"


def test_demo_signs_in_nobody_but_its_people(client: Client, demo: None, leader: Any) -> None:
    get_user_model().objects.create_superuser("boss")
    get_user_model().objects.create_user("hr", is_active=False)
    for username in ("boss", "hr", "kommunikasjon", "", "LEDER"):
        assert client.post("/logg-inn/demo/", {"username": username}).status_code == 404
    assert client.get("/logg-inn/demo/?username=leder").status_code == 405
    assert signed_in(client) is None


def test_demo_checks_that_the_form_is_ours(demo: None, leader: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/logg-inn/demo/", {"username": "leder"}).status_code == 403
    assert signed_in(client) is None


def test_a_setting_alone_opens_no_demo(client: Client, settings: Any, leader: Any) -> None:
    settings.DEMO_SIGN_IN = True
    assert 'value="leder"' not in client.get("/logg-inn/").content.decode()
    assert client.post("/logg-inn/demo/", {"username": "leder"}).status_code == 404
    assert signed_in(client) is None
    assert [error.id for error in checks.run_checks(tags=["security"])] == ["site.E001"]


def test_the_check_is_content_in_the_demo(demo: None) -> None:
    assert checks.run_checks(tags=["security"]) == []


def test_personas_are_the_agreed_eleven() -> None:
    assert len([persona for role in ROLES for persona in role.personas]) == len(USERNAMES) == 11


def test_password_signs_in_outside_the_demo(client: Client, leader: Any) -> None:
    leader.set_password("riktig-hest-batteri")
    leader.save()
    wrong = client.post("/logg-inn/", {"username": "leder", "password": "feil"})
    assert wrong.status_code == 200
    assert signed_in(client) is None
    right = client.post(
        "/logg-inn/", {"username": "leder", "password": "riktig-hest-batteri", "next": "/sok/"}
    )
    assert right["Location"] == "/sok/"
    assert signed_in(client) == str(leader.pk)


def test_one_who_is_signed_in_goes_in_no_circle(client: Client, leader: Any) -> None:
    client.force_login(leader)
    assert client.get("/logg-inn/?next=/logg-inn/").headers["Location"] == "/"


def test_guessing_is_stopped(client: Client, leader: Any) -> None:
    """More of it in tests/signin."""
    leader.set_password("riktig-hest-batteri")
    leader.save()
    for _ in range(FREE_TRIES):
        assert client.post("/logg-inn/", {"username": "leder", "password": "feil"}).status_code == 200
    response = client.post("/logg-inn/", {"username": "leder", "password": "riktig-hest-batteri"})
    assert response.status_code == 429
    assert "<h1" in response.content.decode()
    assert signed_in(client) is None


@pytest.mark.parametrize("address", ["/logg-ut/", "/cms/logout/"])
def test_signing_out_empties_what_the_browser_kept(person: Client, address: str) -> None:
    assert person.get(address).status_code == 405
    response = person.post(address)
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert response["Location"] == "/logg-inn/"
    assert signed_in(person) is None
