"""What others than the one who planned it decide about a handover (decision 0033): one transaction each."""

from __future__ import annotations

import logging
from typing import Any

from django.utils import timezone

from leder.agreements.actions.base import note_event, require
from leder.agreements.models import Event, Handover
from leder.agreements.models.account import is_open
from leder.agreements.models.acts import one_act
from leder.handover import notices, rules
from leder.handover.actions import carry_out, fresh
from leder.identity import hr
from leder.mail.notices import tell, tell_all
from leder.signed import genuine

logger = logging.getLogger("leder.access")


@one_act()
def stop(*, actor: Any, handover: Handover, reason: str) -> Handover:
    """Stop a planned handover, as leader or former superior; tell the three and HR. A second person in HR decides then.

    What the leader had said yes to counts no more. Raises RuleBroken: another has no say, it is over, or too late.
    """
    row = _genuine(handover)
    require(rules.may_stop(actor, row, timezone.localdate()) and reason in Handover.StopReason.values)
    row.status, row.stop_reason = Handover.Status.STOPPED, reason
    row.stopped_by, row.stopped_at = actor, timezone.now()
    row.approved_by = row.approved_at = None
    row.sign()
    row.save()
    note_event(row.agreement, Event.Kind.HANDOVER_STOPPED, actor)
    _note("stopped", row, actor)
    tell_all((notice, row) for notice in notices.STOPPED)
    return row


@one_act()
def allow(*, actor: Any, handover: Handover) -> Handover:
    """Let a handover act on its day, as the leader; at once when the day has come. Until then it can be stopped.

    Raises RuleBroken: another has no say, their account was changed and is shut, or it waits for nobody.
    """
    row = _genuine(handover)
    require(rules.may_allow(actor, row) and is_open(actor))
    return _approve(row, actor)


@one_act()
def approve(*, actor: Any, handover: Handover) -> Handover:
    """Let a handover act on its day, or in spite of a stop, as a second person in HR; at once when the day has come.

    Raises RuleBroken: the one who planned it, one of the three, one who came to HR or whose account was changed lately,
    or it waits for nobody.
    """
    row = _genuine(handover)
    require(rules.may_approve(actor, row, settled=hr.is_settled(actor)))
    return _approve(row, actor)


def _approve(row: Handover, actor: Any) -> Handover:
    row.status, row.stop_reason = Handover.Status.PLANNED, ""
    row.approved_by, row.approved_at = actor, timezone.now()
    row.sign()
    row.save()
    note_event(row.agreement, Event.Kind.HANDOVER_ALLOWED, actor)
    _note("approved", row, actor)
    today = timezone.localdate()
    if rules.may_act(row, today):
        return carry_out(handover=row, today=today)
    tell(notices.APPROVED, row)
    return row


def _genuine(handover: Handover) -> Handover:
    row = fresh(handover)
    require(bool(genuine([row])))
    return row


def _note(what: str, row: Handover, actor: Any) -> None:
    # Outside the database too: one who sets the row back does not reach this.
    logger.info("handover %s: row %s, %s, user %s", what, row.pk, row.whose, actor.pk)
