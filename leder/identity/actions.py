"""A person's way in is looked at: what has changed is told to the person and to the other parties, and written down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from leder.agreements.models import Agreement
from leder.agreements.states import ACTIVE
from leder.identity import notices, watch
from leder.identity.models import KnownSignIn

BATCH = 500


def note_sign_in(*, user: Any, request: HttpRequest | None = None, **_kwargs: Any) -> None:
    """Look at the way in of one who has just signed in (receiver of Django's `user_logged_in`). One query as a rule."""
    session = getattr(request, "session", None)
    method = session.get(BACKEND_SESSION_KEY, "") if session is not None else ""
    known = KnownSignIn.objects.filter(pk=user.pk).first()
    if known is None or not watch.is_up_to_date(known, user, method=method):
        note(user=user, method=method)


@transaction.atomic
def note(*, user: Any, method: str = "", password_was_set: bool = False) -> set[watch.Change]:
    """Write down how a person signs in, and tell what has changed once that is committed. Returns what was told.

    Nothing is told of one who is party to no open agreement, nor when nothing was known before, but for a password
    that was set just now.
    """
    known, is_new = KnownSignIn.objects.select_for_update().get_or_create(
        pk=user.pk, defaults={"email": user.email}
    )
    # As it stands now, and not when the one who calls looked.
    user = get_user_model()._base_manager.get(pk=user.pk)
    if is_new:
        found = {watch.Change.PASSWORD} if password_was_set else set()
    else:
        found = watch.changes(known, user, method=method, password_was_set=password_was_set)
    old_address = known.email
    watch.write_down(known, user, method=method).save()
    agreements = _open_agreements(user) if found else []
    if not agreements:
        return set()
    notices.tell(user, old_address=old_address, changes=found, agreements=agreements)
    return found


def note_all() -> int:
    """Look at the way in of every party to an open agreement; returns of how many a change was told.

    For what changes without a sign-in: an address changed by a register, a password written into the database.
    """
    told = last = 0
    while batch := list(_parties().filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        known = KnownSignIn.objects.in_bulk([user.pk for user in batch])
        _begin([user for user in batch if user.pk not in known])
        told += sum(
            bool(note(user=user))
            for user in batch
            if user.pk in known and not watch.is_up_to_date(known[user.pk], user)
        )
    return told


def _begin(people: Iterable[Any]) -> None:
    # One who signs in at this very moment has a row already, and it is as good.
    rows = [watch.write_down(KnownSignIn(user_id=user.pk), user) for user in people]
    KnownSignIn.objects.bulk_create(rows, ignore_conflicts=True)


def _open_agreements(user: Any) -> list[Agreement]:
    party = Q(leader_id=user.pk) | Q(superior_id=user.pk)
    return list(Agreement.objects.filter(party, state__in=ACTIVE).select_related("leader", "superior"))


def _parties() -> Any:
    standing = Agreement.objects.filter(state__in=ACTIVE)
    return get_user_model()._default_manager.filter(
        Exists(standing.filter(leader_id=OuterRef("pk")))
        | Exists(standing.filter(superior_id=OuterRef("pk")))
    )
