"""What is written in a section, set for reading: words instead of keys, in the order of the form."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.agreements.answers import GoalStatus, Responsible
from leder.pages.editions import Section

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
    edition_note: str = ""


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
