"""Status: people, dates and states of the agreements. Never a word of what the parties write.

The models of `text` hold that, and those of `access` who may read it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, Self

import swapper
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leder.agreements.keyed import MAC_LENGTH, moment
from leder.agreements.signed import Covered, Signed
from leder.agreements.states import ACTIVE, State
from leder.agreements.visibility import AgreementQuerySet
from leder.organisation.models import Position
from leder.pages.editions import Edition

# Of what tells the pairs of an agreement apart: 32 hex digits.
PAIR_LENGTH = 32

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
    text_deleted_on = models.DateField(
        _("text is deleted for good on"),
        help_text=_(
            "What the parties have written is then unreadable for everybody, for good. States and dates stay."
        ),
    )
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-year"]
        permissions = [
            ("open_round", "Can open the year's agreements"),
            ("hand_over", "Can hand agreements over to another superior"),
            ("view_figures", "Can see the year in figures"),
            ("view_names", "Can see who has come how far, by name"),
            ("view_hr_log", "Can see what HR has done"),
        ]

    def __str__(self) -> str:
        return str(self.year)


class Agreement(Signed):
    """One leader's agreement with the superior for a year (R1), pinned to three editions (R6). Status only."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="agreements")
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    superior = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="agreements")
    # The office that the superior signs in: with the appointment to it ends the access (`visibility`).
    superior_position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
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
    # Keyed signatures of the two: a date set by hand in the database opens no preparation.
    leader_ready_mac = models.CharField(max_length=MAC_LENGTH, blank=True, default="")
    superior_ready_mac = models.CharField(max_length=MAC_LENGTH, blank=True, default="")
    discussed_on = models.DateField(null=True)
    signed_at = models.DateTimeField(null=True)
    # When both last agreed to open it again (`Reopening`); it stays when it is signed anew.
    reopened_at = models.DateTimeField(null=True)
    follow_up_on = models.DateField(null=True)
    text_deleted_at = models.DateTimeField(null=True)
    # Which pair the two are: empty for those who opened it, another for each who became superior later. The superior's
    # grant names it too, signed. What is written in private sections belongs to the pair that wrote it (`pairs`).
    pair = models.CharField(max_length=PAIR_LENGTH, blank=True, default="")
    signed_pair = models.CharField(max_length=PAIR_LENGTH, blank=True, default="")
    handed_over_at = models.DateTimeField(null=True)
    # When another edition of a text was last taken into use; null while it stands on those it was opened on.
    adopted_at = models.DateTimeField(null=True)

    # The editions it stood on before, once they have been read (`text_decisions`).
    stood_on: list[Edition] | None = None

    objects = AgreementQuerySet.as_manager()

    rows = "ready"
    signatures = ("leader_ready_mac", "superior_ready_mac")
    signed_with = ()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("leader agreement")
        verbose_name_plural = _("leader agreements")
        permissions = [("party_agreement", "Is a party to the agreement")]
        # No add/change/delete/view permissions: no role or admin may ever be handed agreements wholesale.
        default_permissions = ()
        constraints = [
            # One who comes back to a position in the same year gets a new one beside the one that was ended.
            models.UniqueConstraint(
                fields=["round", "leader", "superior", "position"],
                condition=~models.Q(state=State.ENDED),
                name="leder_agreement_once_a_pair",
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

    def covered(self, field: str = "", pair: str | None = None) -> Covered:
        """That a party is ready, and when; said to one superior, it opens nothing to another (`pairs`)."""
        role = field.removesuffix("_ready_mac")
        pair = self.pair if pair is None else pair
        parts = ("ready", self.uuid, role, moment(getattr(self, f"{role}_ready_at")))
        return (*parts, pair) if pair else parts

    def ways_covered(self, field: str) -> Iterable[Covered]:
        """Said to an earlier superior, it stands as that."""
        earlier = self.handovers.values_list("former_pair", flat=True) if self.handed_over_at else ()
        return [self.covered(field, pair) for pair in (self.pair, *earlier)]

    @property
    def whose(self) -> str:
        """Which agreement."""
        return f"agreement {self.uuid}"

    @classmethod
    def to_be_signed(cls, field: str) -> models.QuerySet[Self]:
        """Those in which this party is ready, with no more than what is covered."""
        at = field.removesuffix("mac") + "at"
        return (
            super()
            .to_be_signed(field)
            .exclude(**{at: None})
            .only("uuid", "pair", "handed_over_at", at, field)
        )

    @property
    def year(self) -> int:
        """The year of the round."""
        return self.round.year

    def with_editions(self, known: Agreement | None = None) -> Agreement:
        """Fetch the three texts it stands on, in one query: joining them takes a database longer to plan than to do.

        In none where `known` is the same agreement and has fetched the same ones: editions never change.
        """
        fields = [f"{kind}_edition" for kind in ("form", "letter", "platform")]
        has = known._state.fields_cache if known is not None else {}
        found = {each.pk: each for each in map(has.get, fields) if each is not None}
        pks = [getattr(self, f"{field}_id") for field in fields]
        if missing := set(pks) - found.keys():
            found |= Edition.objects.in_bulk(missing)
        for field, pk in zip(fields, pks, strict=True):
            setattr(self, field, found[pk])
        return self

    def role_of(self, user: object) -> str | None:
        """Return "leader" or "superior", or None for one who is not a party."""
        user_id = getattr(user, "pk", None)
        if user_id is None:
            return None
        if user_id == self.leader_id:
            return Role.LEADER
        return Role.SUPERIOR if user_id == self.superior_id else None

    def other_than(self, party: Any) -> Any:
        """Return the other of the two."""
        return self.superior if party.pk == self.leader_id else self.leader


class SectionReview(models.Model):
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

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["agreement", "section_id"], name="leder_review_once_a_section")
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"


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
        PROPOSED = "proposed", _("proposed to share a part")
        SHARED = "shared", _("agreed to share a part")
        DECLINED = "declined", _("said no to sharing a part")
        WITHDRAWN = "withdrawn", _("withdrew the sharing of a part")
        DELETED = "deleted", _("The text was deleted for good")
        HANDED_OVER = "handover", _("handed the agreement over to another superior")
        CONSENTED = "consented", _("let the superior read a section from before")
        REOPENING = "reopening", _("proposed to reopen the agreement")
        REOPENED = "reopened", _("agreed to reopen the agreement")
        NOT_OPENED = "not_opened", _("said no to reopening the agreement")
        UNPROPOSED = "unproposed", _("took back the proposal to reopen the agreement")
        ADOPTED = "adopted", _("took another edition of a text into use")
        KEPT = "kept", _("kept the edition of a text that was published anew")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # In which section; of a text that was published anew, which of the three ("letter" …).
    section_id = models.CharField(max_length=36, blank=True, default="")
    at = models.DateTimeField()

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
            self.Kind.UNPROPOSED: _("The proposal to reopen the agreement lapsed"),
        }
        if self.actor_id is None and self.kind in impersonal:
            return str(impersonal[self.Kind(self.kind)])
        return str(self.get_kind_display())
