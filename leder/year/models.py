"""The opening of a year: who started it, and how far it has come. Figures and dates, no names of leaders."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Round

# A run says that it is alive with every batch, which takes a second or two.
SILENCE = dt.timedelta(minutes=1)


class Opening(models.Model):
    """One opening of a round for all its leaders (åpning av avtaleåret); restarted until it has finished."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="openings")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("started"))
    alive_at = models.DateTimeField(_("last heard of"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    # Leaders who are to have an agreement, those who have one now, and those who can't get one.
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    # The kind of error that stopped the last run: its name in the code, nothing of what it says.
    failure = models.CharField(max_length=100, blank=True, default="")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("opening of a year")
        verbose_name_plural = _("openings of years")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=models.Q(finished_at=None), name="leder_opening_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"opening {self.pk}"

    @property
    def has_stopped(self) -> bool:
        """Whether a run failed, or was killed and has not been heard of since."""
        silent = self.alive_at < timezone.now() - SILENCE
        return self.finished_at is None and (bool(self.failure) or silent)

    @property
    def percent(self) -> int:
        """How far it has come, 0 to 100."""
        if self.finished_at is not None:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0
