"""What a comparison of two editions tells: the results of `leder.pages.comparing.compare`, plain and unchangeable."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from leder.pages.editions import Edition, Statement
from leder.pages.matching import MatchedBy
from leder.pages.wording import Change, ParagraphChange

Part = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where something stood in the old text: in which part, below which heading, as number what."""

    part_heading: str
    group: str
    number: int


@dataclass(frozen=True)
class FieldChange:
    """One thing that is written of a part or statement: its heading, its text, its deadline …

    `name` is the key in the edition's content. Words have `paragraphs`; values have none. `follows_year` is a deadline
    that has moved with the year of the text and counts as unchanged.
    """

    name: str
    change: Change
    old: Any
    new: Any
    paragraphs: tuple[ParagraphChange, ...] = ()
    follows_year: bool = False


@dataclass(frozen=True)
class StatementChange:
    """What has become of one statement. `old` is None for an added one, `new` for a removed one."""

    change: Change
    old: Statement | None
    new: Statement | None
    fields: tuple[FieldChange, ...]
    moved_from: Place | None = None
    matched_by: MatchedBy | None = None

    @property
    def statement(self) -> Statement:
        """The statement as it is in the new text, or as it was when it is removed."""
        return cast(Statement, self.new or self.old)

    @property
    def is_changed(self) -> bool:
        """Whether it is another than it was, or stands elsewhere."""
        return self.change != Change.UNCHANGED or self.moved_from is not None


@dataclass(frozen=True)
class PartChange:
    """What has become of one part. `change` is of its own words; see `is_changed` for its statements too."""

    change: Change
    old: Part | None
    new: Part | None
    fields: tuple[FieldChange, ...]
    statements: tuple[StatementChange, ...] = ()
    moved_from: Place | None = None
    matched_by: MatchedBy | None = None

    @property
    def part(self) -> Part:
        """The part as it is in the new text, or as it was when it is removed."""
        return cast(Part, self.new or self.old)

    @property
    def is_changed(self) -> bool:
        """Whether anything in it is another than it was, or stands elsewhere."""
        return (
            self.change != Change.UNCHANGED
            or self.moved_from is not None
            or any(statement.is_changed for statement in self.statements)
        )


@dataclass(frozen=True)
class Comparison:
    """What has become of a text from one edition to another."""

    old: Edition
    new: Edition
    title: FieldChange
    parts: tuple[PartChange, ...]

    @cached_property
    def statements(self) -> tuple[StatementChange, ...]:
        """Every statement of both editions, once, in the order of the new text."""
        return tuple(found for part in self.parts for found in part.statements)

    @cached_property
    def is_empty(self) -> bool:
        """Whether the two say the same, in the same order."""
        return self.title.change == Change.UNCHANGED and not any(part.is_changed for part in self.parts)

    @cached_property
    def counts(self) -> Counter[Change]:
        """How many statements there are of each change."""
        return Counter(found.change for found in self.statements)

    @cached_property
    def moved(self) -> int:
        """How many statements stand elsewhere than before; they may be rewritten too."""
        return sum(found.moved_from is not None for found in self.statements)

    def statement_of(self, old_id: str) -> StatementChange | None:
        """Return what has become of a statement of the old edition, by the id that is cited."""
        return self._by_old_id.get(old_id)

    @cached_property
    def _by_old_id(self) -> dict[str, StatementChange]:
        return {found.old.id: found for found in self.statements if found.old is not None}
