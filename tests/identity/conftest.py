"""Two parties who have a password and an open agreement, and what they are told."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from leder.identity.models import KnownSignIn
from tests.factories import make_agreement, make_user

PASSWORD = "riktig-hest-batteri"


@pytest.fixture
def agreement(db: None) -> Any:
    people = {who: make_user(password=PASSWORD, last_name=who.title()) for who in ("leader", "superior")}
    return make_agreement(**people)


@pytest.fixture
def leader(agreement: Any) -> Any:
    """The leader, who has signed in before."""
    sign_in(agreement.leader)
    assert KnownSignIn.objects.get(pk=agreement.leader.pk).methods
    return agreement.leader


@pytest.fixture
def told(django_capture_on_commit_callbacks: Any) -> Callable[..., list[str]]:
    """A function that does something, lets it be committed, and returns the addresses that mail went to."""

    def after(act: Callable[..., Any], *args: Any, **kwargs: Any) -> list[str]:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act(*args, **kwargs)
        return sorted(address for message in mail.outbox for address in message.to)

    return after


def sign_in(user: Any, password: str = PASSWORD) -> None:
    """Sign in by the site's own form."""
    answer = Client().post("/logg-inn/", {"username": user.username, "password": password})
    assert answer.status_code == 302, "signed in"


def both(agreement: Any) -> list[str]:
    """The addresses of the two parties."""
    return sorted([agreement.leader.email, agreement.superior.email])
