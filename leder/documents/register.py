"""The register: what is issued is noted by its SHA-256, signed, and so known again however the program changes."""

from __future__ import annotations

import hashlib

from django.utils import timezone

from leder.agreements import keyed
from leder.agreements.models import Seal
from leder.agreements.visibility import moment
from leder.documents.models import IssuedDocument
from leder.documents.variants import Variant

DOCUMENT = "document"


def note_issued(*, seal: Seal, pdf: bytes, variant: Variant, language: str) -> IssuedDocument:
    """Note that these bytes leave as a document of the seal; once, however often they do."""
    sha256 = hashlib.sha256(pdf).hexdigest()
    row = IssuedDocument.objects.select_related("seal").filter(sha256=sha256).first()
    if row is not None and row.seal_id == seal.pk and is_genuine(row):
        return row
    row = IssuedDocument(
        seal=seal, sha256=sha256, variant=variant.value, language=language, issued_at=timezone.now()
    )
    row.mac = keyed.sign(DOCUMENT, *document_parts(row))
    # One that stands there and is not genuine was put in by hand; two who fetch it at once note the same.
    IssuedDocument.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["sha256"],
        update_fields=["seal", "variant", "language", "issued_at", "mac"],
    )
    return row


def document_parts(row: IssuedDocument) -> tuple[object, ...]:
    """What the signature of a row covers."""
    return (row.seal.uuid, row.sha256, row.variant, row.language, moment(row.issued_at))


def is_genuine(row: IssuedDocument) -> bool:
    """Whether the plugin has issued these bytes as a document of that seal."""
    return keyed.is_genuine(row.mac, DOCUMENT, *document_parts(row))
