"""Opening an agreement: pins the year's text (R6), makes the data key, gives the two parties their grants (R1)."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from leder.agreements import reading_log
from leder.agreements.actions.base import RuleBroken, record_event
from leder.agreements.models import Agreement, Event, Round
from leder.agreements.states import ACTIVE, State
from leder.agreements.vault import new_data_key
from leder.agreements.visibility import grant_parties
from leder.organisation.models import Position
from leder.pages.editions import Edition, edition_of


def pinned_editions(year_round: Round) -> dict[str, Edition]:
    """Return the round's three texts as they stand now, as keyword arguments for an Agreement."""
    return {
        "platform_edition": edition_of(year_round.platform_page.specific),
        "letter_edition": edition_of(year_round.letter_page.specific),
        "form_edition": edition_of(year_round.form_page.specific),
    }


@transaction.atomic
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

    One who opens many hands over `pinned_editions(year_round)`, so that the text is read once.
    Raises RuleBroken when the leader already has one that stands for that year, or is their own superior.
    """
    if leader.pk == superior.pk:
        raise RuleBroken
    now = timezone.now()
    previous = (
        Agreement.objects.filter(leader=leader, round__year__lt=year_round.year)
        .exclude(state=State.ENDED)
        .order_by("-round__year", "-pk")
        .first()
    )
    agreement = Agreement(
        round=year_round,
        leader=leader,
        superior=superior,
        position=position,
        leader_title=position.title,
        superior_position=superior_position,
        superior_title=superior_position.title,
        unit_name=position.unit.name,
        previous=previous,
        opened_at=now,
        state_changed_at=now,
        **(editions or pinned_editions(year_round)),
    )
    if Agreement.objects.filter(round=year_round, leader=leader, state__in=ACTIVE).exists():
        raise RuleBroken
    try:
        with transaction.atomic():
            agreement.save()
    except IntegrityError as error:
        # Two opened it at the same moment: the database lets one through.
        raise RuleBroken from error
    data_key, _cipher = new_data_key(agreement)
    data_key.save()
    grant_parties(agreement)
    reading_log.begin(agreement)
    record_event(agreement, Event.Kind.OPENED, actor)
    return agreement
