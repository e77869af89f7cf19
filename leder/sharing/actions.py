"""Sharing as an agreement: one party proposes, the other consents, either withdraws (R2).

One function an act, keyword arguments, one transaction each.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from leder.agreements.actions.base import RuleBroken, lock, lock_as, record_event, require
from leder.agreements.capability import Access
from leder.agreements.models import Agreement, Event, Share
from leder.sharing import notices, rules
from leder.sharing.purposes import seal_purpose


class AlreadyShared(RuleBroken):
    """The same part is shared with this person already, or proposed to be. Nothing was changed."""


@transaction.atomic
def propose(access: Access, *, section_id: str, reader: Any, purpose: str, until: dt.date) -> Share:
    """Propose to let a person read a section, or the whole agreement (""), and tell the other party.

    Raises RuleBroken, or AlreadyShared: change what stands by withdrawing it first.
    """
    here = lock_as(access)
    actor, locked = here.reader, here.agreement
    require(rules.may_propose(actor, locked, section_id=section_id, reader=reader, until=until))
    for same in locked.shares.filter(
        section_id=section_id, reader=reader, status__in=(Share.Status.PROPOSED, Share.Status.ACTIVE)
    ):
        if rules.is_standing(same):
            raise AlreadyShared
        # Its date has passed: nobody ended it, and it makes room for the new one.
        _end(same, Share.Status.WITHDRAWN, None)
    share = Share(
        uuid=uuid.uuid4(),
        agreement=locked,
        section_id=section_id,
        reader=reader,
        until=until,
        proposed_by=actor,
        proposed_at=timezone.now(),
    )
    seal_purpose(share, purpose)
    share.sign()
    share.save()
    record_event(locked, Event.Kind.PROPOSED, actor, section_id)
    notices.tell_proposed(recipient=_other(locked, actor), agreement=locked)
    return share


@transaction.atomic
def consent(access: Access, share: Share) -> Share:
    """Agree to a proposal: the reader can read from now on, and is told. Raises RuleBroken."""
    locked, current = _lock_as(access, share)
    actor = access.reader
    require(rules.may_consent(actor, current))
    current.status = Share.Status.ACTIVE
    current.answered_at = timezone.now()
    current.sign()
    current.save(update_fields=["status", "answered_at", "mac"])
    record_event(locked, Event.Kind.SHARED, actor, current.section_id)
    notices.tell_agreed(recipient=current.proposed_by, agreement=locked)
    notices.tell_reader(share=current)
    return current


@transaction.atomic
def decline(access: Access, share: Share) -> Share:
    """Say no to a proposal. Raises RuleBroken."""
    locked, current = _lock_as(access, share)
    actor = access.reader
    require(rules.may_decline(actor, current))
    _end(current, Share.Status.DECLINED, actor)
    record_event(locked, Event.Kind.DECLINED, actor, current.section_id)
    return current


@transaction.atomic
def withdraw(access: Access, share: Share) -> Share:
    """End what is shared, or take back a proposal: nobody else reads it from now on. Raises RuleBroken."""
    locked, current = _lock_as(access, share)
    actor = access.reader
    require(rules.may_withdraw(actor, current))
    was_open = current.status == Share.Status.ACTIVE
    _end(current, Share.Status.WITHDRAWN, actor)
    record_event(locked, Event.Kind.WITHDRAWN, actor, current.section_id)
    notices.tell_withdrawn(recipient=_other(locked, actor), agreement=locked)
    if was_open:
        notices.tell_reader_withdrawn(recipient=current.reader)
    return current


@transaction.atomic
def withdraw_all(*, agreement: Agreement) -> int:
    """End all that is shared or proposed to be, because the agreement ends, or one of the two is another.

    Whoever could read is told. Returns how many shares were ended.
    """
    locked = lock(agreement)
    standing = locked.shares.filter(status__in=(Share.Status.PROPOSED, Share.Status.ACTIVE))
    shares = list(standing.select_related("reader"))
    for share in shares:
        was_open = share.is_running
        _end(share, Share.Status.WITHDRAWN, None)
        record_event(locked, Event.Kind.WITHDRAWN, None, share.section_id)
        if was_open:
            notices.tell_reader_withdrawn(recipient=share.reader)
    return len(shares)


def _lock_as(access: Access, share: Share) -> tuple[Agreement, Share]:
    locked = lock_as(access).agreement
    return locked, locked.shares.select_related("reader", "proposed_by").get(pk=share.pk)


def _end(share: Share, status: Share.Status, actor: Any) -> None:
    share.status, share.ended_by, share.ended_at, share.mac = status, actor, timezone.now(), ""
    share.save(update_fields=["status", "ended_by", "ended_at", "mac"])


def _other(agreement: Agreement, actor: Any) -> Any:
    return agreement.superior if actor.pk == agreement.leader_id else agreement.leader
