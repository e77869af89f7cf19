"""A person's account is looked at: what has changed is told to the person and to the parties, and written down."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, get_user_model
from django.db import transaction
from django.db.models import Max, Min
from django.http import HttpRequest

from leder.agreements.models import AccountChange, Reading
from leder.agreements.reading import log as reading_log
from leder.identity import concerned, notices, watch
from leder.identity.concerned import Changed
from leder.identity.models import KnownSignIn
from leder.identity.passwords import form_of

logger = logging.getLogger("leder.access")

BATCH = 500


def note_sign_in(*, user: Any, request: HttpRequest | None = None, **_kwargs: Any) -> None:
    """Look at the account of one who just signed in (receiver of Django's `user_logged_in`). As a rule one query."""
    session = getattr(request, "session", None)
    method = session.get(BACKEND_SESSION_KEY, "") if session is not None else ""
    known = KnownSignIn.objects.filter(pk=user.pk).first()
    if known is None or not watch.is_up_to_date(known, user, method=method):
        note([user], method=method)


@transaction.atomic
def note_strengthening(*, instance: Any, update_fields: Iterable[str] | None, **_kwargs: Any) -> None:
    """Know a password again that Django hashes anew at a sign-in (receiver of Django's `pre_save` of users).

    Only Django's own way of saving counts, and only where the password before was the known one: one that was written
    into the database by hand does not become known by this.
    """
    if set(update_fields or ()) != {"password"} or instance._password is not None:
        return
    known = KnownSignIn.objects.select_for_update(of=("self",)).select_related("user").filter(pk=instance.pk)
    for each in known:
        if watch.is_signed(each, each.user) and watch.is_strengthening(each.user.password, instance.password):
            each.password_form = form_of(instance.password)
            watch.sign(each, instance)
            each.save()


@transaction.atomic
def note(users: Collection[Any], *, method: str = "", password_was_set: bool = False) -> list[Changed]:
    """Write down these accounts as they stand, and tell what has changed once that is committed. Returns what was told.

    Each change stands in the log of every agreement that the account opens; of an account that opens none nothing is
    told. At the first look only two things are: a password that was set just now, and that what was known has been
    removed from the database. `method` and `password_was_set` hold for all of the accounts.
    """
    seen = []
    pks = sorted(user.pk for user in users)
    # As they stand now, and not when the one who calls looked.
    fresh = get_user_model()._base_manager.in_bulk(pks)
    for user in (fresh[pk] for pk in pks if pk in fresh):
        known, is_new = KnownSignIn.objects.select_for_update().get_or_create(
            pk=user.pk, defaults={"email": user.email, "is_active": user.is_active}
        )
        if is_new:
            found = {AccountChange.PASSWORD} if password_was_set else set()
            if _signed_in_before([user]):
                found.add(AccountChange.UNKNOWN)
        else:
            found = watch.changes(known, user, method=method, password_was_set=password_was_set)
        if found:
            seen.append((user, known.email, frozenset(found)))
            # Outside the database, too: one who writes to it can change whom the mail goes to.
            logger.warning("sign-in changed: user %s, %s", user.pk, ", ".join(sorted(found)))
        watch.write_down(known, user, method=method).save()
    return _tell(seen) if seen else []


def look_at(pks: Collection[Any]) -> int:
    """Look at accounts (by key) that are about to be changed, or were just now; returns of how many a change was told.

    Called before and after: so it is known what stood there, also of one who was never looked at.
    """
    told = 0
    every = sorted(pks)
    for start in range(0, len(every), BATCH):
        people = get_user_model()._base_manager.filter(pk__in=every[start : start + BATCH]).order_by("pk")
        told += len(_look(list(people)))
    return told


def note_all() -> int:
    """Look at every account that opens the text of an agreement; returns of how many a change was told.

    For what changes without a sign-in and outside the CMS: a password written into the database, a script.
    """
    told = 0
    everybody = concerned.everybody().order_by("pk")
    batch = list(everybody[:BATCH])
    while batch:
        told += len(_look(batch))
        batch = list(everybody.filter(pk__gt=batch[-1].pk)[:BATCH])
    return told


def _look(users: list[Any]) -> list[Changed]:
    """Note those who are not as they are known, together: one mail tells a recipient of all. Two queries if none is."""
    known = KnownSignIn.objects.in_bulk([user.pk for user in users])
    unknown = [user for user in users if user.pk not in known]
    removed = _signed_in_before(unknown) if unknown else set()
    _begin([user for user in unknown if user.pk not in removed])
    return note(
        [
            user
            for user in users
            if user.pk in removed or (user.pk in known and not watch.is_up_to_date(known[user.pk], user))
        ]
    )


def _tell(seen: list[tuple[Any, str, frozenset[AccountChange]]]) -> list[Changed]:
    """Write what was seen into the logs, and tell those it concerns. Returns it, without those who open nothing."""
    opened = concerned.agreements_of([user.pk for user, _address, _found in seen])
    changed = [
        Changed(user, address, found, opened[user.pk]) for user, address, found in seen if opened[user.pk]
    ]
    reading_log.log_changes(
        (each.person, agreement, each.changes) for each in changed for agreement in each.agreements
    )
    notices.tell(changed)
    return changed


def _signed_in_before(people: Iterable[Any]) -> set[Any]:
    """Who of these have been noted: those with lines in the log further apart than a session."""
    if settings.SESSION_SAVE_EVERY_REQUEST:
        return set()  # a session that is used never ends
    readings = Reading.objects.order_by().filter(reader_id__in=[user.pk for user in people])
    ends = readings.values("reader_id").annotate(first=Min("at"), last=Max("at"))
    age = dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return {row["reader_id"] for row in ends if row["last"] - row["first"] > age}


def _begin(people: Iterable[Any]) -> None:
    # One who signs in at this very moment has a row already, and it is as good.
    rows = [watch.write_down(KnownSignIn(user_id=user.pk), user) for user in people]
    KnownSignIn.objects.bulk_create(rows, ignore_conflicts=True)
