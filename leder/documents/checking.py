"""The check (kontroll): is a PDF one that we have issued, unchanged, and does it agree with the seal?

Nothing is decrypted, and nothing that the file says is believed: genuine is what the register holds by its SHA-256, and
that is asked first. The file itself is only asked where it comes from, so that a changed one can be named, and within
bounds (`embedded`). What is told is the same for everybody: identity, year and dates, neither names nor text.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid as uuids
from dataclasses import dataclass, replace

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Reopening, Seal
from leder.documents import embedded
from leder.documents.models import IssuedDocument
from leder.documents.sealing import SealState, seal_on

MOST_BYTES = 20 * 1024 * 1024


class Verdict(models.TextChoices):
    """What the check has found."""

    GENUINE = "genuine", _("Genuine and unchanged")
    REPLACED = "replaced", _("Genuine and unchanged, but the signatures on it were taken back")
    SEAL_DIFFERS = "seal_differs", _("The document and the seal do not agree")
    CHANGED = "changed", _("The file has been changed")
    UNLISTED = "unlisted", _("Sealed by the municipality, but not in the register")
    DRAFT = "draft", _("A draft")
    UNKNOWN = "unknown", _("Not a document of ours")


@dataclass(frozen=True)
class Finding:
    """The verdict, and what it is about. `record_agrees` says whether what is attached is what was signed.

    `seal` is that of the two, `municipal_seal` says what is known of the municipality's own on the file.
    """

    verdict: Verdict
    seal: Seal | None = None
    document: IssuedDocument | None = None
    record_agrees: bool = False
    municipal_seal: SealState = SealState.NONE

    @property
    def is_genuine(self) -> bool:
        """Whether one may rely on what the document shows."""
        return self.verdict == Verdict.GENUINE

    @property
    def reopened_at(self) -> dt.datetime | None:
        """When the two opened again what they had signed, if they have."""
        return reopened_at(self.seal) if self.seal and self.seal.voided_at else None

    def weighed(self) -> Finding:
        """Return the finding with regard to the municipality's seal: what it covers is ours, in the register or not."""
        if self.document is None and self.municipal_seal == SealState.HOLDS:
            return replace(self, verdict=Verdict.UNLISTED)
        return self


def check(file: bytes) -> Finding:
    """Return what is known of a file, whatever it is."""
    return replace(_found(file), municipal_seal=seal_on(file)).weighed()


def _found(file: bytes) -> Finding:
    rows = IssuedDocument.objects.select_related("seal__agreement__round").filter(
        sha256=hashlib.sha256(file).hexdigest()
    )
    issued = next((row for row in rows if row.is_genuine), None)
    if issued is not None:
        records, _addresses = embedded.parse(file, is_ours=True)
        agrees = any(record.whole_sha256 == issued.seal.sha256 for record in records)
        return Finding(_verdict_of(issued.seal, agrees), issued.seal, issued, agrees)
    records, addresses = embedded.parse(file)
    if seal := _seal_at(addresses):
        # Only the whole record can be compared: of a part, no more is known than what it says itself.
        return Finding(
            Verdict.CHANGED,
            seal,
            record_agrees=any(record.sha256 == seal.sha256 for record in records),
        )
    if records and all(record.is_draft for record in records):
        return Finding(Verdict.DRAFT)
    return Finding(Verdict.UNKNOWN)


def seal_status(seal: Seal) -> Verdict:
    """Return what holds of a seal itself: signed by both and standing, or not."""
    return _verdict_of(seal, record_agrees=True)


def reopened_at(seal: Seal) -> dt.datetime | None:
    """Return when the two opened again what they had signed; None where they have not."""
    row = seal.reopenings.filter(status=Reopening.Status.AGREED).select_related("agreement", "seal").first()
    return row.answered_at if row is not None and row.is_genuine else None


def seal_on_paper(uuid: uuids.UUID) -> Seal | None:
    """Return the seal whose address stands on a document; None where no document of it can have left."""
    signed = Q(kind=Seal.Kind.AGREEMENT, agreement__signed_at__isnull=False)
    has_left = Exists(IssuedDocument.objects.filter(seal=OuterRef("pk")))
    return Seal.objects.select_related("agreement__round").filter(Q(has_left) | signed, uuid=uuid).first()


def _verdict_of(seal: Seal, record_agrees: bool) -> Verdict:
    if not record_agrees:
        return Verdict.SEAL_DIFFERS
    # A date taken away by hand brings back nothing that both have opened again.
    if reopened_at(seal) is not None:
        return Verdict.REPLACED
    stands = seal.voided_at is None and seal.is_signed_by_both()
    return Verdict.GENUINE if stands else Verdict.SEAL_DIFFERS


def _seal_at(addresses: set[str]) -> Seal | None:
    """The seal that a file names in its address for checking. Two seals in one file name none."""
    if len(addresses) != 1:
        return None
    return Seal.objects.select_related("agreement__round").filter(uuid=uuids.UUID(addresses.pop())).first()
