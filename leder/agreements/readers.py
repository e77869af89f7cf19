"""Who can read a section: the two parties, and those they have agreed to share it with (R2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from leder.agreements.models import Agreement
from leder.agreements.visibility import share_is_genuine


@dataclass(frozen=True)
class SectionReader:
    """One who can read a section: a party, or one it is shared with until a day."""

    person: Any
    until: dt.date | None = None


def shared_readers(agreement: Agreement) -> dict[str, list[SectionReader]]:
    """Return whom each section is shared with today, by section id. Sections that are not shared are left out.

    What is shared as a whole counts in every section. One query.
    """
    sections = [section.id for section in agreement.form_edition.sections if section.takes_answers]
    found: dict[str, dict[Any, SectionReader]] = {}
    # The one that lasts longest comes last: a section can be shared by itself and with the whole.
    for share in agreement.shares.standing().select_related("reader").order_by("until"):
        if not share.reader.is_active or not share_is_genuine(share):
            continue
        for section_id in sections:
            if share.section_id in ("", section_id):
                found.setdefault(section_id, {})[share.reader_id] = SectionReader(share.reader, share.until)
    return {section_id: list(readers.values()) for section_id, readers in found.items()}
