"""Accounts of those who open text: who they are, and what is known of each from the day that it does."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from leder.agreements.access.grants import ways_to_text
from leder.agreements.models import KnownAccount
from leder.agreements.models.account import Stored, changes

logger = logging.getLogger("leder.access")

BATCH = 500
# All that is written down anew where the present state is taken over.
WRITTEN = tuple(
    field.name
    for field in KnownAccount._meta.concrete_fields
    if field.name not in ("user", "uuid", "shown_at")
)


def opens_text() -> Q:
    """Return the condition that an account opens the text of an agreement, or would if it were active."""
    ways = [Exists(rows.filter(**{whose: OuterRef("pk")})) for rows, whose, _agreement in ways_to_text()]
    return reduce(or_, ways, Q())


def everybody() -> QuerySet:
    """Return all whose account is known: it opens the text of an agreement, or would if it were active.

    Or they can hand agreements over (`leder.identity.hr`).
    """
    # Not the default manager: a host's may leave out those who are not active.
    return get_user_model()._base_manager.filter(opens_text() | Q(leder_account__in_hr_since__isnull=False))


def begin(people: Iterable[Any]) -> None:
    """Know the accounts of people who are about to become a party or a reader. Call it before they do. Three queries.

    Of one who opens nothing yet the present state is taken over. One who does, or is in HR, is known, and is left to be
    compared as ever: a row that is missing then was removed.
    """
    pks = {person.pk for person in people}
    users = get_user_model()._base_manager.filter(pk__in=pks)
    known = opens_text() | Q(leder_account__in_hr_since__isnull=False)
    take_over(list(users.exclude(known).order_by("pk")))


@transaction.atomic
def know_method(method: str) -> int:
    """Know a way to sign in (a backend's dotted name) of everybody: one that the site brings is no change. How many."""
    rows = KnownAccount.objects.select_for_update().exclude(methods="").order_by("pk")
    known = [row for row in rows if row.is_genuine and method not in row.lines("methods")]
    for row in known:
        row.methods = "\n".join([*row.lines("methods"), method])
        row.sign()
    KnownAccount.objects.bulk_update(known, ["methods", "mac"], batch_size=BATCH)
    logger.info("way to sign in known: %s, accounts %s", method, len(known))
    return len(known)


def take_over(users: Collection[Any], *, since: dt.datetime | None = None) -> int:
    """Know these accounts as they stand now, where they are not; returns how many. Two queries.

    Nobody is told: for those who begin, and for what is no change. One that is shut stays so.
    """
    since = since or timezone.now()
    known = KnownAccount.objects.in_bulk([user.pk for user in users])
    new = []
    for user in users:
        row, now = known.get(user.pk), Stored.of(user)
        if row is not None and not changes(row, now):
            continue
        if row is None or not (row.is_genuine and row.is_shut_by_note(timezone.now())):
            row = KnownAccount(user=user, **_kept(row))
        row.unchanged_since = since
        row.write_down(now)
        new.append(row)
    KnownAccount.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["user"], update_fields=["uuid", "shown_at", *WRITTEN]
    )
    if new:
        logger.info("accounts taken over: %s", ", ".join(str(row.pk) for row in new))
    return len(new)


def _kept(row: KnownAccount | None) -> dict[str, Any]:
    """What is no state of the account itself, and stays known."""
    if row is None:
        return {}
    return {"shown_at": row.shown_at, "in_hr_since": row.in_hr_since if row.is_genuine else None}
