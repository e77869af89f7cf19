"""The register: a document is issued once, noted by its SHA-256, signed, and kept as it was issued.

What is kept is ciphertext under the agreement's data key, and goes with its text; the line in the register stays. Whom
a document is for is decided before anything here is asked: by `agreements.reading` and `issuing`.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from leder.agreements.actions.base import lock
from leder.agreements.models import Agreement, Seal
from leder.agreements.vault.cipher import DamagedText, cipher_of
from leder.documents.document import NoDocument
from leder.documents.models import IssuedDocument, IssuedFile
from leder.documents.variants import Variant

logger = logging.getLogger("leder.documents")


class NotAsIssued(NoDocument):
    """The document has left, and what is kept of it is not what left. No other is made in its place."""


@dataclass(frozen=True)
class Copy:
    """Which document of a seal: what a reader may read of it, in which language. Two of the same are the same bytes.

    `extent` is the digest of what it shows beside what the variant says (`issuing.extent_of`).
    """

    seal: Seal
    variant: Variant
    language: str
    extent: str


def issued_before(agreement: Agreement, copy: Copy) -> bytes | None:
    """Return the document as it was issued; None where it never was. One query.

    Raises NotAsIssued where it is not as it was issued, and NoDocument where the text was deleted meanwhile.
    """
    rows = IssuedDocument.objects.filter(
        seal=copy.seal, variant=copy.variant.value, language=copy.language, extent=copy.extent
    )
    row = rows.select_related("file").first()
    if row is None:
        return None
    row.seal = copy.seal
    try:
        if not row.is_genuine:
            raise DamagedText
        return open_issued(row, agreement)
    except DamagedText as error:
        if not Agreement.objects.filter(pk=agreement.pk, text_deleted_at=None).exists():
            raise NoDocument from error
        logger.error("not as issued: document %s, agreement %s", row.pk, agreement.uuid)
        raise NotAsIssued from error


def open_issued(row: IssuedDocument, agreement: Agreement) -> bytes:
    """Return what is kept of an issued document. Raises DamagedText. Asks no rule."""
    try:
        ciphertext = row.file.ciphertext
    except IssuedFile.DoesNotExist as error:
        raise DamagedText from error
    return cipher_of(agreement).open_file(ciphertext, *document_binding(row))


@transaction.atomic
def issue(agreement: Agreement, copy: Copy, pdf: bytes) -> bytes:
    """Note and keep a document that is about to leave, and return it; of two at once the first, to both.

    Raises NoDocument where the text was deleted meanwhile, and NotAsIssued.
    """
    locked = lock(agreement)
    if locked.text_deleted_at is not None:
        # Sealed with a key that is gone, it would stay for ever.
        agreement.text_deleted_at = locked.text_deleted_at
        raise NoDocument
    earlier = issued_before(agreement, copy)
    if earlier is not None:
        return earlier
    row = IssuedDocument(
        seal=copy.seal,
        sha256=hashlib.sha256(pdf).hexdigest(),
        variant=copy.variant.value,
        language=copy.language,
        extent=copy.extent,
        issued_at=timezone.now(),
    )
    row.sign()
    row.save()
    IssuedFile.objects.create(issued=row, ciphertext=cipher_of(locked).seal_file(pdf, *document_binding(row)))
    return pdf


def document_binding(row: IssuedDocument) -> tuple[object, ...]:
    """What the ciphertext of a document is bound to, so that it opens as this one and no other."""
    return ("document", row.seal.uuid, row.variant, row.language, row.extent, row.sha256, row.seal.pair)
