"""What the parties can be asked to write in a section (del) of the form: the kinds that are registered.

The form says which, and no more: what each kind is stands in `agreements.sections.kinds`, which registers them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from django.utils.functional import Promise

Words = str | Promise

# Written out where code of this slice has to name one.
NONE, NOTE, QUESTIONS = "none", "note", "questions"


class AnswerKind(Protocol):
    """A kind as an editor meets it. `key` is stored, so it never changes; `label` says what the parties write."""

    @property
    def key(self) -> str: ...

    @property
    def label(self) -> Words: ...

    @property
    def asks_questions(self) -> bool: ...


REGISTERED: dict[str, AnswerKind] = {}


def register(kinds: Iterable[AnswerKind]) -> None:
    """Offer kinds to the editors of the form, in this order, after those that are offered already."""
    REGISTERED.update({kind.key: kind for kind in kinds})


def choices() -> list[tuple[str, Words]]:
    """The kinds an editor can choose among. Migrations name this function, so that a new kind needs none."""
    return [(kind.key, kind.label) for kind in REGISTERED.values()]


def label_of(key: str | None) -> str:
    """What the parties write, in the language of the moment; "" for a kind that is not registered."""
    return str(REGISTERED[key].label) if key in REGISTERED else ""
