"""Which pair wrote what (par): the leader with the first superior, or with each who became superior later (R2).

What is written in private sections, and each preparation, belongs to the pair that wrote it: its ciphertext is bound to
that pair, and no other superior is shown it. All else goes on from pair to pair. The two who opened the agreement are
the pair ""; one who returns is of the pair they were of, and so finds what they left.
"""

from __future__ import annotations

from collections.abc import Iterable

from leder.agreements.models import Agreement, Entry, Role, Seal
from leder.agreements.states import State

FIRST = ""


def is_private(agreement: Agreement, section_id: str) -> bool:
    """Whether a section is for the two alone; one that the form does not know is."""
    section = agreement.form_edition.section(section_id)
    return section is None or section.private


def pair_of(agreement: Agreement, section_id: str, kind: str) -> str:
    """Return the pair that a text written now belongs to."""
    return agreement.pair if is_of_a_pair(agreement, section_id, kind) else FIRST


def is_of_a_pair(agreement: Agreement, section_id: str, kind: str) -> bool:
    """Whether a text belongs to the pair that writes it, and does not go on to the next."""
    return kind == Entry.Kind.PREPARATION or is_private(agreement, section_id)


def withheld_sections(agreement: Agreement) -> frozenset[str]:
    """Return the sections that the superior of today is not shown, and nobody writes in: signed with another.

    The leader may let them (`leder.handover`). No query unless the agreement has been handed over.
    """
    if agreement.handed_over_at is None or agreement.signed_at is None:
        return frozenset()
    columns = ("section_id", "kind", "pair", "updated_at", "agreement_id")
    return withheld_among(agreement, agreement.entries.only(*columns))


def withheld_among(agreement: Agreement, entries: Iterable[Entry]) -> frozenset[str]:
    """Return the same, where the agreement's entries are at hand."""
    if agreement.handed_over_at is None or agreement.signed_at is None:
        return frozenset()
    own: dict[str, set[str]] = {}
    others: dict[str, set[str]] = {}
    for entry in entries:
        if _is_outdated(entry, agreement):
            continue
        (own if entry.pair == agreement.pair else others).setdefault(entry.section_id, set()).add(entry.kind)
    withheld = set()
    for section in agreement.form_edition.sections:
        if not section.private or not section.takes_answers:
            continue
        here = own.get(section.id, set())
        if not section.is_follow_up:
            is_theirs = agreement.signed_pair == agreement.pair
            if not is_theirs and Entry.Kind.CONSENTED not in here:
                withheld.add(section.id)
        elif (
            agreement.state != State.SIGNED
            and Entry.Kind.ANSWER in others.get(section.id, set())
            and not here & {Entry.Kind.ANSWER, Entry.Kind.CONSENTED}
        ):
            withheld.add(section.id)
    return frozenset(withheld)


def confirmed_pair(agreement: Agreement, withheld: frozenset[str]) -> str | None:
    """Return the pair that confirmed the follow-up, where it is withheld; else None. No query unless it is.

    Several may have written in it before two confirmed it.
    """
    if not any(each.is_follow_up and each.id in withheld for each in agreement.form_edition.sections):
        return None
    seals = agreement.seals.filter(kind=Seal.Kind.FOLLOW_UP, voided_at=None)
    return seals.values_list("pair", flat=True).first()


def stands(
    entry: Entry,
    agreement: Agreement,
    role: str,
    withheld: frozenset[str],
    confirmed: str | None = None,
) -> bool:
    """Whether an entry is what its section says now, to the party of this role. Others are kept from before.

    Only for what that party may read (`rules.may_read_entry`). `confirmed` is `confirmed_pair`.
    """
    section = agreement.form_edition.section(entry.section_id)
    theirs = entry.pair == agreement.pair
    if entry.kind == Entry.Kind.PREPARATION:
        return theirs
    if section is None or not section.private:
        return entry.kind != Entry.Kind.CONSENTED and entry.pair == FIRST
    by_leader = role == Role.LEADER
    if agreement.signed_at is not None and not section.is_follow_up and entry.kind != Entry.Kind.PROGRESS:
        as_signed = entry.pair == agreement.signed_pair
        if entry.kind == Entry.Kind.ANSWER:
            return as_signed and (by_leader or theirs)
        return theirs and not as_signed and not by_leader and not _is_outdated(entry, agreement)
    if entry.kind == Entry.Kind.CONSENTED:
        return theirs and section.is_follow_up and agreement.state != State.SIGNED
    if by_leader and section.id in withheld:
        return entry.pair == (confirmed if section.is_follow_up else agreement.signed_pair)
    return theirs


def _is_outdated(entry: Entry, agreement: Agreement) -> bool:
    """Whether a copy is of what was signed before the agreement was opened again: of what stands, none was let read."""
    if entry.kind != Entry.Kind.CONSENTED or agreement.signed_at is None:
        return False
    section = agreement.form_edition.section(entry.section_id)
    return section is not None and not section.is_follow_up and entry.updated_at < agreement.signed_at
