"""Encryption of what the parties write: AES-256-GCM, one data key an agreement, wrapped by a key outside the database.

Every ciphertext is bound to its place (agreement, kind, section, role, version, author) as associated data, so a
ciphertext copied to another row does not open. Format: one version byte, a 96-bit nonce, ciphertext and tag
(NIST SP 800-38D). Callers outside this package read through `reading.current.open_texts`, which asks the rules.
"""

from __future__ import annotations

import json
import logging
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from leder import conf
from leder.agreements.models import Agreement, DataKey
from leder.keyed import fingerprint

logger = logging.getLogger("leder.agreements")

FORMAT = b"\x01"
NONCE_BYTES = 12
KEY_BITS = 256
SIZE_CLASS = 512
PADDING = b" "
# Of a file every byte counts: what ends it is marked, and nothing else fills it up (ISO/IEC 7816-4).
END, FILLING = b"\x80", b"\0"
# What `decrypt` raises for bytes that were altered, and for so few that there is no nonce.
UNREADABLE = (InvalidTag, ValueError)


# What a binary column gives: bytes on SQLite, a view of memory on PostgreSQL.
Buffer = bytes | memoryview


class DamagedText(Exception):
    """A ciphertext, or the key it needs, is missing, altered or out of place. Carries no content."""


class Cipher:
    """Seals and opens the texts of one agreement with its data key."""

    def __init__(self, agreement: Agreement, data_key: bytes) -> None:
        self._aead = AESGCM(data_key)
        self._agreement = str(agreement.uuid)

    def seal(self, payload: dict[str, Any], *place: object) -> bytes:
        """Return the ciphertext of a payload, bound to its place in the agreement."""
        return self.seal_text(json.dumps(payload).encode(), *place)

    def seal_text(self, text: bytes, *place: object) -> bytes:
        """Return the ciphertext of a payload that is JSON already, and stays as it is to the byte."""
        return self._sealed(text + PADDING * _short_of(text), place)

    def seal_file(self, content: bytes, *place: object) -> bytes:
        """Return the ciphertext of any bytes, bound to their place in the agreement."""
        marked = content + END
        return self._sealed(marked + FILLING * _short_of(marked), place)

    def open(self, ciphertext: Buffer, *place: object) -> dict[str, Any]:
        """Return the payload. Raises DamagedText if the ciphertext is altered or stands in another place."""
        try:
            return json.loads(self.open_text(ciphertext, *place))
        except ValueError as error:
            raise DamagedText from error

    def open_text(self, ciphertext: Buffer, *place: object) -> bytes:
        """Return the payload as the JSON that was sealed, without looking into it. Raises DamagedText as `open`."""
        return self._opened(ciphertext, place).rstrip(PADDING)

    def open_file(self, ciphertext: Buffer, *place: object) -> bytes:
        """Return the bytes that `seal_file` has sealed. Raises DamagedText as `open`."""
        return self._opened(ciphertext, place).rstrip(FILLING).removesuffix(END)

    def _sealed(self, padded: bytes, place: tuple[object, ...]) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return FORMAT + nonce + self._aead.encrypt(nonce, padded, self._bound_to(place))

    def _opened(self, ciphertext: Buffer, place: tuple[object, ...]) -> bytes:
        blob = bytes(ciphertext)
        if blob[:1] != FORMAT:
            raise DamagedText
        nonce, body = blob[1 : 1 + NONCE_BYTES], blob[1 + NONCE_BYTES :]
        try:
            return self._aead.decrypt(nonce, body, self._bound_to(place))
        except UNREADABLE as error:
            raise DamagedText from error

    def _bound_to(self, place: tuple[object, ...]) -> bytes:
        return "|".join([self._agreement, *(str(step) for step in place)]).encode()


def new_data_key(agreement: Agreement) -> tuple[DataKey, Cipher]:
    """Return an unsaved DataKey for a new agreement and the cipher that uses it."""
    data_key = AESGCM.generate_key(KEY_BITS)
    wrapping_key = conf.wrapping_keys()[0]
    row = DataKey(
        agreement=agreement,
        wrapped=_wrap(wrapping_key, data_key, agreement),
        wrapped_by=fingerprint(wrapping_key),
    )
    return row, Cipher(agreement, data_key)


def rewrap(row: DataKey) -> bytes:
    """Return the row's data key wrapped by the first key. Raises DamagedText when no listed key opens it."""
    return _wrap(conf.wrapping_keys()[0], _unwrap(row, row.agreement), row.agreement)


def cipher_of(agreement: Agreement) -> Cipher:
    """Return the cipher of an agreement. Raises DamagedText when its key is shredded or can't be unwrapped."""
    row = getattr(agreement, "data_key", None)
    if row is None:
        raise DamagedText
    return Cipher(agreement, _unwrap(row, agreement))


def cipher_or_none(agreement: Agreement) -> Cipher | None:
    """Return the cipher of an agreement; None where the text is deleted or its key does not open, which is logged."""
    if agreement.text_deleted_at is not None:
        return None
    try:
        return cipher_of(agreement)
    except DamagedText:
        logger.error("data key does not open: agreement %s", agreement.uuid)
        return None


def open_or_none(
    cipher: Cipher | None, ciphertext: Buffer, *place: object, agreement: Agreement
) -> dict[str, Any] | None:
    """Return a payload; None where there is no cipher. What does not open is None too, and logged without content."""
    if cipher is None:
        return None
    try:
        return cipher.open(ciphertext, *place)
    except DamagedText:
        logger.error("text does not open: agreement %s, %s", agreement.uuid, place[0])
        return None


def _wrap(wrapping_key: bytes, data_key: bytes, agreement: Agreement) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(wrapping_key).encrypt(nonce, data_key, _wrap_place(agreement))


def _unwrap(row: DataKey, agreement: Agreement) -> bytes:
    wrapping_key = next((key for key in conf.wrapping_keys() if fingerprint(key) == row.wrapped_by), None)
    if wrapping_key is None:
        raise DamagedText
    blob = bytes(row.wrapped)
    try:
        return AESGCM(wrapping_key).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], _wrap_place(agreement))
    except UNREADABLE as error:
        raise DamagedText from error


def _short_of(content: bytes) -> int:
    # The length of a ciphertext would tell how much each has written. White space after JSON means nothing.
    return -len(content) % SIZE_CLASS


def _wrap_place(agreement: Agreement) -> bytes:
    return f"leder-data-key|{agreement.uuid}".encode()
