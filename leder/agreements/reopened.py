"""The proposal to reopen that waits for an answer, and where the reason of one belongs."""

from __future__ import annotations

from leder.agreements.models import Agreement, Reopening


def reason_place(row: Reopening) -> tuple[object, ...]:
    """Where the ciphertext of a reason belongs: to this proposal, the seal it is about, and the pair."""
    return ("reopening", row.uuid, row.seal.uuid, row.pair)


def standing_proposal(agreement: Agreement) -> Reopening | None:
    """Return the proposal that waits for an answer, of the two of today. One query, none unless it is signed.

    A row that the plugin has not signed is no proposal, and is logged.
    """
    if agreement.signed_at is None:
        return None
    rows = agreement.reopenings.filter(status=Reopening.Status.PROPOSED, pair=agreement.pair)
    return next(iter(rows.select_related("seal", "proposed_by").genuine()), None)
