"""Forms with one field: a comment, what to change, where it was signed, why to open it again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import TextDecision
from leder.agreements.sections.fields import LongText
from leder.pages.editions import Section

LARGEST_ID = 2**63 - 1


class CommentForm(forms.Form):
    """A remark to the other party, or what the superior asks to have changed. Stands once for each section."""

    # Approving goes from the same form and needs no words.
    use_required_attribute = False

    text = LongText(
        label=_("Comment"),
        required=True,
        error_messages={"required": _("Write something first, so that the other knows what you mean.")},
    )

    def __init__(self, data: Any = None, *, section: Section) -> None:
        super().__init__(data, auto_id=f"talk{section.number}-%s")


class SignForm(forms.Form):
    """Where the agreement is signed, and the content that was read (its hash)."""

    place = forms.CharField(
        label=_("Place"),
        max_length=100,
        error_messages={"required": _("Write where you sign, for example the name of the municipality.")},
    )
    content_hash = forms.CharField(widget=forms.HiddenInput(), required=False)


class ReopeningForm(forms.Form):
    """Why a signed agreement is to be opened again, and what the person saw signed (its seal)."""

    reason = LongText(
        label=_("Why do you want to reopen it?"),
        help_text=_("Only you two read this. It is kept with the agreement."),
        required=True,
        error_messages={"required": _("Write why, so that the other knows what to answer.")},
    )
    seal = forms.CharField(widget=forms.HiddenInput(), required=False)


class DecisionForm(forms.Form):
    """A party's choice on a text that was published anew, with the ids of what they saw."""

    prefix = None
    stands_on = forms.IntegerField(min_value=1, max_value=LARGEST_ID)
    edition = forms.IntegerField(min_value=1, max_value=LARGEST_ID)
    seen = forms.IntegerField(min_value=0, max_value=LARGEST_ID)
    choice = forms.ChoiceField(choices=TextDecision.Choice.choices)
