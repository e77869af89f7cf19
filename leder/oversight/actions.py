"""What a superior does from the list of reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from leder.agreements import actions as agreeing
from leder.agreements.actions import RuleBroken
from leder.agreements.models import Agreement, Round
from leder.organisation.models import Position
from leder.organisation.selectors import holder, superior_of
from leder.oversight.reports import may_open


@transaction.atomic
def open_for_report(*, actor: Any, position: Position, year_round: Round, on: dt.date) -> Agreement:
    """Open the agreement of the holder of a position that reports to the actor (R1, R3).

    Raises RuleBroken when it does not, when the round is not open, or when the leader already has an agreement
    that stands for the year.
    """
    # The lock makes a simultaneous appointment wait, so that holder and superior are those of this moment.
    locked = Position.objects.select_for_update(of=("self",)).select_related("unit").get(pk=position.pk)
    above = superior_of(locked, on)
    if above is None or not may_open(actor, locked, year_round, on=on):
        raise RuleBroken
    return agreeing.open_agreement(
        year_round=year_round,
        position=locked,
        leader=holder(locked, on),
        superior=actor,
        superior_position=above[0],
        actor=actor,
    )
