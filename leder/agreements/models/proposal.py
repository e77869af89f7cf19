"""A proposal (forslag): what one of the two wants, and the other agrees to or not. Sharing and reopening are such."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leder.agreements.models.acts import Inventoried
from leder.agreements.models.agreement import Agreement
from leder.signed import SignedRow


class Proposal(Inventoried, SignedRow):
    """What one of the two proposed, and what became of it: who agreed, who ended it, and when.

    The proposal is signed, then what both have agreed to. What came to nothing, or was ended, has no signature.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waits for consent")
        AGREED = "agreed", _("Agreed to")
        DECLINED = "declined", _("Not agreed to")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="%(class)ss")
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    # Who said no, took it back or withdrew it; nobody where it lapsed.
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    # The field of why it is proposed: free text, and so ciphertext.
    why: str
    # Of which section the history says it; of none.
    section_id: Any = ""
    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True
        default_permissions = ()
        ordering = ["-proposed_at", "-pk"]

    @property
    def is_waiting(self) -> bool:
        """Whether the other can answer it still."""
        return self.status == self.Status.PROPOSED

    @classmethod
    def to_be_signed(cls, field: str) -> models.QuerySet[Self]:
        """Those that are proposed or agreed to."""
        return super().to_be_signed(field).filter(status__in=(cls.Status.PROPOSED, cls.Status.AGREED))
