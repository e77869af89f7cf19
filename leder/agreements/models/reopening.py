"""Reopening (gjenåpning) of an agreement that both have signed: a reason, both consents, and the seal that stays."""

from __future__ import annotations

from django.db import models

from leder.agreements.models.acts import SignedInventoriedQuerySet
from leder.agreements.models.parties import PAIR_LENGTH
from leder.agreements.models.proposal import Proposal
from leder.agreements.models.text import Seal
from leder.keyed import moment
from leder.signed import Covered


class Reopening(Proposal):
    """A proposal to open a signed agreement again (R7), and what became of it.

    One party proposes with a reason, the other consents. The seal that was signed is voided then, and kept: what tells
    that it was both who did it is this row.
    """

    # What both had signed, with the pair that signed it.
    seal = models.ForeignKey(Seal, on_delete=models.CASCADE, related_name="reopenings")
    pair = models.CharField(max_length=PAIR_LENGTH, blank=True, default="")
    reason = models.BinaryField()

    objects = SignedInventoriedQuerySet.as_manager()

    rows = "reopenings"
    why = "reason"
    signed_with = ("agreement", "seal")

    class Meta(Proposal.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=models.Q(status="proposed"),
                name="leder_reopening_one_proposed",
            ),
            models.UniqueConstraint(
                fields=["seal"], condition=models.Q(status="agreed"), name="leder_reopening_once_a_seal"
            ),
        ]

    def __str__(self) -> str:
        return f"reopening {self.pk}"

    def covered(self, field: str = "mac") -> Covered:
        """Who proposed to open which seal, and who answered. Signed for another purpose once it is answered.

        Not the reason: its ciphertext is bound to the row, and goes when the text is deleted.
        """
        return (
            "proposed reopening" if self.status == self.Status.PROPOSED else "reopening",
            self.uuid,
            self.agreement.uuid,
            self.seal.uuid,
            self.pair,
            self.proposed_by_id,
            moment(self.proposed_at),
            self.answered_by_id,
            moment(self.answered_at),
        )

    @property
    def is_waiting(self) -> bool:
        """Whether the other can answer it still: nobody has, and the two are those who signed."""
        return super().is_waiting and self.pair == self.agreement.pair
