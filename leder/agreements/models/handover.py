"""Handovers: who was superior before, who is next, and who has agreed to it. Rows of access, signed (`signed`)."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leder.agreements.models.acts import Inventoried, SignedInventoriedQuerySet
from leder.agreements.models.agreement import CARRIED_OUT, Agreement
from leder.agreements.models.parties import PAIR_LENGTH
from leder.keyed import moment
from leder.organisation.models import Position
from leder.people import Person
from leder.signed import Covered, SignedRow


class HandoverQuerySet(SignedInventoriedQuerySet):  # type: ignore[override]
    """Handovers, as the three see them whom they are about."""

    def with_people(self) -> HandoverQuerySet:
        """Join the three, those who have decided, and the round: names and dates."""
        return self.select_related(
            "agreement__round",
            "agreement__leader__leder_account",
            "former",
            "successor",
            "successor_position",
            "planned_by",
            "stopped_by",
            "approved_by",
        )

    def visible_to(self, user: Person) -> list[Handover]:
        """Return the handovers that exist for this user: leader, former and new superior. Asks at once."""
        if not user.is_authenticated or not user.is_active:
            return []
        one_of = Q(agreement__leader_id=user.pk) | Q(former_id=user.pk) | Q(successor_id=user.pk)
        return self.with_people().filter(one_of).genuine()


class Handover(Inventoried, SignedRow):
    """A change of superior (overlevering): one agreement, from one person to another, on a day. Names and dates only.

    Planned by one in HR, carried out when the day comes, nobody has stopped it and the organisation still says so. Each
    of its states is signed, with who planned, stopped and approved it when. A row that the plugin has not signed is
    never carried out, and gives no former superior anything.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        STOPPED = "stopped", _("Stopped")
        CARRIED_OUT = CARRIED_OUT, _("Carried out")
        CANCELLED = "cancelled", _("Cancelled")
        LAPSED = "lapsed", _("Lapsed")

    class StopReason(models.TextChoices):
        """Why it is stopped: a choice, so that nobody writes here about another."""

        MISTAKE = "mistake", _("The person or the date is not right")
        UNKNOWN = "unknown", _("I know nothing of this change")
        UNFINISHED = "unfinished", _("Something has to be finished first")
        TALK = "talk", _("I want to talk with HR first")

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
    # The leader or the former superior, and why: the reason is emptied when a second person has decided.
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=10, choices=StopReason.choices, blank=True, default="")
    # The leader, or a second person in HR: it may act on its day, or in spite of the stop.
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    carried_out_at = models.DateTimeField(null=True)
    # Their order, known when it is carried out: more than every earlier one's, whatever the clock says.
    number = models.PositiveIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = HandoverQuerySet.as_manager()

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
                condition=models.Q(status__in=("planned", "stopped")),
                name="leder_handover_one_planned_a_day",
            ),
            models.UniqueConstraint(fields=["agreement", "number"], name="leder_handover_number"),
        ]

    def __str__(self) -> str:
        return f"handover {self.pk}"

    @property
    def people(self) -> tuple[Any, Any, Any]:
        """The three whom it is about: leader, former and new superior."""
        return (self.agreement.leader, self.former, self.successor)

    @property
    def is_open(self) -> bool:
        """Whether something can still come of it."""
        return self.status in (self.Status.PLANNED, self.Status.STOPPED)

    def covered(self, field: str = "mac") -> Covered:
        """Plan, stop and approval; as something else in each state, with the pairs and moments that belong to it."""
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
            moment(self.planned_at),
            self.stopped_by_id,
            moment(self.stopped_at),
            self.stop_reason,
            self.approved_by_id,
            moment(self.approved_at),
        )
        if self.status == self.Status.CARRIED_OUT:
            done = (self.former_pair, self.successor_pair, moment(self.carried_out_at), self.number)
            return ("handover", *plan, *done)
        if self.is_open:
            return (f"{self.status} handover", *plan)
        return ("ended handover", *plan, self.status, moment(self.ended_at))

    @classmethod
    def to_be_signed(cls, field: str) -> models.QuerySet[Self]:
        """All but those that ended without ever having been the plugin's own."""
        ended = Q(status__in=(cls.Status.CANCELLED, cls.Status.LAPSED))
        return super().to_be_signed(field).exclude(ended & Q(mac=""))
