"""The form of one section, made from the section of the pinned form edition and its kind (`kinds`).

It reads and writes the payload described in `agreements.answers`. Names in the form: `note`; `a-<key of the question>`;
`k-<name>` for what the kind alone asks; `chosen` (the key of each chosen statement) with
`c-<key of the statement>-<what>`; `g-<row>-<what>` for the rows of goals. A key is the end of an id: enough to tell
them apart, and it keeps the page small.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.agreements.answers import Payload, empty_payload, new_goal
from leder.agreements.editions.decisions import find
from leder.agreements.sections.fields import LongText, goal_fields
from leder.agreements.sections.kinds import kind_of
from leder.agreements.sections.merging import Fields
from leder.agreements.sections.words import note_label
from leder.pages.editions import Edition, Section, Statement

MOST_GOALS = 50
KEY_LENGTH = 4
GOAL_TEXTS = ("goal", "measures", "due")
ROW = re.compile(r"g-(\d{1,3})-")


@dataclass(frozen=True)
class Answer:
    """What is asked, with its field: a guiding question by its id, or what the kind asks by its name."""

    id: str
    label: str | Promise
    field: forms.BoundField


@dataclass(frozen=True)
class Option:
    """A statement that can be chosen, with the fields that belong to it once it is.

    `kept` says that the pinned text no longer has it: it is offered only because it was chosen.
    """

    statement: Statement
    key: str
    checked: bool
    fields: list[forms.BoundField]
    edition_note: str = ""


@dataclass(frozen=True)
class OptionGroup:
    """The statements of one part of the text: a theme of the letter, a chapter of the platform."""

    heading: str
    options: list[Option]
    is_only: bool

    @property
    def chosen(self) -> int:
        """How many of them are chosen."""
        return sum(option.checked for option in self.options)

    @property
    def is_open(self) -> bool:
        """Groups with a choice in them are unfolded, and one that is alone: none of several is more the leader's."""
        return self.is_only or self.chosen > 0


@dataclass(frozen=True)
class GoalRow:
    """The fields of one goal. `prefix` begins their names."""

    number: int
    prefix: str
    id: forms.BoundField
    carried_from: forms.BoundField
    goal: forms.BoundField
    measures: forms.BoundField
    due: forms.BoundField
    responsible: forms.BoundField
    status: forms.BoundField
    remove: forms.BoundField
    is_blank: bool


class SectionForm(forms.Form):
    """Fields of a section; nothing is required, a section may be saved half written.

    `cited` are the editions to choose from (`sections.cited`), `payload` what is stored now. What was chosen
    from an earlier one of them stays chosen until it is taken away; else only the first is offered. With
    `preparation=True` there is a field for each guiding question and a note, nothing else. `blank_goal=True` offers
    an empty row also where there are goals.
    """

    template = "leder/agreements/_section_fields.html"
    pattern_key = "__n__"

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        section: Section,
        cited: Iterable[Edition] = (),
        payload: Payload | None = None,
        preparation: bool = False,
        blank_goal: bool = False,
    ) -> None:
        super().__init__(data, auto_id=f"s{section.number}-%s")
        self._typed = data
        self.section = section
        self.kind = kind_of(section)
        self.stored = {**empty_payload(), **(payload or {})}
        self.has_note = preparation or self.kind.has_note
        self.has_goals = section.goals and not preparation
        self._blank_goal = blank_goal
        self._cited = [] if preparation else list(cited)
        known = self.kind.choosable(self._cited)
        # Of all that is known, whatever is offered: a page that was made before a text was exchanged has the same keys.
        self._keys = keys_of(known)
        self.statements = self._offered(known)
        self._unknown: set[str] = set()
        # What this kind shows alone; nothing, where there is nothing to choose from.
        shows = not preparation and bool(self.statements or not self.kind.chooses)
        self.own_template = self.kind.template if shows else ""
        self._add_answers(preparation)
        self._add_choices()
        self._add_goals()
        self._add_note(preparation)

    # -- Making the fields -------------------------------------------------------------------------------

    def _add(self, name: str, field: forms.Field, initial: Any = "") -> None:
        self.fields[name] = field
        self.initial[name] = initial

    def _add_answers(self, preparation: bool) -> None:
        asked = self.section.questions if preparation or self.kind.asks_questions else ()
        texts = {question.id: question.text for question in asked}
        # The field of each answer, by what the answer is stored under.
        self.asked: dict[str, str] = {}
        for question_id, key in keys_of(texts).items():
            self._add_answer(f"a-{key}", question_id, LongText(label=texts[question_id]))
        for name, field in ({} if preparation else self.kind.own_fields()).items():
            self._add_answer(f"k-{name}", name, field)

    def _add_answer(self, name: str, stored_as: str, field: forms.Field) -> None:
        self.asked[stored_as] = name
        self._add(name, field, self.stored["answers"].get(stored_as, ""))

    def _add_note(self, preparation: bool) -> None:
        if self.has_note:
            label = _("Note") if preparation else note_label(self.section)
            self._add("note", LongText(label=label), self.stored["note"])

    def _add_choices(self) -> None:
        stored = {choice["id"]: choice for choice in self.stored["choices"]}
        asked = self._asked_for()
        self._unknown = {statement_id for statement_id in asked if statement_id not in self.statements}
        self.chosen = [statement_id for statement_id in self.statements if statement_id in asked]
        for statement_id in self.chosen:
            self._add_choice(statement_id, stored.get(statement_id, {}))

    def _asked_for(self) -> list[str]:
        """The ids of what is chosen: what was posted, or what is stored."""
        if not self.is_bound:
            return [choice["id"] for choice in self.stored["choices"]]
        posted = self._typed.getlist("chosen") if self._typed and self._keys else []
        ids = {key: statement_id for statement_id, key in self._keys.items()}
        return list(dict.fromkeys(ids.get(key, key) for key in posted))

    def _offered(self, known: dict[str, Statement]) -> dict[str, Statement]:
        pinned = self._cited[0].statements if self._cited else {}
        chosen = set(self._asked_for()) if len(self._cited) > 1 else set()
        return {key: each for key, each in known.items() if key in pinned or key in chosen}

    def _add_choice(self, statement_id: str, written: dict[str, str]) -> None:
        for name, field in self.kind.choice_fields().items():
            self._add(self._choice_name(statement_id, name), field, written.get(name, ""))

    def _choice_name(self, statement_id: str, what: str) -> str:
        return f"c-{self._keys[statement_id]}-{what}"

    def _add_goals(self) -> None:
        self.rows: list[str] = []
        if not self.has_goals:
            return
        if self.is_bound:
            numbers = {int(found[1]) for name in self.data if (found := ROW.match(name))}
            goals: list[tuple[str, dict[str, str]]] = [(str(number), {}) for number in sorted(numbers)]
        else:
            goals = [(str(number), goal) for number, goal in enumerate(self.stored["goals"])]
        for row, goal in goals:
            self._add_goal(row, goal)
        if not goals or self._blank_goal or (self.is_bound and not self._is_blank_row(goals[-1][0])):
            # The id of an empty row is made now, so that saving it twice is saving it once.
            following = str(int(goals[-1][0]) + 1) if goals else "0"
            self._add_goal(following, new_goal())

    def _add_goal(self, row: str, goal: dict[str, str]) -> None:
        self.rows.append(row)
        for name, field in goal_fields().items():
            self._add(f"g-{row}-{name}", field, goal.get(name, ""))

    def _is_blank_row(self, row: str) -> bool:
        return not any(str(self[f"g-{row}-{name}"].value() or "").strip() for name in GOAL_TEXTS)

    # -- What templates show -----------------------------------------------------------------------------

    @property
    def answers(self) -> list[Answer]:
        """What is asked, each with its field."""
        return [Answer(key, self.fields[name].label or "", self[name]) for key, name in self.asked.items()]

    @property
    def groups(self) -> list[OptionGroup]:
        """What can be chosen, by part of the text."""
        parts: dict[str, list[Option]] = {}
        for statement in self.statements.values():
            parts.setdefault(statement.part_heading, []).append(self._option(statement))
        return [OptionGroup(heading, options, is_only=len(parts) == 1) for heading, options in parts.items()]

    def _option(self, statement: Statement) -> Option:
        checked = statement.id in self.chosen
        names = self.kind.choice_fields() if checked else ()
        return Option(
            statement,
            self._keys[statement.id],
            checked,
            [self[self._choice_name(statement.id, name)] for name in names],
            found.edition_note if (found := find(statement.id, self._cited)) else "",
        )

    @property
    def blank_choice(self) -> list[forms.BoundField]:
        """The fields of a choice, a pattern for the browser where none is chosen: `__n__` stands for the key."""
        pattern = forms.Form(auto_id=self.auto_id)
        for name, field in self.kind.choice_fields().items():
            pattern.fields[f"c-{self.pattern_key}-{name}"] = field
        return list(pattern)

    @property
    def goals(self) -> list[GoalRow]:
        """The rows of goals, at least one: the browser takes the first as the pattern of new ones."""
        return [
            GoalRow(
                number=number,
                prefix=f"g-{row}-",
                is_blank=self._is_blank_row(row),
                **{name: self[f"g-{row}-{name}"] for name in goal_fields()},
            )
            for number, row in enumerate(self.rows, start=1)
        ]

    # -- What was typed ----------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        if self._unknown:
            raise ValidationError(
                _("You chose something that is not in the text this agreement builds on. Choose again."),
                code="unknown_statement",
            )
        if len(self.rows) > MOST_GOALS + 1:
            raise ValidationError(
                _("Write at most %(most)s goals in a section."), params={"most": MOST_GOALS}, code="too_many"
            )
        self._require_words_of_goals()
        return super().clean() or self.cleaned_data

    def _require_words_of_goals(self) -> None:
        """A goal has words: a date or a measure by itself is told, so that it neither counts as one nor is lost."""
        for number, row in enumerate(self.rows, start=1):
            name = f"g-{row}-goal"
            is_removed = self.cleaned_data.get(f"g-{row}-remove")
            if not (is_removed or self._is_blank_row(row) or name in self.errors or self.cleaned_data[name]):
                words = _("Write what goal %(number)s is, or remove it.")
                self.add_error(name, ValidationError(words, params={"number": number}, code="no_goal"))

    def payload(self) -> Payload:
        """Return what was written, to be stored. Call it on a valid form."""
        values = self.cleaned_data
        return {
            "note": values.get("note", ""),
            "answers": {key: values[name] for key, name in self.asked.items() if values[name]},
            "choices": [
                {
                    "id": statement_id,
                    **{
                        name: values[self._choice_name(statement_id, name)]
                        for name in self.kind.choice_fields()
                    },
                }
                for statement_id in self.chosen
            ],
            "goals": list(self._written_goals.values()),
        }

    def compared(self, payload: Payload) -> Fields:
        """Return the fields of a payload, to be set beside those of another."""
        return self.kind.compared(self.section, payload, self._cited)

    def put_together(self, stored: Payload) -> SectionForm:
        """Return a form with what was typed and what is stored. Call it on a valid form."""
        merged = self.kind.merge(self.payload(), stored)
        return SectionForm(section=self.section, cited=self._cited, payload=merged)

    @cached_property
    def _written_goals(self) -> dict[str, dict[str, str]]:
        goals: dict[str, dict[str, str]] = {}
        seen: set[str] = set()
        for row in self.rows:
            written = {name: self.cleaned_data[f"g-{row}-{name}"] for name in goal_fields()}
            if written.pop("remove") or not any(written[name] for name in GOAL_TEXTS):
                continue
            if not written["id"] or written["id"] in seen:
                written["id"] = str(uuid.uuid4())
            seen.add(written["id"])
            goals[row] = new_goal(**{name: value for name, value in written.items() if value})
        return goals

    def goal_ids(self) -> dict[str, str]:
        """Return the id that each written row is stored with, by the row's number."""
        return {row: goal["id"] for row, goal in self._written_goals.items()}


def keys_of(ids: Iterable[str]) -> dict[str, str]:
    """Return a short key for each id: its end, or the whole where two end alike."""
    listed = list(ids)
    ends = Counter(each[-KEY_LENGTH:] for each in listed)
    return {each: each[-KEY_LENGTH:] if ends[each[-KEY_LENGTH:]] == 1 else each for each in listed}
