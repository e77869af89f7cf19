"""Two texts of the same section side by side, field by field, with what differs, and both joined to one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.agreements.answers import GoalStatus, Payload, Responsible, Stance, empty_payload
from leder.agreements.forms.section import choice_fields, goal_fields
from leder.agreements.text_decisions import find_all
from leder.agreements.written import label_of, note_label
from leder.pages.editions import Edition, Section

Words = str | Promise
Fields = dict[str, tuple[Words, str]]
WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Piece:
    """Some words of a text, and whether only this text has them."""

    text: str
    only_here: bool


@dataclass(frozen=True)
class FieldPair:
    """One field as it stands in both texts."""

    label: Words
    mine: list[Piece]
    theirs: list[Piece]
    differs: bool


def compare(mine: Fields, theirs: Fields) -> list[FieldPair]:
    """Return the fields of both texts in order; fields that are empty in both are left out."""
    pairs = []
    for key in dict.fromkeys([*theirs, *mine]):
        label, here = mine.get(key, ("", ""))
        there_label, there = theirs.get(key, ("", ""))
        if here or there:
            pairs.append(FieldPair(label or there_label, *_pieces(here, there), differs=here != there))
    return pairs


def _pieces(mine: str, theirs: str) -> tuple[list[Piece], list[Piece]]:
    here, there = WORDS.findall(mine), WORDS.findall(theirs)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, here, there, autojunk=True).get_opcodes():
        if b > a:
            left.append(Piece("".join(here[a:b]), kind != "equal"))
        if d > c:
            right.append(Piece("".join(there[c:d]), kind != "equal"))
    return left, right


# -- Payloads as fields --------------------------------------------------------------------------------
def section_fields(section: Section, payload: Payload, cited: Iterable[Edition] = ()) -> Fields:
    """Return the fields of a section's payload, with a label each."""
    return {key: (label, text) for key, label, text in _section_fields(section, payload, list(cited))}


def _section_fields(
    section: Section, payload: Payload, cited: list[Edition]
) -> Iterator[tuple[str, Words, str]]:
    for question in section.questions:
        yield f"a-{question.id}", question.text, payload.get("answers", {}).get(question.id, "")
    statements = find_all(payload.get("choices", []), cited)
    for choice in payload.get("choices", []):
        found = statements.get(choice["id"])
        statement = found.statement.text if found else ""
        yield f"c-{choice['id']}", _("Chosen"), statement
        for name, asked in choice_fields(section.answer).items():
            value = choice.get(name, "")
            text = str(label_of(Stance, value)) if name == "stance" else value
            yield f"c-{choice['id']}-{name}", f"{asked.label} – {statement}", text
    for number, goal in enumerate(payload.get("goals", []), start=1):
        for name, asked in goal_fields().items():
            if name not in {"id", "carried_from", "remove"}:
                label = _("Goal %(number)s: %(what)s") % {"number": number, "what": asked.label}
                yield f"g-{goal['id']}-{name}", label, _goal_text(name, goal.get(name, ""))
    yield "note", note_label(section), payload.get("note", "")


def _goal_text(name: str, value: str) -> str:
    if name == "responsible":
        return str(label_of(Responsible, value))
    return str(label_of(GoalStatus, value)) if name == "status" else value


def progress_fields(signed: list[dict[str, str]], payload: Payload) -> Fields:
    """Return the fields of a progress payload, named by the goals they are about."""
    fields: Fields = {}
    for goal in signed:
        written = payload.get("goals", {}).get(goal["id"], {})
        status = str(label_of(GoalStatus, written.get("status", "")))
        fields[f"{goal['id']}-status"] = (f"{goal['goal']} – {_('Status')}", status)
        fields[f"{goal['id']}-comment"] = (
            f"{goal['goal']} – {_('How it is going')}",
            written.get("comment", ""),
        )
    fields["note"] = (_("Note"), payload.get("note", ""))
    return fields


# -- Both in one ---------------------------------------------------------------------------------------
def merge_sections(mine: Payload, theirs: Payload) -> Payload:
    """Return both texts of a section in one: nothing of either is left out, to be edited by a person."""
    mine, theirs = {**empty_payload(), **mine}, {**empty_payload(), **theirs}
    questions = dict.fromkeys([*theirs["answers"], *mine["answers"]])
    return {
        "note": join(theirs["note"], mine["note"]),
        "answers": {
            key: join(theirs["answers"].get(key, ""), mine["answers"].get(key, "")) for key in questions
        },
        "choices": _merge_lists(mine["choices"], theirs["choices"], keys=("id", "stance")),
        "goals": _merge_lists(
            mine["goals"], theirs["goals"], keys=("id", "due", "responsible", "status", "carried_from")
        ),
    }


def merge_progress(mine: Payload, theirs: Payload) -> Payload:
    """Return both texts of a progress in one; where statuses differ, mine."""
    ids = dict.fromkeys([*theirs.get("goals", {}), *mine.get("goals", {})])
    merged = {}
    for goal_id in ids:
        here, there = mine.get("goals", {}).get(goal_id, {}), theirs.get("goals", {}).get(goal_id, {})
        merged[goal_id] = {
            "status": here.get("status") or there.get("status", ""),
            "comment": join(there.get("comment", ""), here.get("comment", "")),
        }
    return {"note": join(theirs.get("note", ""), mine.get("note", "")), "goals": merged}


def join(theirs: str, mine: str) -> str:
    """Return one text that has all of both: the longer when it holds the other, else one after the other."""
    if mine in theirs:
        return theirs
    if theirs in mine:
        return mine
    return f"{theirs}\n\n{mine}"


def _merge_lists(
    mine: list[dict[str, str]], theirs: list[dict[str, str]], *, keys: tuple[str, ...]
) -> list[dict[str, str]]:
    """Join two lists of things with ids. `keys` are not text: mine is taken where it says something."""
    here = {each["id"]: each for each in mine}
    merged = []
    for each in theirs:
        other = here.pop(each["id"], {})
        merged.append(
            {
                name: (other.get(name) or value) if name in keys else join(value, other.get(name, ""))
                for name, value in each.items()
            }
        )
    return [*merged, *here.values()]
