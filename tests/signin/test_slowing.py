"""Guessing is slowed, and the right person is not locked out by it."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client

from lorenskog_intranet.signin import attempts
from lorenskog_intranet.signin.attempts import Try
from lorenskog_intranet.signin.models import SignInTry

from .conftest import (
    ADDRESS,
    ELSEWHERE,
    HOME,
    PASSWORD,
    WRONG,
    guess,
    known_browser,
    networks,
    sign_in,
    was_let_in,
)

MINUTE = dt.timedelta(minutes=1)


# -- Lockout as a weapon ---------------------------------------------------------------------------------
def test_wrong_guesses_lock_the_right_person_out_nowhere_else(leader: Any) -> None:
    assert guess(ELSEWHERE, times=30) == [200] * 5 + [429] * 25
    assert was_let_in(sign_in(HOME))


def test_nor_on_their_own_device_in_the_same_network(leader: Any) -> None:
    browser = known_browser(network=HOME)
    assert guess(HOME, times=10)[-1] == 429
    assert was_let_in(sign_in(HOME, client=browser))


def test_one_password_tried_on_forty_people_is_slowed(leader: Any, clock: time_machine.Traveller) -> None:
    answers = [guess(ELSEWHERE, f"person-{number}")[0] for number in range(40)]
    assert answers == [200] * 10 + [429] * 30
    # With all the patience there is: hardly more than the ten an hour that anybody has.
    looked_at = 0
    for number in range(3 * 60):
        clock.shift(MINUTE)
        looked_at += guess(ELSEWHERE, f"person-{40 + number}") == [200]
    assert looked_at <= 3 * 14


def test_behind_a_proxy_each_has_an_address_of_their_own(leader: Any, settings: Any) -> None:
    settings.LEDER_TRUSTED_PROXIES = ["10.0.0.5"]

    def through_the_proxy(client: str, username: str, password: str) -> Any:
        posted = {"username": username, "password": password, "next": "/sok/"}
        return Client().post(ADDRESS, posted, REMOTE_ADDR="10.0.0.5", HTTP_X_FORWARDED_FOR=client)

    for number in range(40):
        last = through_the_proxy(ELSEWHERE, f"person-{number}", WRONG)
    assert last.status_code == 429
    assert was_let_in(through_the_proxy(HOME, "leder", PASSWORD))


# -- One user name, from one network -----------------------------------------------------------------------
def test_each_further_guess_waits_longer_and_never_for_good(
    leader: Any, clock: time_machine.Traveller
) -> None:
    assert guess(ELSEWHERE, times=6) == [200] * 5 + [429]
    for minutes in (1, 2, 4, 8, 15, 15, 15):
        clock.shift(minutes * MINUTE - dt.timedelta(seconds=1))
        assert guess(ELSEWHERE, times=3) == [429] * 3
        clock.shift(dt.timedelta(seconds=1))
        assert guess(ELSEWHERE, times=2) == [200, 429]
    clock.shift(15 * MINUTE)
    assert was_let_in(sign_in(ELSEWHERE))


def test_asking_too_early_does_not_make_it_longer(leader: Any, clock: time_machine.Traveller) -> None:
    guess(HOME, times=5)
    for _ in range(6):
        assert sign_in(HOME).status_code == 429
        clock.shift(dt.timedelta(seconds=10))
    assert was_let_in(sign_in(HOME))


def test_too_early_the_right_password_is_not_looked_at_either(leader: Any) -> None:
    guess(HOME, times=5)
    browser = Client()
    assert sign_in(HOME, client=browser).status_code == 429
    assert "_auth_user_id" not in browser.session
    leader.refresh_from_db()
    assert leader.last_login is None


def test_the_right_password_forgets_the_wrong_ones(leader: Any) -> None:
    guess(HOME, times=4)
    assert was_let_in(sign_in(HOME))
    assert not SignInTry.objects.exists()
    assert guess(HOME, times=4) == [200] * 4
    assert was_let_in(sign_in(HOME))


@pytest.mark.django_db
def test_many_at_once_are_counted_before_any_is_looked_at() -> None:
    one = Try("leder", ELSEWHERE)
    assert [attempts.begin(one) for _ in range(5)] == [None] * 5
    assert attempts.begin(one) is not None


@pytest.mark.parametrize("written", ["LEDER", " leder ", "Leder", "ｌｅｄｅｒ"])
def test_the_same_name_written_otherwise_is_the_same(leader: Any, written: str) -> None:
    guess(HOME, times=5)
    assert guess(HOME, written) == [429]


def test_a_day_later_it_begins_anew(leader: Any, clock: time_machine.Traveller) -> None:
    guess(HOME, times=5)
    clock.shift(attempts.KEPT + MINUTE)
    assert guess(HOME, times=6) == [200] * 5 + [429]


# -- One user name, from many networks ---------------------------------------------------------------------
def test_guesses_from_many_networks_do_not_reach_a_known_device(leader: Any) -> None:
    browser = known_browser(network="192.0.2.99")
    for network in networks(40):
        guess(network)
    # Wherever it is now.
    assert was_let_in(sign_in(HOME, client=browser))


def test_a_further_network_waits_once_before_its_first_guess(
    leader: Any, clock: time_machine.Traveller
) -> None:
    answers = [guess(network)[0] for network in networks(40)]
    assert answers == [200] * 5 + [429] * 35
    # Those who come back have one each, and then wait again.
    clock.shift(MINUTE)
    assert guess(networks(40)[39], times=2) == [200, 429]


def test_the_right_person_somewhere_new_waits_once_whatever_others_do(
    leader: Any, clock: time_machine.Traveller
) -> None:
    attackers = networks(60)
    for network in attackers[:20]:
        guess(network)
    assert sign_in(HOME).status_code == 429
    waited = 0
    while not was_let_in(answer := sign_in(HOME)):
        assert answer.status_code == 429
        clock.shift(MINUTE)
        waited += 1
        for network in attackers:
            guess(network)
    assert waited <= 15


def test_others_in_those_networks_are_not_slowed(leader: Any) -> None:
    get_user_model().objects.create_user("annen", password=PASSWORD)
    for network in networks(20):
        guess(network)
    assert was_let_in(sign_in(networks(1)[0], "annen"))


# -- One network, many user names ----------------------------------------------------------------------------
def test_a_known_device_goes_through_behind_the_same_address(leader: Any) -> None:
    browser = known_browser(network=HOME)
    for number in range(12):
        guess(HOME, f"person-{number}")
    assert sign_in(HOME).status_code == 429
    assert was_let_in(sign_in(HOME, client=browser))


def test_other_networks_are_not_slowed(leader: Any) -> None:
    for number in range(12):
        guess(ELSEWHERE, f"person-{number}")
    assert was_let_in(sign_in(HOME))


def test_addresses_of_one_customer_are_one_network(leader: Any) -> None:
    for number in range(10):
        guess(f"2001:db8:1:2::{number + 1:x}", f"person-{number}")
    assert guess("2001:db8:1:2:ffff::1", "one-more") == [429]
    assert guess("2001:db8:1:3::1", "one-more") == [200]


def test_a_monday_morning_is_no_attack(db: None) -> None:
    """Sixty people in one building, each of whom mistypes once and then gets it right."""
    for number in range(60):
        get_user_model().objects.create_user(f"person-{number}", password=PASSWORD)
        assert guess(HOME, f"person-{number}") == [200]
        assert was_let_in(sign_in(HOME, f"person-{number}"))


def test_trying_the_same_ten_again_is_slowed_too(leader: Any) -> None:
    for number in range(10):
        guess(ELSEWHERE, f"person-{number}")
    assert guess(ELSEWHERE, "person-3") == [429]


# -- The answer -------------------------------------------------------------------------------------------------
def comparable(response: Any, username: str) -> tuple[int, str]:
    page = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", response.content.decode())
    return response.status_code, page.replace(f'value="{username}"', 'value="NAME"')


def test_it_says_when_to_try_again_and_keeps_the_user_name(leader: Any) -> None:
    with time_machine.travel(dt.datetime(2027, 3, 1, 9, 0, 20, tzinfo=dt.UTC), tick=False):
        guess(HOME, times=5)
        response = sign_in(HOME)
    page = response.content.decode()
    assert response.status_code == 429
    assert response["Retry-After"] == "60"
    assert "1. mars 2027 kl. 10.02" in page and "om 1 minutt" in page
    assert 'value="leder"' in page and 'value="/sok/"' in page
    assert PASSWORD not in page
    assert "no-store" in response["Cache-Control"]


def test_the_form_on_it_signs_in_when_it_is_time(leader: Any, clock: time_machine.Traveller) -> None:
    guess(HOME, times=5)
    page = sign_in(HOME).content.decode()
    action = page.partition('<form class="leder-stack" method="post" action="')[2].partition('"')[0]
    clock.shift(MINUTE)
    posted = {"username": "leder", "password": PASSWORD, "next": "/sok/"}
    assert was_let_in(Client().post(action, posted, REMOTE_ADDR=HOME))


@pytest.mark.parametrize("everywhere", [False, True])
def test_nothing_tells_which_user_names_there_are(
    leader: Any, clock: time_machine.Traveller, everywhere: bool
) -> None:
    answers = []
    for username in ("leder", "finst-ikkje"):
        if everywhere:
            for network in networks(6):
                guess(network, username)
        tried = [sign_in(ELSEWHERE, username, WRONG) for _ in range(7)]
        answers.append([comparable(each, username) for each in tried])
    assert answers[0] == answers[1]
    assert answers[0][-1][0] == 429


def test_the_same_for_one_who_is_switched_off(leader: Any, clock: time_machine.Traveller) -> None:
    get_user_model().objects.create_user("av", password=PASSWORD, is_active=False)
    for username, password in (("av", PASSWORD), ("leder", WRONG)):
        answers = [sign_in(ELSEWHERE, username, password).status_code for _ in range(6)]
        assert answers == [200] * 5 + [429]


def test_where_wagtail_asks_it_is_the_same_page(leader: Any, mailoutbox: list[Any]) -> None:
    response = Client().post("/cms/login/", {"username": "leder", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/logg-inn/?next=/cms/login/")
    # No other door: nobody is sent a new password by mail.
    Client().post("/cms/password_reset/", {"email": "leder@example.org"})
    assert mailoutbox == []


def test_any_page_that_asks_for_a_password_is_slowed(leader: Any, rf: Any) -> None:
    """By Django's own `authenticate`, whatever view calls it."""
    from django.contrib.auth import authenticate

    guess(HOME, times=5)
    assert authenticate(rf.post("/", REMOTE_ADDR=HOME), username="leder", password=PASSWORD) is None
    assert authenticate(rf.post("/", REMOTE_ADDR=ELSEWHERE), username="leder", password=PASSWORD) == leader
    # A command has no network to slow.
    assert authenticate(None, username="leder", password=PASSWORD) == leader


# -- What is kept -----------------------------------------------------------------------------------------------
def test_neither_names_nor_addresses_nor_passwords_are_stored(leader: Any) -> None:
    guess(ELSEWHERE)
    guess(ELSEWHERE, "hemmelig-passord-i-feil-felt")
    stored = str(list(SignInTry.objects.values()))
    for word in ("leder", "hemmelig", ELSEWHERE, WRONG):
        assert word not in stored


def test_it_is_gone_a_day_later(leader: Any, clock: time_machine.Traveller) -> None:
    from io import StringIO

    from django.core.management import call_command

    for number in range(10):
        guess(ELSEWHERE, f"person-{number}")
    clock.shift(attempts.KEPT - MINUTE)
    guess(HOME)
    call_command("leder_tidy", stdout=StringIO())
    assert SignInTry.objects.count() == 11
    clock.shift(2 * MINUTE)
    out = StringIO()
    call_command("leder_tidy", stdout=out)
    assert SignInTry.objects.count() == 1
    assert not attempts.SignInNotice.objects.exists()
    assert "10 sign-ins" in out.getvalue()


@pytest.mark.parametrize("others", [0, 30])
def test_a_sign_in_asks_the_database_as_often_however_many_were_tried(
    leader: Any, django_assert_num_queries: Any, others: int
) -> None:
    sign_in(HOME)  # the first look at an account
    for number in range(others):
        source = HOME if number < 5 else networks(30)[number]
        one = Try(f"person-{number % 7}", source)
        attempts.begin(one)
        attempts.failed(one)
    with django_assert_num_queries(23):
        assert was_let_in(sign_in(HOME))
    with django_assert_num_queries(10):
        assert guess(HOME) == [200]
