"""What tests of earlier versions share: writing, being shown, and which versions somebody finds."""

from __future__ import annotations

from typing import Any

from leder.agreements import actions
from leder.agreements.models import Agreement
from leder.agreements.reading.versions import earlier_versions, open_version
from tests.factories import SECTION, access_of, opened_by


def standing(agreement: Agreement, section: str = SECTION) -> Any:
    """What stands in a section with the pair of today; None for nothing."""
    agreement.refresh_from_db()
    rows = agreement.entries.filter(section_id=section, kind="answer")
    return rows.filter(pair=agreement.pair).first() or rows.filter(pair="").first()


def write(agreement: Agreement, person: Any, note: str, section: str = SECTION) -> None:
    """Save a note over what stands."""
    entry = standing(agreement, section)
    actions.save_section(
        access_of(person, agreement),
        section_id=section,
        version=entry.version if entry else 0,
        payload={"note": note, "answers": {}, "choices": [], "goals": []},
    )


def look(agreement: Agreement, *people: Any) -> None:
    """Be shown the agreement's page."""
    for person in people:
        opened_by(person, agreement)


def found(agreement: Agreement, person: Any, section: str = SECTION) -> dict[int, str]:
    """The earlier versions that a person finds, and the note of each. Logged as read."""
    access = access_of(person, agreement)
    part = access.agreement.form_edition.section(section)
    opened = [open_version(access, part, row.number) for row in earlier_versions(access, part)]
    return {each.row.number: each.payload["note"] for each in opened}


def put_back(agreement: Agreement, person: Any, number: int, section: str = SECTION) -> Any:
    """Put a version back in place of what stands now."""
    return actions.put_back(
        access_of(person, agreement),
        section_id=section,
        number=number,
        version=standing(agreement, section).version,
    )
