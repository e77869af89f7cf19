"""A sign-on as a municipality has one: it says who comes (REMOTE_USER), and by a number of its own who that is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import RemoteUserBackend

BACKEND = "tests.attacks.sign_on.SignOn"
IDENTITY = "tests.attacks.sign_on.number_of"
# Who has each user name there, where it is another than at first.
MOVED: dict[str, str] = {}


class SignOn(RemoteUserBackend):
    """Finds people by the user name that the sign-on says."""

    create_unknown_user = False


def number_of(user: Any) -> str:
    """Whom the sign-on says that a user is (LEDER_PROVIDER_IDENTITY)."""
    return MOVED.get(user.get_username(), f"first-{user.get_username()}")
