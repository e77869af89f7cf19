"""Reopening (gjenåpning) of an agreement that both have signed: a reason, both consents, and the seal that stays."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leder.agreements.keyed import MAC_LENGTH
from leder.agreements.models.status import PAIR_LENGTH, Agreement
from leder.agreements.models.text import Seal


class Reopening(models.Model):
    """A proposal to open a signed agreement again (R7), and what became of it.

    One party proposes with a reason, the other consents. The seal that was signed is voided then, and kept: what tells
    that it was both who did it is this row, signed (`reopened`).
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
    # Of the proposal, then of what both agreed to; emptied when it came to nothing.
    mac = models.CharField(max_length=MAC_LENGTH, blank=True, default="")

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
