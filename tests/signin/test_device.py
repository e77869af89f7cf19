"""The cookie of a known device: whose it is, what it holds, when it ends. It opens nothing."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import signing
from django.test import Client

from leder.identity import devices

from .conftest import ADDRESS, HOME, PASSWORD, WRONG, guess, known_browser, sign_in, was_let_in

COOKIE = "device"


def slow_the_network() -> None:
    for number in range(12):
        guess(HOME, f"person-{number}")


def test_it_is_set_by_signing_in_and_by_nothing_else(leader: Any) -> None:
    browser = Client()
    browser.get(ADDRESS)
    sign_in(HOME, password=WRONG, client=browser)
    assert COOKIE not in browser.cookies
    sign_in(HOME, client=browser)
    cookie = browser.cookies[COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
    assert cookie["max-age"] == 180 * 24 * 60 * 60
    assert not cookie["domain"]
    assert leader.username not in signing.b64_decode(cookie.value.partition(":")[0].encode()).decode()


def test_in_production_it_is_for_this_host_and_encrypted_traffic_alone(leader: Any, settings: Any) -> None:
    from lorenskog_intranet.settings import production

    settings.SESSION_COOKIE_SECURE = production.SESSION_COOKIE_SECURE
    settings.LEDER_DEVICE_COOKIE = production.LEDER_DEVICE_COOKIE
    browser = Client()
    sign_in(HOME, client=browser)
    assert browser.cookies["__Host-device"]["secure"]


def test_it_has_a_new_name_at_each_sign_in(leader: Any) -> None:
    browser = known_browser()
    first = browser.cookies[COOKIE].value
    sign_in(HOME, client=browser)
    assert browser.cookies[COOKIE].value != first


def test_it_is_of_one_person(leader: Any) -> None:
    get_user_model().objects.create_user("annen", password=PASSWORD)
    browser = known_browser()
    slow_the_network()
    assert sign_in(HOME, "annen", client=browser).status_code == 429
    assert was_let_in(sign_in(HOME, "leder", client=browser))


def test_several_people_share_a_computer(leader: Any) -> None:
    people = [f"kollega-{number}" for number in range(devices.PEOPLE)]
    browser = known_browser()
    for username in people:
        get_user_model().objects.create_user(username, password=PASSWORD)
        sign_in(HOME, username, client=browser)
        browser.post("/logg-ut/")
    slow_the_network()
    # The last five.
    assert sign_in(HOME, "leder", client=browser).status_code == 429
    for username in people:
        assert was_let_in(sign_in(HOME, username, client=browser))
        browser.post("/logg-ut/")


@pytest.mark.parametrize("written", ["", "x", "W10:1:x", "{}"])
def test_one_that_somebody_wrote_is_none(leader: Any, written: str) -> None:
    slow_the_network()
    browser = Client()
    browser.cookies[COOKIE] = written
    assert sign_in(HOME, client=browser).status_code == 429


def test_one_signed_for_something_else_is_none(leader: Any) -> None:
    slow_the_network()
    browser = Client()
    browser.cookies[COOKIE] = signing.dumps(
        [[devices.account_key("leder"), "name", 9999999999, 9999999999]], salt="other"
    )
    assert sign_in(HOME, client=browser).status_code == 429


def test_it_ends(leader: Any) -> None:
    browser = known_browser()
    for days, answer in ((devices.DAYS - 1, 302), (devices.DAYS + 1, 429)):
        with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=days), tick=False):
            slow_the_network()
            kept = Client()
            kept.cookies[COOKIE] = browser.cookies[COOKIE].value
            assert sign_in(HOME, client=kept).status_code == answer


def test_each_of_several_people_ends_by_itself(leader: Any) -> None:
    """Another's sign-in does not make it longer."""
    get_user_model().objects.create_user("annen", password=PASSWORD)
    browser = known_browser()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=devices.DAYS - 1), tick=False):
        sign_in(HOME, "annen", client=browser)
        browser.post("/logg-ut/")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=devices.DAYS + 1), tick=False):
        slow_the_network()
        assert sign_in(HOME, "leder", client=browser).status_code == 429
        assert was_let_in(sign_in(HOME, "annen", client=browser))


def test_guesses_on_a_known_device_are_slowed_too(leader: Any) -> None:
    """One who has taken it has five, as anywhere."""
    browser = known_browser()
    answers = [sign_in(HOME, password=WRONG, client=browser).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert sign_in("198.51.100.200", client=browser).status_code == 429
    # Without it one is a stranger, and counted as one.
    assert was_let_in(sign_in(HOME))


def test_it_opens_nothing(leader: Any) -> None:
    browser = known_browser()
    assert browser.get("/leder/min-side/").status_code == 302
    assert sign_in(HOME, password=WRONG, client=browser).status_code == 200


def test_a_session_is_a_device_of_its_person_alone(leader: Any, rf: Any) -> None:
    """One who is signed in guesses another's password as a stranger does."""
    from django.contrib.auth import authenticate

    other = get_user_model().objects.create_user("annen", password=PASSWORD)
    browser = Client()
    browser.force_login(other)
    request = rf.post("/", REMOTE_ADDR=HOME)
    request.user, request.session = other, browser.session
    guess(HOME, times=5)
    assert authenticate(request, username="leder", password=PASSWORD) is None
    guess(HOME, "annen", times=5)
    assert authenticate(request, username="annen", password=PASSWORD) == other
