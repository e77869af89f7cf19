"""Preparation (forberedelse): each party's own, opened to both at the moment both say ready (R5)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from leder.agreements import rules
from leder.agreements.actions.base import (
    lock_as,
    record_event,
    require,
    require_pair,
    section_of,
    store_entry,
)
from leder.agreements.answers import Payload
from leder.agreements.models import Agreement, Entry, Event, Role
from leder.agreements.states import Step, advance


@transaction.atomic
def save_preparation(
    *,
    actor: Any,
    agreement: Agreement,
    section_id: str,
    version: int,
    payload: Payload,
    form: int | None = None,
    pair: str | None = None,
) -> Entry:
    """Save one's own preparation of a section. Raises RuleBroken, or VersionConflict (from another tab).

    `form` is the id of the form edition that the payload was read by, where it was read outside; `pair` the
    one that it was written in.
    """
    locked = lock_as(actor, agreement)
    require(form in (None, locked.form_edition_id))
    require_pair(locked, pair, section_id, Entry.Kind.PREPARATION)
    section_of(locked, section_id)
    require(rules.may_edit_preparation(actor, locked))
    role = locked.role_of(actor)
    entry, _changed = store_entry(
        actor=actor,
        agreement=locked,
        section_id=section_id,
        kind=Entry.Kind.PREPARATION,
        role=role or "",
        version=version,
        payload=payload,
    )
    return entry


@transaction.atomic
def mark_ready(*, actor: Any, agreement: Agreement, pair: str | None = None) -> bool:
    """Say that one's own preparation is ready. Returns True when both now are, and both preparations open.

    `pair` is the one that the person saw: what was ready for another superior is not for this one. Raises RuleBroken.
    """
    locked = lock_as(actor, agreement)
    require(pair is None or pair == locked.pair)
    require(rules.may_edit_preparation(actor, locked))
    _set_ready(locked, actor, timezone.now())
    record_event(locked, Event.Kind.READY, actor)
    if not rules.preparations_are_open(locked):
        return False
    advance(locked, Step.BOTH_READY)
    record_event(locked, Event.Kind.PREPARED, None)
    return True


@transaction.atomic
def take_back(*, actor: Any, agreement: Agreement) -> None:
    """Take "ready" back, to write on. Possible until the other is ready too. Raises RuleBroken."""
    locked = lock_as(actor, agreement)
    require(rules.may_prepare(actor, locked) and rules.ready_at(locked, locked.role_of(actor)) is not None)
    _set_ready(locked, actor, None)
    record_event(locked, Event.Kind.UNREADY, actor)


def delete_unshared_preparations(*, today: dt.date) -> int:
    """Delete preparations that were never opened to the other, in rounds whose stated date has come.

    Returns how many entries went. Safe to run again.
    """
    never_shared = Q(agreement__leader_ready_at=None) | Q(agreement__superior_ready_at=None)
    deleted, _per_model = Entry.objects.filter(
        never_shared,
        kind=Entry.Kind.PREPARATION,
        # An earlier pair's that are left had opened to both.
        pair=F("agreement__pair"),
        agreement__round__unshared_deleted_on__lte=today,
    ).delete()
    return deleted


def _set_ready(agreement: Agreement, actor: Any, at: dt.datetime | None) -> None:
    role = Role.LEADER if agreement.role_of(actor) == Role.LEADER else Role.SUPERIOR
    setattr(agreement, f"{role}_ready_at", at)
    field = f"{role}_ready_mac"
    setattr(agreement, field, "")
    if at is not None:
        agreement.sign(field)
    agreement.save(update_fields=[f"{role}_ready_at", field])
