"""Reopening (gjenåpning): what both have signed stands, unless both agree, with a reason, to open it again (R7).

One function an act, keyword arguments, one transaction each. What was signed is kept with its two signatures.
"""

from __future__ import annotations

from django.utils import timezone

from leder.agreements import notices, rules
from leder.agreements.actions.base import RuleBroken, lock_as, require, require_reach
from leder.agreements.actions.lapsing import proposed_in
from leder.agreements.actions.proposals import Protocol
from leder.agreements.actions.signing import standing_seal
from leder.agreements.actions.voiding import void_standing_seal
from leder.agreements.models import Access, Event, Reopening, Seal, SealLink
from leder.agreements.models.acts import one_act
from leder.agreements.reading.sealed import record_of_both
from leder.agreements.reading.why import open_why, seal_why
from leder.agreements.seals import chain
from leder.agreements.states import Step, advance
from leder.agreements.vault.cipher import DamagedText, cipher_or_none

REOPENING = Protocol(
    model=Reopening,
    joined=("seal", "proposed_by"),
    may_withdraw=rules.may_take_back,
    proposed=(Event.Kind.REOPENING, notices.REOPENING_PROPOSED),
    agreed=(Event.Kind.REOPENED, notices.REOPENED),
    declined=(Event.Kind.NOT_OPENED, notices.REOPENING_DECLINED),
    withdrawn=(Event.Kind.UNPROPOSED, notices.REOPENING_WITHDRAWN),
)


class AnotherSeal(RuleBroken):
    """What stands signed is not what the person saw: another seal, or none. Nothing was changed."""


@one_act()
def propose_reopening(access: Access, *, seal_uuid: str, reason: str) -> Reopening:
    """Propose to open a signed agreement again, and tell the other party. Nothing is opened by it.

    `seal_uuid` is the seal that the person saw: from an old page, it counts for nothing.
    Raises RuleBroken, AnotherSeal, or AlreadyProposed.
    """
    here = lock_as(access)
    actor, locked = here.reader, here.agreement
    require(rules.may_propose_reopening(here))
    seal = standing_seal(locked, Seal.Kind.AGREEMENT)
    if seal is None or str(seal.uuid) != seal_uuid:
        raise AnotherSeal
    cipher = cipher_or_none(locked)
    if cipher is None:
        raise RuleBroken
    row = Reopening(
        agreement=locked, seal=seal, pair=locked.pair, proposed_by=actor, proposed_at=timezone.now()
    )
    seal_why(row, reason, cipher)
    # One that the plugin has not signed is nobody's.
    return REOPENING.propose(
        row,
        standing=proposed_in(locked),
        is_same=lambda each: each.is_genuine and (each.pair, each.seal_id) == (row.pair, seal.pk),
    )


@one_act()
def consent_to_reopening(access: Access, reopening: Reopening) -> Reopening:
    """Agree: the two write on, and sign anew. What they had signed is voided and kept, as it was signed.

    A confirmation of the follow-up that waits for its second is voided, as by any other change of what it covers.
    Raises RuleBroken, also where the proposal, its reason or what was signed is not as the plugin has left it, and
    where one of the two has left office since.
    """
    here, row = REOPENING.locked(access, reopening)
    actor, locked = here.reader, here.agreement
    require_reach(locked.superior, locked, recent=False)
    require(rules.may_consent_to_reopening(here, row))
    seal = standing_seal(locked, Seal.Kind.AGREEMENT)
    if seal is None or seal.pk != row.seal_id or seal.pair != locked.pair:
        raise AnotherSeal
    require(open_why(here, row) is not None)
    try:
        require(record_of_both(locked, seal) is not None)
    except DamagedText as error:
        # Voided, it could never be told from what was tampered with.
        raise RuleBroken from error
    void_standing_seal(actor=None, agreement=locked, kind=Seal.Kind.FOLLOW_UP)
    REOPENING.agree(row, actor)
    seal.voided_at = row.answered_at
    seal.save(update_fields=["voided_at"])
    advance(locked, Step.REOPEN)
    locked.signed_at, locked.signed_pair, locked.reopened_at = None, "", row.answered_at
    locked.save(update_fields=["signed_at", "signed_pair", "reopened_at"])
    chain.append(seal, SealLink.Kind.REOPENED)
    return row


@one_act()
def decline_reopening(access: Access, reopening: Reopening) -> Reopening:
    """Say no: what is signed stands. The one who proposed is told. Raises RuleBroken."""
    return REOPENING.decline(access, reopening)


@one_act()
def withdraw_reopening(access: Access, reopening: Reopening) -> Reopening:
    """Take one's own proposal back, and tell the other party. Raises RuleBroken."""
    return REOPENING.withdraw(access, reopening)
