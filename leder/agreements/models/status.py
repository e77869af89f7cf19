"""Status: people, dates and states of the agreements. Never a word of what the parties write.

The models of `text` hold that, and those of `access` who may read it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leder.agreements.models.acts import Inventoried, InventoriedQuerySet
from leder.agreements.models.agreement import Agreement
from leder.agreements.models.parties import PAIR_LENGTH


class SectionReview(Inventoried):
    """The superior's latest verdict on a section, for the version it was given on."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("Approved")
        CHANGES = "changes", _("Changes asked for")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="reviews")
    section_id = models.CharField(max_length=36)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    version = models.PositiveIntegerField()
    pair = models.CharField(max_length=PAIR_LENGTH, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = InventoriedQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["agreement", "section_id"], name="leder_review_once_a_section")
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"


class Event(Inventoried):
    """A line in the agreement's history, seen by both parties: who did what, when. Never any text."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened the agreement")
        READY = "ready", _("is ready with the preparation")
        UNREADY = "unready", _("took the preparation back")
        PREPARED = "prepared", _("Both preparations were opened")
        CALLED = "called", _("called a conversation")
        MOVED = "moved", _("moved a conversation")
        CANCELLED = "cancelled", _("cancelled a conversation")
        HELD = "held", _("noted that the conversation was held")
        APPROVED = "approved", _("approved a section")
        CHANGES = "changes", _("asked for changes in a section")
        SIGNED = "signed", _("signed the agreement")
        UNSIGNED = "unsigned", _("withdrew the signature")
        VOIDED = "voided", _("changed the content, so the signature no longer counts")
        CONFIRMED = "confirmed", _("confirmed the follow-up")
        UNCONFIRMED = "unconfirm", _("took back the confirmation of the follow-up")
        REPLACED = "replaced", _("The agreement was replaced by a new one")
        ENDED = "ended", _("The agreement was ended")
        PROPOSED = "proposed", _("proposed to share a part")
        SHARED = "shared", _("agreed to share a part")
        DECLINED = "declined", _("said no to sharing a part")
        WITHDRAWN = "withdrawn", _("withdrew the sharing of a part")
        DELETED = "deleted", _("The text was deleted for good")
        HANDED_OVER = "handover", _("handed the agreement over to another superior")
        HANDOVER_PLANNED = "planned", _("planned to hand the agreement over to another superior")
        HANDOVER_STOPPED = "stopped", _("stopped the planned handover")
        HANDOVER_ALLOWED = "allowed", _("said yes to the planned handover")
        HANDOVER_OFF = "off", _("called the planned handover off")
        CONSENTED = "consented", _("let the superior read a section from before")
        REOPENING = "reopening", _("proposed to reopen the agreement")
        REOPENED = "reopened", _("agreed to reopen the agreement")
        NOT_OPENED = "not_opened", _("said no to reopening the agreement")
        UNPROPOSED = "unproposed", _("took back the proposal to reopen the agreement")
        ADOPTED = "adopted", _("took another edition of a text into use")
        RETAINED = "retained", _("kept the edition of a text that was published anew")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # In which section; of a text that was published anew, which of the three ("letter" …).
    section_id = models.CharField(max_length=36, blank=True, default="")
    at = models.DateTimeField()

    objects = InventoriedQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"event {self.pk}"

    @property
    def words(self) -> str:
        """What happened, to stand after the actor's name; a whole sentence where nobody in particular did it."""
        impersonal = {
            self.Kind.OPENED: _("The agreement was opened"),
            self.Kind.CANCELLED: _("A conversation was cancelled"),
            self.Kind.VOIDED: _("A signature no longer counts"),
            self.Kind.WITHDRAWN: _("The sharing of a part was ended"),
            self.Kind.HANDOVER_OFF: _("The planned handover lapsed"),
            self.Kind.UNPROPOSED: _("The proposal to reopen the agreement lapsed"),
        }
        if self.actor_id is None and self.kind in impersonal:
            return str(impersonal[self.Kind(self.kind)])
        return str(self.get_kind_display())
