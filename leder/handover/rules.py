"""What may be done about a handover, by whom and when: pure predicates, as in `agreements.rules`.

A handover needs two (decision 0033): one in HR plans it, and it acts when those whom it is about have had their days to
stop it. Sooner, or in spite of a stop, a second person decides.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from leder import conf
from leder.agreements.access.handovers import HandedOver
from leder.agreements.access.pairs import is_private
from leder.agreements.models import Access, Handover, KnownAccount, Role
from leder.agreements.models.account import Stored, standing_of
from leder.agreements.states import ACTIVE
from leder.handover.changes import Change
from leder.identity import hr
from leder.people import Person

PERMISSION = hr.PERMISSION


def may_hand_over(user: Person) -> bool:
    """HR plans and cancels handovers. It opens no agreement for them."""
    return bool(user.is_active and user.has_perm(PERMISSION))


def may_plan(user: Person, change: Change | None, on: dt.date) -> bool:
    """HR plans what the organisation says, for today or later, and never to themself."""
    return (
        may_hand_over(user)
        and change is not None
        and change.successor.person.pk != user.pk
        and on >= timezone.localdate()
    )


def needs_two(row: Handover) -> bool:
    """Whether somebody gets to read who could not before: not where the superior has only another position."""
    return row.former_id != row.successor_id


def last_day_to_stop(row: Handover) -> dt.date:
    """The last whole day on which it can be stopped; the day on which it was planned does not count.

    Nor do days on which the leader was kept out: one whose account is changed or switched off hears nothing of it.
    """
    known = _leaders_account(row)
    let_in = known.let_in_at() if known is not None else None
    # Where the municipality is, not where the account says that HR sits: a day more or less is not theirs to choose.
    began = timezone.localdate(max(row.planned_at, let_in or row.planned_at), timezone.get_default_timezone())
    return began + dt.timedelta(days=conf.handover_stop_days())


def first_day(row: Handover) -> dt.date:
    """The day on which it acts, if nobody stops it: its own where a second person has said yes."""
    if row.approved_by_id is not None or not needs_two(row):
        return row.on
    return max(row.on, last_day_to_stop(row) + dt.timedelta(days=1))


def waits(row: Handover) -> bool:
    """Whether it was planned so late that its own day comes before the time to stop it is over."""
    return first_day(row) > row.on


def may_act(row: Handover, today: dt.date) -> bool:
    """Whether a planned one is carried out: on its first day or later, where those who could stop it were there to."""
    return row.status == Handover.Status.PLANNED and first_day(row) <= today and not lacks_leader(row)


def lacks_leader(row: Handover) -> bool:
    """Whether nobody hears what the leader says: their account is off or shut, and no second person has said yes."""
    if not needs_two(row) or row.approved_by_id is not None:
        return False
    leader = row.agreement.leader
    standing = standing_of(_leaders_account(row), Stored.of(leader), at=timezone.now())
    return not (leader.is_active and standing.is_open)


def _leaders_account(row: Handover) -> KnownAccount | None:
    return getattr(row.agreement.leader, "leder_account", None)


def may_stop(user: Person, row: Handover, today: dt.date) -> bool:
    """Leader and former superior stop it, once, until the last day; what a second person has decided stands."""
    return (
        user.is_active
        and user.pk in (row.agreement.leader_id, row.former_id)
        and row.status == Handover.Status.PLANNED
        and needs_two(row)
        and row.stopped_at is None
        and today <= last_day_to_stop(row)
    )


def may_allow(user: Person, row: Handover) -> bool:
    """The leader lets it act on its day, where it would wait; not one who has planned it themself."""
    return (
        user.pk == row.agreement.leader_id
        and user.is_active
        and user.pk != row.planned_by_id
        and row.status == Handover.Status.PLANNED
        and waits(row)
    )


def is_second(user: Person, row: Handover, *, settled: bool) -> bool:
    """Whether this is a second person in HR: neither the one who planned it, nor one of the three, nor a superuser.

    One who may do everything is not HR, and is likely to be somebody's other account. So is one who came to HR just
    now, or whose account was changed lately (`settled`, of `hr.is_settled`).
    """
    about = (row.planned_by_id, row.agreement.leader_id, row.former_id, row.successor_id)
    return settled and may_hand_over(user) and user.pk not in about and not user.is_superuser


def may_approve(user: Person, row: Handover, *, settled: bool) -> bool:
    """A second person in HR lets it act on its day, where it would wait; or in spite of a stop."""
    stopped = row.status == Handover.Status.STOPPED
    planned = row.status == Handover.Status.PLANNED
    return is_second(user, row, settled=settled) and (
        stopped or (planned and (waits(row) or lacks_leader(row)))
    )


def may_cancel(user: Person, row: Handover, *, settled: bool) -> bool:
    """Anybody in HR cancels what is planned. What is stopped only a second person decides."""
    if row.status == Handover.Status.STOPPED:
        return is_second(user, row, settled=settled)
    return row.status == Handover.Status.PLANNED and may_hand_over(user)


def may_consent(access: Access, section_id: str, handed: HandedOver | None) -> bool:
    """The leader lets the superior of today, if not acting, have a private section from before (R2)."""
    agreement = access.agreement
    section = agreement.form_edition.section(section_id)
    return (
        access.role == Role.LEADER
        and agreement.state in ACTIVE
        and agreement.text_deleted_at is None
        and handed is not None
        and not handed.is_acting
        and section is not None
        and section.takes_answers
        and is_private(agreement, section_id)
    )
