"""Preparation (forberedelse): each party's own, opened to both at the moment both say ready (R5)."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from leder.agreements import rules
from leder.agreements.actions.base import (
    lock_as,
    note_event,
    require,
    require_form,
    require_pair,
    section_of,
    store_entry,
)
from leder.agreements.answers import Payload
from leder.agreements.models import Access, Agreement, Entry, Event, Round
from leder.agreements.models.acts import one_act
from leder.agreements.states import Step, advance

BATCH = 1000


@one_act()
def save_preparation(
    access: Access,
    *,
    section_id: str,
    version: int,
    payload: Payload,
) -> Entry:
    """Save one's own preparation of a section. Raises RuleBroken, or VersionConflict (from another tab).

    By which form and for whom, as in `writing.save_section`.
    """
    here = lock_as(access)
    locked = here.agreement
    require_form(access, locked)
    require_pair(access, locked, section_id, Entry.Kind.PREPARATION)
    section_of(locked, section_id)
    require(rules.may_edit_preparation(here))
    entry, _changed = store_entry(
        here,
        section_id=section_id,
        kind=Entry.Kind.PREPARATION,
        role=here.role,
        version=version,
        payload=payload,
    )
    return entry


@one_act()
def mark_ready(access: Access) -> bool:
    """Say that one's own preparation is ready. Returns True when both now are, and both preparations open.

    What was ready for another superior is not for this one. Raises RuleBroken.
    """
    here = lock_as(access)
    actor, locked = here.reader, here.agreement
    require(access.agreement.pair == locked.pair)
    require(rules.may_edit_preparation(here))
    _set_ready(here, timezone.now())
    note_event(locked, Event.Kind.READY, actor)
    if not rules.preparations_are_open(locked):
        return False
    advance(locked, Step.BOTH_READY)
    note_event(locked, Event.Kind.PREPARED, None)
    return True


@one_act()
def take_back(access: Access) -> None:
    """Take "ready" back, to write on. Possible until the other is ready too. Raises RuleBroken."""
    here = lock_as(access)
    actor, locked = here.reader, here.agreement
    require(rules.may_prepare(here) and rules.ready_at(locked, here.role) is not None)
    _set_ready(here, None)
    note_event(locked, Event.Kind.UNREADY, actor)


def delete_unshared_preparations(*, today: dt.date) -> int:
    """Delete preparations that were never opened to the other, in rounds whose stated date has come.

    Returns how many entries went. Safe to run again. A date that the plugin has not written deletes nothing.
    """
    rounds = Round.objects.filter(unshared_deleted_on__lte=today).genuine()
    never_shared = Q(agreement__leader_ready_at=None) | Q(agreement__superior_ready_at=None)
    due = Entry.objects.filter(
        never_shared,
        kind=Entry.Kind.PREPARATION,
        # An earlier pair's that are left had opened to both.
        pair=F("agreement__pair"),
        agreement__round__in=rounds,
    )
    agreements = list(due.order_by().values_list("agreement_id", flat=True).distinct())
    return sum(_delete(due, agreements[start : start + BATCH]) for start in range(0, len(agreements), BATCH))


@one_act()
def _delete(due: QuerySet[Entry], agreements: list[int]) -> int:
    """Delete what is due in some agreements once they are locked, newest first: one may be ready meanwhile."""
    locked = Agreement.objects.select_for_update(no_key=True).filter(pk__in=agreements).order_by("-pk")
    deleted, _per_model = due.filter(agreement_id__in=list(locked.values_list("pk", flat=True))).delete()
    return deleted


def _set_ready(access: Access, at: dt.datetime | None) -> None:
    agreement, role = access.agreement, access.role
    setattr(agreement, f"{role}_ready_at", at)
    field = f"{role}_ready_mac"
    setattr(agreement, field, "")
    if at is not None:
        agreement.sign(field)
    agreement.save(update_fields=[f"{role}_ready_at", field])
