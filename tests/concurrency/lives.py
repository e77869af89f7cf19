"""What the tests of simultaneous acts ask of an agreement afterwards."""

from __future__ import annotations

from collections import Counter
from typing import Any

from leder.agreements import actions
from leder.agreements.models import Agreement, Event, Seal
from leder.agreements.reading import log as reading_log
from leder.agreements.reading.current import texts_for_work
from leder.agreements.reading.sealed import open_seal
from leder.agreements.seals.record import agreement_record
from leder.canonical import digest
from tests.factories import SECTION, access_of


def fresh(agreement: Agreement) -> Agreement:
    """The agreement as it stands now."""
    return Agreement.objects.select_related("data_key", "leader", "superior").get(pk=agreement.pk)


def payload(note: str) -> dict[str, Any]:
    """What a section holds when only its note is written."""
    return {"note": note, "answers": {}, "choices": [], "goals": []}


def save(agreement: Agreement, person: Any, note: str, *, version: int = 0, section: str = SECTION) -> Any:
    """Save the note of a section. Returns the entry."""
    return actions.save_section(
        access_of(person, agreement), section_id=section, version=version, payload=payload(note)
    )


def record_read(agreement: Agreement, person: Any) -> str:
    """The digest of what a person has read and is about to sign."""
    now = fresh(agreement)
    return digest(agreement_record(now, texts_for_work(access_of(person, now))))


def note_of(agreement: Agreement, section: str = SECTION) -> str | None:
    """The note that is stored now, None where nothing is."""
    now = fresh(agreement)
    text = texts_for_work(access_of(now.leader, now)).answers.get(section)
    return text.payload["note"] if text else None


def version_of(agreement: Agreement, section: str = SECTION) -> int:
    """The version of what is stored now, 0 for nothing."""
    entry = agreement.entries.filter(section_id=section, kind="answer").first()
    return entry.version if entry else 0


def events(agreement: Agreement) -> Counter[str]:
    """How many lines of each kind the history has."""
    return Counter(agreement.events.values_list("kind", flat=True))


def assert_whole(agreement: Agreement) -> None:
    """What holds whoever came first: history, seals, signatures, texts and reading log fit each other."""
    now = fresh(agreement)
    count = events(now)
    standing = list(now.seals.filter(voided_at=None))
    assert len(standing) == len({seal.kind for seal in standing})
    assert count[Event.Kind.VOIDED] == now.seals.exclude(voided_at=None).count()
    signatures = sum(seal.signatures.count() for seal in now.seals.all())
    assert count[Event.Kind.SIGNED] + count[Event.Kind.CONFIRMED] == signatures
    texts = texts_for_work(access_of(now.leader, now))
    assert not texts.damaged
    for seal in standing:
        if seal.kind == Seal.Kind.AGREEMENT:
            sealed = open_seal(access_of(now.leader, seal.agreement), seal)
            assert digest(sealed) == seal.sha256
            assert sealed["sections"] == agreement_record(now, texts)["sections"]
    assert reading_log.first_fault(now) is None
