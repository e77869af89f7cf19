"""A person's account is looked at: what has changed is told to the person and to the parties, and written down.

And it shuts: the account opens no text until a party has confirmed whose it is (`confirming`), or time has passed.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, get_user_model, logout
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from leder.agreements.access import accounts
from leder.agreements.models import AccountChange, KnownAccount
from leder.agreements.models.account import REVERSIBLE, Stored, changes
from leder.agreements.reading import log as reading_log
from leder.identity import concerned, hr, notices, noting, sign_ins
from leder.identity.acting import changes_own_password
from leder.identity.concerned import Changed
from leder.passwords import form_of, is_strengthening

logger = logging.getLogger("leder.access")

BATCH = 500


def note_sign_in(*, user: Any, request: HttpRequest | None = None, **_kwargs: Any) -> None:
    """Look at the account of one who just signed in (receiver of Django's `user_logged_in`).

    And note the sign-in. As a rule two queries.
    """
    session = getattr(request, "session", None)
    method = session.get(BACKEND_SESSION_KEY, "") if session is not None else ""
    accounts_of = sign_ins.with_last(KnownAccount.objects.filter(pk=user.pk))
    known = accounts_of.first()
    if known is None or not _is_up_to_date(known, user, method=method):
        note([user], method=method)
        known = accounts_of.first()
    if known is not None and request is not None and _is_let_in_by_what_is_gone(known, user):
        logout(request)
        return
    if known is not None and known.before:
        _note_used(user.pk)
    if session is not None and request is not None:
        sign_ins.note(user=user, request=request, known=known)


def note_before_saving(*, instance: Any, update_fields: Iterable[str] | None, **_kwargs: Any) -> None:
    """Look at an account whose password is about to be stored (receiver of Django's `pre_save` of users).

    A new one: what was changed before is noted first, so that it is not taken for a part of it. The same, stored anew
    by Django at a sign-in: it goes on being known, where what stood before was. Told by how Django does it.
    """
    if instance._password is not None:
        if instance.pk is not None and not instance._state.adding:
            look_at([instance.pk])
    elif set(update_fields or ()) == {"password"}:
        _note_strengthening(instance)


@transaction.atomic
def _note_strengthening(instance: Any) -> None:
    known = KnownAccount.objects.select_for_update(of=("self",)).select_related("user").filter(pk=instance.pk)
    for each in known:
        before = each.user.password
        if each.is_genuine and each.has_password(before) and is_strengthening(before, instance.password):
            each.write_password(instance.password)
            each.save()


def _is_let_in_by_what_is_gone(known: KnownAccount, user: Any) -> bool:
    """Whether an account was taken back to what it was, between finding it for this sign-in and the sign-in itself."""
    was_taken_back = AccountChange.TAKEN_BACK in known.lines("changes")
    return was_taken_back and bool(changes(known, Stored.of(user)) & REVERSIBLE)


@transaction.atomic
def _note_used(pk: Any) -> None:
    """Somebody has signed in as one who is shut: what was changed is no more undone by changing it back."""
    for row in KnownAccount.objects.select_for_update().filter(pk=pk):
        if row.is_genuine and row.is_shut_by_note(timezone.now()):
            row.before, row.unchanged_before = "", None
            row.sign()
            row.save(update_fields=["before", "unchanged_before", "mac"])


@transaction.atomic
def note(
    users: Collection[Any],
    *,
    method: str = "",
    password_was_set: bool = False,
    made_now: bool = False,
) -> list[Changed]:
    """Write down these accounts as they stand, shut those that were changed, and tell it once that is committed.

    Returns what was told. `made_now` says that what is found was changed by this request. A password that somebody who
    is signed in recently sets for themself, where they are asked for the old one, does not shut. `method` and
    `password_was_set` are of all of them.
    """
    return _tell(_note([user.pk for user in users], method, password_was_set, made_now))


@transaction.atomic
def look_at(pks: Collection[Any], *, made_now: bool = False) -> int:
    """Look at accounts (by key) that are about to be changed, or were just now; returns of how many a change was told.

    Called before and after: so it is known what stood there, also of one who was never looked at. Whoever is told of
    several is told of all in one mail.
    """
    every = sorted(pks)
    found = []
    for start in range(0, len(every), BATCH):
        people = get_user_model()._base_manager.filter(pk__in=every[start : start + BATCH]).order_by("pk")
        found += _look(list(people), made_now)
    return len(_tell(found))


@transaction.atomic
def note_all() -> int:
    """Look at every account that opens the text of an agreement; returns of how many a change was told.

    For what changes without a sign-in and outside the CMS: a password written into the database, a script.
    """
    found = []
    everybody = accounts.everybody().order_by("pk")
    batch = list(everybody[:BATCH])
    while batch:
        found += _look(batch)
        batch = list(everybody.filter(pk__gt=batch[-1].pk)[:BATCH])
    return len(_tell(found))


def _look(users: list[Any], made_now: bool = False) -> list[noting.Seen]:
    """Note those who are not as they are known. One query if none is."""
    known = KnownAccount.objects.in_bulk([user.pk for user in users])
    new = [user.pk for user in users if user.pk not in known or not _is_up_to_date(known[user.pk], user)]
    return _note(new, made_now=made_now) if new else []


def _note(
    pks: Collection[Any], method: str = "", password_was_set: bool = False, made_now: bool = False
) -> list[noting.Seen]:
    """Write down accounts, by key, as they stand now. Returns those that were changed."""
    rows = KnownAccount.objects.select_for_update().order_by("pk").in_bulk(list(pks))
    # As they stand now, and not when the one who calls looked.
    users = get_user_model()._base_manager.filter(pk__in=pks)
    if len(rows) < len(pks):
        # Of those who open nothing, nothing is known.
        users = users.filter(accounts.opens_text() | Q(pk__in=list(rows)))
    seen = []
    for user in users.order_by("pk"):
        known, now = rows.get(user.pk), Stored.of(user)
        found = changes(known, now, method=method, password_was_set=password_was_set)
        row = known or KnownAccount(user=user, unchanged_since=timezone.now())
        if found:
            seen.append(_put_down(row, user, found, made_now=made_now, password_was_set=password_was_set))
        if method and method not in row.lines("methods"):
            row.methods = "\n".join([*row.lines("methods"), method])
        row.write_down(now)
        row.save()
    return seen


def _put_down(
    row: KnownAccount, user: Any, found: frozenset[AccountChange], *, made_now: bool, password_was_set: bool
) -> noting.Seen:
    address = user.email if row._state.adding else row.email
    in_hr = row.in_hr_since is not None
    if row.would_be_as_before(found, Stored.of(user), at=timezone.now()):
        noting.take_back(row, found, made_now=made_now)
        return noting.Seen(user, address, found | {AccountChange.TAKEN_BACK}, False, row.uuid, in_hr)
    is_own = made_now and password_was_set and found == {AccountChange.PASSWORD}
    by_themself = is_own and changes_own_password(user.pk)
    shuts = noting.put_down(row, found, made_now=made_now, by_themself=by_themself)
    return noting.Seen(user, address, found, shuts, row.uuid, in_hr)


def _tell(seen: list[noting.Seen]) -> list[Changed]:
    """Write what was seen into the logs, and tell those it concerns. Returns it, without those who open nothing."""
    if not seen:
        return []
    opened = concerned.agreements_of([each.person.pk for each in seen])
    changed = [
        Changed(each.person, each.address, each.found, opened[each.person.pk], each.shuts, each.uuid)
        for each in seen
        if opened[each.person.pk]
    ]
    reading_log.log_changes(
        (each.person, agreement, each.changes) for each in changed for agreement in each.agreements
    )
    notices.tell(changed, then=noting.note_told)
    hr.tell_of_changes(seen, opens_text={each.person.pk for each in changed})
    return changed


def _is_up_to_date(known: KnownAccount, user: Any, *, method: str = "") -> bool:
    """Whether there is nothing to write down anew."""
    now = Stored.of(user)
    return (
        not changes(known, now, method=method)
        and known.email == now.email
        and known.password_form == form_of(now.password)
        and (not method or method in known.lines("methods"))
    )
