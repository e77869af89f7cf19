"""A section set for reading: of what is written now, or of a record as it was signed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from leder.agreements.written import Written, words_of
from leder.pages.editions import Question, Section


@dataclass(frozen=True)
class ReadSection:
    """A section set for reading, with what the follow-up says of its goals."""

    section: Section
    written: Written
    note: str = ""
    updated_at: dt.datetime | None = None
    is_damaged: bool = False
    is_altered: bool = False


def sections_of(record: dict[str, Any]) -> list[ReadSection]:
    """Return the sections of a sealed record, from the record alone: the form may have been deleted since."""
    return [_section(number, part) for number, part in enumerate(record["sections"], 1)]


def _section(number: int, part: dict[str, Any]) -> ReadSection:
    written = part["written"]
    section = Section(
        id=part["id"],
        number=number,
        heading=part["heading"],
        html=part["guidance"],
        questions=tuple(Question(key, text) for key, text in part["questions"].items()),
        answer="platform" if any("stance" in choice for choice in written.get("choices", [])) else "letter",
        goals=bool(written.get("goals")),
        private=part["private"],
        stage="agreement",
    )
    return ReadSection(
        section=section, written=words_of(section, written, part["cited"], kept=part.get("kept"))
    )
