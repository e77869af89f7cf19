"""The plugin's settings (LEDER_…), read in one place.

A host sets them in its Django settings; everything here has a default except the keys.
"""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.module_loading import import_string

KEY_BYTES = 32
REAUTH_MINUTES = 15
RETENTION_YEARS = 5
QUARANTINE_HOURS = 72
HANDOVER_STOP_DAYS = 3
NEW_DEVICE_DAYS = 30
SIGN_IN_DAYS = 90
IDENTITY_LENGTH = 64
# For what costs much: how many times in ten minutes a person, and a network.
PACE = {"check": (60, 600), "import": (20, 60)}


def load_keys(environ: Mapping[str, str]) -> list[str]:
    """The keys that the environment names: LEDER_KEYS (comma separated), else the file LEDER_KEYS_FILE.

    For a host's settings module. Gives an empty list where neither is set or the file is missing;
    the system check says so in plain words.
    """
    if listed := environ.get("LEDER_KEYS"):
        return [key.strip() for key in listed.split(",") if key.strip()]
    if named := environ.get("LEDER_KEYS_FILE"):
        path = Path(named)
        if path.is_file():
            return [line.strip() for line in path.read_text().splitlines() if line.strip()]
    return []


def load_passphrase(environ: Mapping[str, str]) -> str:
    """The passphrase of the certificate: LEDER_SEAL_PASSPHRASE, else the first line of LEDER_SEAL_PASSPHRASE_FILE.

    For a host's settings module. "" where neither is set or the file is missing.
    """
    if passphrase := environ.get("LEDER_SEAL_PASSPHRASE"):
        return passphrase
    path = Path(environ.get("LEDER_SEAL_PASSPHRASE_FILE") or "/nonexistent")
    return path.read_text().partition("\n")[0] if path.is_file() else ""


def decode_key(key: str) -> bytes:
    """The 32 bytes that a base64 text stands for. Raises ValueError when it does not."""
    try:
        decoded = base64.b64decode(key, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if len(decoded) != KEY_BYTES:
        raise ValueError(f"{len(decoded)} bytes, not {KEY_BYTES}")
    return decoded


@lru_cache(maxsize=4)
def _decoded(keys: tuple[str, ...]) -> tuple[bytes, ...]:
    # Asked for every signature on a page.
    return tuple(decode_key(key) for key in keys)


def wrapping_keys() -> list[bytes]:
    """The keys that wrap agreements' data keys: the first wraps, all of them open.

    Raises ImproperlyConfigured when LEDER_KEYS is missing, empty or malformed.
    """
    configured = getattr(settings, "LEDER_KEYS", None)
    if not configured:
        raise ImproperlyConfigured("LEDER_KEYS is empty.")
    try:
        return list(_decoded(tuple(configured)))
    except ValueError as error:
        # "from None": no part of a key may end in a log
        raise ImproperlyConfigured(f"A key in LEDER_KEYS is not usable: {error}.") from None


def reauth_minutes() -> int:
    """How old a sign-in may be, in minutes, where private parts are read and agreements signed."""
    return int(getattr(settings, "LEDER_REAUTH_MINUTES", REAUTH_MINUTES))


def reauth_url() -> str:
    """Where a person signs in once more: an address or the name of one. It is given `next`."""
    return str(getattr(settings, "LEDER_REAUTH_URL", settings.LOGIN_URL))


def quarantine() -> dt.timedelta:
    """How long an account that was changed stays shut once both are told, where no party confirms whose it is."""
    return dt.timedelta(hours=int(getattr(settings, "LEDER_QUARANTINE_HOURS", QUARANTINE_HOURS)))


def help_desk() -> str:
    """Whom to ring when an account was changed by somebody else: a name and a number. "" where none is named."""
    return str(getattr(settings, "LEDER_HELP_DESK", ""))


def device_cookie() -> str:
    """The name of the cookie by which a browser is known as a person's device."""
    return str(getattr(settings, "LEDER_DEVICE_COOKIE", "leder_device"))


def new_device_days() -> int:
    """How many days a device is new, from its person's first sign-in by it."""
    return int(getattr(settings, "LEDER_NEW_DEVICE_DAYS", NEW_DEVICE_DAYS))


def sign_in_days() -> int:
    """How many days a person's own sign-ins are kept, for them to look at."""
    return int(getattr(settings, "LEDER_SIGN_IN_DAYS", SIGN_IN_DAYS))


def provider_identity(user: Any) -> str:
    """Whom one signs in as: the user name, and whom the sign-in service says it is (LEDER_PROVIDER_IDENTITY).

    A sign-in service may find an account by its user name: one who gets another's lets them in.
    """
    named = getattr(settings, "LEDER_PROVIDER_IDENTITY", None)
    parts = [user.get_username(), *([import_string(named)(user)] if named else [])]
    # Of any length, and names nobody where it is kept.
    return sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()


def pace(what: str) -> tuple[int, int]:
    """How many times in ten minutes this may be done by one person, and from one network."""
    a_person, a_network = {**PACE, **getattr(settings, "LEDER_PACE", {})}[what]
    return int(a_person), int(a_network)


def network_of(request: HttpRequest) -> str:
    """The network that a request comes from (LEDER_NETWORK_OF), else the address that the server sees."""
    named = getattr(settings, "LEDER_NETWORK_OF", None)
    return str(import_string(named)(request)) if named else str(request.META.get("REMOTE_ADDR", ""))


def retention_years() -> int:
    """How many years after a round's own year its text is deleted for good, where HR sets no other date."""
    return int(getattr(settings, "LEDER_RETENTION_YEARS", RETENTION_YEARS))


def handover_stop_days() -> int:
    """For how many whole days after the day it was planned a handover can be stopped by those it is about."""
    return int(getattr(settings, "LEDER_HANDOVER_STOP_DAYS", HANDOVER_STOP_DAYS))


def organisation() -> str:
    """The municipality's name, as it stands on its documents."""
    return str(getattr(settings, "LEDER_ORGANISATION", settings.WAGTAIL_SITE_NAME))


def place() -> str:
    """Where people there usually sign: put in beforehand, to be changed by who signs."""
    return str(getattr(settings, "LEDER_PLACE", organisation().removesuffix(" kommune")))


def document_mark() -> str:
    """The mark at the head of a document, as SVG; "" where LEDER_DOCUMENT_MARK names no file."""
    path = getattr(settings, "LEDER_DOCUMENT_MARK", None)
    return Path(path).read_text() if path else ""


def seal_certificate() -> tuple[str, str, str] | None:
    """Files of the municipality's certificate and of its key ("" where one file holds both), and their passphrase.

    None where LEDER_SEAL_CERTIFICATE names no file: documents then leave without a seal.
    """
    path = getattr(settings, "LEDER_SEAL_CERTIFICATE", None)
    if not path:
        return None
    key, passphrase = (getattr(settings, f"LEDER_SEAL_{name}", None) for name in ("KEY", "PASSPHRASE"))
    return str(path), str(key or ""), str(passphrase or "")
