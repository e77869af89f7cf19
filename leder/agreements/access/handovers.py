"""An agreement that has been handed over: who the superiors have been, and what the leader decides about it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from leder.agreements.models import Agreement, Handover
from leder.people import Person

logger = logging.getLogger("leder.access")


@dataclass(frozen=True)
class HandedOver:
    """The handovers of an agreement that have been carried out, the latest last."""

    rows: tuple[Handover, ...]

    @property
    def latest(self) -> Handover:
        """The one that brought the superior of today."""
        return self.rows[-1]

    @property
    def is_acting(self) -> bool:
        """Whether the superior of today is acting (konstituert): the leader can't let them read what is from before."""
        return self.latest.acting

    def superior_of(self, pair: str) -> Any:
        """The person who is superior in a pair; None for a pair that is not known."""
        for row in self.rows:
            if row.former_pair == pair:
                return row.former
            if row.successor_pair == pair:
                return row.successor
        return None

    def signer_of(self, agreement: Agreement) -> Any:
        """The earlier superior who has signed the agreement, and can read it as it was signed; None for none."""
        if agreement.signed_at is None or agreement.signed_pair == agreement.pair:
            return None
        return self.superior_of(agreement.signed_pair)

    def pair_with(self, person: Person) -> str | None:
        """The pair that a person has been superior in; None for one who has not."""
        for row in self.rows:
            if row.former_id == person.pk:
                return row.former_pair
            if row.successor_id == person.pk:
                return row.successor_pair
        return None


def handed_over(agreement: Agreement) -> HandedOver | None:
    """Return the handovers of an agreement; None when it has not been handed over. One query, or none.

    A row that the plugin has not signed is left out, and logged.
    """
    if agreement.handed_over_at is None:
        return None
    rows = genuine_handovers(agreement)
    if not rows or (rows[-1].successor_id, rows[-1].successor_pair) != (
        agreement.superior_id,
        agreement.pair,
    ):
        # The one that brought the superior of today is gone: it decides nothing, and says nothing.
        logger.error("handover is missing: agreement %s", agreement.uuid)
        return None
    return HandedOver(tuple(rows))


def genuine_handovers(agreement: Agreement) -> list[Handover]:
    """Return the handovers that have been carried out, in order. One query."""
    carried_out = agreement.handovers.filter(status=Handover.Status.CARRIED_OUT)
    return carried_out.select_related("former", "successor", "agreement").order_by("number", "pk").genuine()
