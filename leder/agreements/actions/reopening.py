"""Reopening (gjenåpning): what both have signed stands, unless both agree, with a reason, to open it again (R7).

One function an act, keyword arguments, one transaction each. What was signed is kept with its two signatures.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from leder.agreements import chain, notices, rules
from leder.agreements.actions.base import RuleBroken, lock_as, record_event, require, require_reach
from leder.agreements.actions.lapsing import end_proposal, proposed_in
from leder.agreements.actions.signing import standing_seal
from leder.agreements.actions.voiding import void_standing_seal
from leder.agreements.capability import Access
from leder.agreements.models import Agreement, Event, Reopening, Role, Seal, SealLink
from leder.agreements.reading_earlier import open_reason
from leder.agreements.reading_sealed import record_of_both
from leder.agreements.reopened import reason_place
from leder.agreements.states import Step, advance
from leder.agreements.vault import DamagedText, cipher_or_none


class AlreadyProposed(RuleBroken):
    """One of the two has proposed it already. Nothing was changed."""


class AnotherSeal(RuleBroken):
    """What stands signed is not what the person saw: another seal, or none. Nothing was changed."""


@transaction.atomic
def propose_reopening(access: Access, *, seal_uuid: str, reason: str) -> Reopening:
    """Propose to open a signed agreement again, and tell the other party. Nothing is opened by it.

    `seal_uuid` is the seal that the person saw: from an old page, it counts for nothing.
    Raises RuleBroken, AnotherSeal, or AlreadyProposed.
    """
    here = lock_as(access)
    actor, locked = here.reader, here.agreement
    require(rules.may_propose_reopening(actor, locked))
    seal = standing_seal(locked, Seal.Kind.AGREEMENT)
    if seal is None or str(seal.uuid) != seal_uuid:
        raise AnotherSeal
    for row in proposed_in(locked):
        if row.is_genuine and (row.pair, row.seal_id) == (locked.pair, seal.pk):
            raise AlreadyProposed
        # Nobody's: it makes room.
        end_proposal(row, Reopening.Status.WITHDRAWN, None)
    row = Reopening(
        uuid=uuid.uuid4(),
        agreement=locked,
        seal=seal,
        pair=locked.pair,
        proposed_by=actor,
        proposed_at=timezone.now(),
    )
    cipher = cipher_or_none(locked)
    if cipher is None:
        raise RuleBroken
    row.reason = cipher.seal({"reason": reason}, *reason_place(row))
    row.sign()
    row.save()
    record_event(locked, Event.Kind.REOPENING, actor)
    notices.tell_reopening_proposed(recipient=_other(locked, actor), agreement=locked)
    return row


@transaction.atomic
def consent_to_reopening(access: Access, reopening: Reopening) -> Reopening:
    """Agree: the two write on, and sign anew. What they had signed is voided and kept, as it was signed.

    A confirmation of the follow-up that waits for its second is voided, as by any other change of what it covers.
    Raises RuleBroken, also where the proposal, its reason or what was signed is not as the plugin has left it, and
    where one of the two has left office since.
    """
    here, locked, row = _lock_as(access, reopening)
    actor = here.reader
    require_reach(locked.superior, locked, recent=False)
    require(rules.may_consent_to_reopening(actor, locked, row))
    seal = standing_seal(locked, Seal.Kind.AGREEMENT)
    if seal is None or seal.pk != row.seal_id or seal.pair != locked.pair:
        raise AnotherSeal
    require(open_reason(here, row) is not None)
    try:
        require(record_of_both(locked, seal) is not None)
    except DamagedText as error:
        # Voided, it could never be told from what was tampered with.
        raise RuleBroken from error
    void_standing_seal(actor=None, agreement=locked, kind=Seal.Kind.FOLLOW_UP)
    now = timezone.now()
    seal.voided_at = now
    seal.save(update_fields=["voided_at"])
    row.status, row.answered_by, row.answered_at = Reopening.Status.AGREED, actor, now
    row.sign()
    row.save(update_fields=["status", "answered_by", "answered_at", "mac"])
    advance(locked, Step.REOPEN)
    locked.signed_at, locked.signed_pair, locked.reopened_at = None, "", now
    locked.save(update_fields=["signed_at", "signed_pair", "reopened_at"])
    record_event(locked, Event.Kind.REOPENED, actor)
    notices.tell_reopened(recipient=row.proposed_by, agreement=locked)
    chain.append(seal, SealLink.Kind.REOPENED)
    return row


@transaction.atomic
def decline_reopening(access: Access, reopening: Reopening) -> Reopening:
    """Say no: what is signed stands. The one who proposed is told. Raises RuleBroken."""
    here, locked, row = _lock_as(access, reopening)
    actor = here.reader
    require(rules.may_decline_reopening(actor, locked, row))
    end_proposal(row, Reopening.Status.DECLINED, actor)
    record_event(locked, Event.Kind.NOT_OPENED, actor)
    notices.tell_reopening_declined(recipient=row.proposed_by, agreement=locked)
    return row


@transaction.atomic
def withdraw_reopening(access: Access, reopening: Reopening) -> Reopening:
    """Take one's own proposal back, and tell the other party. Raises RuleBroken."""
    here, locked, row = _lock_as(access, reopening)
    actor = here.reader
    require(rules.may_withdraw_reopening(actor, locked, row))
    end_proposal(row, Reopening.Status.WITHDRAWN, actor)
    record_event(locked, Event.Kind.UNPROPOSED, actor)
    notices.tell_reopening_withdrawn(recipient=_other(locked, actor), agreement=locked)
    return row


def _lock_as(access: Access, reopening: Reopening) -> tuple[Access, Agreement, Reopening]:
    here = lock_as(access)
    locked = here.agreement
    row = locked.reopenings.select_related("seal", "proposed_by").get(pk=reopening.pk)
    row.agreement = locked
    return here, locked, row


def _other(agreement: Agreement, actor: Any) -> Any:
    return agreement.superior if agreement.role_of(actor) == Role.LEADER else agreement.leader
