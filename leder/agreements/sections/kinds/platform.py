"""What the leader works on of the leader platform."""

from __future__ import annotations

from django import forms
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leder.agreements.sections.fields import LongText
from leder.agreements.sections.kinds.base import Kind
from leder.agreements.sections.words import Written
from leder.pages.editions import Edition, Section

# How many expectations the form asks for.
FEWEST, MOST = 2, 3


class Stance(models.TextChoices):
    """What an expectation chosen from the platform is for this leader."""

    STRENGTH = "strength", _("A strength")
    CHALLENGE = "challenge", _("A challenge")


class Platform(Kind):
    """Expectations (forventninger) chosen from the leader platform, and what each of them is for this leader."""

    key = "platform"
    label = _("Expectations chosen from the leader platform, and a note")
    template = "leder/agreements/_picker.html"
    cites = Edition.Kind.PLATFORM.value
    chooses = "expectation"
    legend = _("Choose two or three expectations from the leader platform")

    def choice_fields(self) -> dict[str, forms.Field]:
        """What a chosen expectation asks: strength or challenge, and why."""
        return {
            "stance": forms.ChoiceField(
                label=_("Strength or challenge?"),
                choices=Stance.choices,
                required=False,
                widget=forms.RadioSelect,
            ),
            "why": LongText(label=_("Why, and what can be done about it?")),
        }

    def unfinished(self, section: Section, written: Written) -> str:
        """Say so when fewer or more are chosen than the form asks for."""
        count = len(written.choices)
        if FEWEST <= count <= MOST:
            return ""
        words = gettext(
            "The form asks for two or three expectations in “%(section)s”. Chosen now: %(count)s."
        )
        return words % {"section": section.heading, "count": count}
