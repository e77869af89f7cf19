"""How a person signs in, compared with what is known: what has changed. Tells nobody and stores nothing."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from leder.agreements import keyed
from leder.identity.models import KnownSignIn
from leder.identity.passwords import form_of, is_as_django_stores_now

PASSWORD = "password"  # noqa: S105


class Change(StrEnum):
    """What can change in how a person signs in."""

    PASSWORD = "password"  # noqa: S105
    EMAIL = "email"
    METHOD = "method"


def changes(
    known: KnownSignIn, user: Any, *, method: str = "", password_was_set: bool = False
) -> set[Change]:
    """Return what is not as it was known. `method` is the authentication backend just signed in by, if any.

    A stored password counts as changed when its signature is not genuine, unless Django can have strengthened it: then
    its algorithm or cost is another than known, and the one Django gives now.
    """
    found = set()
    if password_was_set or _password_is_another(known, user):
        found.add(Change.PASSWORD)
    if known.email.casefold() != user.email.casefold():
        found.add(Change.EMAIL)
    if method and known.methods and method not in known.methods.splitlines():
        found.add(Change.METHOD)
    return found


def is_up_to_date(known: KnownSignIn, user: Any, *, method: str = "") -> bool:
    """Whether there is nothing to write down anew."""
    return (
        known.email == user.email
        and (not method or method in known.methods.splitlines())
        and known.password_form == form_of(user.password)
        and (not known.password_form or _is_signed(known, user))
    )


def write_down(known: KnownSignIn, user: Any, *, method: str = "") -> KnownSignIn:
    """Set what is known to what stands now. Does not save."""
    known.email = user.email
    known.password_form = form_of(user.password)
    known.password_mac = keyed.sign(PASSWORD, *password_parts(user)) if known.password_form else ""
    methods = known.methods.splitlines()
    if method and method not in methods:
        known.methods = "\n".join([*methods, method])
    return known


def password_parts(user: Any) -> tuple[object, ...]:
    """What the signature of a stored password covers."""
    return (user.pk, user.password)


def _password_is_another(known: KnownSignIn, user: Any) -> bool:
    form = form_of(user.password)
    if not form:
        return False  # taken away: that lets nobody in
    if form == known.password_form:
        return not _is_signed(known, user)
    return not (known.password_form and is_as_django_stores_now(user.password))


def _is_signed(known: KnownSignIn, user: Any) -> bool:
    return keyed.is_genuine(known.password_mac, PASSWORD, *password_parts(user))
