"""What a kind of section (del) is: what it asks, and what follows from that in forms, pages, records and documents.

A kind says what is its own in a few lines; the rest follows. A new one is a class in a module beside this one, a line
in `kinds/__init__.py`, and a template if what it asks is more than fields one below the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.agreements.answers import Payload, empty_payload
from leder.agreements.editions.decisions import edition_note, find_all
from leder.agreements.sections.fields import goal_fields, words_for
from leder.agreements.sections.merging import Fields, put_lists_together, put_together
from leder.agreements.sections.words import Line, Written, WrittenChoice, goal_in_words, note_label
from leder.pages.editions import Edition, Section, Statement

Words = str | Promise


class Kind:
    """A kind of section. Texts are stored as `answers` describes, whatever the kind.

    `key` stands in the form's editions and in signed records, so it never changes. `label` tells editors what the
    parties write. `template` is what the form shows between the questions and the note; it takes `form`.
    """

    key: str
    label: Words
    template = ""
    has_note = True
    # Whether there is a field for each guiding question; else they are there to think of.
    asks_questions = False
    # The kind of text that statements are chosen from, the kind of statement, and what one is asked to choose.
    cites = ""
    chooses = ""
    legend: Words = ""
    # Whether choices are counted by sector (`counting`).
    is_counted = False

    # -- What it asks ------------------------------------------------------------------------------------

    def own_fields(self) -> dict[str, forms.Field]:
        """Return new fields of this kind alone, by the name their answers are stored under."""
        return {}

    def choice_fields(self) -> dict[str, forms.Field]:
        """Return new fields of one chosen statement, by name."""
        return {}

    def choosable(self, cited: Iterable[Edition]) -> dict[str, Statement]:
        """Return the statements that can be chosen, by id, in the order of the text.

        A statement that stands in several editions is taken from the first.
        """
        found: dict[str, Statement] = {}
        for edition in cited if self.chooses else ():
            for statement_id, statement in edition.statements.items():
                if statement.kind == self.chooses:
                    found.setdefault(statement_id, statement)
        return found

    def unfinished(self, section: Section, written: Written) -> str:
        """What looks unfinished in a section where something is written, told before signing; "" for nothing."""
        return ""

    # -- Set for reading ---------------------------------------------------------------------------------

    def in_words(
        self,
        section: Section,
        payload: Payload | None,
        cited: Sequence[Edition] = (),
        progress: Payload | None = None,
    ) -> Written:
        """Return what a payload says. `cited` are the editions its choices point to, the pinned one first."""
        found = find_all((payload or {}).get("choices", []), cited)
        statements = {key: each.statement.text for key, each in found.items()}
        from_earlier = {
            key: {"edition": each.edition.number} for key, each in found.items() if each.is_earlier
        }
        return self.words_of(section, payload, statements, progress, from_earlier=from_earlier)

    def words_of(
        self,
        section: Section,
        payload: Payload | None,
        statements: Mapping[str, str],
        progress: Payload | None = None,
        *,
        from_earlier: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Written:
        """As `in_words`, with the texts of the chosen statements, by id, instead of editions.

        `from_earlier` are those whose words come from an earlier edition, as the record names them.
        """
        if not payload:
            return Written()
        standing = (progress or {}).get("goals", {})
        return Written(
            answers=[Line(label, text) for _name, label, text in self._answers(section, payload) if text],
            choices=[
                WrittenChoice(
                    choice["id"],
                    statements.get(choice["id"], ""),
                    [line for line in self._choice_lines(choice) if line.text],
                    edition_note(from_earlier[choice["id"]]["edition"])
                    if from_earlier and choice["id"] in from_earlier
                    else "",
                )
                for choice in payload.get("choices", [])
            ],
            goals=[goal_in_words(goal, standing.get(goal["id"])) for goal in payload.get("goals", [])],
            note=payload.get("note", ""),
            note_label=note_label(section),
        )

    def _answers(self, section: Section, payload: Payload) -> Iterator[tuple[str, Words, Words]]:
        """What is asked, with its name, its label and what is answered. What is written shows, whatever the kind."""
        given = payload.get("answers", {})
        for question in section.questions:
            yield question.id, question.text, given.get(question.id, "")
        for name, field in self.own_fields().items():
            yield name, field.label or "", words_for(field, given.get(name, ""))

    def _choice_lines(self, choice: Mapping[str, str]) -> Iterator[Line]:
        for name, field in self.choice_fields().items():
            # One of a few words speaks for itself.
            label = "" if isinstance(field, forms.ChoiceField) else field.label or ""
            yield Line(label, words_for(field, choice.get(name, "")))

    # -- Two texts ---------------------------------------------------------------------------------------

    def compared(self, section: Section, payload: Payload, cited: Sequence[Edition] = ()) -> Fields:
        """Return the fields of a payload, with a label each, to be set beside those of another."""
        found = self._compared(section, payload, cited)
        return {key: (label, str(text)) for key, label, text in found}

    def _compared(
        self, section: Section, payload: Payload, cited: Sequence[Edition]
    ) -> Iterator[tuple[str, Words, Words]]:
        for name, label, text in self._answers(section, payload):
            yield f"a-{name}", label, text
        statements = find_all(payload.get("choices", []), cited)
        for choice in payload.get("choices", []):
            found = statements.get(choice["id"])
            statement = found.statement.text if found else ""
            yield f"c-{choice['id']}", _("Chosen"), statement
            for name, field in self.choice_fields().items():
                label = f"{field.label} – {statement}"
                yield f"c-{choice['id']}-{name}", label, words_for(field, choice.get(name, ""))
        for number, goal in enumerate(payload.get("goals", []), start=1):
            for name, field in goal_fields().items():
                if name not in {"id", "carried_from", "remove"}:
                    label = _("Goal %(number)s: %(what)s") % {"number": number, "what": field.label}
                    yield f"g-{goal['id']}-{name}", label, words_for(field, goal.get(name, ""))
        yield "note", note_label(section), payload.get("note", "")

    def merge(self, mine: Payload, theirs: Payload) -> Payload:
        """Return both texts of a section in one: nothing of either is left out, to be edited by a person."""
        mine, theirs = {**empty_payload(), **mine}, {**empty_payload(), **theirs}
        own = self.own_fields()
        return {
            "note": put_together(mine["note"], theirs["note"]),
            "answers": {
                key: put_together(mine["answers"].get(key, ""), theirs["answers"].get(key, ""), own.get(key))
                for key in dict.fromkeys([*theirs["answers"], *mine["answers"]])
            },
            "choices": put_lists_together(mine["choices"], theirs["choices"], self.choice_fields()),
            "goals": put_lists_together(mine["goals"], theirs["goals"], goal_fields()),
        }

    # -- Signed ------------------------------------------------------------------------------------------

    def in_record(self, section: Section, payload: Payload, cited: Sequence[Edition]) -> dict[str, Any]:
        """Return a section as both sign it: what it asks, which kind it is, and what is written."""
        found = find_all(payload.get("choices", []), cited)
        from_earlier = {
            statement_id: {"edition": each.edition.number, "sha256": each.edition.sha256}
            for statement_id, each in found.items()
            if each.is_earlier
        }
        return {
            "id": section.id,
            "answer": self.key,
            "heading": section.heading,
            "guidance": section.html,
            "questions": [{"id": question.id, "text": question.text} for question in section.questions],
            "private": section.private,
            "cited": {statement_id: each.statement.text for statement_id, each in found.items()},
            # Of those, the ones whose words the pinned text no longer has: where they stood.
            **({"from_earlier": from_earlier} if from_earlier else {}),
            "written": payload,
        }
