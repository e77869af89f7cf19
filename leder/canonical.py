"""Canonical JSON (RFC 8785) and its SHA-256: the bytes that are hashed, sealed and signed, the same on any machine."""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785


def canonical(said: Any) -> bytes:
    """Return the canonical JSON of plain data: what is hashed, and what is sealed."""
    return rfc8785.dumps(said)


def digest(said: Any) -> str:
    """Return the SHA-256 of the canonical JSON of plain data, in hex."""
    return digest_of(canonical(said))


def digest_of(text: bytes) -> str:
    """Return the SHA-256 of canonical JSON, in hex."""
    return hashlib.sha256(text).hexdigest()
