"""What may be done when: pure predicates of role and state. Who an agreement exists for is `visible_to`.

Every function takes the user and the agreement and answers with a bool. Actions ask again under a lock.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from leder.agreements.access.pairs import pair_of
from leder.agreements.models import Agreement, Entry, Proposal, Reading, Reopening, Role, Share
from leder.agreements.states import ACTIVE, AFTER_SIGNED, BEFORE_SIGNED, State
from leder.pages.editions import Section
from leder.people import Person


def is_party(user: Person, agreement: Agreement) -> bool:
    """The leader and the superior, nobody else: being superuser gives nothing (R2)."""
    return agreement.role_of(user) is not None


def is_leader(user: Person, agreement: Agreement) -> bool:
    """The subordinate leader (underordnet leder)."""
    return agreement.role_of(user) == Role.LEADER


def is_superior(user: Person, agreement: Agreement) -> bool:
    """The superior leader (overordnet leder), who calls and reviews (R3)."""
    return agreement.role_of(user) == Role.SUPERIOR


def may_read_entry(
    user: Person, agreement: Agreement, *, section_id: str, kind: str, role: str, pair: str
) -> bool:
    """Both read what they write together. A preparation is its author's alone until both are ready (R5).

    What another pair has written in a private section, or prepared, is the leader's alone (R2).
    """
    if not is_party(user, agreement):
        return False
    is_theirs = pair == pair_of(agreement, section_id, kind)
    if not is_theirs:
        # Of an earlier pair's preparations only those are left that had opened to both.
        return is_leader(user, agreement)
    if kind != Entry.Kind.PREPARATION:
        return True
    return role == agreement.role_of(user) or preparations_are_open(agreement)


def may_read_comment(user: Person, agreement: Agreement, *, section_id: str, pair: str) -> bool:
    """Both read the comments; those of another pair in a private section are the leader's alone (R2)."""
    return is_leader(user, agreement) or (
        is_superior(user, agreement) and pair == pair_of(agreement, section_id, Reading.Kind.COMMENT)
    )


def may_read_share(user: Person, share: Share) -> bool:
    """The named reader reads what both have agreed to share, until the date, until one of them withdraws it."""
    return user.pk == share.reader_id and share.is_running and share.is_genuine


def preparations_are_open(agreement: Agreement) -> bool:
    """Both have said ready, so both preparations opened at once."""
    return all(ready_at(agreement, role) is not None for role in Role.values)


def may_prepare(user: Person, agreement: Agreement) -> bool:
    """A party writes the preparation until both are ready or the conversation is held."""
    return is_party(user, agreement) and agreement.state == State.OPENED


def may_edit_preparation(user: Person, agreement: Agreement) -> bool:
    """One who has said ready takes that back before writing on."""
    return may_prepare(user, agreement) and ready_at(agreement, agreement.role_of(user)) is None


def ready_at(agreement: Agreement, role: str | None) -> Any:
    """When this party said ready, or None. A date that the party did not set themselves does not count."""
    if role is None:
        return None
    at = getattr(agreement, f"{role}_ready_at")
    return at if at is not None and agreement.is_signed(f"{role}_ready_mac") else None


def may_write(user: Person, agreement: Agreement, section: Section) -> bool:
    """Both write the agreement until both have signed, and the follow-up section after that (R7)."""
    if not is_party(user, agreement) or not section.takes_answers:
        return False
    if section.is_follow_up:
        return agreement.state == State.SIGNED
    return agreement.state in BEFORE_SIGNED


def may_write_progress(user: Person, agreement: Agreement, section: Section) -> bool:
    """How the goals of a section stand is written at the follow-up; the goals themselves stay as signed."""
    return (
        is_party(user, agreement)
        and section.goals
        and not section.is_follow_up
        and agreement.state == State.SIGNED
    )


def may_comment(user: Person, agreement: Agreement) -> bool:
    """Both comment as long as the agreement stands."""
    return is_party(user, agreement) and agreement.state in (*BEFORE_SIGNED, State.SIGNED)


def may_decide_on_text(user: Person, agreement: Agreement) -> bool:
    """Both take a newer edition of a text into use, or keep theirs, until both have signed (R6, R7)."""
    return is_party(user, agreement) and agreement.state in BEFORE_SIGNED


def may_review(user: Person, agreement: Agreement, section: Section) -> bool:
    """The superior approves or asks for changes, section by section, until both have signed (R3)."""
    return (
        is_superior(user, agreement)
        and section.takes_answers
        and not section.is_follow_up
        and agreement.state in BEFORE_SIGNED
    )


def may_call(user: Person, agreement: Agreement) -> bool:
    """The superior calls, moves and notes the conversations (R3)."""
    return is_superior(user, agreement) and agreement.state in (*BEFORE_SIGNED, State.SIGNED)


def may_hold_first(user: Person, agreement: Agreement) -> bool:
    """The superior notes that the first conversation is held."""
    return is_superior(user, agreement) and agreement.state in (State.OPENED, State.PREPARED)


def may_hold_follow_up(user: Person, agreement: Agreement) -> bool:
    """The superior notes that the follow-up conversation is held."""
    return is_superior(user, agreement) and agreement.state == State.SIGNED


def may_meet(user: Person, agreement: Agreement) -> bool:
    """Meeting mode is there while something can be written."""
    return is_party(user, agreement) and agreement.state in (*BEFORE_SIGNED, State.SIGNED)


def is_time_to_sign(agreement: Agreement) -> bool:
    """From the conversation on, until both have signed (R7). Asked of no person."""
    return agreement.state in (State.DISCUSSED, State.SIGNING)


def may_sign(
    user: Person, agreement: Agreement, *, signed_roles: Collection[str], changes_asked: bool
) -> bool:
    """A party signs once the conversation is held and no section waits for a change (R7)."""
    role = agreement.role_of(user)
    return role is not None and is_time_to_sign(agreement) and role not in signed_roles and not changes_asked


def may_follow_up(user: Person, agreement: Agreement) -> bool:
    """A party reads the follow-up once the agreement is signed, also after it was replaced or ended."""
    ended_signed = agreement.state == State.ENDED and agreement.signed_at is not None
    return is_party(user, agreement) and (agreement.state in (*AFTER_SIGNED, State.REPLACED) or ended_signed)


def may_confirm(user: Person, agreement: Agreement, *, confirmed_roles: set[str]) -> bool:
    """A party confirms the follow-up once the follow-up conversation is held (R4)."""
    role = agreement.role_of(user)
    return (
        role is not None
        and agreement.state == State.SIGNED
        and agreement.follow_up_on is not None
        and role not in confirmed_roles
    )


def may_propose_reopening(user: Person, agreement: Agreement) -> bool:
    """A party proposes to open it again: signed by the two of today, not followed up, replaced or ended (R7)."""
    return (
        is_party(user, agreement)
        and agreement.state == State.SIGNED
        and agreement.signed_at is not None
        and agreement.signed_pair == agreement.pair
        and agreement.text_deleted_at is None
    )


def may_consent_to_reopening(user: Person, row: Reopening) -> bool:
    """The other of the same two agrees to what was proposed, as it was proposed."""
    return may_answer(user, row) and may_propose_reopening(user, row.agreement) and row.is_genuine


def may_answer(user: Person, row: Proposal) -> bool:
    """The other party answers a proposal as long as it waits. Saying yes asks more, by the kind of proposal."""
    return is_party(user, row.agreement) and row.proposed_by_id != user.pk and row.is_waiting


def may_take_back(user: Person, row: Proposal) -> bool:
    """The one who proposed takes it back, until the other has answered."""
    return is_party(user, row.agreement) and row.proposed_by_id == user.pk and row.is_waiting


def may_read_reason(user: Person, row: Reopening) -> bool:
    """The leader reads why it was proposed to open it again, and the superior where it was the same two."""
    agreement = row.agreement
    return is_leader(user, agreement) or (is_superior(user, agreement) and row.pair == agreement.pair)


def may_carry_over(user: Person, agreement: Agreement, section: Section) -> bool:
    """Last year's open goals may be carried into a section that takes goals and can be written."""
    return section.goals and agreement.previous_id is not None and may_write(user, agreement, section)


def may_end(agreement: Agreement) -> bool:
    """What stands can be ended. Asked of no person: it follows from the organisation, never from a wish."""
    return agreement.state in ACTIVE
