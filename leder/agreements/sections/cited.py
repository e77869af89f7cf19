"""The editions of a text that a section chooses from."""

from __future__ import annotations

from leder.agreements.editions.decisions import earlier_editions
from leder.agreements.models import Agreement
from leder.agreements.sections.kinds import kind_of
from leder.pages.editions import Edition, Section


def cited_editions(agreement: Agreement, section: Section) -> list[Edition]:
    """Return the pinned edition that a section chooses from, and after it those that were pinned before (R6)."""
    kind = kind_of(section).cites
    if not kind:
        return []
    earlier = (each for each in earlier_editions(agreement) if each.kind == kind)
    return [getattr(agreement, f"{kind}_edition"), *earlier]
