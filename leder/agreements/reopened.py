"""What tells that a reopening is the two's own: its keyed signatures, and where its reason belongs."""

from __future__ import annotations

import logging

from leder.agreements import keyed
from leder.agreements.models import Agreement, Reopening
from leder.agreements.visibility import moment

logger = logging.getLogger("leder.access")

PROPOSAL, REOPENING = "proposed reopening", "reopening"


def reopening_parts(row: Reopening) -> tuple[object, ...]:
    """What the signature of a reopening covers, and that of a proposal, which nobody has answered yet.

    Not the reason: its ciphertext is bound to the row, and goes when the text is deleted.
    """
    return (
        row.uuid,
        row.agreement.uuid,
        row.seal.uuid,
        row.pair,
        row.proposed_by_id,
        moment(row.proposed_at),
        row.answered_by_id,
        moment(row.answered_at),
    )


def proposal_is_genuine(row: Reopening) -> bool:
    """Whether a party has proposed this as it stands."""
    return keyed.is_genuine(row.mac, PROPOSAL, *reopening_parts(row))


def reopening_is_genuine(row: Reopening) -> bool:
    """Whether both have agreed to this as it stands."""
    return keyed.is_genuine(row.mac, REOPENING, *reopening_parts(row))


def reason_place(row: Reopening) -> tuple[object, ...]:
    """Where the ciphertext of a reason belongs: to this proposal, the seal it is about, and the pair."""
    return ("reopening", row.uuid, row.seal.uuid, row.pair)


def standing_proposal(agreement: Agreement) -> Reopening | None:
    """Return the proposal that waits for an answer, of the two of today. One query, none unless it is signed.

    A row that the plugin has not signed is no proposal, and is logged.
    """
    if agreement.signed_at is None:
        return None
    row = (
        agreement.reopenings.filter(status=Reopening.Status.PROPOSED, pair=agreement.pair)
        .select_related("seal", "proposed_by")
        .first()
    )
    if row is None:
        return None
    row.agreement = agreement
    if proposal_is_genuine(row):
        return row
    logger.error("forged proposal to reopen: row %s, agreement %s", row.pk, agreement.uuid)
    return None
