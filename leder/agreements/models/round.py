"""A year of agreements."""

from __future__ import annotations

import swapper
from django.db import models
from django.utils.translation import gettext_lazy as _

from leder.keyed import moment
from leder.signed import Covered, SavedQuerySet, SavedRow

PAGE_MODEL = swapper.get_model_name("wagtailcore", "Page")


class Round(SavedRow):
    """A year of agreements (avtaleår): which texts it stands on, and its deadlines (R4). Signed."""

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

    objects = SavedQuerySet.as_manager()

    rows = "rounds"
    signed_with = ()
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

    def covered(self, field: str = "mac") -> Covered:
        """The year, the pages of its texts, its deadlines, and when it was opened."""
        return (
            "round",
            self.year,
            self.platform_page_id,
            self.letter_page_id,
            self.form_page_id,
            self.conversation_due,
            self.follow_up_from,
            self.follow_up_due,
            self.unshared_deleted_on,
            self.text_deleted_on,
            moment(self.opened_at),
        )

    @property
    def whose(self) -> str:
        """Of which year."""
        return f"year {self.year}"
