"""What was signed before an agreement was opened again (gjenåpning): who may still read it, and opening it.

For the leader all of it; for a superior what they signed themselves, whether they are superior now or were once. The
ones to ask are `earlier_seals_for` and `open_earlier_seal`; views ask for a recent sign-in first.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from leder.agreements.access.grants import former_pairs
from leder.agreements.models import Access, Agreement, Reading, Reopening, Role, Seal, Signature
from leder.agreements.models.agreement import held_by
from leder.agreements.models.text import given
from leder.agreements.reading import log as reading_log
from leder.agreements.reading.sealed import record_of_both
from leder.people import Person

logger = logging.getLogger("leder.access")


@dataclass(frozen=True)
class EarlierSeal:
    """A seal that both signed, the reopening that ended it, and its two signatures, the leader's first."""

    seal: Seal
    reopening: Reopening
    signatures: tuple[Signature, ...]

    @property
    def signed_at(self) -> dt.datetime:
        """When the second of the two signed."""
        return max(each.signed_at for each in self.signatures)

    @property
    def reopened_at(self) -> dt.datetime | None:
        """When the second of the two agreed to open it again."""
        return self.reopening.answered_at


def earlier_seals(access: Access) -> list[EarlierSeal]:
    """Return what both signed before the agreement was opened again, as far as this party may read it; oldest first.

    The leader: all. The superior: those of their own pair. None once the text is deleted. A reopening that the plugin
    has not signed is left out, and logged. Nothing is decrypted or logged as read. At most three queries.
    """
    return _earlier(access.agreement, _of_party(access))


def earlier_seals_for(*, reader: Person, agreement: Agreement) -> list[EarlierSeal]:
    """Return the same for anybody: a party, or a superior of earlier; none for all others. At most six queries."""
    access = held_by(reader).filter(pk=agreement.pk).access_for(reader, recent=False)
    if access is not None:
        return _earlier(agreement, _of_party(access))
    former = former_pairs(reader).get(agreement.pk)
    return [] if former is None else _earlier(agreement, Q(pair=former))


def earlier_seals_of_former(reader: Person) -> list[EarlierSeal]:
    """Return what this reader signed as a superior that they no longer are, in agreements that were opened again since.

    The newest year first. At most four queries.
    """
    theirs = Q(pk__in=())
    for pk, pair in former_pairs(reader).items():
        theirs |= Q(agreement=pk, pair=pair)
    rows = Reopening.objects.filter(theirs).select_related(
        "seal", "agreement__round", "agreement__leader", "agreement__superior"
    )
    return sorted(_genuine(rows), key=lambda each: -each.reopening.agreement.year)


def open_earlier_seal(*, reader: Person, seal: Seal) -> dict[str, Any] | None:
    """Return the record of one of `earlier_seals_for`, as it was signed, salt included; None for all others. Logged.

    The record alone says what was agreed: it holds text, answers and names as they were (`record.agreement_record`).
    Raises DamagedText where it, or the place of a signature, does not open.
    """
    agreement = seal.agreement
    if seal.pk not in {each.seal.pk for each in earlier_seals_for(reader=reader, agreement=agreement)}:
        return None
    record = record_of_both(agreement, seal)
    if record is not None:
        line = reading_log.Line("", Reading.Kind.RECORD, "", seal.pk)
        reading_log.log_readings(reader=reader, agreement=agreement, lines=[line])
    return record


def _of_party(access: Access) -> Q:
    """Which seals a party may read: the leader all, the superior their own pair's."""
    return Q() if access.role == Role.LEADER else Q(pair=access.agreement.pair)


def _earlier(agreement: Agreement, pair: Q) -> list[EarlierSeal]:
    if agreement.text_deleted_at is not None:
        return []
    rows = agreement.reopenings.filter(pair)
    return _genuine(rows.select_related("seal", "answered_by", "proposed_by", "agreement__round"))


def _genuine(rows: QuerySet[Reopening]) -> list[EarlierSeal]:
    found = []
    asked = Prefetch("seal__signatures", Signature.objects.with_last_word().select_related("signer"))
    agreed = rows.filter(status=Reopening.Status.AGREED).prefetch_related(asked)
    for row in agreed.order_by("answered_at", "pk"):
        is_sound = row.seal.pair == row.pair and row.seal.agreement_id == row.agreement_id
        row.seal.agreement = row.agreement
        signatures = sorted(given(row.seal.signatures.all()), key=lambda each: each.role)
        if row.is_genuine and is_sound and len(signatures) == len(Role):
            found.append(EarlierSeal(row.seal, row, tuple(signatures)))
        else:
            logger.error("forged reopening: row %s, agreement %s", row.pk, row.agreement.uuid)
    return found
