"""How the goals of a section stand, written at the follow-up (oppfølging).

No editor chooses it: every section with goals is followed up, whatever its kind. What is stored is
{"note": str, "goals": {goal id: {"status", "comment"}}}.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leder.agreements.answers import GoalStatus, Payload
from leder.agreements.sections.fields import LongText
from leder.agreements.sections.merging import Fields, put_together
from leder.agreements.sections.words import label_of
from leder.pages.editions import Section


@dataclass(frozen=True)
class GoalProgress:
    """A signed goal with the fields for how it stands."""

    goal: dict[str, str]
    status: forms.BoundField
    comment: forms.BoundField


class ProgressForm(forms.Form):
    """A status and a comment for each signed goal, and a note. `signed` are the goals, `payload` what is stored."""

    template = "leder/agreements/_progress_fields.html"

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

    def compared(self, payload: Payload) -> Fields:
        """Return the fields of a payload, named by the goals they are about, to be set beside those of another."""
        fields: Fields = {}
        for goal in self.signed:
            written = payload.get("goals", {}).get(goal["id"], {})
            status = str(label_of(GoalStatus, written.get("status", "")))
            fields[f"{goal['id']}-status"] = (f"{goal['goal']} – {_('Status')}", status)
            comment = written.get("comment", "")
            fields[f"{goal['id']}-comment"] = (f"{goal['goal']} – {_('How it is going')}", comment)
        return {**fields, "note": (_("Note"), payload.get("note", ""))}

    def put_together(self, stored: Payload) -> ProgressForm:
        """Return a form with what was typed and what is stored. Call it on a valid form."""
        return ProgressForm(section=self.section, signed=self.signed, payload=merge(self.payload(), stored))

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


def merge(mine: Payload, theirs: Payload) -> Payload:
    """Return both texts in one; where statuses differ, mine."""
    merged = {}
    for goal_id in dict.fromkeys([*theirs.get("goals", {}), *mine.get("goals", {})]):
        here, there = mine.get("goals", {}).get(goal_id, {}), theirs.get("goals", {}).get(goal_id, {})
        merged[goal_id] = {
            "status": here.get("status") or there.get("status", ""),
            "comment": put_together(here.get("comment", ""), there.get("comment", "")),
        }
    return {"note": put_together(mine.get("note", ""), theirs.get("note", "")), "goals": merged}


def in_record(section_id: str, agreed: Iterable[dict[str, str]], written: Payload) -> dict[str, Any]:
    """Return how the goals of a section stand as both confirm it: those that are agreed, in their order."""
    told = written.get("goals", {})
    goals = [{"id": goal["id"], **told[goal["id"]]} for goal in agreed if goal["id"] in told]
    return {"id": section_id, **written, "goals": goals}
