"""The proposal to reopen that waits for an answer."""

from __future__ import annotations

from leder.agreements.models import Agreement, Reopening


def standing_proposal(agreement: Agreement) -> Reopening | None:
    """Return the proposal that waits for an answer, of the two of today. One query, none unless it is signed.

    A row that the plugin has not signed is no proposal, and is logged.
    """
    if agreement.signed_at is None:
        return None
    rows = agreement.reopenings.filter(status=Reopening.Status.PROPOSED, pair=agreement.pair)
    return next(iter(rows.select_related("seal", "proposed_by").genuine()), None)
