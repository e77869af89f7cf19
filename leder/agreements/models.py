"""The agreement and all that hangs on it.

Two kinds of models stand here and never mix. *Status* (Round, Agreement, Signature, SectionReview, Event) holds
people, dates and states. *Text* (Entry, Comment, Seal) holds what the parties write, as opaque ciphertext that
only `reading.open_texts` opens. None of them enters Wagtail's reference index, search or admin of snippets.
"""

from __future__ import annotations

import uuid

import swapper
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from leder.agreements.states import ACTIVE, State
from leder.agreements.visibility import AgreementQuerySet
from leder.organisation.models import Position
from leder.pages.editions import Edition

PAGE_MODEL = swapper.get_model_name("wagtailcore", "Page")


class Role(models.TextChoices):
    """The two parties (parter) of an agreement."""

    LEADER = "leader", _("leader")
    SUPERIOR = "superior", _("superior")


class Round(models.Model):
    """A year of agreements (avtaleår): which texts it stands on, and its deadlines (R4)."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    platform_page = models.ForeignKey(
        PAGE_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("leader platform")
    )
    letter_page = models.ForeignKey(
        PAGE_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("steering letter")
    )
    form_page = models.ForeignKey(
        PAGE_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("agreement form")
    )
    conversation_due = models.DateField(_("first conversation held by"))
    follow_up_from = models.DateField(_("follow-up from"))
    follow_up_due = models.DateField(_("follow-up held by"))
    unshared_deleted_on = models.DateField(
        _("unshared preparations are deleted on"),
        help_text=_("Preparation notes that were never opened to the other party are deleted on this date."),
    )
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)


class Agreement(models.Model):
    """One leader's agreement with the superior for a year (R1), pinned to three editions (R6). Status only."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="agreements")
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    superior = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="agreements")
    # Titles as they were when the agreement was opened: the organisation moves on, what was signed does not.
    leader_title = models.CharField(max_length=200)
    superior_title = models.CharField(max_length=200)
    unit_name = models.CharField(max_length=200)
    platform_edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    letter_edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    form_edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    previous = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")

    state = models.CharField(max_length=12, choices=State.choices, default=State.OPENED)
    state_changed_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    leader_ready_at = models.DateTimeField(null=True)
    superior_ready_at = models.DateTimeField(null=True)
    discussed_on = models.DateField(null=True)
    signed_at = models.DateTimeField(null=True)
    follow_up_on = models.DateField(null=True)

    objects = AgreementQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("leader agreement")
        verbose_name_plural = _("leader agreements")
        permissions = [("party_agreement", "Is a party to the agreement")]
        # No add/change/delete/view permissions: no role or admin may ever be handed agreements wholesale.
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["round", "leader", "superior", "position"], name="leder_agreement_once_a_pair"
            ),
            models.UniqueConstraint(
                fields=["round", "leader"],
                condition=models.Q(state__in=ACTIVE),
                name="leder_agreement_one_active_a_year",
            ),
            models.CheckConstraint(
                condition=~models.Q(leader=models.F("superior")), name="leder_agreement_two_parties"
            ),
        ]
        indexes = [
            models.Index(fields=["leader", "round"], name="leder_agreement_leader"),
            models.Index(fields=["superior", "round"], name="leder_agreement_superior"),
        ]

    def __str__(self) -> str:
        # Names and dates reach audit logs through __str__; the identity is all that may.
        return f"agreement {self.uuid}"

    @property
    def year(self) -> int:
        """The year of the round."""
        return self.round.year

    def role_of(self, user: object) -> str | None:
        """Return "leader" or "superior", or None for one who is not a party."""
        user_id = getattr(user, "pk", None)
        if user_id is None:
            return None
        if user_id == self.leader_id:
            return Role.LEADER
        return Role.SUPERIOR if user_id == self.superior_id else None


class AgreementUserObjectPermission(UserObjectPermissionBase):
    """Who reaches an agreement: guardian's object permissions with a direct foreign key."""

    content_object = models.ForeignKey(Agreement, on_delete=models.CASCADE)

    wagtail_reference_index_ignore = True

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        default_permissions = ()

    def __str__(self) -> str:
        return f"grant {self.pk}"


class DataKey(models.Model):
    """The agreement's data key, wrapped by a key outside the database. Deleting it shreds the text."""

    agreement = models.OneToOneField(
        Agreement, on_delete=models.CASCADE, primary_key=True, related_name="data_key"
    )
    wrapped = models.BinaryField()
    wrapped_by = models.CharField(max_length=16)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"data key {self.pk}"


class Entry(models.Model):
    """What is written in one section: one ciphertext, one version number that every save raises by one."""

    class Kind(models.TextChoices):
        ANSWER = "answer"
        PREPARATION = "preparation"
        PROGRESS = "progress"

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="entries")
    section_id = models.CharField(max_length=36)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # Whose preparation; empty for what the two write together.
    role = models.CharField(max_length=8, choices=Role.choices, blank=True, default="")
    version = models.PositiveIntegerField()
    ciphertext = models.BinaryField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "section_id", "kind", "role"], name="leder_entry_once_a_section"
            )
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"


class Comment(models.Model):
    """A remark from one party to the other on a section."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="comments")
    section_id = models.CharField(max_length=36)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ciphertext = models.BinaryField()
    created_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class SectionReview(models.Model):
    """The superior's latest verdict on a section, for the version it was given on."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("Approved")
        CHANGES = "changes", _("Changes asked for")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="reviews")
    section_id = models.CharField(max_length=36)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    version = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["agreement", "section_id"], name="leder_review_once_a_section")
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"


class Seal(models.Model):
    """The sealed record that signatures cover: canonical JSON as ciphertext, and its SHA-256."""

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", _("agreement")
        FOLLOW_UP = "follow_up", _("follow-up")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="seals")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    ciphertext = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "kind"],
                condition=models.Q(voided_at=None),
                name="leder_seal_one_standing",
            )
        ]

    def __str__(self) -> str:
        return f"seal {self.pk}"


class Signature(models.Model):
    """One party's signature on a seal (R7). Voided with its seal when the content changes before both signed."""

    seal = models.ForeignKey(Seal, on_delete=models.CASCADE, related_name="signatures")
    role = models.CharField(max_length=8, choices=Role.choices)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # "Sted" is free text, and so ciphertext like all that the parties write.
    place = models.BinaryField()
    signed_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["seal", "role"], name="leder_signature_once_a_party")]

    def __str__(self) -> str:
        return f"signature {self.pk}"


class Event(models.Model):
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
        VOIDED = "voided", _("changed the content, so the signature no longer counts")
        CONFIRMED = "confirmed", _("confirmed the follow-up")
        REPLACED = "replaced", _("The agreement was replaced by a new one")
        ENDED = "ended", _("The agreement was ended")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    section_id = models.CharField(max_length=36, blank=True, default="")
    at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"event {self.pk}"
