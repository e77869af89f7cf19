"""Conversations (ledersamtaler) between the two parties: when, where, and whether held."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Agreement
from leder.agreements.models.acts import Inventoried, InventoriedQuerySet


class Conversation(Inventoried):
    """A conversation that the superior has called (R3, R4). Place and message are ciphertext."""

    class Kind(models.TextChoices):
        FIRST = "first", _("Leader conversation")
        FOLLOW_UP = "follow_up", _("Follow-up conversation")

    class Status(models.TextChoices):
        CALLED = "called", _("Called")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="conversations")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CALLED)
    starts_at = models.DateTimeField(_("starts"))
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=60)
    # Place and message to the other: free text, so ciphertext.
    details = models.BinaryField()
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Of the entry in the two's calendars: rises each time it is changed (RFC 5545, SEQUENCE).
    calendar_sequence = models.PositiveSmallIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = InventoriedQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        default_permissions = ()
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "kind"],
                condition=models.Q(status="called"),
                name="leder_conversation_one_called",
            )
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"

    @property
    def day(self) -> dt.date:
        """The day it is on."""
        return timezone.localdate(self.starts_at)
