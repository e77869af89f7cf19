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
from leder.agreements.models.account import REVERSIBLE, Stored, changes
from leder.identity.acting import actor

logger = logging.getLogger("leder.access")


@dataclass(frozen=True)
class Seen:
    """A change that was seen: whose account, what mail went to before, how, whether it shuts, and the change's name.

    `in_hr` says that the account is one of those in HR who can hand over. Those who have been told are told no more.
    """

    person: Any
    address: str
    found: frozenset[AccountChange]
    shuts: bool
    uuid: uuids.UUID
    in_hr: bool = False
    to_person: bool = True
    to_others: bool = True


def put_down(
    row: KnownAccount, found: frozenset[AccountChange], *, made_now: bool = False, by_themself: bool = False
) -> bool:
    """Put a change down in a locked row, unsigned and unsaved. Returns whether it shuts the account.

    It does not where the person made it themself, nor for the first password of one who was never shown text. One that
    is changed once more while it is shut, by whomever, stays shut since the first time: that is another question, with
    a name of its own, and whoever changed it either time confirms nothing. `made_now` says that the one who acts in
    this request made it; one who only comes upon it is not named.
    """
    now = timezone.now()
    is_sound = AccountChange.UNKNOWN not in found
    was_shut = is_sound and row.is_shut_by_note(now)
    shuts = was_shut or not (is_sound and (by_themself or _is_first_password(row, found)))
    _keep_what_was(row, found, was_shut=was_shut)
    if row.in_hr_since is not None and not is_sound:
        row.in_hr_since = now
    row.unchanged_since = now
    _log(row, found, "shut" if shuts else "open", made_now=made_now)
    who = row.lines("changed_by") if was_shut else []
    acting = actor() if made_now else None
    if acting is not None and str(acting.pk) not in who:
        who = [*who, str(acting.pk)]
    row.changed_by = "\n".join(who)
    _begin_telling(row, found, was_shut=was_shut)
    row.confirmed_by = row.confirmed_at = None
    if not was_shut:
        # A “no” stands until a party says yes: one more change would undo it.
        row.refused_by = row.refused_at = None
    if shuts:
        row.shut_at = row.shut_at if was_shut else now
    else:
        row.shut_at = None
    return shuts


def takes_a_first_password(pk: Any) -> bool:
    """Whether a password that is set now for the account with this key, and nothing else, shuts nothing. One query.

    For what is said before somebody sets one. The same question as `put_down` asks.
    """
    row = KnownAccount.objects.select_related("user").filter(pk=pk).first()
    if row is None or row.is_shut_by_note(timezone.now()) or changes(row, Stored.of(row.user)):
        return False
    return _is_first_password(row, {AccountChange.PASSWORD})


def _is_first_password(row: KnownAccount, found: Collection[AccountChange]) -> bool:
    """Whether what was found is the first password of one who was never shown text.

    Not of one in HR: their word moves agreements from the first day.
    """
    is_first = found == {AccountChange.PASSWORD} and row.shown_at is None and not row.password_form
    return is_first and row.in_hr_since is None


def _keep_what_was(row: KnownAccount, found: frozenset[AccountChange], *, was_shut: bool) -> None:
    """Keep what the account was like before it was shut, unless that can't be again."""
    if not found <= REVERSIBLE:
        row.before, row.unchanged_before = "", None
    elif not was_shut:
        row.before, row.unchanged_before = row.likeness(), row.unchanged_since


def take_back(row: KnownAccount, found: frozenset[AccountChange], *, made_now: bool = False) -> None:
    """Open a locked row that is again as it was known before (`would_be_as_before`), unsigned and unsaved.

    Since when it is so counts from before, too: nobody was let in by what was changed meanwhile.
    """
    _log(row, found, "as before, open", made_now=made_now)
    _begin_telling(row, found | {AccountChange.TAKEN_BACK}, was_shut=True)
    if row.unchanged_before is not None:
        row.unchanged_since = row.unchanged_before
    row.before, row.unchanged_before = "", None
    row.shut_at, row.changed_by = None, ""


def _begin_telling(row: KnownAccount, found: frozenset[AccountChange], *, was_shut: bool) -> None:
    """Give the change a name of its own, of which nobody has been told; what went before it is told with it."""
    if not (was_shut and row.person_told_at is None and row.email_before):
        row.email_before = row.email if AccountChange.EMAIL in found else ""
    known = set(row.lines("changes")) if was_shut else set()
    row.uuid, row.changed_at = uuids.uuid4(), timezone.now()
    row.changes = "\n".join(each for each in AccountChange if each in known | found)
    row.person_told_at = row.parties_told_at = None


def _log(row: KnownAccount, found: frozenset[AccountChange], became: str, *, made_now: bool) -> None:
    # Outside the database, too: one who writes to it can change whom the mail goes to.
    acting = actor()
    seen = "nobody seen" if acting is None else f"user {acting.pk}"
    logger.warning(
        "account changed: user %s, %s, %s %s, %s",
        row.pk,
        ", ".join(sorted(found)),
        "by" if made_now or acting is None else "come upon by",
        seen,
        became,
    )


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
        if row.shut_at is None and row.person_told_at is not None:
            # Kept only as long as mail is to go there, too.
            row.email_before = ""
        row.sign()
        row.save(update_fields=["person_told_at", "parties_told_at", "email_before", "mac"])
