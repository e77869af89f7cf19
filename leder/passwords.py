"""How passwords are stored: algorithm and cost, never anything of the password."""

from __future__ import annotations

from django.contrib.auth.hashers import get_hasher, identify_hasher, is_password_usable

FORM_LENGTH = 80
# What a hash holds beside its algorithm and cost.
NOT_COST = frozenset({"algorithm", "algostr", "checksum", "hash", "params", "salt"})


def form_of(encoded: str) -> str:
    """Return algorithm and cost of a stored password (`pbkdf2_sha256$1000000`); "" for one that lets nobody in."""
    algorithm = encoded.partition("$")[0]
    if not algorithm or not is_password_usable(encoded):
        return ""
    try:
        decoded = identify_hasher(encoded).decode(encoded)
    except (ValueError, NotImplementedError):
        # Of a library that is not listed here, or says no more of itself.
        return algorithm[:FORM_LENGTH]
    costs = (str(decoded[name]) for name in sorted(decoded) if name not in NOT_COST)
    return "$".join([algorithm, *costs])[:FORM_LENGTH]


def is_as_django_stores_now(encoded: str) -> bool:
    """Whether a stored password has the algorithm and cost that Django gives it at sign-in, when it had another."""
    preferred = get_hasher()
    same = form_of(encoded).partition("$")[0] == preferred.algorithm
    return same and not preferred.must_update(encoded)


def is_strengthening(before: str, after: str) -> bool:
    """Whether Django can have stored the same password anew, because it was stored with less than settings ask for."""
    return not is_as_django_stores_now(before) and is_as_django_stores_now(after)
