"""Small forms: a comment, what to change, which goals go on, where it was signed, why to open it again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import TextDecision
from leder.agreements.sections.fields import Day, LongText
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


class CarryOverForm(forms.Form):
    """Which of last year's open goals go on (videreføres), and when each is due now. `goals` are their ids."""

    def __init__(self, data: QueryDict | None = None, *, goals: Iterable[str]) -> None:
        super().__init__(data)
        self.chosen_ids = set(data.getlist("goal")) if data is not None else set()
        for goal_id in goals:
            self.fields[f"due-{goal_id}"] = Day(label=_("New due date"))

    def chosen(self) -> dict[str, str]:
        """Return the chosen ids, each with its date. Call it on a valid form."""
        dates = {name.removeprefix("due-"): day for name, day in self.cleaned_data.items()}
        return {goal_id: day for goal_id, day in dates.items() if goal_id in self.chosen_ids}


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
