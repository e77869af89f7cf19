"""A proposal to reopen that nobody can answer any more lapses, visibly."""

from __future__ import annotations

from leder.agreements.actions.base import note_event
from leder.agreements.actions.proposals import end
from leder.agreements.models import Agreement, Event, Reopening


def lapse_reopening(agreement: Agreement) -> None:
    """End a proposal that waits: the agreement has moved on, or one of the two is another.

    Call it inside a transaction with the agreement locked. One query where there is none.
    """
    for row in proposed_in(agreement):
        end(row, Reopening.Status.WITHDRAWN, None)
        note_event(agreement, Event.Kind.UNPROPOSED, None)


def proposed_in(agreement: Agreement) -> list[Reopening]:
    """Return the proposals that wait for an answer, at most one; also one that the plugin has not signed."""
    rows = list(agreement.reopenings.filter(status=Reopening.Status.PROPOSED).select_related("seal"))
    for row in rows:
        row.agreement = agreement
    return rows
