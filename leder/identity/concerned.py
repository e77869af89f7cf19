"""Whom the change of an account concerns: the agreements that the account opens, and their parties."""

from __future__ import annotations

import datetime as dt
import uuid as uuids
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from leder.agreements.access.grants import ways_to_text
from leder.agreements.models import (
    AccountChange,
    Agreement,
    Comment,
    Entry,
    Event,
    Reading,
    Signature,
)


@dataclass(frozen=True)
class Changed:
    """One whose account was changed: how, what mail went to before, and every agreement whose text it opens.

    `shuts` says that the account is shut by it, `uuid` names the change. Those who have been told are told no more.
    """

    person: Any
    old_address: str
    changes: frozenset[AccountChange]
    agreements: tuple[Agreement, ...]
    shuts: bool
    uuid: uuids.UUID
    to_person: bool = True
    to_parties: bool = True

    @property
    def is_party(self) -> bool:
        """Whether one of the agreements is the person's own, with pages that tell who has read it."""
        return any(each.role_of(self.person) for each in self.agreements)

    @property
    def others(self) -> list[Any]:
        """The parties beside the person, each once."""
        found = {
            party.pk: party
            for agreement in self.agreements
            for party in (agreement.leader, agreement.superior)
            if party.pk != self.person.pk
        }
        return list(found.values())


def agreements_of(people: Collection[Any]) -> dict[Any, tuple[Agreement, ...]]:
    """Return the agreements that the account of each of these (by key) opens, active or not. Five queries."""
    found: dict[Any, set[int]] = {pk: set() for pk in people}
    for rows, whose, agreement in ways_to_text():
        for pk, agreement_id in _pairs(rows.filter(**{f"{whose}__in": found}), whose, agreement):
            found[pk].add(agreement_id)
    agreements = Agreement.objects.select_related("leader", "superior").in_bulk(set().union(*found.values()))
    return {pk: tuple(agreements[each] for each in sorted(ids)) for pk, ids in found.items()}


def acts_of(people: Collection[Any], agreements: Collection[int]) -> dict[tuple[Any, int], list[dt.datetime]]:
    """Return when these people (by key) have done something in agreements (by id): {(key, id): moments}. One query.

    By their own hand: written, remarked, signed, or what the history tells of. For one whom it is shared with: read.
    """
    of = {"agreement__in": agreements}
    rows = (
        Event.objects.filter(actor__in=people, **of).values_list("actor_id", "agreement_id", "at"),
        Entry.objects.filter(author__in=people, **of).values_list("author_id", "agreement_id", "updated_at"),
        Comment.objects.filter(author__in=people, **of).values_list(
            "author_id", "agreement_id", "created_at"
        ),
        Signature.objects.filter(signer__in=people, seal__agreement__in=agreements).values_list(
            "signer_id", "seal__agreement_id", "signed_at"
        ),
        Reading.objects.filter(reader__in=people, share__isnull=False, **of).values_list(
            "reader_id", "agreement_id", "at"
        ),
    )
    first, *others = (each.order_by() for each in rows)
    found: dict[tuple[Any, int], list[dt.datetime]] = {}
    for pk, agreement, at in first.union(*others, all=True):
        found.setdefault((pk, agreement), []).append(at)
    return found


def _pairs(rows: QuerySet, *columns: str) -> Iterable[tuple[Any, int]]:
    return rows.order_by().values_list(*columns).distinct()
