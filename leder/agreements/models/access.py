"""Access: who may read what the parties write, and who has. Every row carries a keyed signature (`keyed`)."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from leder.agreements.models.agreement import Agreement, grant_covers
from leder.agreements.models.keyed import moment
from leder.agreements.models.parties import PAIR_LENGTH, Role
from leder.agreements.models.proposal import Proposal
from leder.agreements.models.signed import Covered, SignedQuerySet, SignedRow
from leder.agreements.models.text import Entry
from leder.organisation.models import Position
from leder.people import Person


class AgreementUserObjectPermission(SignedRow, UserObjectPermissionBase):
    """A party's grant: guardian's object permissions with a direct foreign key, signed."""

    content_object = models.ForeignKey(Agreement, on_delete=models.CASCADE)
    role = models.CharField(max_length=8, choices=Role.choices, blank=True, default="")
    # Which pair a superior is of (`Agreement.pair`); empty for the leader, who is of all.
    pair = models.CharField(max_length=PAIR_LENGTH, blank=True, default="")

    rows = "grants"
    signed_with = ("content_object",)
    wagtail_reference_index_ignore = True

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        default_permissions = ()

    def __str__(self) -> str:
        return f"grant {self.pk}"

    def covered(self, field: str = "mac") -> Covered:
        """Agreement, person, role and pair."""
        return grant_covers(self.content_object.uuid, self.user_id, self.role, self.pair)

    @property
    def whose(self) -> str:
        """The person who holds the grant."""
        return f"user {self.user_id}, agreement {self.content_object.uuid}"

    @classmethod
    def to_be_signed(cls, field: str) -> models.QuerySet[Self]:
        """All rows, loaded with the signed columns only."""
        return super().to_be_signed(field).only("user_id", "role", "pair", "mac", "content_object__uuid")


class ShareQuerySet(SignedQuerySet):
    """Shares, and which of them are open to a reader."""

    def standing(self) -> ShareQuerySet:
        """Return those that wait for consent or claim to be agreed on, and whose date has not passed."""
        return self.filter(status__in=("proposed", "agreed"), until__gte=timezone.localdate())

    def running(self) -> ShareQuerySet:
        """Return those that claim to be agreed on, and whose date has not passed."""
        return self.standing().filter(status="agreed")

    def visible_to(self, user: Person) -> ShareQuerySet:
        """Return the shares that are open to this reader today: agreed by both, genuine, not ended. Asks at once."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        rows = self.running().filter(reader_id=user.pk).select_related("agreement")
        return self.filter(pk__in=[share.pk for share in rows if share.is_genuine])


class Share(Proposal):
    """An agreement to let one named person read a part (R2: "unless specially agreed"), for a purpose, until a date.

    One party proposes, the other consents; either withdraws at any time. `section_id` is empty for the whole agreement.
    Only what both have agreed to opens something.
    """

    section_id = models.CharField(max_length=36, blank=True, default="")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    purpose = models.BinaryField()
    until = models.DateField()

    objects = ShareQuerySet.as_manager()

    rows = "shares"
    why = "purpose"

    class Meta(Proposal.Meta):
        indexes = [models.Index(fields=["reader", "status"], name="leder_share_reader")]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "section_id", "reader"],
                condition=models.Q(status__in=("proposed", "agreed")),
                name="leder_share_once_a_reader",
            )
        ]

    def __str__(self) -> str:
        return f"share {self.pk}"

    def covered(self, field: str = "mac") -> Covered:
        """What is shared, with whom, until when. Signed for one purpose while proposed, for another once answered."""
        return (
            "proposal" if self.status == self.Status.PROPOSED else "share",
            self.uuid,
            self.agreement.uuid,
            self.section_id,
            self.reader_id,
            self.until,
            self.proposed_by_id,
            self.answered_by_id,
            moment(self.answered_at),
        )

    @property
    def whose(self) -> str:
        """The person it is shared with."""
        return f"reader {self.reader_id}, agreement {self.agreement.uuid}"

    @property
    def is_waiting(self) -> bool:
        """Whether the other can agree to it still: nobody has answered, and its date has not passed."""
        return super().is_waiting and self.until >= timezone.localdate()

    @property
    def is_running(self) -> bool:
        """Whether it is agreed to and its date has not passed."""
        return self.status == self.Status.AGREED and self.until >= timezone.localdate()


class Handover(SignedRow):
    """A change of superior (overlevering): one agreement, from one person to another, on a day. Names and dates only.

    Planned by HR, carried out when the day comes and the organisation still says so. A row that the plugin has not
    signed is never carried out, and gives no former superior anything. The plan is signed, then what was done.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        CARRIED_OUT = "carried_out", _("Carried out")
        CANCELLED = "cancelled", _("Cancelled")
        LAPSED = "lapsed", _("Lapsed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="handovers")
    former = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    former_position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    former_title = models.CharField(max_length=200)
    former_pair = models.CharField(max_length=PAIR_LENGTH, blank=True, default="")
    successor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    successor_position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    # Known when it is carried out: one who returns is of the pair that they were of.
    successor_pair = models.CharField(max_length=PAIR_LENGTH, blank=True, default="")
    on = models.DateField(_("date"))
    acting = models.BooleanField(_("acting"), default=False)
    status = models.CharField(max_length=11, choices=Status.choices, default=Status.PLANNED)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    carried_out_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = SignedQuerySet.as_manager()

    rows = "handovers"
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["on", "pk"]
        indexes = [
            models.Index(fields=["status", "on"], name="leder_handover_due"),
            models.Index(fields=["former", "status"], name="leder_handover_former"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "on"],
                condition=models.Q(status="planned"),
                name="leder_handover_one_planned_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"handover {self.pk}"

    def covered(self, field: str = "mac") -> Covered:
        """The plan. Once carried out: the pairs and the moment too, signed for another purpose."""
        plan = (
            self.uuid,
            self.agreement.uuid,
            self.former_id,
            self.former_position_id,
            self.successor_id,
            self.successor_position_id,
            self.on,
            self.acting,
            self.planned_by_id,
        )
        if self.status != self.Status.CARRIED_OUT:
            return ("planned handover", *plan)
        return ("handover", *plan, self.former_pair, self.successor_pair, moment(self.carried_out_at))

    @classmethod
    def to_be_signed(cls, field: str) -> models.QuerySet[Self]:
        """Those that are planned or carried out."""
        return super().to_be_signed(field).filter(status__in=(cls.Status.PLANNED, cls.Status.CARRIED_OUT))


class AccountChange(models.TextChoices):
    """What can change in the account of one who can read, so that somebody else may be reading as them."""

    PASSWORD = "password", _("The password was changed")
    EMAIL = "email", _("The e-mail address was changed")
    METHOD = "method", _("Somebody signed in in a way that has not been used before")
    DEACTIVATED = "deactivated", _("The account was switched off")
    ACTIVATED = "activated", _("The account was switched on")
    # What was known is gone, so nobody can say what has changed.
    UNKNOWN = "unknown", _("What was known of the account was removed, so anything may have been changed")


class Reading(models.Model):
    """A line of the reading log (leselogg): somebody was shown a text that another had written. Only ever added.

    Or the account of one who can read was changed (`AccountChange`): then nobody read, and it is of no section.

    Each line's digest covers the one before (`reading.log`), and the head is signed.
    """

    class Kind(models.TextChoices):
        ANSWER = Entry.Kind.ANSWER.value, _("what is written")
        PREPARATION = Entry.Kind.PREPARATION.value, _("the preparation")
        PROGRESS = Entry.Kind.PROGRESS.value, _("how the goals stand")
        COMMENT = "comment", _("the comments")
        RECORD = "record", _("the signed agreement")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="readings")
    number = models.PositiveIntegerField()
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    section_id = models.CharField(max_length=36)
    kind = models.CharField(max_length=12, choices=[*Kind.choices, *AccountChange.choices])
    # Whose preparation; empty for what the two write together.
    role = models.CharField(max_length=8, choices=Role.choices, blank=True, default="")
    # Of the text; of comments how many there were.
    version = models.PositiveIntegerField()
    share = models.ForeignKey(Share, null=True, on_delete=models.PROTECT, related_name="readings")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["agreement", "number"], name="leder_reading_number")]

    def __str__(self) -> str:
        return f"reading {self.pk}"


class ReadingHead(SignedRow):
    """Where the reading log of an agreement ends: how many lines, and the last one's digest, signed."""

    agreement = models.OneToOneField(
        Agreement, on_delete=models.CASCADE, primary_key=True, related_name="reading_head"
    )
    length = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, default="")

    rows = "reading logs"
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"reading head {self.pk}"

    def covered(self, field: str = "mac") -> Covered:
        """How many lines, and the last one's digest."""
        return ("reading log", self.agreement.uuid, self.length, self.digest)

    @classmethod
    def to_be_signed(cls, field: str) -> models.QuerySet[Self]:
        """All rows, loaded with the signed columns only."""
        return super().to_be_signed(field).only("length", "digest", "mac", "agreement__uuid")
