"""What operators read in the server's log of guessing: once an hour, addresses, and neither names nor passwords."""

import datetime as dt
from typing import Any

import pytest
import time_machine

from .conftest import ELSEWHERE, WRONG, guess, known_browser, networks, sign_in

HOUR = dt.timedelta(hours=1)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "leder.access"]


def test_a_network_that_tries_many_names(leader: Any, caplog: Any, clock: time_machine.Traveller) -> None:
    for number in range(9):
        guess(ELSEWHERE, f"person-{number}")
    assert lines(caplog) == []
    for number in range(9, 40):
        guess(ELSEWHERE, f"person-{number}")
    (line,) = lines(caplog)
    assert line == f"sign-in slowed: network {ELSEWHERE} failed on 10 user names within an hour"
    assert caplog.records[-1].levelname == "WARNING"
    # Again each hour, as long as it goes on.
    for number in range(40, 100):
        clock.shift(dt.timedelta(minutes=3))
        guess(ELSEWHERE, f"person-{number}")
    assert 3 <= len(lines(caplog)) <= 4


def test_a_name_that_is_tried_from_many_networks(leader: Any, caplog: Any) -> None:
    for network in networks(20):
        guess(network)
        guess(network, "finst-ikkje")
    assert sorted(lines(caplog)) == [
        "sign-in slowed: a user name that nobody has failed from 5 networks within an hour",
        f"sign-in slowed: user {leader.pk} failed from 5 networks within an hour",
    ]


def test_many_networks_that_try_many_names(db: None, caplog: Any, clock: time_machine.Traveller) -> None:
    def spray() -> None:
        for number, network in enumerate(networks(30)):
            guess(network, f"person-{number}")

    spray()
    told = "sign-in spraying: 20 networks failed on 20 user names within an hour"
    assert lines(caplog) == [told]
    clock.shift(HOUR / 2)
    spray()
    assert lines(caplog) == [told]
    clock.shift(HOUR)
    spray()
    assert lines(caplog) == [told, told]


def test_many_names_from_few_networks_is_not_told_as_spraying(db: None, caplog: Any) -> None:
    for number in range(27):
        guess(networks(3)[number % 3], f"person-{number}")
    assert lines(caplog) == []


def test_neither_what_was_typed_nor_a_password_is_told(leader: Any, caplog: Any) -> None:
    for number in range(12):
        guess(ELSEWHERE, f"passord-i-feil-felt-{number}")
    for network in networks(8):
        guess(network)
    assert lines(caplog)
    everything = "\n".join(lines(caplog))
    for word in ("passord-i-feil-felt", WRONG, "leder"):
        assert word not in everything


def test_wrong_passwords_on_a_known_device_are_nobody_elses_matter(leader: Any, caplog: Any) -> None:
    browser = known_browser()
    for _ in range(8):
        sign_in(client=browser, password=WRONG)
    assert lines(caplog) == []
