"""What was opened of an agreement for a reader, as plain objects."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from leder.agreements.answers import is_blank
from leder.agreements.reading import log as reading_log


@dataclass(frozen=True)
class Text:
    """An opened text: its payload (see `answers`), version, and who wrote it last and when."""

    payload: dict[str, Any]
    version: int
    author: Any
    updated_at: dt.datetime


@dataclass(frozen=True)
class CommentText:
    """An opened comment."""

    author: Any
    text: str
    created_at: dt.datetime
    # From before the superior of today: only the leader is shown it.
    is_kept: bool = False


@dataclass(frozen=True)
class KeptText:
    """What a section held before the superior of today, or what they wrote in it before another signed."""

    section_id: str
    kind: str
    role: str
    pair: str
    text: Text


@dataclass
class Texts:
    """All that a reader may read of one agreement now.

    `damaged` names sections whose text did not open, `closed` private sections that ask for a recent sign-in
    first, with the version of what is written there (0 for nothing). `altered` names
    signed sections whose stored text is not what both signed; what was signed stands in its place. `seen` says who has
    read before. `withheld` names what was signed with an earlier superior, and the leader has not let the superior of
    today read; `kept` is what else the reader may read from before.
    """

    answers: dict[str, Text] = field(default_factory=dict)
    progress: dict[str, Text] = field(default_factory=dict)
    preparations: dict[tuple[str, str], Text] = field(default_factory=dict)
    comments: dict[str, list[CommentText]] = field(default_factory=dict)
    damaged: set[str] = field(default_factory=set)
    closed: dict[str, int] = field(default_factory=dict)
    altered: set[str] = field(default_factory=set)
    seen: list[reading_log.Seen] = field(default_factory=list)
    withheld: frozenset[str] = frozenset()
    kept: list[KeptText] = field(default_factory=list)

    def last_kept(self, section_id: str, kind: str) -> KeptText | None:
        """Return the latest that is kept of a section from before the pair of today, and says something."""
        kept = [
            each
            for each in self.kept
            if (each.section_id, each.kind) == (section_id, kind) and not is_blank(each.text.payload)
        ]
        return max(kept, key=lambda each: each.text.updated_at, default=None)

    def preparation(self, role: str, section_id: str) -> Text | None:
        """Return one party's preparation of a section, if it is open to the reader."""
        return self.preparations.get((role, section_id))
