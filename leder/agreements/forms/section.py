"""The form of one section, made from the section of the pinned form edition.

It reads and writes the payload described in `agreements.answers`. Names in the form: `note`; `a-<key of the question>`;
`chosen` (the key of each chosen statement) with `c-<key of the statement>-<what>`; `g-<row>-<what>` for the rows of
goals. A key is the end of an id: enough to tell them apart, and it keeps the page small.
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
from django.utils.translation import gettext_lazy as _

from leder.agreements.answers import GoalStatus, Payload, Responsible, Stance, empty_payload, new_goal
from leder.agreements.forms.fields import Day, LongText
from leder.agreements.text_decisions import find
from leder.pages.editions import Edition, Question, Section, Statement

# What of a text may be chosen, for each kind of answer.
CHOOSABLE = {
    "letter": "assignment",
    "platform": "expectation",
}
MOST_GOALS = 50
KEY_LENGTH = 4
GOAL_TEXTS = ("goal", "measures", "due")
ROW = re.compile(r"g-(\d{1,3})-")


@dataclass(frozen=True)
class Answer:
    """A question with its field."""

    question: Question
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
    kept: str = ""


@dataclass(frozen=True)
class OptionGroup:
    """The statements of one part of the text: a theme of the letter, a chapter of the platform."""

    heading: str
    options: list[Option]
    is_first: bool

    @property
    def chosen(self) -> int:
        """How many of them are chosen."""
        return sum(option.checked for option in self.options)

    @property
    def is_open(self) -> bool:
        """The first group, and those with a choice in them, are unfolded."""
        return self.is_first or self.chosen > 0


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

    `cited` are the editions to choose from (`record.cited_editions`), `payload` what is stored now. What was chosen
    from an earlier one of them stays chosen until it is taken away; else only the first is offered. With
    `preparation=True` there is a field for each guiding question and a note, nothing else. `blank_goal=True` offers
    an empty row also where there are goals.
    """

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
        self.stored = {**empty_payload(), **(payload or {})}
        self.asks = preparation or section.answer == "questions"
        self.has_note = preparation or section.answer != "none"
        self.has_goals = section.goals and not preparation
        self._blank_goal = blank_goal
        self._cited = [] if preparation else list(cited)
        known = choosable(section, self._cited)
        # Of all that is known, whatever is offered: a page that was made before a text was exchanged has the same keys.
        self._keys = keys_of(known)
        self.statements = self._offered(known)
        self._unknown: set[str] = set()
        self._add_answers()
        self._add_choices()
        self._add_goals()
        self._add_note(preparation)

    # -- Making the fields -------------------------------------------------------------------------------

    def _add(self, name: str, field: forms.Field, initial: Any = "") -> None:
        self.fields[name] = field
        self.initial[name] = initial

    def _add_answers(self) -> None:
        questions = {question.id: question for question in self.section.questions} if self.asks else {}
        self.asked = {key: questions[question_id] for question_id, key in keys_of(questions).items()}
        for key, question in self.asked.items():
            written = self.stored["answers"].get(question.id, "")
            self._add(f"a-{key}", LongText(label=question.text), written)

    def _add_note(self, preparation: bool) -> None:
        if self.has_note:
            label = _("New circumstances") if self.section.is_follow_up and not preparation else _("Note")
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
        for name, field in choice_fields(self.section.answer).items():
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
        """The questions, each with its field."""
        return [Answer(question, self[f"a-{key}"]) for key, question in self.asked.items()]

    @property
    def groups(self) -> list[OptionGroup]:
        """What can be chosen, by part of the text."""
        parts: dict[str, list[Option]] = {}
        for statement in self.statements.values():
            parts.setdefault(statement.part_heading, []).append(self._option(statement))
        return [
            OptionGroup(heading, options, is_first=number == 0)
            for number, (heading, options) in enumerate(parts.items())
        ]

    def _option(self, statement: Statement) -> Option:
        checked = statement.id in self.chosen
        names = choice_fields(self.section.answer) if checked else ()
        return Option(
            statement,
            self._keys[statement.id],
            checked,
            [self[self._choice_name(statement.id, name)] for name in names],
            found.note if (found := find(statement.id, self._cited)) else "",
        )

    @property
    def blank_choice(self) -> list[forms.BoundField]:
        """The fields of a choice, a pattern for the browser where none is chosen: `__n__` stands for the key."""
        pattern = forms.Form(auto_id=self.auto_id)
        for name, field in choice_fields(self.section.answer).items():
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
        return super().clean() or self.cleaned_data

    def payload(self) -> Payload:
        """Return what was written, to be stored. Call it on a valid form."""
        values = self.cleaned_data
        return {
            "note": values.get("note", ""),
            "answers": {
                question.id: values[f"a-{key}"] for key, question in self.asked.items() if values[f"a-{key}"]
            },
            "choices": [
                {
                    "id": statement_id,
                    **{
                        name: values[self._choice_name(statement_id, name)]
                        for name in choice_fields(self.section.answer)
                    },
                }
                for statement_id in self.chosen
            ],
            "goals": list(self._written_goals.values()),
        }

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


class Identity(forms.CharField):
    """The id of a goal, carried by the page. What is no id counts as none."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput(attrs={"id": False}))

    def clean(self, value: Any) -> str:
        """Return the id as text, "" when it is none."""
        try:
            return str(uuid.UUID(str(value)))
        except ValueError:
            return ""


def goal_fields() -> dict[str, forms.Field]:
    """Return new fields of one goal, by name."""
    return {
        "id": Identity(),
        "carried_from": Identity(),
        "goal": LongText(label=_("Goal")),
        "measures": LongText(label=_("Measures")),
        "due": Day(label=_("Due")),
        "responsible": forms.ChoiceField(label=_("Responsible"), choices=Responsible.choices, required=False),
        "status": forms.ChoiceField(label=_("Status"), choices=GoalStatus.choices, required=False),
        "remove": forms.BooleanField(label=_("Remove this goal"), required=False),
    }


def choice_fields(answer: str) -> dict[str, forms.Field]:
    """Return new fields of one chosen statement, by name, for the kind of answer a section takes."""
    if answer == "platform":
        return {
            "stance": forms.ChoiceField(
                label=_("What is this for you?"),
                choices=Stance.choices,
                required=False,
                widget=forms.RadioSelect,
            ),
            "why": LongText(label=_("Why, and what can you do about it?")),
        }
    return {
        "contribution": LongText(label=_("My contribution")),
        "ambition": LongText(label=_("How high we aim")),
        "expectations": LongText(label=_("What we expect of each other")),
    }


def keys_of(ids: Iterable[str]) -> dict[str, str]:
    """Return a short key for each id: its end, or the whole where two end alike."""
    listed = list(ids)
    ends = Counter(each[-KEY_LENGTH:] for each in listed)
    return {each: each[-KEY_LENGTH:] if ends[each[-KEY_LENGTH:]] == 1 else each for each in listed}


def choosable(section: Section, cited: Iterable[Edition]) -> dict[str, Statement]:
    """Return the statements that can be chosen in a section, by id, in the order of the text.

    A statement that stands in several editions is taken from the first.
    """
    kind = CHOOSABLE.get(section.answer)
    found: dict[str, Statement] = {}
    for edition in cited:
        for statement_id, statement in edition.statements.items():
            if statement.kind == kind:
                found.setdefault(statement_id, statement)
    return found
