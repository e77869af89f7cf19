"""Ending: an agreement whose leader no longer has the position it is for. What was signed stays to be read."""

from __future__ import annotations

from typing import Any

from leder.agreements import rules
from leder.agreements.actions.base import lock, note_event, require
from leder.agreements.actions.lapsing import lapse_reopening
from leder.agreements.models import Agreement, Event
from leder.agreements.models.acts import one_act
from leder.agreements.states import Step, advance


@one_act()
def end_agreement(*, agreement: Agreement, actor: Any = None) -> Agreement:
    """End an agreement that stands. Nothing is written or signed in it after this; nobody loses or gains sight of it.

    `actor` is the person who did it, None for what follows from the organisation. Returns the agreement as it is now.
    Raises RuleBroken for one that is replaced or ended already.
    """
    locked = lock(agreement)
    require(rules.may_end(locked))
    lapse_reopening(locked)
    advance(locked, Step.END)
    note_event(locked, Event.Kind.ENDED, actor)
    return locked
