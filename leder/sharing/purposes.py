"""What something is shared for: free text of a party, and so ciphertext like all that the parties write."""

from __future__ import annotations

import logging

from leder.agreements.models import Share
from leder.agreements.rules import is_party, may_read_share
from leder.agreements.vault.cipher import DamagedText, cipher_of
from leder.people import Person

logger = logging.getLogger("leder.agreements")


def seal_purpose(share: Share, purpose: str) -> None:
    """Put the purpose into an unsaved share. Raises DamagedText when the agreement's key does not open."""
    share.purpose = cipher_of(share.agreement).seal({"purpose": purpose}, *_place(share))


def open_purpose(*, reader: Person, share: Share) -> str:
    """Return the purpose for the two parties, and for the one it is shared with as long as it is.

    "" for everybody else, and where it does not open.
    """
    agreement = share.agreement
    if agreement.text_deleted_at is not None:
        return ""
    if not is_party(reader, agreement) and not may_read_share(reader, share):
        return ""
    try:
        return str(cipher_of(agreement).open(share.purpose, *_place(share))["purpose"])
    except DamagedText:
        logger.error("text does not open: agreement %s, share", agreement.uuid)
        return ""


def _place(share: Share) -> tuple[object, ...]:
    return ("share", share.uuid)
