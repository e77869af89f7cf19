"""Keyed signatures (HMAC-SHA256, RFC 2104) of rows that decide who may read: a row written by hand has none.

The keys come from LEDER_KEYS, one for each purpose (HKDF, RFC 5869), and none of these is used itself: what wraps data
keys (`vault.cipher`) is derived in the same way, with a label of its own. A signature names the key that made it, so
that it can be made anew when keys are exchanged: a text `fingerprint:hex` of `MAC_LENGTH` characters.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from leder import conf

FINGERPRINT_LENGTH = 16
MAC_LENGTH = FINGERPRINT_LENGTH + 1 + 64


def sign(purpose: str, *parts: object) -> str:
    """Return the signature of some values for a purpose, made with the first key."""
    key = conf.wrapping_keys()[0]
    return f"{fingerprint(key)}:{_mac(key, purpose, parts)}"


def is_genuine(signature: str, purpose: str, *parts: object) -> bool:
    """Whether a signature was made by a listed key, for this purpose and these values."""
    made_by, _colon, mac = signature.partition(":")
    key = next((key for key in conf.wrapping_keys() if fingerprint(key) == made_by), None)
    # As bytes: of text it takes ASCII only, and what stands in a row may be anything.
    return key is not None and hmac.compare_digest(mac.encode(), _mac(key, purpose, parts).encode())


def moment(at: dt.datetime | None) -> str:
    """Return a moment as text that is the same whatever time zone it is given in."""
    return at.astimezone(dt.UTC).isoformat() if at else ""


@lru_cache(maxsize=64)
def fingerprint(key: bytes) -> str:
    """Return 16 hex digits that tell which key did something, without revealing it."""
    return hashlib.sha256(b"leder-key-fingerprint" + key).hexdigest()[:FINGERPRINT_LENGTH]


def _mac(key: bytes, purpose: str, parts: tuple[object, ...]) -> str:
    # JSON keeps ("a", "bc") and ("ab", "c") apart.
    message = json.dumps([None if part is None else str(part) for part in parts]).encode()
    return hmac.new(derived(key, f"leder-mac|{purpose}"), message, hashlib.sha256).hexdigest()


@lru_cache(maxsize=256)
def derived(key: bytes, label: str) -> bytes:
    """Return the key of 256 bits that one of LEDER_KEYS gives for a label. No label's key tells of another's."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=label.encode()).derive(key)
