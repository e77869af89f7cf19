"""What the leader answers for of the year's steering letter."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from leder.agreements.sections.fields import LongText
from leder.agreements.sections.kinds.base import Kind
from leder.pages.editions import Edition


class Letter(Kind):
    """Assignments (oppdrag) chosen from the steering letter (styringsbrev), and what each comes to here."""

    key = "letter"
    label = _("Themes and assignments chosen from the steering letter, and a note")
    template = "leder/agreements/_picker.html"
    cites = Edition.Kind.LETTER.value
    chooses = "assignment"
    legend = _("Choose assignments from the steering letter")
    is_counted = True

    def choice_fields(self) -> dict[str, forms.Field]:
        """What a chosen assignment asks: contribution, ambition, and what the two expect of each other."""
        return {
            "contribution": LongText(label=_("Contribution")),
            "ambition": LongText(label=_("How high we aim")),
            "expectations": LongText(label=_("What we expect of each other")),
        }
