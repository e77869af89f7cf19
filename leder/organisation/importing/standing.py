"""Reads the organisation from the database into plain data. Four queries at any size."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from leder.organisation.models import Appointment, Position, Unit

from .columns import PERSON, POSITION, UNIT, Thing
from .plain import Account, Standing, StandingTerm, TermKey


def lock() -> None:
    """Wait until nobody else imports or changes the organisation; call it in a transaction.

    The row of the content type stands for the whole organisation: it is there even before the first unit.
    Units before positions, as everywhere.
    """
    list(
        ContentType.objects.select_for_update(no_key=True)
        .filter(app_label="leder", model="unit")
        .values_list("pk")
    )
    list(Unit.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    list(Position.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def load_standing() -> Standing:
    """Everything that a file is compared with."""
    standing = Standing()
    _load(UNIT, standing.units, standing.unit_ids, standing.units_off)
    _load(POSITION, standing.positions, standing.position_ids, standing.positions_off)
    standing.accounts = _accounts()
    standing.terms = _terms()
    return standing


def _load(thing: Thing, facts: dict[str, Any], ids: dict[str, int], off: set[str]) -> None:
    paths = [thing.path(column) for column in thing.columns]
    said = _as_said(thing)
    for pk, active, *stored in thing.model().objects.order_by("code").values_list("pk", "active", *paths):
        found = said(stored)
        facts[found.code], ids[found.code] = found, pk
        if not active:
            off.add(found.code)


def _as_said(thing: Thing) -> Callable[[Iterable[Any]], Any]:
    """From what the database holds, in the order of the columns, to facts as a file would say them."""
    columns = [(column.place, column.cell.stored) for column in thing.columns]
    return lambda stored: thing.facts(
        **{
            place: "" if value is None else convert(value)
            for (place, convert), value in zip(columns, stored, strict=True)
        }
    )


def _accounts() -> dict[str, Account]:
    model: Any = get_user_model()
    has_staff = any(field.name == "is_staff" for field in model._meta.get_fields())
    flags = ["is_superuser", "is_staff"] if has_staff else ["is_superuser"]
    paths = [PERSON.path(column) for column in PERSON.columns]
    said = _as_said(PERSON)
    workers = _workers_in_the_cms()
    accounts = {}
    for row in model._base_manager.order_by().values_list("pk", *paths, *flags):
        pk, stored, guards = row[0], row[1 : 1 + len(paths)], row[1 + len(paths) :]
        facts = said(stored)
        accounts[facts.key] = Account(pk, facts, guarded=any(guards) or pk in workers)
    return accounts


def _workers_in_the_cms() -> set[int]:
    """Those who reach the CMS: who changes their address could have their password sent elsewhere."""
    reach = Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")
    found = get_user_model()._base_manager.filter(
        Q(groups__permissions__in=reach) | Q(user_permissions__in=reach)
    )
    return set(found.order_by().values_list("pk", flat=True))


def _terms() -> dict[TermKey, StandingTerm]:
    person = f"person__{get_user_model().USERNAME_FIELD}"
    rows = Appointment.objects.order_by("pk").values_list(
        "pk", "position__code", person, "starts", "ends", "acting"
    )
    terms: dict[TermKey, StandingTerm] = {}
    for pk, position, key, starts, ends, acting in rows:
        term = TermKey(position, str(key), starts, acting)
        other = terms.get(term)
        # Acting twice from the same day: the longer one stands for both.
        if other is None or (other.ends is not None and (ends is None or ends > other.ends)):
            terms[term] = StandingTerm(pk, ends)
    return terms
