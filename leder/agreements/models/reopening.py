"""Reopening (gjenåpning) of an agreement that both have signed: a reason, both consents, and the seal that stays."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leder.agreements.keyed import moment
from leder.agreements.models.status import PAIR_LENGTH, Agreement
from leder.agreements.models.text import Seal
from leder.agreements.signed import Covered, SignedQuerySet, SignedRow


class Reopening(SignedRow):
    """A proposal to open a signed agreement again (R7), and what became of it.

    One party proposes with a reason, the other consents. The seal that was signed is voided then, and kept: what tells
    that it was both who did it is this row: the proposal is signed, then what both agreed to; one that came to nothing
    has no signature.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waits for consent")
        AGREED = "agreed", _("Reopened")
        DECLINED = "declined", _("Not agreed to")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="reopenings")
    # What both had signed, with the pair that signed it.
    seal = models.ForeignKey(Seal, on_delete=models.CASCADE, related_name="reopenings")
    pair = models.CharField(max_length=PAIR_LENGTH, blank=True, default="")
    # Free text, and so ciphertext.
    reason = models.BinaryField()
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    # Who consented, said no or took it back; nobody where it lapsed.
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    objects = SignedQuerySet.as_manager()

    rows = "reopenings"
    signed_with = ("agreement", "seal")
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["-proposed_at", "-pk"]
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
        """Who proposed to open which seal and who answered; once it is answered, as something else.

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

    @classmethod
    def to_be_signed(cls, field: str) -> models.QuerySet[Self]:
        """Those that are proposed or agreed to."""
        return super().to_be_signed(field).filter(status__in=(cls.Status.PROPOSED, cls.Status.AGREED))
