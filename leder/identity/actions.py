"""A person's way in is looked at: what has changed is told to the person and to the other parties, and written down."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, get_user_model
from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef, Q
from django.http import HttpRequest

from leder.agreements import keyed
from leder.agreements.models import Agreement, Reading
from leder.agreements.states import ACTIVE
from leder.identity import notices, watch
from leder.identity.models import KnownSignIn
from leder.identity.passwords import form_of

logger = logging.getLogger("leder.access")

BATCH = 500


def note_sign_in(*, user: Any, request: HttpRequest | None = None, **_kwargs: Any) -> None:
    """Look at the way in of one who has just signed in (receiver of Django's `user_logged_in`). One query as a rule."""
    session = getattr(request, "session", None)
    method = session.get(BACKEND_SESSION_KEY, "") if session is not None else ""
    known = KnownSignIn.objects.filter(pk=user.pk).first()
    if known is None or not watch.is_up_to_date(known, user, method=method):
        note(user=user, method=method)


@transaction.atomic
def note_strengthening(*, instance: Any, update_fields: Iterable[str] | None, **_kwargs: Any) -> None:
    """Go on knowing a password that Django stores anew at a sign-in (receiver of Django's `pre_save` of users).

    Told by how Django does it. What stood before must be what was known: a password written into the database by hand
    is not made known by it.
    """
    if set(update_fields or ()) != {"password"} or instance._password is not None:
        return
    known = KnownSignIn.objects.select_for_update(of=("self",)).select_related("user").filter(pk=instance.pk)
    for each in known:
        if watch.is_signed(each, each.user) and watch.is_strengthening(each.user.password, instance.password):
            each.password_form = form_of(instance.password)
            each.password_mac = keyed.sign(watch.PASSWORD, *watch.password_parts(instance))
            each.save()


@transaction.atomic
def note(*, user: Any, method: str = "", password_was_set: bool = False) -> set[watch.Change]:
    """Write down how a person signs in, and tell what has changed once that is committed. Returns what was told.

    Nothing is told of one who is party to no open agreement, nor at the first sign-in known. There a password that was
    set just now is told, and that what was known has been removed from the database.
    """
    known, is_new = KnownSignIn.objects.select_for_update().get_or_create(
        pk=user.pk, defaults={"email": user.email}
    )
    # As it stands now, and not when the one who calls looked.
    user = get_user_model()._base_manager.get(pk=user.pk)
    if is_new:
        found = {watch.Change.PASSWORD} if password_was_set else set()
        if _signed_in_before([user]):
            found.add(watch.Change.UNKNOWN)
    else:
        found = watch.changes(known, user, method=method, password_was_set=password_was_set)
    old_address = known.email
    watch.write_down(known, user, method=method).save()
    if found:
        # Outside the database, too: one who writes to it can change whom the mail goes to.
        logger.warning("sign-in changed: user %s, %s", user.pk, ", ".join(sorted(found)))
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
        unknown = [user for user in batch if user.pk not in known]
        removed = _signed_in_before(unknown)
        _begin([user for user in unknown if user.pk not in removed])
        told += sum(
            bool(note(user=user))
            for user in batch
            if user.pk in removed or (user.pk in known and not watch.is_up_to_date(known[user.pk], user))
        )
    return told


def _signed_in_before(people: Iterable[Any]) -> set[int]:
    """Who of these have signed in and been noted: those with readings in the log further apart than a session."""
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


def _open_agreements(user: Any) -> list[Agreement]:
    party = Q(leader_id=user.pk) | Q(superior_id=user.pk)
    return list(Agreement.objects.filter(party, state__in=ACTIVE).select_related("leader", "superior"))


def _parties() -> Any:
    standing = Agreement.objects.filter(state__in=ACTIVE)
    return get_user_model()._default_manager.filter(
        Exists(standing.filter(leader_id=OuterRef("pk")))
        | Exists(standing.filter(superior_id=OuterRef("pk")))
    )
