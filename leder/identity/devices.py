"""Browsers on which a person has signed in before: a signed cookie that says so, and opens nothing.

It holds, for each of the last people who signed in there, a keyed hash of the user name, a random name of the device,
the day of the last sign-in and that of the first. Name and day are new at each sign-in. It has an end, and is gone then
even if the browser keeps it. Without the cookie, or without the middleware that sets it, every sign-in is from a new
device.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import get_random_string, salted_hmac

from leder import conf

GetResponse = Callable[[HttpRequest], HttpResponseBase]

SALT = "leder.identity.devices"
DAYS = 180
SECONDS = DAYS * 24 * 60 * 60
# On a computer that several people share.
PEOPLE = 5
# On the request, between the sign-in and its answer.
SIGNED_IN = "leder_signed_in"


class Device(NamedTuple):
    """A browser as a person's device: whose, its name, and when they last and first signed in by it."""

    account: str
    name: str
    at: int
    since: int


def account_key(username: str) -> str:
    """A user name as it stands in the cookie: a keyed hash (SECRET_KEY), whether anybody has it or not."""
    plain = unicodedata.normalize("NFKC", username).strip().casefold()
    return salted_hmac(f"{SALT}.account", plain, algorithm="sha256").hexdigest()


def known_device(request: HttpRequest, username: str) -> Device | None:
    """This browser as a device of whoever has this user name; None where they have not signed in by it."""
    account = account_key(username)
    return next((each for each in _read(request) if each.account == account), None)


def remember(request: HttpRequest, response: HttpResponseBase, username: str) -> None:
    """Let the browser keep that this person has signed in, under a new name, and since when they do."""
    now = int(time.time())
    before = known_device(request, username)
    mine = Device(account_key(username), get_random_string(22), now, now if before is None else before.since)
    others = [each for each in _read(request) if each.account != mine.account]
    response.set_cookie(
        conf.device_cookie(),
        signing.dumps([mine, *others][:PEOPLE], salt=SALT),
        max_age=SECONDS,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def remember_devices(get_response: GetResponse) -> GetResponse:
    """Middleware: remember the device of whoever has signed in, or confirmed it. List it in MIDDLEWARE (leder.W006)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if username := getattr(request, SIGNED_IN, ""):
            remember(request, response, username)
        return response

    return middleware


def _read(request: HttpRequest) -> list[Device]:
    """What the cookie says, newest first; nothing where it is not ours or too old."""
    try:
        kept = signing.loads(request.COOKIES.get(conf.device_cookie(), ""), salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return []
    devices = [Device(*each) for each in kept]
    return [each for each in devices if time.time() - each.at <= SECONDS]
