"""What the two have decided when a text that their agreement builds on was published anew. Never a word they write."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leder.agreements.models.acts import Inventoried, SignedInventoriedQuerySet
from leder.agreements.models.agreement import Agreement
from leder.keyed import moment
from leder.pages.editions import Edition
from leder.signed import Covered, SignedRow


class TextDecision(Inventoried, SignedRow):
    """One party took another edition of a text into use for both, or kept the one they had. Only ever added.

    An edition that the agreement has stood on goes on being read: what was chosen from it keeps its words. So a row
    that the plugin has not signed opens no edition and gives nobody any words (`editions.decisions`).
    """

    class Choice(models.TextChoices):
        ADOPTED = "adopted", _("took it into use")
        RETAINED = "retained", _("kept the edition you had")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="text_decisions")
    choice = models.CharField(max_length=8, choices=Choice.choices)
    # The edition that the agreement stood on, and the one that was adopted or left alone.
    old_edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    new_edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = SignedInventoriedQuerySet.as_manager()

    rows = "text decisions"
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"text decision {self.pk}"

    def covered(self, field: str = "mac") -> Covered:
        """Who decided what, between which editions, and when."""
        return (
            "text decision",
            self.agreement.uuid,
            self.choice,
            self.old_edition_id,
            self.new_edition_id,
            self.by_id,
            moment(self.at),
        )

    @property
    def is_adopted(self) -> bool:
        """Whether the new edition was taken into use."""
        return self.choice == self.Choice.ADOPTED
