"""Which pair wrote what (par): the leader with the first superior, or with each who became superior later (R2).

What is written in private sections, and each preparation, belongs to the pair that wrote it: its ciphertext is bound to
that pair, and no other superior is shown it. All else goes on from pair to pair. The two who opened the agreement are
the pair ""; one who returns is of the pair they were of, and so finds what they left.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from leder.agreements.models import Agreement, Entry, Role, Seal
from leder.agreements.states import State
from leder.pages.editions import Section

FIRST = ""


def is_private(agreement: Agreement, section_id: str) -> bool:
    """Whether a section is for the two alone. One that the form does not have counts as private."""
    section = agreement.form_edition.section(section_id)
    return section is None or section.private


def pair_of(agreement: Agreement, section_id: str, kind: str) -> str:
    """Return the pair that a text written now belongs to."""
    return agreement.pair if is_of_a_pair(agreement, section_id, kind) else FIRST


def is_of_a_pair(agreement: Agreement, section_id: str, kind: str) -> bool:
    """Whether a text belongs to the pair that writes it, and does not go on to the next."""
    return kind == Entry.Kind.PREPARATION or is_private(agreement, section_id)


def withheld_sections(agreement: Agreement) -> frozenset[str]:
    """Return the private sections signed with an earlier superior: hidden from the one of today, written in by nobody.

    The leader may let them (`leder.handover`). No query unless the agreement has been handed over.
    """
    if agreement.handed_over_at is None or agreement.signed_at is None:
        return frozenset()
    columns = ("section_id", "kind", "pair", "updated_at", "agreement_id")
    return withheld_among(agreement, agreement.entries.only(*columns))


def withheld_among(agreement: Agreement, entries: Iterable[Entry]) -> frozenset[str]:
    """As `withheld_sections`, from entries that are loaded already."""
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


class Shown(Enum):
    """What becomes of a text that a party may read, on the page that they ask for."""

    STANDS = "what its section says now"
    KEPT = "from before, beside what stands"
    CLOSED = "stands, behind a recent sign-in: that it is there is told, not what it says"
    HIDDEN = "neither opened nor told"


def shown(*, stands: bool, asked: bool, closed: bool, wanted: bool, kept: bool) -> Shown:
    """Say what becomes of a text, of which kind and pair it may be. The whole of it:

    stands  asked  closed  wanted  kept  | is
    yes     yes    -       yes     -     | STANDS
    no      yes    -       yes     yes   | KEPT
    yes     no     yes     -       -     | CLOSED
    -       -      -       -       -     | HIDDEN

    `stands`: see `standing_pair`. `asked`: its section is one that the page opens. `closed`: its section waits for a
    recent sign-in. `wanted`: the page shows such texts. `kept`: it shows them from before too.
    """
    if asked and wanted:
        return Shown.STANDS if stands else (Shown.KEPT if kept else Shown.HIDDEN)
    return Shown.CLOSED if stands and closed and not asked else Shown.HIDDEN


def standing_pair(
    agreement: Agreement,
    section: Section | None,
    kind: str,
    *,
    role: str,
    withheld: bool = False,
    confirmed: str | None = None,
) -> str | None:
    """Return the pair whose text of a kind stands in a section, to the party of this role; None where no such does.

    The first line that fits counts. A copy is of what the leader has let a new superior read.

    text      section            | to the leader  to the superior
    prepared  any                | today's        today's
    copy      open               | none           none
    any       open               | first          first
    answer    private, signed    | signers        today's if signers
    copy      private, signed    | none           today's unless signers
    copy      private, followed  | today's        today's
    copy      private            | none           none
    any       private, withheld  | settled        today's
    any       private            | today's        today's

    Open: not private. Signed: by both, and not the follow-up. Followed: the follow-up, confirmed. Settled: of the
    follow-up those who confirmed it (`confirmed`), of all else those who signed.
    """
    if kind == Entry.Kind.PREPARATION:
        return agreement.pair
    is_copy, by_leader = kind == Entry.Kind.CONSENTED, role == Role.LEADER
    if section is None or not section.private:
        return None if is_copy else FIRST
    if agreement.signed_at is not None and not section.is_follow_up and kind != Entry.Kind.PROGRESS:
        are_signers = agreement.pair == agreement.signed_pair
        if is_copy:
            return None if by_leader or are_signers else agreement.pair
        return agreement.signed_pair if by_leader or are_signers else None
    if is_copy:
        return agreement.pair if section.is_follow_up and agreement.state != State.SIGNED else None
    if by_leader and withheld:
        return confirmed if section.is_follow_up else agreement.signed_pair
    return agreement.pair


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
    pair = standing_pair(
        agreement,
        agreement.form_edition.section(entry.section_id),
        entry.kind,
        role=role,
        withheld=entry.section_id in withheld,
        confirmed=confirmed,
    )
    return entry.pair == pair and not _is_outdated(entry, agreement)


def _is_outdated(entry: Entry, agreement: Agreement) -> bool:
    """Whether a copy is of text from before a reopening: the leader has let nobody read what is signed now."""
    if entry.kind != Entry.Kind.CONSENTED or agreement.signed_at is None:
        return False
    section = agreement.form_edition.section(entry.section_id)
    return section is not None and not section.is_follow_up and entry.updated_at < agreement.signed_at
