"""People who sign in, and places to try it from."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

PASSWORD = "riktig-hest-batteri"
WRONG = "feil-hest-batteri"
HOME, ELSEWHERE = "192.0.2.10", "198.51.100.7"
ADDRESS = "/logg-inn/"

SignIn = Callable[..., HttpResponse]


@pytest.fixture
def leader(db: None) -> Any:
    return get_user_model().objects.create_user(
        "leder", password=PASSWORD, first_name="Solveig", last_name="Eksempel"
    )


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that goes on only as the test says."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def sign_in(
    network: str = HOME, username: str = "leder", password: str = PASSWORD, client: Client | None = None
) -> HttpResponse:
    """The answer to a sign-in from a network, in a new browser or the one that is given."""
    posted = {"username": username, "password": password, "next": "/sok/"}
    return (client or Client()).post(ADDRESS, posted, REMOTE_ADDR=network)


def was_let_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and response["Location"] == "/sok/"


def guess(network: str, username: str = "leder", times: int = 1) -> list[int]:
    """Wrong passwords from a network, and the statuses of the answers: 200 where one was looked at, 429 where not."""
    return [sign_in(network, username, WRONG).status_code for _ in range(times)]


def known_browser(username: str = "leder", network: str = HOME) -> Client:
    """The browser of somebody who has signed in by it and signed out again."""
    browser = Client()
    assert was_let_in(sign_in(network, username, client=browser))
    browser.post("/logg-ut/", REMOTE_ADDR=network)
    return browser


def networks(count: int) -> list[str]:
    return [f"203.0.{number // 250}.{number % 250 + 1}" for number in range(count)]
