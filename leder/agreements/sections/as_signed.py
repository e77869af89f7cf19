"""A section set for reading: of what is written now, or of a record as it was signed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from leder.agreements.sections.kinds import kind_called
from leder.agreements.sections.words import Written
from leder.pages.editions import Question, Section


@dataclass(frozen=True)
class SectionInWords:
    """A section set for reading, with what the follow-up says of its goals."""

    section: Section
    written: Written
    note: str = ""
    updated_at: dt.datetime | None = None
    is_damaged: bool = False
    is_altered: bool = False


def sections_of(record: dict[str, Any]) -> list[SectionInWords]:
    """Return the sections of a sealed record, from the record alone: the form may have been deleted since."""
    return [
        SectionInWords(section=section_of(number, part), written=written_in(number, part))
        for number, part in enumerate(record["sections"], 1)
    ]


def section_of(number: int, part: dict[str, Any]) -> Section:
    """Return a section as a record holds it, with its questions in the order of the form."""
    return Section(
        id=part["id"],
        number=number,
        heading=part["heading"],
        html=part["guidance"],
        questions=tuple(Question(each["id"], each["text"]) for each in part["questions"]),
        answer=part["answer"],
        goals=bool(part["written"].get("goals")),
        private=part["private"],
        stage="agreement",
    )


def written_in(number: int, part: dict[str, Any]) -> Written:
    """Return what is written in a section of a record, in words."""
    kind, section = kind_called(part["answer"]), section_of(number, part)
    return kind.words_of(section, part["written"], part["cited"], from_earlier=part.get("from_earlier"))
