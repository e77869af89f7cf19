"""Units (enhet), leader positions (lederstilling) and dated appointments (tilsetting).

Administrative facts, kept by HR in the CMS; nothing here is written by the parties of an agreement.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from leder import keyed
from leder.signed import Covered, SavedQuerySet, SavedRow, genuine

from . import rules

logger = logging.getLogger("leder.access")


class UnitKind(models.TextChoices):
    """What a unit is called in the municipality (domain §1.9)."""

    MUNICIPALITY = "municipality", _("municipality")
    SECTOR = "sector", _("sector")
    STAFF = "staff", _("staff department")
    SERVICE = "service", _("service")
    SECTION = "section", pgettext_lazy("organisation", "section")
    DEPARTMENT = "department", _("department")


class LeaderGroup(models.IntegerChoices):
    """The three leader groups (ledernivåer, domain §1.9)."""

    ONE = 1, _("Group 1")
    TWO = 2, _("Group 2")
    THREE = 3, _("Group 3")


class HtaChapter(models.TextChoices):
    """Chapter of the collective agreement (hovedtariffavtalen) a position is paid by."""

    TOP = "3.4.1", "3.4.1"
    SENIOR = "3.4.2", "3.4.2"
    LOCAL = "5", "5"


class Unit(models.Model):
    """A part of the organisation (enhet); units form a tree through `parent`."""

    code = models.CharField(
        _("code"),
        max_length=32,
        unique=True,
        help_text=_("The unit's number or short name in the HR system."),
    )
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=16, choices=UnitKind.choices)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    # Set by imports: a unit that the HR system no longer has. It stays, for what stands in it.
    active = models.BooleanField(_("in use"), default=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        permissions: ClassVar = [("import_organisation", "Can import the organisation from a file")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=UnitKind.values),
                name="leder_unit_kind_known",
                violation_error_message=_("Choose one of the kinds in the list."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="leder_unit_not_in_itself",
                violation_error_message=_("A unit can't be part of itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a unit inside itself, at any distance; the message names the units of the circle."""
        super().clean()
        rules.check_no_cycle(
            self.pk,
            self.parent_id,
            lambda pk: Unit.objects.values_list("parent_id", flat=True).get(pk=pk),
            lambda pk: Unit.objects.values_list("name", flat=True).get(pk=pk),
            field="parent",
            itself=gettext("A unit can't be part of itself."),
        )


class Position(SavedRow):
    """A leader position (lederstilling). `reports_to` may cross the unit tree: rektor → skolesjef.

    Signed: one that the plugin has not written as it stands answers to nobody (`selectors`).
    """

    code = models.CharField(
        _("code"), max_length=32, unique=True, help_text=_("The position's number in the HR system.")
    )
    title = models.CharField(_("title"), max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="positions", verbose_name=_("unit"))
    group = models.PositiveSmallIntegerField(_("leader group"), choices=LeaderGroup.choices)
    hta_chapter = models.CharField(
        _("chapter of the collective agreement"), max_length=8, choices=HtaChapter.choices
    )
    reports_to = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("reports to"),
        help_text=_("The position of the superior. It may stand in another part of the organisation."),
    )
    active = models.BooleanField(
        _("in use"), default=True, help_text=_("A position no longer in use gets no new agreements.")
    )

    objects = SavedQuerySet.as_manager()

    rows = "positions"
    signed_with = ()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering: ClassVar = ["title", "code"]
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(group__in=LeaderGroup.values),
                name="leder_position_group_1_to_3",
                violation_error_message=_("The leader group is 1, 2 or 3."),
            ),
            models.CheckConstraint(
                condition=Q(hta_chapter__in=HtaChapter.values),
                name="leder_position_chapter_known",
                violation_error_message=_("Choose one of the chapters in the list."),
            ),
            models.CheckConstraint(
                condition=Q(reports_to__isnull=True) | ~Q(reports_to=F("id")),
                name="leder_position_not_to_itself",
                violation_error_message=_("A position can't report to itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.unit.name}"

    def covered(self, field: str = "mac") -> Covered:
        """Which position it is, whether it is in use, and whom it answers to."""
        return position_covers(self.pk, self.code, self.reports_to_id, self.active)

    @property
    def whose(self) -> str:
        """Its code in the HR system."""
        return f"code {self.code}"

    @property
    def answers_to_id(self) -> int | None:
        """The position above, as far as the plugin has written it."""
        return self.reports_to_id if genuine([self]) else None

    def clean(self) -> None:
        """Refuse a position that reports to itself, at any distance; the message names the circle."""
        super().clean()
        rules.check_no_cycle(
            self.pk,
            self.reports_to_id,
            lambda pk: Position.objects.values_list("reports_to_id", flat=True).get(pk=pk),
            lambda pk: str(Position.objects.select_related("unit").get(pk=pk)),
            field="reports_to",
            itself=gettext("A position can't report to itself."),
        )


class AppointmentQuerySet(SavedQuerySet):
    """Appointments by day. Who holds what is asked of `selectors`, where they are checked, too."""

    def on(self, day: date) -> AppointmentQuerySet:
        """Appointments that run on `day`, both ends included."""
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day)


class Appointment(SavedRow):
    """Someone holds a position for some days (tilsetting), permanently or acting (konstituert).

    Signed: it gives office.
    """

    # The composite indexes below begin with these columns and serve the joins too: no index of their own.
    position = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        related_name="appointments",
        db_index=False,
        verbose_name=_("position"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="leader_appointments",
        db_index=False,
        verbose_name=_("person"),
    )
    starts = models.DateField(_("first day"))
    ends = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Leave empty for until further notice.")
    )
    acting = models.BooleanField(
        _("acting"),
        default=False,
        help_text=_("Takes the place of whoever is permanently appointed, as long as it lasts."),
    )

    objects = AppointmentQuerySet.as_manager()

    rows = "appointments"
    signed_with = ()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering: ClassVar = ["-starts", "-pk"]
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        indexes: ClassVar = [
            models.Index(fields=["position", "starts", "ends"], name="leder_appt_position_day"),
            models.Index(fields=["person", "starts", "ends"], name="leder_appt_person_day"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="leder_appt_ends_after_start",
            ),
            # Overlap as such takes PostgreSQL's exclusion constraints; these stop its plain forms anywhere.
            models.UniqueConstraint(
                fields=["position"],
                condition=Q(acting=False, ends__isnull=True),
                name="leder_appt_one_open_permanent",
            ),
            models.UniqueConstraint(
                fields=["position", "starts"],
                condition=Q(acting=False),
                name="leder_appt_one_permanent_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person.get_full_name()}: {self.position}"

    def covered(self, field: str = "mac") -> Covered:
        """Who holds which position, on which days, and how."""
        return appointment_covers(self.position_id, self.person_id, self.starts, self.ends, self.acting)

    @property
    def whose(self) -> str:
        """The person who is appointed."""
        return f"user {self.person_id}"

    @property
    def period(self) -> rules.Period:
        """The appointment's days and holder, as the rules want them."""
        return rules.Period(self.starts, self.ends, self.person.get_full_name())

    def clean(self) -> None:
        """Refuse an end before the start, and permanent appointments of one position that overlap."""
        super().clean()
        rules.check_period(self.starts, self.ends)
        if self.acting or not (self.starts and self.position_id and self.person_id):
            return
        others = (
            Appointment.objects.filter(position_id=self.position_id, acting=False)
            .exclude(pk=self.pk)
            .select_related("person")
        )
        rules.check_no_overlap(self.period, [other.period for other in others], str(self.position))

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Nothing to add: `clean()` asks the same with names and days; the database has the last word."""


def position_covers(pk: Any, code: str, reports_to_id: Any, active: Any) -> Covered:
    """Return what the signature of a position covers."""
    return ("position", pk, code, reports_to_id, bool(active))


def appointment_covers(position_id: Any, person_id: Any, starts: Any, ends: Any, acting: Any) -> Covered:
    """Return what the signature of an appointment covers. Days may come as text, and yes and no as a number."""
    return ("appointment", position_id, person_id, starts, ends, bool(acting))


def holding(day: date, *, person: Any, position: Any) -> Subquery:
    """The latest appointment by which a person holds a position on a day, to be checked by `holds`; in a query."""
    rows = (
        Appointment.objects.on(day).filter(person_id=person, position_id=position).order_by("-starts", "-pk")
    )
    columns = {name: F(name) for name in ("pk", "starts", "ends", "acting", "mac")}
    return Subquery(rows.values(found=JSONObject(**columns))[:1])


def holds(found: Any, *, person_id: Any, position_id: Any) -> bool:
    """Whether what `holding` found is an appointment that the plugin has written; what is not is logged."""
    if not found:
        return False
    covers = appointment_covers(position_id, person_id, found["starts"], found["ends"], found["acting"])
    if keyed.is_genuine(found["mac"], *covers):
        return True
    logger.error("forged appointment: row %s, user %s", found["pk"], person_id)
    return False
