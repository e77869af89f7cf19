"""Coverage as it was last counted. Holds published counts only: a copy of the database tells no more than the page."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from leder.agreements.models import Round
from leder.organisation.models import Unit


class CoverageCount(models.Model):
    """The counts of a round for a sector or staff department, or for the whole municipality (no area).

    `letter` is {"assignments": {id: at least}, "themes": {id: at least}} and for the whole "nobody": [ids]; `goals` is
    {state: at least}. Each is of as many agreements as stand beside it.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="+")
    letter = models.JSONField(default=dict)
    letter_of = models.PositiveIntegerField(null=True)
    letter_at = models.DateTimeField(null=True)
    goals = models.JSONField(default=dict)
    goals_of = models.PositiveIntegerField(null=True)
    goals_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "area"], name="leder_coverage_once_an_area"),
            models.UniqueConstraint(
                fields=["round"], condition=models.Q(area=None), name="leder_coverage_once_a_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"coverage {self.pk}"
