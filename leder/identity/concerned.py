"""Whom the change of an account concerns: those whose account opens text, and the agreements it opens."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, QuerySet

from leder.agreements.access.grants import ways_to_text
from leder.agreements.models import AccountChange, Agreement


@dataclass(frozen=True)
class Changed:
    """One whose account was changed: how, what mail went to before, and every agreement whose text it opens."""

    person: Any
    old_address: str
    changes: frozenset[AccountChange]
    agreements: tuple[Agreement, ...]

    @property
    def is_party(self) -> bool:
        """Whether one of the agreements is the person's own, with pages that tell who has read it."""
        return any(each.role_of(self.person) for each in self.agreements)


def everybody() -> QuerySet:
    """Return all whose account opens the text of an agreement, or would if it were active."""
    ways = [Exists(rows.filter(**{whose: OuterRef("pk")})) for rows, whose, _agreement in ways_to_text()]
    # Not the default manager: a host's may leave out those who are not active.
    return get_user_model()._base_manager.filter(reduce(or_, ways))


def agreements_of(people: Collection[Any]) -> dict[Any, tuple[Agreement, ...]]:
    """Return the agreements that the account of each of these (by key) opens, active or not. Five queries."""
    found: dict[Any, set[int]] = {pk: set() for pk in people}
    for rows, whose, agreement in ways_to_text():
        for pk, agreement_id in _pairs(rows.filter(**{f"{whose}__in": found}), whose, agreement):
            found[pk].add(agreement_id)
    agreements = Agreement.objects.select_related("leader", "superior").in_bulk(set().union(*found.values()))
    return {pk: tuple(agreements[each] for each in sorted(ids)) for pk, ids in found.items()}


def _pairs(rows: QuerySet, *columns: str) -> Iterable[tuple[Any, int]]:
    return rows.order_by().values_list(*columns).distinct()
