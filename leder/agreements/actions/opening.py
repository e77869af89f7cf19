"""Opening agreements: pins the year's text (R6), makes the data key, gives the two parties their grants (R1).

One agreement, or many at once: both ways save the same rows, made by `new_agreement` and `rows_beside`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models
from django.utils import timezone, translation

from leder.agreements.access import accounts
from leder.agreements.access.grants import party_grant, party_permission
from leder.agreements.actions.base import RuleBroken
from leder.agreements.models import (
    Agreement,
    AgreementUserObjectPermission,
    DataKey,
    Event,
    ReadingHead,
    Role,
    Round,
)
from leder.agreements.models.acts import one_act
from leder.agreements.reading import log as reading_log
from leder.agreements.states import ACTIVE, State
from leder.agreements.vault.cipher import new_data_key
from leder.organisation.models import Position
from leder.pages.editions import Edition, edition_of


@dataclass(frozen=True)
class Pair:
    """Who is to have an agreement with whom, and the positions that they have it in."""

    position: Position
    leader: Any
    superior_position: Position
    superior: Any


def pinned_editions(year_round: Round) -> dict[str, Edition]:
    """Return the round's three texts as they stand now, as keyword arguments for an Agreement.

    Raises ValueError where one is not published.
    """
    # An edition holds words of ours too: the same ones, whoever opens the agreement and in whatever language.
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "platform_edition": edition_of(year_round.platform_page.specific),
            "letter_edition": edition_of(year_round.letter_page.specific),
            "form_edition": edition_of(year_round.form_page.specific),
        }


@one_act()
def open_agreement(
    *,
    year_round: Round,
    position: Position,
    leader: Any,
    superior: Any,
    superior_position: Position,
    actor: Any = None,
    editions: dict[str, Edition] | None = None,
) -> Agreement:
    """Open the agreement of a leader with a superior for a year.

    One who opens several hands over `pinned_editions(year_round)`, so that the text is read once.
    Raises RuleBroken when the leader already has one that stands for that year, or is their own superior.
    """
    pair = Pair(position, leader, superior_position, superior)
    if leader.pk == superior.pk or _having(year_round, [pair]):
        raise RuleBroken
    try:
        with one_act():
            (agreement,) = _save(year_round, [pair], actor, editions or pinned_editions(year_round))
    except IntegrityError as error:
        # Two opened it at the same moment: the database lets one through.
        raise RuleBroken from error
    return agreement


@one_act()
def open_agreements(
    *, year_round: Round, pairs: Iterable[Pair], actor: Any = None, editions: dict[str, Edition]
) -> list[Agreement]:
    """Open the agreements of many leaders in as many queries as of one; hand in about a thousand at a time.

    Passes over whoever already has one that stands for the year, is named twice, or is their own superior; returns
    those that were opened.
    """
    pairs = list(pairs)
    having = _having(year_round, pairs)
    wanted = {
        pair.leader.pk: pair
        for pair in reversed(pairs)
        if pair.leader.pk not in having and pair.leader.pk != pair.superior.pk
    }
    rows = [pair for pair in pairs if wanted.get(pair.leader.pk) is pair]
    if not rows:
        return []
    try:
        with one_act():
            return _save(year_round, rows, actor, editions)
    except IntegrityError:
        # A superior has opened one of them at this moment: take them one by one.
        return [opened for pair in rows if (opened := _open_if_possible(year_round, pair, actor, editions))]


def new_agreement(
    *,
    year_round: Round,
    pair: Pair,
    previous_id: int | None,
    at: dt.datetime,
    editions: dict[str, Edition],
) -> Agreement:
    """Return an agreement, unsaved, as it is when it is opened."""
    return Agreement(
        round=year_round,
        leader=pair.leader,
        superior=pair.superior,
        position=pair.position,
        leader_title=pair.position.title,
        superior_position=pair.superior_position,
        superior_title=pair.superior_position.title,
        unit_name=pair.position.unit.name,
        previous_id=previous_id,
        opened_at=at,
        state_changed_at=at,
        **editions,
    )


def rows_beside(agreement: Agreement, *, actor: Any, permission_id: int) -> list[models.Model]:
    """Return, unsaved, what a saved agreement begins with: data key, reading log, two grants, first event."""
    data_key, _cipher = new_data_key(agreement)
    return [
        data_key,
        reading_log.signed_head(agreement),
        party_grant(agreement, agreement.leader_id, Role.LEADER, permission_id),
        party_grant(agreement, agreement.superior_id, Role.SUPERIOR, permission_id),
        Event(agreement=agreement, kind=Event.Kind.OPENED, actor=actor, at=agreement.opened_at),
    ]


# In the order they are saved.
BESIDE: tuple[type[models.Model], ...] = (DataKey, ReadingHead, AgreementUserObjectPermission, Event)


def _save(
    year_round: Round, pairs: Sequence[Pair], actor: Any, editions: dict[str, Edition]
) -> list[Agreement]:
    now = timezone.now()
    accounts.begin(person for pair in pairs for person in (pair.leader, pair.superior))
    previous = _previous(year_round, pairs)
    agreements = Agreement.objects.bulk_create(
        new_agreement(
            year_round=year_round,
            pair=pair,
            previous_id=previous.get(pair.leader.pk),
            at=now,
            editions=editions,
        )
        for pair in pairs
    )
    permission_id = party_permission().pk
    rows: dict[type[models.Model], list[Any]] = {model: [] for model in BESIDE}
    for agreement in agreements:
        for row in rows_beside(agreement, actor=actor, permission_id=permission_id):
            rows[type(row)].append(row)
    for model, some in rows.items():
        model._default_manager.bulk_create(some)
    return agreements


def _previous(year_round: Round, pairs: Sequence[Pair]) -> dict[int, int]:
    """The newest agreement of an earlier year that was not ended, by leader."""
    earlier = (
        Agreement.objects.filter(leader__in=_leaders(pairs), round__year__lt=year_round.year)
        .exclude(state=State.ENDED)
        .order_by("round__year", "pk")
    )
    return dict(earlier.values_list("leader_id", "pk"))


def _having(year_round: Round, pairs: Sequence[Pair]) -> set[int]:
    standing = Agreement.objects.filter(round=year_round, leader__in=_leaders(pairs), state__in=ACTIVE)
    return set(standing.values_list("leader_id", flat=True))


def _leaders(pairs: Sequence[Pair]) -> list[int]:
    return [pair.leader.pk for pair in pairs]


def _open_if_possible(
    year_round: Round, pair: Pair, actor: Any, editions: dict[str, Edition]
) -> Agreement | None:
    try:
        return open_agreement(
            year_round=year_round,
            position=pair.position,
            leader=pair.leader,
            superior=pair.superior,
            superior_position=pair.superior_position,
            actor=actor,
            editions=editions,
        )
    except RuleBroken:
        return None
