"""A browser on which a person has signed in before: a signed cookie that says so, and opens nothing.

It holds, for each of the last people who signed in there, a keyed hash of the user name, a random name of the device
and the day. Both are new at each sign-in. It has an end, and is gone then even if the browser keeps it.
"""

import time

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import get_random_string

from .attempts import account_key

SALT = "lorenskog_intranet.signin.device"
DAYS = 180
SECONDS = DAYS * 24 * 60 * 60
# On a computer that several people share.
PEOPLE = 5

Known = tuple[str, str, int]


def known_device(request: HttpRequest, username: str) -> str:
    """The name of this browser as a device of whoever has this user name; "" where nobody has signed in by it here."""
    account = account_key(username)
    return next((name for whose, name, _at in _read(request) if whose == account), "")


def remember(request: HttpRequest, response: HttpResponseBase, username: str) -> None:
    """Let the browser keep that this person has signed in, under a new name."""
    account = account_key(username)
    others = [each for each in _read(request) if each[0] != account]
    kept: list[Known] = [(account, get_random_string(22), int(time.time())), *others][:PEOPLE]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(kept, salt=SALT),
        max_age=SECONDS,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> list[Known]:
    """What the cookie says, newest first; nothing where it is not ours or too old."""
    try:
        kept = signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return []
    return [(account, name, at) for account, name, at in kept if time.time() - at <= SECONDS]
