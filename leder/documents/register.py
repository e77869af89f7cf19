"""The register: what is issued is noted by its SHA-256, signed, and so known again however the program changes."""

from __future__ import annotations

import hashlib

from django.utils import timezone

from leder.agreements.models import Seal
from leder.documents.models import IssuedDocument
from leder.documents.variants import Variant


def note_issued(*, seal: Seal, pdf: bytes, variant: Variant, language: str) -> IssuedDocument:
    """Note that these bytes leave as a document of the seal; once, however often they do."""
    sha256 = hashlib.sha256(pdf).hexdigest()
    row = IssuedDocument.objects.select_related("seal").filter(sha256=sha256).first()
    if row is not None and row.seal_id == seal.pk and row.is_genuine:
        return row
    row = IssuedDocument(
        seal=seal, sha256=sha256, variant=variant.value, language=language, issued_at=timezone.now()
    )
    row.sign()
    # One that stands there and is not genuine was put in by hand; two who fetch it at once note the same.
    IssuedDocument.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["sha256"],
        update_fields=["seal", "variant", "language", "issued_at", "mac"],
    )
    return row
