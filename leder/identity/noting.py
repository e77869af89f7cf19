"""What is put down of a changed account: since when it is shut, who changed it, and who has been told."""

from __future__ import annotations

import logging
import uuid as uuids
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from leder.agreements.models import AccountChange, KnownAccount
from leder.identity.acting import actor

logger = logging.getLogger("leder.access")


@dataclass(frozen=True)
class Seen:
    """A change that was seen: whose account, what mail went to before, how, whether it shuts, and the change's name."""

    person: Any
    address: str
    found: frozenset[AccountChange]
    shuts: bool
    uuid: uuids.UUID


def put_down(row: KnownAccount, found: frozenset[AccountChange], *, by_themself: bool) -> bool:
    """Put a change down in a locked row, unsigned and unsaved. Returns whether it shuts the account.

    It does not where the person made it themself, nor for the first password of one who was never shown text. One that
    is changed once more while it is shut, by whomever, stays shut since the first time: that is another question, with
    a name of its own, and whoever changed it either time confirms nothing.
    """
    now = timezone.now()
    is_sound = AccountChange.UNKNOWN not in found
    was_shut = is_sound and row.is_shut_by_note(now)
    is_first = found == {AccountChange.PASSWORD} and row.shown_at is None and not row.password_form
    shuts = was_shut or not (is_sound and (by_themself or is_first))
    row.unchanged_since = now
    acting = actor()
    # Outside the database, too: one who writes to it can change whom the mail goes to.
    logger.warning(
        "account changed: user %s, %s, by %s, %s",
        row.pk,
        ", ".join(sorted(found)),
        "nobody seen" if acting is None else f"user {acting.pk}",
        "shut" if shuts or was_shut else "open",
    )
    known = set(row.lines("changes")) if was_shut else set()
    who = row.lines("changed_by") if was_shut else []
    if acting is not None and str(acting.pk) not in who:
        who = [*who, str(acting.pk)]
    if not (was_shut and row.person_told_at is None and row.email_before):
        row.email_before = row.email if AccountChange.EMAIL in found else ""
    row.uuid, row.changed_at = uuids.uuid4(), now
    row.changes = "\n".join(each for each in AccountChange if each in known | found)
    row.changed_by = "\n".join(who)
    row.person_told_at = row.parties_told_at = None
    row.confirmed_by = row.confirmed_at = None
    if not was_shut:
        # A “no” stands until a party says yes: one more change would undo it.
        row.refused_by = row.refused_at = None
    if shuts:
        row.shut_at = row.shut_at if was_shut else now
    else:
        row.shut_at = None
    return shuts


@transaction.atomic
def note_told(
    told: Collection[tuple[Any, uuids.UUID]], parties_told: Collection[tuple[Any, uuids.UUID]]
) -> None:
    """Note that mail about changes (user, name of the change) went to the person, and to a party."""
    pks = {pk for pk, _uuid in (*told, *parties_told)}
    now = timezone.now()
    for row in KnownAccount.objects.select_for_update().filter(pk__in=pks).order_by("pk"):
        if not row.is_genuine:
            continue
        if (row.pk, row.uuid) in told and row.person_told_at is None:
            row.person_told_at = now
        if (row.pk, row.uuid) in parties_told and row.parties_told_at is None:
            row.parties_told_at = now
        row.sign()
        row.save(update_fields=["person_told_at", "parties_told_at", "mac"])
