"""What becomes of what two have not finished when one of them is another: signatures, preparations, verdicts (R5, R7).

What is written in private sections stays where it is, bound to its pair (`access.pairs`).
"""

from __future__ import annotations

from django.db.models import Max
from django.utils import timezone

from leder.agreements import rules
from leder.agreements.actions.base import note_event
from leder.agreements.actions.voiding import end_seal
from leder.agreements.answers import empty_payload
from leder.agreements.models import Agreement, Entry, Event, Handover, Role, SealLink
from leder.agreements.states import TRANSITIONS, State, Step, advance
from leder.agreements.vault.bindings import entry_binding
from leder.agreements.vault.cipher import DamagedText, cipher_of

ANSWERS = (Entry.Kind.ANSWER, Entry.Kind.CONSENTED)
PREPARING = (State.OPENED, State.PREPARED)


def part(agreement: Agreement, row: Handover) -> bool:
    """Take leave of the former superior of a locked agreement. Returns whether the leader lost a signature by it."""
    lost = _void_half_signed(agreement)
    _sort_preparations(agreement, row)
    private = [each for each in agreement.form_edition.sections if each.private]
    if agreement.signed_at is None:
        agreement.reviews.filter(section_id__in=[each.id for each in private]).delete()
    for section in private:
        # Opened again, the follow-up comes back to be written when it is signed anew.
        comes_back = (
            section.is_follow_up and agreement.signed_at is None and agreement.reopened_at is not None
        )
        if comes_back or rules.is_written(agreement, section):
            _begin(agreement, section.id, row)
    if (agreement.state, Step.HAND_OVER) in TRANSITIONS:
        advance(agreement, Step.HAND_OVER)
    return lost


def _void_half_signed(agreement: Agreement) -> bool:
    """Void what waits for its second signature: the parties are others now. What both have signed stands."""
    lost = False
    for seal in agreement.seals.filter(voided_at=None):
        if seal.is_signed_by_both():
            continue
        given = end_seal(seal, SealLink.Kind.VOIDED)
        note_event(agreement, Event.Kind.VOIDED, None)
        lost = lost or Role.LEADER in given
    return lost


def _sort_preparations(agreement: Agreement, row: Handover) -> None:
    """Delete what the former superior never opened; let the leader go on with their own, for nobody to read yet.

    What had opened to both stays with its pair, for the leader alone.
    """
    had_opened = rules.preparations_are_open(agreement)
    written = agreement.entries.filter(kind=Entry.Kind.PREPARATION, pair=row.former_pair)
    if not had_opened:
        written.filter(role=Role.SUPERIOR).delete()
    if agreement.state in PREPARING:
        for role in Role.values:
            setattr(agreement, f"{role}_ready_at", None)
            setattr(agreement, f"{role}_ready_mac", "")
        agreement.save(
            update_fields=["leader_ready_at", "leader_ready_mac", "superior_ready_at", "superior_ready_mac"]
        )
    if not had_opened or agreement.state in PREPARING:
        for entry in written.filter(role=Role.LEADER):
            _take_along(agreement, entry, row.successor_pair, leave_original=had_opened)


def _begin(agreement: Agreement, section_id: str, row: Handover) -> None:
    """Give the new pair an empty text where there is none: a page left open is a version behind, and saves nothing.

    Else the leader would go on writing to the former, and the successor would read it.
    """
    place, pair = {"section_id": section_id, "kind": Entry.Kind.ANSWER, "role": ""}, row.successor_pair
    if agreement.entries.filter(**place, pair=pair).exists():
        return
    last = agreement.entries.filter(section_id=section_id, kind__in=ANSWERS).aggregate(last=Max("version"))
    entry = Entry(agreement=agreement, **place, pair=pair, version=(last["last"] or 0) + 1)
    # At the moment of the handover: nothing that the leader has done with the successor.
    entry.author_id, entry.updated_at = agreement.leader_id, row.carried_out_at or timezone.now()
    entry.ciphertext = cipher_of(agreement).seal(empty_payload(), *entry_binding(entry))
    entry.save()


def _take_along(agreement: Agreement, entry: Entry, pair: str, *, leave_original: bool) -> None:
    cipher = cipher_of(agreement)
    try:
        payload = cipher.open(entry.ciphertext, *entry_binding(entry))
    except DamagedText:
        return
    place = {"section_id": entry.section_id, "kind": entry.kind, "role": entry.role}
    last = agreement.entries.filter(**place).aggregate(last=Max("version"))["last"]
    moved = agreement.entries.filter(**place, pair=pair).first() or Entry(
        agreement=agreement, **place, pair=pair
    )
    moved.version = last + 1
    moved.author_id, moved.updated_at = entry.author_id, entry.updated_at
    moved.ciphertext = cipher.seal(payload, *entry_binding(moved))
    moved.save()
    if not leave_original:
        entry.delete()
