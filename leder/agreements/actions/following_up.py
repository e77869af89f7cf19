"""Follow-up (oppfølging): how the goals stand, the prompts' answers, confirmed by both (R4)."""

from __future__ import annotations

from leder.agreements import answers, notices, rules
from leder.agreements.access.pairs import withheld_sections
from leder.agreements.actions.base import (
    lock_as,
    note_event,
    require,
    require_pair,
    section_of,
    store_entry,
)
from leder.agreements.actions.lapsing import lapse_reopening
from leder.agreements.actions.signing import chain_signature, sign_record, withdraw_from_record
from leder.agreements.actions.voiding import void_standing_seal
from leder.agreements.models import Access, Entry, Event, Seal, Signature
from leder.agreements.models.acts import one_act
from leder.agreements.seals.record import follow_up_record
from leder.agreements.states import Step, advance
from leder.mail.notices import tell


@one_act()
def save_progress(
    access: Access,
    *,
    section_id: str,
    version: int,
    payload: answers.Payload,
) -> Entry:
    """Save how the goals of a section stand. Refused as in `save_section`, with RuleBroken or VersionConflict."""
    here = lock_as(access)
    actor, locked = here.reader, here.agreement
    require_pair(access, locked, section_id, Entry.Kind.PROGRESS)
    section = section_of(locked, section_id)
    require(rules.may_write_progress(here, section))
    # The goals are not open to the superior of today; neither writes of them until they are.
    require(section_id not in withheld_sections(locked))
    entry, changed = store_entry(
        here,
        section_id=section_id,
        kind=Entry.Kind.PROGRESS,
        role="",
        version=version,
        payload=payload,
    )
    if changed:
        void_standing_seal(actor=actor, agreement=locked, kind=Seal.Kind.FOLLOW_UP, section_id=section_id)
    return entry


@one_act()
def confirm_follow_up(access: Access, *, content_hash: str) -> Signature:
    """Confirm the follow-up as the person has read it. Raises RuleBroken, SignatureInDoubt or ContentChanged."""
    here = lock_as(access)
    actor, locked = here.reader, here.agreement
    signature, is_second = sign_record(
        here,
        kind=Seal.Kind.FOLLOW_UP,
        may_sign=lambda roles: rules.may_confirm(here, confirmed_roles=roles),
        record_of=follow_up_record,
        content_hash=content_hash,
    )
    note_event(locked, Event.Kind.CONFIRMED, actor)
    if is_second:
        lapse_reopening(locked)
        advance(locked, Step.CONFIRM_FOLLOW_UP)
    chain_signature(signature, is_second=is_second)
    return signature


@one_act()
def withdraw_confirmation(access: Access) -> None:
    """Take one's own confirmation back, as long as the other has not confirmed, and tell them. Raises RuleBroken."""
    here = lock_as(access)
    confirmation = withdraw_from_record(
        here,
        kind=Seal.Kind.FOLLOW_UP,
        may_withdraw=lambda roles: rules.may_withdraw_confirmation(here, confirmed_roles=roles),
    )
    note_event(here.agreement, Event.Kind.UNCONFIRMED, here.reader)
    tell(notices.CONFIRMATION_WITHDRAWN, confirmation)
