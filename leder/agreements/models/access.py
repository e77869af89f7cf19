"""Access: who may read what the parties write, and who has. Every row carries a keyed signature (`keyed`)."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from leder.agreements.models.account import AccountChange, require_open_for
from leder.agreements.models.acts import SignedInventoriedQuerySet
from leder.agreements.models.agreement import Agreement, grant_covers
from leder.agreements.models.parties import PAIR_LENGTH, Role
from leder.agreements.models.proposal import Proposal
from leder.agreements.models.text import Entry
from leder.keyed import moment
from leder.people import Person
from leder.signed import Covered, SignedRow


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
        """Agreement, person and role; of a superior the pair and the office."""
        agreement = self.content_object
        return grant_covers(
            agreement.uuid, self.user_id, self.role, self.pair, agreement.superior_position_id
        )

    @property
    def whose(self) -> str:
        """The person who holds the grant."""
        return f"user {self.user_id}, agreement {self.content_object.uuid}"

    @classmethod
    def to_be_signed(cls, field: str) -> models.QuerySet[Self]:
        """All rows, loaded with the signed columns only."""
        of_agreement = ("content_object__uuid", "content_object__superior_position_id")
        return super().to_be_signed(field).only("user_id", "role", "pair", "mac", *of_agreement)


class ShareQuerySet(SignedInventoriedQuerySet):  # type: ignore[override]
    """Shares, and which of them are open to a reader."""

    def standing(self) -> ShareQuerySet:
        """Return those that wait for consent or claim to be agreed on, and whose date has not passed."""
        return self.filter(status__in=("proposed", "agreed"), until__gte=timezone.localdate())

    def running(self) -> ShareQuerySet:
        """Return those that claim to be agreed on, and whose date has not passed."""
        return self.standing().filter(status="agreed")

    def visible_to(self, user: Person) -> ShareQuerySet:
        """Return the shares that are open to this reader today: agreed by both, genuine, not ended. Asks at once.

        Raises AccountShut where there are some, and the account was changed.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        rows = self.running().filter(reader_id=user.pk).select_related("agreement")
        open_to = [share.pk for share in rows if share.is_genuine]
        if open_to:
            require_open_for(user)
        return self.filter(pk__in=open_to)


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


class Reading(models.Model):
    """A line of the reading log (leselogg): somebody was shown a text that another had written. Only ever added.

    Or one of their own, by a new device (`own`).

    Or the account of one who can read was changed (`AccountChange`): then nobody read, and it is of no section.

    Each line's digest covers the one before (`reading.log`), and the head is signed.
    """

    class Kind(models.TextChoices):
        ANSWER = Entry.Kind.ANSWER.value, _("what is written")
        PREPARATION = Entry.Kind.PREPARATION.value, _("the preparation")
        PROGRESS = Entry.Kind.PROGRESS.value, _("how the goals stand")
        COMMENT = "comment", _("the comments")
        RECORD = "record", _("the signed agreement")
        VERSION = "version", _("an earlier version")
        # Says that one opened where they work by themself, and not whether anything stands there.
        OWN_PAGES = "own_pages", _("pages of their own")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="readings")
    number = models.PositiveIntegerField()
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    section_id = models.CharField(max_length=36)
    kind = models.CharField(max_length=12, choices=[*Kind.choices, *AccountChange.choices])
    # Whose preparation; empty for what the two write together.
    role = models.CharField(max_length=8, choices=Role.choices, blank=True, default="")
    # Of the text; of comments how many there were.
    version = models.PositiveIntegerField()
    # What the reader wrote themself: told where they signed in from a new device.
    own = models.BooleanField(default=False)
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
