"""How the goals of a section stand, written at the follow-up (oppfølging)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leder.agreements.answers import GoalStatus, Payload
from leder.agreements.forms.fields import LongText
from leder.pages.editions import Section


@dataclass(frozen=True)
class GoalProgress:
    """A signed goal with the fields for how it stands."""

    goal: dict[str, str]
    status: forms.BoundField
    comment: forms.BoundField


class ProgressForm(forms.Form):
    """A status and a comment for each signed goal, and a note. `signed` are the goals, `payload` what is stored."""

    def __init__(
        self, data: Any = None, *, section: Section, signed: list[dict[str, str]], payload: Payload | None
    ) -> None:
        super().__init__(data, auto_id=f"p{section.number}-%s")
        self.section = section
        self.signed = signed
        stored = payload or {}
        for goal in signed:
            written = stored.get("goals", {}).get(goal["id"], {})
            self.fields[f"p-{goal['id']}-status"] = forms.ChoiceField(
                label=_("Status"), choices=GoalStatus.choices, required=False
            )
            self.fields[f"p-{goal['id']}-comment"] = LongText(label=_("How it is going"))
            self.initial[f"p-{goal['id']}-status"] = written.get("status") or goal["status"]
            self.initial[f"p-{goal['id']}-comment"] = written.get("comment", "")
        self.fields["note"] = LongText(label=_("Note"))
        self.initial["note"] = stored.get("note", "")

    @property
    def goals(self) -> list[GoalProgress]:
        """The signed goals, each with its fields."""
        return [
            GoalProgress(goal, self[f"p-{goal['id']}-status"], self[f"p-{goal['id']}-comment"])
            for goal in self.signed
        ]

    def payload(self) -> Payload:
        """Return what was written, to be stored. Call it on a valid form."""
        return {
            "note": self.cleaned_data["note"],
            "goals": {
                goal["id"]: {
                    "status": self.cleaned_data[f"p-{goal['id']}-status"] or goal["status"],
                    "comment": self.cleaned_data[f"p-{goal['id']}-comment"],
                }
                for goal in self.signed
            },
        }
