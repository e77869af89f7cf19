"""Planning and carrying out handovers: one function an act, one transaction each."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections import Counter
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from leder.agreements.access import accounts
from leder.agreements.access.grants import party_grant, party_permission
from leder.agreements.access.handovers import HandedOver, genuine_handovers
from leder.agreements.actions.base import RuleBroken, lock, note_event, require
from leder.agreements.actions.lapsing import lapse_reopening
from leder.agreements.models import Agreement, AgreementUserObjectPermission, Event, Handover
from leder.agreements.models.acts import one_act
from leder.agreements.vault.cipher import DamagedText
from leder.conversations.actions import call_off
from leder.handover import notices, rules
from leder.handover.changes import Change, change_of
from leder.handover.parting import part
from leder.identity import hr
from leder.mail.notices import tell, tell_all
from leder.sharing.actions import withdraw_all
from leder.signed import genuine

logger = logging.getLogger("leder.access")
# What is counted of those that can still be stopped.
WAITING = "waiting"


@one_act()
def plan(*, actor: Any, agreement: Agreement, on: dt.date) -> Handover:
    """Plan the handover that the organisation asks for on a day, and tell the three how long it can be stopped.

    Carried out at once only where the superior stays the same and the day is today. Raises RuleBroken: the organisation
    names no other superior that day, it is planned or stopped already, or the new superior is the one who plans.
    """
    locked = lock(agreement)
    change = change_of(locked, on)
    if change is None or not rules.may_plan(actor, change, on):
        raise RuleBroken
    row = Handover(
        uuid=uuid.uuid4(),
        agreement=locked,
        former=change.former.person,
        former_position=change.former.position,
        former_title=_title_of(locked, change),
        successor=change.successor.person,
        successor_position=change.successor.position,
        on=on,
        acting=change.successor.acting,
        planned_by=actor,
        planned_at=timezone.now(),
    )
    row.sign()
    try:
        with one_act():
            row.save()
    except IntegrityError as error:
        # Two planned it at the same moment.
        raise RuleBroken from error
    if rules.may_act(row, timezone.localdate()):
        return carry_out(handover=row, today=timezone.localdate())
    note_event(locked, Event.Kind.HANDOVER_PLANNED, actor)
    tell_all((notice, row) for notice in notices.planned(row))
    return row


@one_act()
def cancel(*, actor: Any, handover: Handover) -> Handover:
    """Call a planned or stopped handover off, and tell the three. Raises RuleBroken: it is over, or another decides."""
    row = fresh(handover)
    require(rules.may_cancel(actor, row, settled=hr.is_settled(actor)))
    _end(row, Handover.Status.CANCELLED, actor)
    return row


def carry_out_due(today: dt.date) -> Counter[str]:
    """Carry out the handovers whose first day has come. Returns how many, by status, and WAITING. Safe to run again.

    One that can still be stopped waits; one that is stopped waits for a second person. One whose agreement can't be
    opened waits, and no other waits for it.
    """
    counts: Counter[str] = Counter()
    open_ones = (Handover.Status.PLANNED, Handover.Status.STOPPED)
    due = Handover.objects.filter(status__in=open_ones, on__lte=today).order_by("on", "pk")
    for row in list(due.select_related("agreement__leader__leder_account")):
        if row.is_genuine and row.status == Handover.Status.PLANNED and not rules.may_act(row, today):
            counts[WAITING] += 1
            continue
        try:
            counts[carry_out(handover=row, today=today).status] += 1
        except DamagedText:
            logger.error("not handed over, its text does not open: agreement %s", row.agreement.uuid)
            counts[Handover.Status.PLANNED] += 1
        except RuleBroken:
            # It was stopped, or the leader's account switched off, since it was looked up.
            counts[WAITING] += 1
    return counts


@one_act()
def carry_out(*, handover: Handover, today: dt.date) -> Handover:
    """Hand the agreement over, when the organisation still says so; else the handover lapses and nothing changes.

    A row that is over, or was not planned by the plugin, is left as it is; so is one that is stopped: what the
    organisation unsays tonight it may say again tomorrow. Raises RuleBroken before its first day (`rules.first_day`).
    """
    row = fresh(handover)
    if row.status != Handover.Status.PLANNED or not genuine([row]):
        return row
    require(rules.may_act(row, today))
    change = change_of(row.agreement, today, after_plans=False)
    if change is None or not _is_as_planned(row, change):
        _end(row, Handover.Status.LAPSED, None)
    else:
        _hand_over(row.agreement, row)
    return row


def _is_as_planned(row: Handover, change: Change) -> bool:
    return (
        (row.former_id, row.former_position_id) == change.former.key[:2]
        and (row.successor_id, row.successor_position_id, row.acting) == change.successor.key
        and row.planned_by_id != row.successor_id
    )


def _hand_over(agreement: Agreement, row: Handover) -> None:
    now = timezone.now()
    earlier = genuine_handovers(agreement)
    row.former_pair = agreement.pair
    row.successor_pair = _pair_of_successor(agreement, row, earlier)
    row.number = _number_after(agreement, earlier)
    row.status, row.carried_out_at = Handover.Status.CARRIED_OUT, now
    row.sign()
    row.save()
    lost_signature = False
    if row.former_id != row.successor_id:
        call_off(agreement=agreement)
        withdraw_all(agreement=agreement)
        lapse_reopening(agreement)
        lost_signature = part(agreement, row)
    accounts.begin([row.successor])
    agreement.superior = row.successor
    agreement.superior_position = row.successor_position
    agreement.superior_title = row.successor_position.title
    agreement.pair = row.successor_pair
    agreement.handed_over_at = now
    agreement.save(
        update_fields=["superior", "superior_position", "superior_title", "pair", "handed_over_at"]
    )
    AgreementUserObjectPermission.objects.filter(content_object=agreement).exclude(
        user_id=agreement.leader_id
    ).delete()
    party_grant(agreement, row.successor_id, "superior", party_permission().pk).save()
    note_event(agreement, Event.Kind.HANDED_OVER, row.planned_by)
    tell_all((notice, row) for notice in notices.carried_out(row, lost_signature=lost_signature))


def _number_after(agreement: Agreement, earlier: list[Handover]) -> int:
    """The next in the order: more than the earlier ones', and than the signed number of acts.

    That only grows, so an earlier one that was taken away meanwhile, and is put back, does not come to be the latest.
    """
    inventory = getattr(agreement, "inventory", None)
    acts = inventory.number if inventory is not None and inventory.was_genuine else 0
    return 1 + max([acts, *(row.number or 0 for row in earlier)])


def _pair_of_successor(agreement: Agreement, row: Handover, earlier: list[Handover]) -> str:
    """The pair that the successor was of before, or a new one that nothing has been written in."""
    if row.successor_id == row.former_id:
        return agreement.pair
    pair = HandedOver(tuple(earlier)).pair_with(row.successor)
    return row.uuid.hex if pair is None else pair


def _title_of(agreement: Agreement, change: Change) -> str:
    is_standing = change.former.position.pk == agreement.superior_position_id
    return agreement.superior_title if is_standing else change.former.position.title


def fresh(handover: Handover) -> Handover:
    """Return the row as it stands now, locked with its agreement until the end of the transaction."""
    locked = lock(handover.agreement)
    row = (
        Handover.objects.select_for_update(of=("self",))
        .select_related("former", "successor", "successor_position", "planned_by")
        .get(pk=handover.pk)
    )
    row.agreement = locked
    return row


def _end(row: Handover, status: Handover.Status, actor: Any) -> None:
    """Let nothing come of it, and tell the three. One that the plugin has not planned ends too; nobody knows of it."""
    was_planned = row.is_genuine
    row.status, row.ended_at, row.stop_reason, row.mac = status, timezone.now(), "", ""
    if was_planned:
        row.sign()
        note_event(row.agreement, Event.Kind.HANDOVER_OFF, actor)
        tell(notices.OFF, row)
    row.save(update_fields=["status", "ended_at", "stop_reason", "mac"])
