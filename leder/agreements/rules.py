"""What may be done when: pure predicates of role and state. Who an agreement exists for is `visible_to`.

What a party may do is asked of an `Access`, which nobody but a party has; its `role` says which of the two (R2).
What is asked of no person takes the agreement. All answer with a bool. Actions ask again under a lock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils import timezone

from leder.agreements.access.pairs import pair_of
from leder.agreements.models import (
    Access,
    Agreement,
    Entry,
    Proposal,
    Reading,
    Reopening,
    Role,
    Share,
    Version,
)
from leder.agreements.states import ACTIVE, AFTER_SIGNED, BEFORE_SIGNED, State
from leder.pages.editions import Section
from leder.people import Person

# How long what is settled can be looked back behind.
VERSIONS_LAST = dt.timedelta(days=30)


def may_read_entry(access: Access, *, section_id: str, kind: str, role: str, pair: str) -> bool:
    """Both read what they write together. A preparation is its author's alone until both are ready (R5).

    What another pair has written in a private section, or prepared, is the leader's alone (R2).
    """
    is_theirs = pair == pair_of(access.agreement, section_id, kind)
    if not is_theirs:
        # Of an earlier pair's preparations only those are left that had opened to both.
        return access.role == Role.LEADER
    if kind != Entry.Kind.PREPARATION:
        return True
    return role == access.role or preparations_are_open(access.agreement)


def may_read_comment(access: Access, *, section_id: str, pair: str) -> bool:
    """Both read the comments; those of another pair in a private section are the leader's alone (R2)."""
    return access.role == Role.LEADER or pair == pair_of(access.agreement, section_id, Reading.Kind.COMMENT)


def may_read_share(user: Person, share: Share) -> bool:
    """The named reader reads what both have agreed to share, until the date, until one of them withdraws it."""
    return user.pk == share.reader_id and share.is_running and share.is_genuine


def preparations_are_open(agreement: Agreement) -> bool:
    """Both have said ready, so both preparations opened at once."""
    return all(ready_at(agreement, role) is not None for role in Role.values)


def may_prepare(access: Access) -> bool:
    """A party writes the preparation until both are ready or the conversation is held."""
    return access.agreement.state == State.OPENED


def may_edit_preparation(access: Access) -> bool:
    """One who has said ready takes that back before writing on."""
    return may_prepare(access) and ready_at(access.agreement, access.role) is None


def ready_at(agreement: Agreement, role: str | None) -> Any:
    """When this party said ready, or None. A date that the party did not set themselves does not count."""
    if role is None:
        return None
    at = getattr(agreement, f"{role}_ready_at")
    return at if at is not None and agreement.is_signed(f"{role}_ready_mac") else None


def may_write(access: Access, section: Section) -> bool:
    """Both write what is written now."""
    return is_written(access.agreement, section)


def is_written(agreement: Agreement, section: Section) -> bool:
    """The agreement until both have signed, and the follow-up section after that (R7). Asked of no person."""
    if not section.takes_answers:
        return False
    if section.is_follow_up:
        return agreement.state == State.SIGNED
    return agreement.state in BEFORE_SIGNED


def may_read_versions(access: Access, section: Section) -> bool:
    """Earlier versions of a section are read until 30 days after both have signed, or it ended."""
    agreement = access.agreement
    if not section.takes_answers or agreement.text_deleted_at is not None:
        return False
    settled = settled_at(agreement, section)
    return settled is None or timezone.now() < settled + VERSIONS_LAST


def settled_at(agreement: Agreement, section: Section) -> dt.datetime | None:
    """When nothing more came to a section: both had signed or, of the follow-up, confirmed it; or all had ended."""
    if section.is_follow_up:
        is_over = agreement.state in (State.FOLLOWED_UP, State.REPLACED, State.ENDED)
        return agreement.state_changed_at if is_over else None
    return agreement.signed_at or (agreement.state_changed_at if agreement.state == State.ENDED else None)


def may_read_version(access: Access, version: Version) -> bool:
    """Both read what both were shown; what nobody else was shown is its author's. Another pair's the leader (R2)."""
    is_theirs = access.role == Role.LEADER or version.pair == access.agreement.pair
    return is_theirs and (version.shown or version.author_id == access.reader.pk)


def may_put_back(access: Access, section: Section, *, is_signed: bool) -> bool:
    """Both put earlier versions back until the first of the two has signed, or confirmed the follow-up."""
    return may_write(access, section) and not is_signed


def may_put_this_back(access: Access, version: Version) -> bool:
    """Only what the two of today have had: else the leader would pass on what was written with another (R2)."""
    return may_read_version(access, version) and version.pair == access.agreement.pair


def may_write_progress(access: Access, section: Section) -> bool:
    """How the goals of a section stand is written at the follow-up; the goals themselves stay as signed."""
    return section.goals and not section.is_follow_up and access.agreement.state == State.SIGNED


def may_comment(access: Access) -> bool:
    """Both comment as long as the agreement stands."""
    return access.agreement.state in (*BEFORE_SIGNED, State.SIGNED)


def may_decide_on_text(access: Access) -> bool:
    """Both take a newer edition of a text into use, or keep theirs, until both have signed (R6, R7)."""
    return access.agreement.state in BEFORE_SIGNED


def may_review(access: Access, section: Section) -> bool:
    """The superior approves or asks for changes, section by section, until both have signed (R3)."""
    return (
        access.role == Role.SUPERIOR
        and section.takes_answers
        and not section.is_follow_up
        and access.agreement.state in BEFORE_SIGNED
    )


def may_call(access: Access) -> bool:
    """The superior calls, moves and notes the conversations (R3)."""
    return access.role == Role.SUPERIOR and access.agreement.state in (*BEFORE_SIGNED, State.SIGNED)


def may_hold_first(access: Access) -> bool:
    """The superior notes that the first conversation is held."""
    return access.role == Role.SUPERIOR and access.agreement.state in (State.OPENED, State.PREPARED)


def may_hold_follow_up(access: Access) -> bool:
    """The superior notes that the follow-up conversation is held."""
    return access.role == Role.SUPERIOR and access.agreement.state == State.SIGNED


def may_meet(access: Access) -> bool:
    """Meeting mode is there while something can be written."""
    return access.agreement.state in (*BEFORE_SIGNED, State.SIGNED)


def is_time_to_sign(agreement: Agreement) -> bool:
    """From the conversation on, until both have signed (R7). Asked of no person."""
    return agreement.state in (State.DISCUSSED, State.SIGNING)


def may_sign(access: Access, *, signed_roles: Collection[str], changes_asked: bool) -> bool:
    """A party signs what is theirs to sign."""
    return is_to_sign(access.agreement, access.role, signed_roles=signed_roles, changes_asked=changes_asked)


def is_to_sign(
    agreement: Agreement, role: str | None, *, signed_roles: Collection[str], changes_asked: bool
) -> bool:
    """Theirs to sign once the conversation is held and no section waits for a change (R7). Lists ask it of a role."""
    return is_time_to_sign(agreement) and role not in signed_roles and not changes_asked


def may_withdraw_signature(access: Access, *, signed_roles: Collection[str]) -> bool:
    """The one who has signed takes that back, until the other has signed too (R7)."""
    return access.agreement.state == State.SIGNING and set(signed_roles) == {access.role}


def may_follow_up(access: Access) -> bool:
    """A party reads the follow-up once the agreement is signed, also after it was replaced or ended."""
    agreement = access.agreement
    ended_signed = agreement.state == State.ENDED and agreement.signed_at is not None
    return agreement.state in (*AFTER_SIGNED, State.REPLACED) or ended_signed


def may_confirm(access: Access, *, confirmed_roles: set[str]) -> bool:
    """A party confirms the follow-up once the follow-up conversation is held (R4)."""
    agreement = access.agreement
    return (
        agreement.state == State.SIGNED
        and agreement.follow_up_on is not None
        and access.role not in confirmed_roles
    )


def may_withdraw_confirmation(access: Access, *, confirmed_roles: Collection[str]) -> bool:
    """The one who has confirmed the follow-up takes that back, until the other has confirmed it too (R4)."""
    return access.agreement.state == State.SIGNED and set(confirmed_roles) == {access.role}


def may_propose_reopening(access: Access) -> bool:
    """A party proposes to open it again: signed by the two of today, not followed up, replaced or ended (R7)."""
    agreement = access.agreement
    return (
        agreement.state == State.SIGNED
        and agreement.signed_at is not None
        and agreement.signed_pair == agreement.pair
        and agreement.text_deleted_at is None
    )


def may_consent_to_reopening(access: Access, row: Reopening) -> bool:
    """The other of the same two agrees to what was proposed, as it was proposed."""
    return may_answer(access, row) and may_propose_reopening(access) and row.is_genuine


def may_answer(access: Access, row: Proposal) -> bool:
    """The other party answers a proposal as long as it waits. Saying yes asks more, by the kind of proposal."""
    return is_of(access, row) and row.proposed_by_id != access.reader.pk and row.is_waiting


def may_take_back(access: Access, row: Proposal) -> bool:
    """The one who proposed takes it back, until the other has answered."""
    return is_of(access, row) and row.proposed_by_id == access.reader.pk and row.is_waiting


def may_read_why(reader: Access | Person, row: Reopening | Share) -> bool:
    """The two read why something is proposed; why to open it again, the superior only where it was the same two.

    One whom something is shared with, and who has no access, reads what for as long as it is.
    """
    if not isinstance(reader, Access):
        return isinstance(row, Share) and may_read_share(reader, row)
    if not is_of(reader, row):
        return False
    return isinstance(row, Share) or reader.role == Role.LEADER or row.pair == reader.agreement.pair


def is_of(access: Access, row: Proposal) -> bool:
    """A proposal is of the agreement that the access is to: to be a party to one says nothing of another."""
    return row.agreement_id == access.agreement.pk


def may_carry_over(access: Access, section: Section) -> bool:
    """Last year's open goals may be carried into a section that takes goals and can be written."""
    return section.goals and access.agreement.previous_id is not None and may_write(access, section)


def may_end(agreement: Agreement) -> bool:
    """What stands can be ended. Asked of no person: it follows from the organisation, never from a wish."""
    return agreement.state in ACTIVE
