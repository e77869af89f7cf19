"""What is posted to each address: what the page itself would post, so that a refusal refuses the real thing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from leder.agreements.models import Agreement
from leder.agreements.seals.record import agreement_record, follow_up_record
from leder.canonical import digest
from tests.access.matrix_agreements import Row
from tests.access.world import World
from tests.factories import PRIVATE_SECTION, SECTION, opened_by

# What has been saved over twice in the world.
VERSIONED = (SECTION, PRIVATE_SECTION)


def payload(world: World, row: Row, persona: str, agreement: Agreement) -> dict[str, Any]:
    """The fields that this person would post to the address of a row."""
    day = (timezone.localdate() + dt.timedelta(days=20)).isoformat()
    called = {"date": day, "time": "10:30", "minutes": "60", "place": "Rådhuset", "message": ""}
    fields = {
        "section": {"version": "3" if row.section in VERSIONED else "1", "note": "Ny tekst."},
        "version_put_back": {"version": "3"},
        "comment": {"text": "En kommentar."},
        "review": {"version": "1", "verdict": "approved"},
        "carry_over": {"version": "1"},
        "preparation_section": {"version": "1", "note": "Min forberedelse."},
        "preparation_ready": {"pair": agreement.pair},
        "handover_consent": {"since": moment_of(agreement)},
        "conversations": called,
        "conversation_move": {f"move-{name}": value for name, value in called.items()},
        "conversation_hold": {"held-held_on": timezone.localdate().isoformat()},
        "sign": {"place": "Rådhuset"},
        "sharing": {
            "part": row.section,
            "reader": world.people["grand_superior"].email,
            "purpose": "Veiledning",
            "until": day,
            "pair": agreement.pair,
        },
    }.get(row.address, {})
    if row.address == "follow_up_progress":
        return {"version": _progress_version(agreement, row), "note": "Det går bra."}
    if row.address == "reopening":
        seal = agreement.seals.filter(kind="agreement", voided_at=None).first()
        return {"reason": "Nye oppgaver.", "seal": str(seal.uuid) if seal else "", "pair": agreement.pair}
    if row.address in ("sign", "follow_up_confirm"):
        return {**fields, "content_hash": _digest(world, row, persona, agreement)}
    return dict(fields)


def _digest(world: World, row: Row, persona: str, agreement: Agreement) -> str:
    """The hash of what a party would have read; for everybody else the one that a party would have posted."""
    person = world.people.get(persona)
    reader = person if agreement.role_of(person) else agreement.leader
    texts = opened_by(reader, agreement)
    record = agreement_record if row.address == "sign" else follow_up_record
    return digest(record(agreement, texts))


def _progress_version(agreement: Agreement, row: Row) -> str:
    entry = agreement.entries.filter(kind="progress", section_id=row.section).first()
    return str(entry.version if entry else 0)


def moment_of(agreement):
    """The latest handover, as the page of today names it."""
    return agreement.handed_over_at.isoformat() if agreement.handed_over_at else ""
