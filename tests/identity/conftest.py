"""Two parties who have a password and an open agreement, and what they are told."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone

from leder import conf
from leder.agreements.access import accounts
from leder.agreements.models import KnownAccount
from tests.agreements.views.test_agreement import write
from tests.factories import make_agreement, make_user
from tests.identity.journey import PASSWORD, SECRET, Journey


@pytest.fixture
def agreement(db: None) -> Any:
    people = {who: make_user(password=PASSWORD, last_name=who.title()) for who in ("leader", "superior")}
    return make_agreement(**people)


@pytest.fixture
def leader(agreement: Any) -> Any:
    """The leader, who has signed in before."""
    sign_in(agreement.leader)
    assert KnownAccount.objects.get(pk=agreement.leader.pk).methods
    return agreement.leader


@pytest.fixture
def at_once(monkeypatch: Any) -> None:
    """What waits for the commit is done at once, as outside a test."""

    def act_now(act: Callable[[], None], using: str | None = None, robust: bool = False) -> None:
        act()

    monkeypatch.setattr(transaction, "on_commit", act_now)


@pytest.fixture
def journey(agreement: Any, at_once: None) -> Iterator[Journey]:
    """Both have had their accounts for four days, and have written."""
    with time_machine.travel(timezone.now() + dt.timedelta(days=3), tick=False) as clock:
        write(agreement, agreement.leader, note=SECRET)
        clock.shift(dt.timedelta(days=1))
        write(agreement, agreement.superior, note=SECRET, version=1)
        yield Journey(agreement, clock)


@pytest.fixture
def new_devices(settings: Any) -> None:
    """A device is new for as long as it is meant to be; in the suite's own settings none is."""
    settings.LEDER_NEW_DEVICE_DAYS = conf.NEW_DEVICE_DAYS


@pytest.fixture
def told(django_capture_on_commit_callbacks: Any) -> Callable[..., list[str]]:
    """A function that does something, lets it be committed, and returns the addresses that mail went to."""

    def after(act: Callable[..., Any], *args: Any, **kwargs: Any) -> list[str]:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act(*args, **kwargs)
        return sorted(address for message in mail.outbox for address in message.to)

    return after


def sign_in(user: Any, password: str = PASSWORD, browser: Client | None = None) -> Client:
    """Sign in by the site's own form, in a new browser or the one that is given. Returns the browser."""
    browser = browser or Client()
    answer = browser.post("/logg-inn/", {"username": user.username, "password": password})
    assert answer.status_code == 302, "signed in"
    return browser


def known_again(*people: Any) -> None:
    """Let the accounts of people be known as they stand now, whatever was changed: as if someone had said so."""
    pks = [person.pk for person in people]
    KnownAccount.objects.filter(pk__in=pks).delete()
    accounts.take_over(list(get_user_model().objects.filter(pk__in=pks)))


def both(agreement: Any) -> list[str]:
    """The addresses of the two parties."""
    return sorted([agreement.leader.email, agreement.superior.email])
