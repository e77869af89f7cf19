"""Sharing as an agreement: one party proposes, the other consents, either withdraws (R2).

One function an act, keyword arguments, one transaction each.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from leder.agreements.access import accounts
from leder.agreements.actions.base import lock, lock_as, note_event, require
from leder.agreements.actions.proposals import Protocol, end
from leder.agreements.models import Access, Agreement, Event, Share
from leder.agreements.models.acts import one_act
from leder.agreements.reading.why import seal_why
from leder.agreements.vault.cipher import cipher_of
from leder.mail.notices import tell
from leder.sharing import notices, rules

SHARING = Protocol(
    model=Share,
    joined=("reader", "proposed_by"),
    may_withdraw=rules.may_withdraw,
    proposed=(Event.Kind.PROPOSED, notices.PROPOSED),
    agreed=(Event.Kind.SHARED, notices.AGREED),
    declined=(Event.Kind.DECLINED, None),
    withdrawn=(Event.Kind.WITHDRAWN, notices.WITHDRAWN),
)


@one_act()
def propose(access: Access, *, section_id: str, reader: Any, purpose: str, until: dt.date) -> Share:
    """Propose to let a person read a section, or the whole agreement (""), and tell the other party.

    What was proposed to another superior is not proposed to this one, who would read what it is for.
    Raises RuleBroken, or AlreadyProposed: change what stands by withdrawing it first.
    """
    here = lock_as(access)
    actor, locked = here.reader, here.agreement
    require(access.agreement.pair == locked.pair)
    require(rules.may_propose(here, section_id=section_id, reader=reader, until=until))
    share = Share(
        agreement=locked,
        section_id=section_id,
        reader=reader,
        until=until,
        proposed_by=actor,
        proposed_at=timezone.now(),
    )
    seal_why(share, purpose, cipher_of(locked))
    # One whose date has passed was ended by nobody.
    standing = _standing(locked).filter(section_id=section_id, reader=reader)
    return SHARING.propose(share, standing=standing, is_same=rules.is_standing)


@one_act()
def consent(access: Access, share: Share) -> Share:
    """Agree to a proposal: the reader can read from now on, and is told. Raises RuleBroken."""
    here, current = SHARING.locked(access, share)
    require(rules.may_consent(here, current))
    accounts.begin([current.reader])
    SHARING.agree(current, here.reader)
    tell(notices.TO_READER, current)
    return current


@one_act()
def decline(access: Access, share: Share) -> Share:
    """Say no to a proposal. Raises RuleBroken."""
    return SHARING.decline(access, share)


@one_act()
def withdraw(access: Access, share: Share) -> Share:
    """End what is shared, or take back a proposal: nobody else reads it from now on. Raises RuleBroken."""
    current = SHARING.withdraw(access, share)
    if current.answered_at is not None:
        tell(notices.TO_READER_WITHDRAWN, current)
    return current


@one_act()
def withdraw_all(*, agreement: Agreement) -> int:
    """End all that is shared or proposed to be, because the agreement ends, or one of the two is another.

    Whoever could read is told. Returns how many shares were ended.
    """
    locked = lock(agreement)
    shares = list(_standing(locked).select_related("reader"))
    for share in shares:
        was_open = share.is_running
        end(share, Share.Status.WITHDRAWN, None)
        note_event(locked, Event.Kind.WITHDRAWN, None, share.section_id)
        if was_open:
            tell(notices.TO_READER_WITHDRAWN, share)
    return len(shares)


def _standing(agreement: Agreement) -> QuerySet[Share]:
    """What nobody has ended, its date passed or not."""
    return agreement.shares.filter(status__in=(Share.Status.PROPOSED, Share.Status.AGREED))
