"""What a document shows beside the record: who has signed it, when, and where it can be checked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SignedBy:
    """One party's signature on the record."""

    role: str
    at: dt.datetime
    place: str


@dataclass(frozen=True)
class Agreed:
    """The signed agreement that a follow-up is of: when and as what it was signed, and its goals by section.

    A section that the reader is not to read is not among the goals.
    """

    sha256: str
    at: dt.datetime
    goals: dict[str, list[dict[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """The facts of one document.

    `sha256` and `check_url` are of the sealed record, empty for a draft. `as_of` is when the second has signed, or
    the moment that a draft shows. `text_language` is what edition and answers are written in. `agreed` is what a
    follow-up is of.
    """

    language: str
    text_language: str
    organisation: str
    base_url: str
    as_of: dt.datetime
    signatures: tuple[SignedBy, ...] = ()
    sha256: str = ""
    check_url: str = ""
    mark: str = ""
    agreed: Agreed | None = None

    @property
    def is_draft(self) -> bool:
        """Whether not both have signed."""
        return {signature.role for signature in self.signatures} != {"leader", "superior"} or not self.sha256
