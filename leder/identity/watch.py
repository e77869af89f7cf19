"""An account, compared with what is known of it: what has changed. Tells nobody and stores nothing."""

from __future__ import annotations

from typing import Any

from leder.agreements.models import AccountChange
from leder.identity.models import KnownSignIn
from leder.identity.passwords import form_of, is_as_django_stores_now


def changes(
    known: KnownSignIn, user: Any, *, method: str = "", password_was_set: bool = False
) -> set[AccountChange]:
    """Return what is not as it was known. `method` is the authentication backend just signed in by, if any.

    A stored password counts as changed when its signature is not genuine. One taken away lets nobody in, and is no
    change to tell.
    """
    found = set()
    if password_was_set or (form_of(user.password) and not is_signed(known, user)):
        found.add(AccountChange.PASSWORD)
    if address_key(known.email) != address_key(user.email):
        found.add(AccountChange.EMAIL)
    if method and known.methods and method not in known.methods.splitlines():
        found.add(AccountChange.METHOD)
    if known.is_active != user.is_active:
        found.add(AccountChange.ACTIVATED if user.is_active else AccountChange.DEACTIVATED)
    return found


def address_key(address: str) -> bytes:
    """What two addresses have alike that are one: they differ in capitals A to Z at most.

    Other letters are never taken for each other: “ß” is not “ss” in an address, nor the sign for kelvin a “k”.
    """
    return address.encode().lower()


def is_up_to_date(known: KnownSignIn, user: Any, *, method: str = "") -> bool:
    """Whether there is nothing to write down anew."""
    return (
        known.email == user.email
        and known.is_active == user.is_active
        and (not method or method in known.methods.splitlines())
        and known.password_form == form_of(user.password)
        and (not known.password_form or is_signed(known, user))
    )


def write_down(known: KnownSignIn, user: Any, *, method: str = "") -> KnownSignIn:
    """Set what is known to what stands now. Does not save."""
    known.email = user.email
    known.is_active = user.is_active
    known.password_form = form_of(user.password)
    sign(known, user)
    methods = known.methods.splitlines()
    if method and method not in methods:
        known.methods = "\n".join([*methods, method])
    return known


def sign(known: KnownSignIn, user: Any) -> None:
    """Sign the password of a user as it is stored; where there is none, there is no signature. Does not save."""
    known.user = user
    known.mac = ""
    if known.password_form:
        known.sign()


def is_signed(known: KnownSignIn, user: Any) -> bool:
    """Whether the stored password of a user is the one that is known."""
    known.user = user
    return known.is_genuine


def is_strengthening(before: str, after: str) -> bool:
    """Whether Django can have stored the same password anew, because it was stored with less than settings ask for."""
    return not is_as_django_stores_now(before) and is_as_django_stores_now(after)
