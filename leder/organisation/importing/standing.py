"""Reads the organisation from the database into plain data. Four queries at any size."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from leder.organisation.models import Appointment, Position, Unit

from .cells import clean
from .plain import Account, PersonFacts, PositionFacts, Standing, StandingTerm, TermKey, UnitFacts


def lock() -> None:
    """Wait until nobody else imports or changes the organisation; call it in a transaction.

    The type of content stands for the whole: it is there also when there is no unit yet. Units before positions, as
    everywhere.
    """
    list(
        ContentType.objects.select_for_update(no_key=True)
        .filter(app_label="leder", model="unit")
        .values_list("pk")
    )
    list(Unit.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    list(Position.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def read_standing() -> Standing:
    """Everything that a file is compared with."""
    standing = Standing()
    for pk, code, name, kind, parent, active in Unit.objects.order_by("code").values_list(
        "pk", "code", "name", "kind", "parent__code", "active"
    ):
        standing.unit_ids[code] = pk
        standing.units[code] = UnitFacts(code, clean(name), kind, parent or "")
        if not active:
            standing.units_off.add(code)
    for pk, code, title, unit, group, chapter, superior, active in Position.objects.order_by(
        "code"
    ).values_list("pk", "code", "title", "unit__code", "group", "hta_chapter", "reports_to__code", "active"):
        standing.position_ids[code] = pk
        standing.positions[code] = PositionFacts(code, clean(title), unit, group, chapter, superior or "")
        if not active:
            standing.positions_off.add(code)
    standing.accounts = _accounts()
    standing.terms = _terms()
    return standing


def _accounts() -> dict[str, Account]:
    model: Any = get_user_model()
    has_staff = any(field.name == "is_staff" for field in model._meta.get_fields())
    columns = ["pk", model.USERNAME_FIELD, "first_name", "last_name", model.EMAIL_FIELD, "is_superuser"]
    columns += ["is_staff"] if has_staff else []
    workers = _workers_in_the_cms()
    accounts = {}
    for pk, key, first, last, email, *flags in model._base_manager.order_by().values_list(*columns):
        facts = PersonFacts(str(key), clean(first), clean(last), clean(email))
        accounts[facts.key] = Account(pk, facts, guarded=any(flags) or pk in workers)
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
