"""Reminders: who has had a digest in which week, what HR has written in them, and when they begin."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from leder.languages import LANGUAGES, choices
from leder.reminders.kinds import choices as kinds
from leder.reminders.placeholders import check_placeholders


class Digest(models.Model):
    """A mail of reminders to a person in a week (by its Monday). The row is made before the mail is sent.

    A row without `sent_at` is one whose sending was broken off; whether it went is not known, so it is not sent again.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    week_start = models.DateField()
    sent_at = models.DateTimeField(null=True)
    # How many reminders of each kind: figures only.
    kinds = models.JSONField(default=dict)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["-week_start", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "week_start"], name="leder_digest_one_a_week")
        ]
        indexes = [models.Index(fields=["week_start"], name="leder_digest_week")]

    def __str__(self) -> str:
        return f"digest {self.pk}"


class ReminderText(models.Model):
    """HR's own words in a reminder, by what is most pressing in it and the reader's language.

    What is left empty is as the product says it.
    """

    kind = models.CharField(_("when it is sent"), max_length=10, choices=kinds)
    language = models.CharField(_("language"), max_length=2, choices=choices, default=LANGUAGES[0].code)
    subject = models.CharField(
        _("subject"), max_length=120, blank=True, validators=[check_placeholders], default=""
    )
    introduction = models.TextField(
        _("introduction"), max_length=1000, blank=True, validators=[check_placeholders], default=""
    )
    closing = models.TextField(
        _("closing"), max_length=1000, blank=True, validators=[check_placeholders], default=""
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("text of reminders")
        verbose_name_plural = _("texts of reminders")
        ordering = ["kind", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "language"],
                name="leder_remindertext_once",
                violation_error_message=_(
                    "There is a text for this in this language already. Change that one."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_language_display()})"

    def clean(self) -> None:
        """A subject is one line."""
        super().clean()
        if not self.subject.isprintable():
            raise ValidationError({"subject": _("Write the subject on one line.")})


class Weekday(models.IntegerChoices):
    """The day of the week from which digests go out."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")


def _days(label: Any, default: int) -> models.PositiveSmallIntegerField:
    limits = [MinValueValidator(1), MaxValueValidator(120)]
    return models.PositiveSmallIntegerField(label, default=default, validators=limits)


class ReminderPlan(models.Model):
    """How many days before its deadline each reminder begins, and from which day of the week. One row."""

    weekday = models.PositiveSmallIntegerField(
        _("from this day of the week"), choices=Weekday.choices, default=Weekday.MONDAY
    )
    missing_days = _days(_("leaders without an agreement: days before the first conversation is due"), 60)
    uncalled_days = _days(_("conversations not called: days before they are due"), 30)
    step_days = _days(_("what remains to be done: days before it is due"), 14)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("timing of reminders")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> ReminderPlan:
        """Return the plan that HR has set, or the usual one."""
        return cls.objects.first() or cls()
