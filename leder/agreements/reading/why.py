"""Why something is proposed: the reason to open again, the purpose of sharing. Ciphertext, as all that is written."""

from __future__ import annotations

import logging

from leder.agreements import rules
from leder.agreements.models import Access, Reopening, Share
from leder.agreements.vault.bindings import why_binding
from leder.agreements.vault.cipher import Cipher, DamagedText, cipher_of
from leder.people import Person

logger = logging.getLogger("leder.agreements")


def seal_why(row: Reopening | Share, why: str, cipher: Cipher) -> None:
    """Put into an unsaved proposal why it is made. `cipher` is the agreement's."""
    setattr(row, row.why, cipher.seal({row.why: why}, *why_binding(row)))


def open_why(reader: Access | Person, row: Reopening | Share) -> str | None:
    """Return why it was proposed, for a party or the one it is shared with; None for all others (`may_read_why`).

    None where the text is deleted, or does not open, too.
    """
    agreement = row.agreement
    if agreement.text_deleted_at is not None or not rules.may_read_why(reader, row):
        return None
    try:
        return str(cipher_of(agreement).open(getattr(row, row.why), *why_binding(row))[row.why])
    except DamagedText:
        logger.error("text does not open: agreement %s, %s", agreement.uuid, row._meta.model_name)
        return None
