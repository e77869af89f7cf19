"""The parties of today of the agreements that an account opens, beside its own person: those who know who it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import OuterRef
from django.utils import timezone

from leder.agreements.models import Agreement, AgreementUserObjectPermission, Handover, Role
from leder.agreements.models.account import Stored, standing_of
from leder.agreements.models.agreement import PARTY, names_the_latest
from leder.identity.concerned import acts_of, agreements_of
from leder.organisation.models import holding, holds


@dataclass(frozen=True)
class Party:
    """One who is a party today: since when, whether their own account opens text, and since when it is as it is.

    `acted_at` is when the person whose account it is first did something in an agreement with them, by their own hand;
    None where they have not. `is_next` says that they are a party where that person did so with the one before them, or
    that none is left with whom the person ever did.
    """

    person: Any
    since: dt.datetime | None
    is_open: bool
    unchanged_since: dt.datetime | None
    acted_at: dt.datetime | None = None
    is_next: bool = False


def parties_of(people: Collection[Any]) -> dict[Any, list[Party]]:
    """Return the parties of today beside each of these people (by key), each once. Eight queries for any number.

    A party is one with a genuine grant, in office, active: of the agreements that a person's account opens, for a party
    the other of the two, for a reader and a former superior both.
    """
    opened = agreements_of(people)
    ids = {agreement.pk for agreements in opened.values() for agreement in agreements}
    handovers = _handovers(ids)
    grants: dict[int, list[Party]] = {}
    for grant in _grants(ids):
        rows = handovers.get(grant.content_object_id, [])
        if grant.role == Role.LEADER or names_the_latest(grant.content_object, rows):
            grants.setdefault(grant.content_object_id, []).append(_party(grant, rows))
    acts = acts_of(people, ids)
    return {
        pk: _once(
            _known_to(party, acts.get((pk, agreement.pk), []))
            for agreement in agreements
            for party in grants.get(agreement.pk, ())
            if party.person.pk != pk
        )
        for pk, agreements in opened.items()
    }


def _grants(ids: Collection[int]) -> list[AgreementUserObjectPermission]:
    office = holding(
        timezone.localdate(),
        person=OuterRef("user_id"),
        position=OuterRef("content_object__superior_position_id"),
    )
    rows = (
        AgreementUserObjectPermission.objects.filter(
            content_object__in=ids, permission__codename=PARTY, user__is_active=True
        )
        .select_related("content_object", "user__leder_account")
        .annotate(office=office)
        .order_by("content_object_id", "role")
    )
    return [row for row in rows if _is_of_today(row) and row.is_genuine]


def _is_of_today(grant: Any) -> bool:
    agreement: Agreement = grant.content_object
    if grant.role == Role.LEADER:
        return bool(grant.user_id == agreement.leader_id and not grant.pair)
    office = {"person_id": grant.user_id, "position_id": agreement.superior_position_id}
    is_theirs = grant.user_id == agreement.superior_id and grant.pair == agreement.pair
    return is_theirs and holds(grant.office, **office)


def _party(grant: AgreementUserObjectPermission, handovers: list[Handover]) -> Party:
    agreement, person = grant.content_object, grant.user
    since: dt.datetime | None = agreement.opened_at
    if grant.role == Role.SUPERIOR and (grant.pair or agreement.handed_over_at):
        # One who got another position was the superior before that, too.
        real = {
            row.successor_id: row.carried_out_at for row in handovers if row.former_id != row.successor_id
        }
        stayed = any(person.pk == row.former_id == row.successor_id for row in handovers)
        since = real.get(person.pk, agreement.opened_at if stayed else None)
    known = getattr(person, "leder_account", None)
    return Party(
        person,
        since,
        standing_of(known, Stored.of(person), at=timezone.now()).is_open,
        known.unchanged_since if known is not None else None,
    )


def _handovers(ids: Collection[int]) -> dict[int, list[Handover]]:
    """The handovers of each agreement, in order, as the plugin has signed them."""
    rows = Handover.objects.filter(agreement__in=ids, status=Handover.Status.CARRIED_OUT)
    found: dict[int, list[Handover]] = {}
    for row in rows.select_related("agreement").order_by("number", "pk").genuine():
        found.setdefault(row.agreement_id, []).append(row)
    return found


def _known_to(party: Party, acts: Collection[dt.datetime]) -> Party:
    """The same, with what the person whose account it is has done in the agreement.

    With them is what was done after they became a party; what a handover itself puts down bears its own moment.
    """
    with_them = [at for at in acts if party.since is not None and at > party.since]
    return replace(party, acted_at=min(with_them, default=None), is_next=bool(acts))


def _once(parties: Iterable[Party]) -> list[Party]:
    """Each person once: since they first were a party, and since the account's person first did something with them."""
    found: dict[Any, Party] = {}
    for party in parties:
        known = found.setdefault(party.person.pk, party)
        found[party.person.pk] = replace(
            known,
            since=_first(known.since, party.since),
            acted_at=_first(known.acted_at, party.acted_at),
            is_next=known.is_next or party.is_next,
        )
    if not any(party.is_next for party in found.values()):
        return [replace(party, is_next=True) for party in found.values()]
    return list(found.values())


def _first(*moments: dt.datetime | None) -> dt.datetime | None:
    return min((each for each in moments if each is not None), default=None)
