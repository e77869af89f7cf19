"""The kinds of section, and the one place where they are registered."""

from __future__ import annotations

from typing import cast

from leder.agreements.sections.kinds.base import Kind
from leder.agreements.sections.kinds.letter import Letter
from leder.agreements.sections.kinds.note import Note, Nothing
from leder.agreements.sections.kinds.platform import Platform
from leder.agreements.sections.kinds.questions import Questions
from leder.pages import answer_kinds
from leder.pages.editions import Section

# In the order that editors of the form choose from.
answer_kinds.register([Nothing(), Note(), Questions(), Letter(), Platform()])

__all__ = ["Kind", "KindGone", "kind_called", "kind_of"]


class KindGone(KeyError):
    """A form has a kind of section that is not installed any more (leder.E003)."""


def kind_of(section: Section) -> Kind:
    """Return the kind of a section."""
    return kind_called(section.answer)


def kind_called(key: str) -> Kind:
    """Return the kind with this key. Raises KindGone for one that is not there: no other's labels stand in for it."""
    if key not in answer_kinds.REGISTERED:
        raise KindGone(key)
    return cast(Kind, answer_kinds.REGISTERED[key])
