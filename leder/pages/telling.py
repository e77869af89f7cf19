"""A comparison of two editions as its page tells it: what stands out, what folds away, and words for each change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from leder.pages import answer_kinds
from leder.pages.choices import Stage, Tone, label_of
from leder.pages.comparing import Change, Comparison, FieldChange, PartChange, StatementChange

Words = str | Promise
Item = TypeVar("Item", PartChange, StatementChange)

# Fields that are the text itself; the others stand below it with their label.
TEXT_FIELDS = frozenset({"heading", "html", "text"})
LABELS: dict[str, Words] = {
    "title": _("Title"),
    "elaboration": _("In other words"),
    "summary": _("Summary"),
    "description": _("Description"),
    "group": pgettext_lazy("heading above a statement", "Below"),
    "audience": _("For"),
    "deadline": _("Deadline"),
    "indicator": _("Indicator"),
    "target": _("Target"),
    "rhythm": _("Rhythm"),
    "chapter": _("Chapter of the collective agreement"),
    "href": _("Address"),
    "perspective_label": _("Perspective"),
    "closing_html": _("At the end"),
    "answer": _("What the parties write"),
    "stage": _("When it is written"),
    "goals": _("Goals and measures"),
    "private": _("Private"),
    "tone": _("Tone"),
}
# What stored keys are called.
CHOICES: dict[str, Callable[[str], str]] = {
    "answer": answer_kinds.label_of,
    "stage": partial(label_of, Stage),
    "tone": partial(label_of, Tone),
}


class Mark(NamedTuple):
    """How a change shows: always text, symbol and colour together."""

    label: Words
    colour: str
    icon: str


MARKS: dict[str, Mark] = {
    Change.ADDED: Mark(pgettext_lazy("in a comparison", "Added"), "success", "plus"),
    Change.REMOVED: Mark(pgettext_lazy("in a comparison", "Removed"), "danger", "minus"),
    Change.REWRITTEN: Mark(pgettext_lazy("in a comparison", "Rewritten"), "warning", "pen"),
    Change.UNCHANGED: Mark(pgettext_lazy("in a comparison", "Unchanged"), "neutral", "check"),
    "moved": Mark(pgettext_lazy("in a comparison", "Moved"), "info", "arrow-right"),
    "markup": Mark(_("Only emphasis or links differ"), "warning", "link"),
}


@dataclass(frozen=True)
class Stretch:
    """Parts, or statements of a part, that stand together: each of them changed, or none."""

    is_changed: bool
    items: tuple[Any, ...]


@dataclass(frozen=True)
class Count:
    """How many statements there are of a change, in words, with its mark."""

    mark: Mark
    words: str


def stretches(items: Iterable[Item]) -> list[Stretch]:
    """Return parts or statements in order, in stretches of those that are changed and those that are not."""
    changed: Callable[[Item], bool] = lambda item: item.is_changed  # noqa: E731
    return [Stretch(is_changed, tuple(found)) for is_changed, found in groupby(items, key=changed)]


def summary(comparison: Comparison) -> list[Count]:
    """Return how many statements were added, removed, rewritten and moved, and how many stand as they stood."""
    unmoved = sum(not found.is_changed for found in comparison.statements)
    counted = {
        Change.ADDED: comparison.counts[Change.ADDED],
        Change.REMOVED: comparison.counts[Change.REMOVED],
        Change.REWRITTEN: comparison.counts[Change.REWRITTEN],
        "moved": comparison.moved,
        Change.UNCHANGED: unmoved,
    }
    words = {
        Change.ADDED: ngettext("%(count)s point added", "%(count)s points added", counted[Change.ADDED]),
        Change.REMOVED: ngettext(
            "%(count)s point removed", "%(count)s points removed", counted[Change.REMOVED]
        ),
        Change.REWRITTEN: ngettext(
            "%(count)s point rewritten", "%(count)s points rewritten", counted[Change.REWRITTEN]
        ),
        "moved": ngettext("%(count)s point moved", "%(count)s points moved", counted["moved"]),
        Change.UNCHANGED: ngettext(
            "%(count)s point unchanged", "%(count)s points unchanged", counted[Change.UNCHANGED]
        ),
    }
    return [
        Count(MARKS[change], words[change] % {"count": count}) for change, count in counted.items() if count
    ]


def marks_of(item: PartChange | StatementChange) -> list[Mark]:
    """Return the marks of a part or statement: what has become of its words, and whether it has moved."""
    marks = []
    if item.change == Change.REWRITTEN and all(_only_markup(field) for field in item.fields):
        marks.append(MARKS["markup"])
    elif item.change != Change.UNCHANGED:
        marks.append(MARKS[item.change])
    if item.moved_from is not None:
        marks.append(MARKS["moved"])
    return marks


def _only_markup(field: FieldChange) -> bool:
    return field.change == Change.UNCHANGED or (
        bool(field.paragraphs)
        and all(found.change == Change.UNCHANGED or found.only_markup for found in field.paragraphs)
    )


def text_fields(item: PartChange | StatementChange) -> list[FieldChange]:
    """Return the fields that are the text itself, but for the heading of a part."""
    return [field for field in item.fields if field.name in TEXT_FIELDS and field.name != "heading"]


def facts(item: PartChange | StatementChange) -> list[FieldChange]:
    """Return what else is told of it: fields that differ, or that have followed the year."""
    return [
        field
        for field in item.fields
        if field.name not in TEXT_FIELDS and (field.change != Change.UNCHANGED or field.follows_year)
    ]


def heading_of(part: PartChange) -> FieldChange | None:
    """Return the heading of a part, if it has one."""
    return next((field for field in part.fields if field.name == "heading"), None)


def label_for(field: FieldChange) -> Words:
    """Return what a field is called; one that a later version does not know, by its key."""
    return LABELS.get(field.name, field.name)


def value_for(field: FieldChange, value: Any) -> dt.date | Words:
    """Return a value as readers know it: a date, a label, yes or no."""
    if field.name == "deadline":
        try:
            return dt.date.fromisoformat(value)
        except (TypeError, ValueError):
            return str(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field.name in CHOICES:
        return CHOICES[field.name](value) or str(value)
    return str(value)
