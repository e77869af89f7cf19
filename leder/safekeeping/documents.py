"""Verification of issued documents: what is kept of each until the text of its agreement is deleted."""

from __future__ import annotations

from collections.abc import Iterator

from leder.agreements.vault.cipher import DamagedText
from leder.documents.models import IssuedDocument
from leder.documents.register import open_issued

CHUNK = 2000
# A hundred kilobytes each.
OPENED = 50


def missing() -> Iterator[str]:
    """Name the issued documents of which nothing is kept, though the text is not deleted. One query."""
    rows = IssuedDocument.objects.filter(file=None, seal__agreement__text_deleted_at=None)
    for pk, uuid in rows.values_list("pk", "seal__agreement__uuid").iterator(chunk_size=CHUNK):
        yield f"document: nothing is kept of {pk} (agreement {uuid})"


def unopened() -> Iterator[str]:
    """Open what is kept of every document, and name those that are not what was issued."""
    rows = IssuedDocument.objects.filter(
        file__isnull=False,
        seal__agreement__text_deleted_at=None,
        seal__agreement__data_key__isnull=False,
    ).select_related("file", "seal__agreement__data_key")
    for row in rows.iterator(chunk_size=OPENED):
        try:
            open_issued(row, row.agreement)
        except DamagedText:
            yield f"document: {row.pk} does not open (agreement {row.agreement.uuid})"
