"""Who can read a section: the two parties, and those they have agreed to share it with (R2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from leder.agreements.editions.decisions import form_at
from leder.agreements.models import Agreement, Share
from leder.people import Person


@dataclass(frozen=True)
class SectionReader:
    """One who can read a section: a party, one it is shared with until a day, or an earlier superior who signed it."""

    person: Any
    until: dt.date | None = None
    as_signed: bool = False


@dataclass(frozen=True)
class Sharing:
    """What stands of sharing today: whom each section is shared with, by section id, and what waits for consent.

    What is shared as a whole counts in every section but private ones that a later form has brought. Sections that are
    not shared are left out.
    """

    readers: dict[str, list[SectionReader]] = field(default_factory=dict)
    proposals: list[Share] = field(default_factory=list)

    def waits_for(self, user: Person) -> bool:
        """Whether the other party has proposed something that this one has not answered."""
        return any(share.proposed_by_id != user.pk for share in self.proposals)


def sharing_of(agreement: Agreement) -> Sharing:
    """Return what stands of sharing today. A row that the plugin has not signed is not shared. One query."""
    # The one that lasts longest comes last: a section can be shared by itself and with the whole.
    standing = list(agreement.shares.standing().select_related("reader").order_by("until"))
    shared = [
        share
        for share in standing
        if share.status == Share.Status.AGREED and share.reader.is_active and share.is_genuine
    ]
    return Sharing(
        readers=_by_section(agreement, shared),
        proposals=[share for share in standing if share.status == Share.Status.PROPOSED],
    )


def _by_section(agreement: Agreement, shares: Iterable[Share]) -> dict[str, list[SectionReader]]:
    sections = [section.id for section in agreement.form_edition.sections if section.takes_answers]
    found: dict[str, dict[Any, SectionReader]] = {}
    for share in shares:
        reached = shared_sections(agreement, share)
        for section_id in sections:
            if section_id in reached:
                found.setdefault(section_id, {})[share.reader_id] = SectionReader(share.reader, share.until)
    return {section_id: list(readers.values()) for section_id, readers in found.items()}


def shared_sections(agreement: Agreement, share: Share) -> set[str]:
    """The sections that the two have agreed to share: of the whole, no private one that a later form has brought."""
    sections = agreement.form_edition.sections
    if share.section_id:
        return {section.id for section in sections if section.id == share.section_id}
    known = form_at(agreement, share.answered_at)
    return {
        section.id for section in sections if not section.private or known.section(section.id) is not None
    }
