"""Encryption of what the parties write: AES-256-GCM, one data key an agreement, wrapped by a key outside the database.

Every ciphertext is bound to its place (agreement, kind, section, role, version, author) as associated data, so a
ciphertext copied to another row does not open. Format: one version byte, a 96-bit nonce, ciphertext and tag
(NIST SP 800-38D). Callers outside this package read through `reading.current.open_texts`, which asks the rules.

A data key is exchanged with all that it seals, in one transaction that holds the agreement (`safekeeping.renewal`). One
who seals holds it too (`actions.base.lock`); one who reads may have fetched the key just before, and fetches it again.
"""

from __future__ import annotations

import json
import logging
import os
import uuid
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from leder import conf
from leder.agreements.models import Agreement, DataKey
from leder.keyed import derived, fingerprint

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
# What the key that wraps data keys is derived for; those that sign have labels of their own (`keyed`).
WRAPPING = "leder-wrap|data key"
# What a data key consists of in its row.
KEY = ("wrapped", "wrapped_by", "made_under")


# What a binary column gives: bytes on SQLite, a view of memory on PostgreSQL.
Buffer = bytes | memoryview


class DamagedText(Exception):
    """A ciphertext, or the key it needs, is missing, altered or out of place. Carries no content."""


class Cipher:
    """Seals and opens the texts of one agreement with its data key."""

    def __init__(self, agreement: Agreement, data_key: bytes) -> None:
        self._data_key = data_key
        self._agreement = agreement

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

    def reseal(self, ciphertext: Buffer, before: Cipher, *place: object) -> bytes:
        """Return the ciphertext of what an earlier data key sealed, padding and all. Raises DamagedText as `open`."""
        return self._sealed(before._opened(ciphertext, place), place)

    def _sealed(self, padded: bytes, place: tuple[object, ...]) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return FORMAT + nonce + AESGCM(self._data_key).encrypt(nonce, padded, self._bound_to(place))

    def _opened(self, ciphertext: Buffer, place: tuple[object, ...]) -> bytes:
        blob = bytes(ciphertext)
        if blob[:1] != FORMAT:
            raise DamagedText
        nonce, body = blob[1 : 1 + NONCE_BYTES], blob[1 + NONCE_BYTES :]
        bound_to = self._bound_to(place)
        try:
            return AESGCM(self._data_key).decrypt(nonce, body, bound_to)
        except UNREADABLE as error:
            if not self._was_renewed():
                raise DamagedText from error
        return self._opened(ciphertext, place)

    def _was_renewed(self) -> bool:
        """Whether the agreement has another data key since this one was fetched; then it is taken. One query."""
        row = DataKey.objects.filter(agreement=self._agreement.pk).first()
        current = _unwrap(row, self._agreement) if row else self._data_key
        is_another = current != self._data_key
        self._data_key = current
        return is_another

    def _bound_to(self, place: tuple[object, ...]) -> bytes:
        return _unambiguous("leder-text", self._agreement.uuid, *place)


def new_data_key(agreement: Agreement) -> tuple[DataKey, Cipher]:
    """Return an unsaved DataKey for a new agreement and the cipher that uses it."""
    row = DataKey(agreement=agreement)
    return row, _made_anew(row, agreement)


def renew(row: DataKey) -> tuple[Cipher, Cipher]:
    """Put another data key into a row; saves nothing. Returns the cipher before and the one from now on.

    All that the one before has sealed is sealed anew (`Cipher.reseal`) in the same transaction. Raises DamagedText when
    no listed key opens the row.
    """
    before = Cipher(row.agreement, _unwrap(row, row.agreement))
    return before, _made_anew(row, row.agreement)


def rewrap(row: DataKey) -> None:
    """Wrap the row's data key by the first key; saves nothing. Raises DamagedText when no listed key opens it."""
    _wrap(row, _unwrap(row, row.agreement), row.agreement)


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


def _made_anew(row: DataKey, agreement: Agreement) -> Cipher:
    data_key = AESGCM.generate_key(KEY_BITS)
    row.made_under = fingerprint(conf.wrapping_keys()[0])
    _wrap(row, data_key, agreement)
    return Cipher(agreement, data_key)


def _wrap(row: DataKey, data_key: bytes, agreement: Agreement) -> None:
    """Put a data key into its row, wrapped by the first key."""
    key, nonce = conf.wrapping_keys()[0], os.urandom(NONCE_BYTES)
    row.wrapped = nonce + _wrapping(key).encrypt(nonce, data_key, _wrap_place(row, agreement))
    row.wrapped_by = fingerprint(key)


def _unwrap(row: DataKey, agreement: Agreement) -> bytes:
    key = next((key for key in conf.wrapping_keys() if fingerprint(key) == row.wrapped_by), None)
    if key is None:
        raise DamagedText
    blob = bytes(row.wrapped)
    try:
        return _wrapping(key).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], _wrap_place(row, agreement))
    except UNREADABLE as error:
        raise DamagedText from error


def _short_of(content: bytes) -> int:
    # The length of a ciphertext would tell how much each has written. White space after JSON means nothing.
    return -len(content) % SIZE_CLASS


def _wrapping(key: bytes) -> AESGCM:
    return AESGCM(derived(key, WRAPPING))


def _wrap_place(row: DataKey, agreement: Agreement) -> bytes:
    return _unambiguous("leder-data-key", agreement.uuid, row.made_under)


def _unambiguous(*steps: object) -> bytes:
    """Return a place as JSON: no two places are the same bytes, whatever stands in their steps."""
    for step in steps:
        # Text and number stay apart, and nothing is let in whose text says less than itself.
        if not isinstance(step, str | int | uuid.UUID):
            raise TypeError(f"a ciphertext can't be bound to {type(step).__name__}")
    return json.dumps([str(step) if isinstance(step, uuid.UUID) else step for step in steps]).encode()
