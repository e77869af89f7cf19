"""Two texts of the same section side by side, field by field, with what differs, and both joined to one.

Which fields there are is the kind's to say (`kinds`).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise

from leder.agreements.sections.fields import LongText

Words = str | Promise
Fields = dict[str, tuple[Words, str]]
# A number is one word, with the spaces between its thousands: “1 200”.
WORDS = re.compile(r"[^\s\d]*\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)\S*|\s+|\S+")


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


def put_together(mine: str, theirs: str, field: forms.Field | None = None) -> str:
    """Return one value that has both. Of what is not text, mine is taken where it says something."""
    if field is not None and not isinstance(field, LongText):
        return mine or theirs
    return join(theirs, mine)


def join(theirs: str, mine: str) -> str:
    """Return one text that has all of both: the longer when it holds the other, else one after the other."""
    if mine in theirs:
        return theirs
    if theirs in mine:
        return mine
    return f"{theirs}\n\n{mine}"


def put_lists_together(
    mine: list[dict[str, str]], theirs: list[dict[str, str]], fields: Mapping[str, forms.Field]
) -> list[dict[str, str]]:
    """Join two lists of things with ids; `fields` are those of such a thing, by name."""
    here = {each["id"]: each for each in mine}
    merged = []
    for each in theirs:
        other = here.pop(each["id"], {})
        merged.append(
            {name: put_together(other.get(name, ""), value, fields.get(name)) for name, value in each.items()}
        )
    return [*merged, *here.values()]
