"""A party says whose account it is, or time passes: how an account that was shut is opened again, or stays shut."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from leder import conf
from leder.agreements.access import accounts
from leder.agreements.actions import RuleBroken
from leder.agreements.models import AccountChange, KnownAccount
from leder.agreements.models.account import Stored, changes
from leder.agreements.reading import log as reading_log
from leder.identity import hr, notices, noting, rules
from leder.identity.concerned import Changed, agreements_of
from leder.identity.parties import parties_of

logger = logging.getLogger("leder.access")


@transaction.atomic
def confirm(*, actor: Any, account: KnownAccount) -> KnownAccount:
    """Say that it is the person: the account opens text again. Told, and logged. Raises RuleBroken."""
    row = _locked(actor, account)
    no_by = row.refused_by
    row.confirmed_by, row.confirmed_at = actor, timezone.now()
    row.refused_by = row.refused_at = None
    return _answered(row, actor, AccountChange.CONFIRMED, no_by=no_by)


@transaction.atomic
def refuse(*, actor: Any, account: KnownAccount) -> KnownAccount:
    """Say that it is somebody else: it stays shut until a party confirms after all. Told, and logged.

    Raises RuleBroken, also where somebody has said so already.
    """
    row = _locked(actor, account)
    if row.refused_at is not None:
        raise RuleBroken
    row.refused_by, row.refused_at = actor, timezone.now()
    return _answered(row, actor, AccountChange.REFUSED)


def open_by_time() -> int:
    """Note which accounts have opened by themselves since the last time, in the logs. Returns how many."""
    told_by = timezone.now() - conf.quarantine()
    waiting = KnownAccount.objects.filter(
        shut_at__isnull=False,
        confirmed_at=None,
        refused_at=None,
        person_told_at__lte=told_by,
        parties_told_at__lte=told_by,
    )
    return sum(_open_by_time(pk) for pk in waiting.order_by("pk").values_list("pk", flat=True))


def tell_again() -> int:
    """Tell of changes once more where mail did not go to the person, or to no party. Returns of how many."""
    waiting = KnownAccount.objects.filter(Q(person_told_at=None) | Q(parties_told_at=None)).exclude(
        changes=""
    )
    rows = [row for row in waiting.select_related("user").order_by("pk") if row.is_genuine]
    opened = agreements_of([row.pk for row in rows])
    with transaction.atomic():
        notices.tell(
            [_not_told(row, opened[row.pk]) for row in rows if opened[row.pk]], then=noting.note_told
        )
        in_hr = [row for row in rows if not opened[row.pk] and row.in_hr_since is not None]
        hr.tell_of_changes(hr.told_again(row) for row in in_hr)
    return sum(bool(opened[row.pk]) for row in rows) + len(in_hr)


def _not_told(row: KnownAccount, agreements: Collection[Any]) -> Changed:
    return Changed(
        person=row.user,
        old_address=row.email_before,
        changes=frozenset(AccountChange(each) for each in row.lines("changes")),
        agreements=tuple(agreements),
        shuts=row.shut_at is not None,
        uuid=row.uuid,
        to_person=row.person_told_at is None,
        to_parties=row.parties_told_at is None,
    )


def _locked(actor: Any, account: KnownAccount) -> KnownAccount:
    """The row as it stands, locked with the actor's own; asked again whether the actor may say whose it is."""
    pks = (actor.pk, account.pk)
    rows = KnownAccount.objects.select_for_update(of=("self",)).select_related("user").order_by("pk")
    row = rows.in_bulk(pks).get(account.pk)
    at = timezone.now()
    # Another change since the page was shown is another question.
    if row is None or row.uuid != account.uuid or changes(row, Stored.of(row.user)):
        raise RuleBroken
    party = next((each for each in parties_of([row.pk])[row.pk] if each.person.pk == actor.pk), None)
    if not rules.may_answer(party, row, at=at):
        raise RuleBroken
    return row


def _answered(row: KnownAccount, actor: Any, said: AccountChange, *, no_by: Any = None) -> KnownAccount:
    before = row.email_before
    if said == AccountChange.CONFIRMED:
        row.email_before = row.before = ""
        row.unchanged_before = None
    row.sign()
    row.save()
    logger.warning("account %s: user %s, by user %s", said.value, row.pk, actor.pk)
    agreements = agreements_of([row.pk])[row.pk]
    reading_log.log_changes((row.user, agreement, {said}) for agreement in agreements)
    notices.tell_answer(row.user, actor, said, agreements, address_before=before, no_by=no_by)
    return row


@transaction.atomic
def _open_by_time(pk: Any) -> bool:
    row = KnownAccount.objects.select_for_update(of=("self",)).select_related("user").get(pk=pk)
    at = timezone.now()
    if not row.is_genuine or row.shut_at is None or row.shut_at > at or row.is_shut_by_note(at):
        return False
    row.shut_at, row.email_before = None, ""
    row.before, row.unchanged_before = "", None
    row.changes = row.changed_by = ""
    row.sign()
    row.save()
    logger.warning("account opened by time: user %s", row.pk)
    reading_log.log_changes(
        (row.user, agreement, {AccountChange.TIME_PASSED}) for agreement in agreements_of([pk])[pk]
    )
    return True


def forget() -> int:
    """Delete what is known of accounts that open nothing any more, and are not shut. Returns of how many."""
    gone = KnownAccount.objects.exclude(pk__in=accounts.everybody().values("pk"))
    now = timezone.now()
    # A refusal must not be forgotten by one who is given something to read again.
    open_ones = [row.pk for row in gone if not row.is_shut_by_note(now)]
    deleted, _by_model = KnownAccount.objects.filter(pk__in=open_ones).delete()
    return deleted
