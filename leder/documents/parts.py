"""The parts of a document: what the form says, what is written in a section, and how the goals stand.

Pure, as `content`: called with the document's language active.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import translation
from django.utils.dateformat import format as format_date

from leder.agreements.answers import GoalStatus
from leder.agreements.sections.as_signed import written_in
from leder.agreements.sections.words import Written, WrittenGoal, goal_in_words, label_of
from leder.documents.drawable import drawable
from leder.documents.facts import Facts
from leder.documents.richtext import blocks_of, paragraphs_of
from leder.languages import language

# A goal of so many letters fits on a page whatever they are, and is not parted.
SHORT = 400


def text_part(part: dict[str, Any], facts: Facts) -> dict[str, Any]:
    """What the form says, without anything to fill in."""
    blocks = blocks_of(part["html"], facts.base_url)
    points = [
        paragraphs_of(f"{each['group']}: {each['text']}" if each.get("group") else each["text"])
        for each in part["statements"]
    ]
    if points:
        blocks.append({"k": "ul", "i": points})
    blocks += blocks_of(part.get("closing_html", ""), facts.base_url)
    return {
        "kind": "callout" if part["kind"] == "callout" else "text",
        "heading": drawable(part["heading"]),
        "blocks": blocks,
        "parties": part["kind"] == "parties",
    }


def section_part(number: int, section: dict[str, Any], facts: Facts) -> dict[str, Any]:
    """A section as it stands in the record, with what is written in it."""
    part: dict[str, Any] = {
        "kind": "section",
        "number": number,
        "heading": drawable(section["heading"]),
        "private": section["private"],
        "left_out": section.get("left_out", False),
    }
    if part["left_out"]:
        return part
    written = written_in(number, section)
    return {
        **part,
        "blocks": blocks_of(section["guidance"], facts.base_url),
        "questions": _unanswered(section, written),
        "is_blank": written.is_blank,
        "answers": [_line(str(line.label), str(line.text)) for line in written.answers],
        "choices": [
            {
                "statement": drawable(choice.statement),
                "lines": [
                    *([_line("", choice.edition_note)] if choice.edition_note else []),
                    *(_line(str(line.label), str(line.text)) for line in choice.lines),
                ],
            }
            for choice in written.choices
        ],
        "goals": [_goal(goal) for goal in written.goals],
        "note": _line(str(written.note_label), written.note) if written.note.strip() else None,
    }


def later_part(number: int, part: dict[str, Any], facts: Facts) -> dict[str, Any]:
    """A section that is written at the follow-up, as it stands in the agreement's document."""
    return {
        "kind": "later",
        "number": number,
        "heading": drawable(part["heading"]),
        "private": part["private"],
        "blocks": blocks_of(part["html"], facts.base_url),
        "questions": [drawable(question["text"]) for question in part["questions"]],
    }


def _unanswered(section: dict[str, Any], written: Written) -> list[str]:
    """Guiding questions that are not printed with an answer."""
    answered = {str(line.label) for line in written.answers}
    return [drawable(each["text"]) for each in section["questions"] if each["text"] not in answered]


def _line(label: str, text: str) -> dict[str, Any]:
    return {"label": drawable(label), "text": paragraphs_of(text)}


def _goal(goal: WrittenGoal) -> dict[str, Any]:
    return {
        "goal": paragraphs_of(goal.goal),
        "measures": paragraphs_of(goal.measures),
        "due": date_in_words(goal.due) if goal.due else "",
        "responsible": str(goal.responsible),
        "short": len(goal.goal) + len(goal.measures) + len(goal.comment) < SHORT,
    }


def standing_part(
    number: int,
    section: dict[str, Any],
    goals: list[dict[str, str]] | None,
    progress: dict[str, Any] | None,
) -> dict[str, Any]:
    """How the goals of a section stand at the follow-up; `goals` as they were signed, None where they are left out.

    `progress` is the section's in the follow-up's record, None where nothing is said.
    """
    part: dict[str, Any] = {
        "kind": "standing",
        "number": number,
        "heading": drawable(section["heading"]),
        "private": section["private"],
        "left_out": goals is None,
        "questions": [],
        "blocks": [],
    }
    standing = {each["id"]: each for each in (progress or {}).get("goals", [])}
    note = (progress or {}).get("note", "")
    return {
        **part,
        "standing": [_standing(goal_in_words(goal, standing.get(goal["id"]))) for goal in goals or []],
        "note": _line("", note) if note.strip() and goals is not None else None,
    }


def _standing(goal: WrittenGoal) -> dict[str, Any]:
    return {
        **_goal(goal),
        "status": str(label_of(GoalStatus, goal.status)),
        "comment": paragraphs_of(goal.comment),
    }


def date_in_words(day: dt.date) -> str:
    """Return a date in the words of the active language, day and month never parted."""
    form = language(translation.get_language()).date_format()
    return format_date(day, form).replace(" ", "\u00a0", 1)
