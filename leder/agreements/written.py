"""What is written in a section, set for reading: words instead of keys, in the order of the form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.agreements.answers import GoalStatus, Payload, Responsible, Stance
from leder.agreements.forms.section import choice_fields
from leder.agreements.text_decisions import find_all, kept_words
from leder.pages.editions import Edition, Section

Words = str | Promise


@dataclass(frozen=True)
class Line:
    """A piece of text with what it answers."""

    label: Words
    text: Words


@dataclass(frozen=True)
class WrittenChoice:
    """A statement that was chosen, and what is written to it. `kept` says where words come from that are kept."""

    id: str
    statement: str
    lines: list[Line]
    kept: str = ""


@dataclass(frozen=True)
class WrittenGoal:
    """A goal in words, with how it stands if that is known."""

    id: str
    goal: str
    measures: str
    due: dt.date | None
    responsible: Words
    status: str
    comment: str = ""


@dataclass(frozen=True)
class Written:
    """Everything written in a section."""

    answers: list[Line] = field(default_factory=list)
    choices: list[WrittenChoice] = field(default_factory=list)
    goals: list[WrittenGoal] = field(default_factory=list)
    note: str = ""
    note_label: Words = ""

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to read."""
        return not (self.answers or self.choices or self.goals or self.note)


def in_words(
    section: Section, payload: Payload | None, cited: Sequence[Edition] = (), progress: Payload | None = None
) -> Written:
    """Return what a section's payload says. `cited` are the editions its choices point to, the pinned one first."""
    found = find_all((payload or {}).get("choices", []), cited)
    statements = {key: each.statement.text for key, each in found.items()}
    kept = {key: {"edition": each.edition.number} for key, each in found.items() if each.is_kept}
    return words_of(section, payload, statements, progress, kept=kept)


def words_of(
    section: Section,
    payload: Payload | None,
    statements: Mapping[str, str],
    progress: Payload | None = None,
    *,
    kept: Mapping[str, Mapping[str, Any]] | None = None,
) -> Written:
    """Return the same, with the texts of the statements that are chosen, by id.

    `kept` are those among them whose words are kept from an earlier edition, as the record names them.
    """
    if not payload:
        return Written()
    standing = (progress or {}).get("goals", {})
    return Written(
        answers=[
            Line(question.text, payload["answers"][question.id])
            for question in section.questions
            if payload.get("answers", {}).get(question.id)
        ],
        choices=[
            WrittenChoice(
                choice["id"],
                statements.get(choice["id"], ""),
                _choice_lines(section, choice),
                kept_words(kept[choice["id"]]["edition"]) if kept and choice["id"] in kept else "",
            )
            for choice in payload.get("choices", [])
        ],
        goals=[goal_in_words(goal, standing.get(goal["id"])) for goal in payload.get("goals", [])],
        note=payload.get("note", ""),
        note_label=note_label(section),
    )


def goal_in_words(goal: dict[str, str], standing: dict[str, str] | None = None) -> WrittenGoal:
    """Return a goal in words; `standing` is its status and comment from the follow-up."""
    standing = standing or {}
    return WrittenGoal(
        id=goal["id"],
        goal=goal["goal"],
        measures=goal["measures"],
        due=day(goal["due"]),
        responsible=label_of(Responsible, goal["responsible"]),
        status=standing.get("status") or goal["status"] or GoalStatus.OPEN,
        comment=standing.get("comment", ""),
    )


def note_label(section: Section) -> Words:
    """What the note of a section is called."""
    return _("New circumstances") if section.is_follow_up else _("Note")


def label_of(choices: Any, value: str) -> Words:
    """The words of a stored choice; "" for one that is not known."""
    return choices(value).label if value in choices.values else ""


def day(value: str) -> dt.date | None:
    """The date that ISO text stands for; None for none."""
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def _choice_lines(section: Section, choice: dict[str, str]) -> list[Line]:
    lines = []
    for name, asked in choice_fields(section.answer).items():
        value = choice.get(name, "")
        words = label_of(Stance, value) if name == "stance" else value
        if words:
            lines.append(Line("" if name == "stance" else asked.label or "", words))
    return lines
