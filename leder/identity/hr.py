"""Those in HR who can hand leader agreements over: since when that is known, and that the others are told.

A handover needs a second person (decisions 0033, 0040). One who keeps the users can put people in HR, and change the
accounts of those who are there: so neither counts before the others have had time to object.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.utils import timezone

from leder.agreements.access import accounts
from leder.agreements.models import AccountChange, KnownAccount
from leder.agreements.models.account import Stored
from leder.identity import hr_notices, noting, rules
from leder.people import Person

logger = logging.getLogger("leder.access")

PERMISSION = "leder.hand_over"


def holders() -> list[Any]:
    """Return those whom a role gives the right to hand over, active or not. One query.

    One who may do everything is not HR.
    """
    everybody: Any = None
    found = ModelBackend().with_perm(PERMISSION, is_active=everybody, include_superusers=False)
    return [person for person in found if not person.is_superuser]


def is_settled(user: Person) -> bool:
    """Whether one in HR counts as a second person: in HR, and with the same account, for some time. One query."""
    known = KnownAccount.objects.filter(pk=user.pk).select_related("user").first()
    return known is not None and rules.is_settled(known, Stored.of(known.user), at=timezone.now())


@transaction.atomic
def know(people: Collection[Any], *, since: dt.datetime) -> set[Any]:
    """Know that people (of `holders`) can hand over. Returns the keys of those of whom it was not known yet.

    What is known of an account that is known already stays as it is, to be compared as ever. One that opens text and
    is not known has had its row removed: it is left to be found so (`actions.look_at`), and can hand over when it was.
    """
    pks = {person.pk for person in people}
    known = KnownAccount.objects.filter(pk__in=pks).values_list("pk", flat=True)
    readers = (
        get_user_model()._base_manager.filter(accounts.opens_text(), pk__in=pks).values_list("pk", flat=True)
    )
    left = {*known, *readers}
    accounts.take_over([person for person in people if person.pk not in left], since=since)
    return _date(KnownAccount.objects.filter(pk__in=pks, in_hr_since=None), since)


@transaction.atomic
def look() -> int:
    """Look who can hand over; tell all of them who has got that right, or lost it. Returns how many.

    Those who lost it are told, too: they would else hear no more of what comes after. Two queries where nothing is new.
    """
    people = {person.pk: person for person in holders()}
    before = set(KnownAccount.objects.filter(in_hr_since__isnull=False).values_list("pk", flat=True))
    new = [people[pk] for pk in people if pk not in before]
    gone = before - people.keys()
    if not new and not gone:
        return 0
    came = know(new, since=timezone.now())
    left = _date(KnownAccount.objects.filter(pk__in=gone, in_hr_since__isnull=False), None)
    for pk in sorted(came | left):
        logger.warning("can hand over: user %s, %s", pk, "yes" if pk in came else "no longer")
    told = get_user_model()._base_manager.filter(pk__in=before | people.keys()).order_by("pk")
    hr_notices.tell_who(list(told), came=came, left=left)
    return len(came | left)


def tell_of_changes(seen: Iterable[noting.Seen], *, opens_text: Collection[Any] = ()) -> None:
    """Tell of changed accounts in HR: the others there, and the person unless they hear of it as a reader.

    `opens_text` holds the keys of those. Of the others it is noted that person and others were told.
    """
    changed = [each for each in seen if each.in_hr]
    if not changed:
        return
    rows = KnownAccount.objects.filter(in_hr_since__isnull=False).select_related("user").order_by("pk")
    hr_notices.tell_changes(changed, [row.user for row in rows], opens_text=opens_text, then=noting.note_told)


def told_again(row: KnownAccount) -> noting.Seen:
    """A change of an account in HR that could not be told, as it is to be told once more."""
    found = frozenset(AccountChange(each) for each in row.lines("changes"))
    return noting.Seen(
        row.user,
        row.email_before,
        found,
        row.shut_at is not None,
        row.uuid,
        in_hr=True,
        to_person=row.person_told_at is None,
        to_others=row.parties_told_at is None,
    )


def _date(rows: Any, since: dt.datetime | None) -> set[Any]:
    """Set since when people can hand over (None: no longer). A row that is not genuine is left to be noted first."""
    found = [row for row in rows.select_for_update().order_by("pk") if row.is_genuine]
    for row in found:
        row.in_hr_since = since
        row.sign()
        row.save(update_fields=["in_hr_since", "mac"])
    return {row.pk for row in found}
