"""Whose turn it is in each of a person's agreements, and which of them is the most urgent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from leder.agreements.models import Agreement, Role
from leder.agreements.presenting.next_step import REOPENING, NextStep, next_step
from leder.agreements.states import State
from leder.conversations.models import Conversation
from leder.oversight.facts import Facts, facts_of
from leder.people import Person

FAR_AHEAD = dt.date.max


@dataclass(frozen=True)
class Turn:
    """One agreement as one of its parties sees it: the next step, and whether this person is the one to act now."""

    agreement: Agreement
    role: str
    step: NextStep
    needs_me: bool
    conversation: Conversation | None

    @property
    def is_mine(self) -> bool:
        """Whether it is this person's own agreement, as the subordinate leader."""
        return self.role == Role.LEADER

    @property
    def other(self) -> Any:
        """The other party."""
        return self.agreement.superior if self.is_mine else self.agreement.leader

    @property
    def due(self) -> dt.date | None:
        """The deadline the next step works towards."""
        return self.step.due

    @property
    def urgency(self) -> tuple[bool, dt.date, bool, str]:
        """Sorts what needs me first, then by deadline, then my own agreement before others'."""
        return (not self.needs_me, self.due or FAR_AHEAD, not self.is_mine, self.other.get_full_name())


def turns_of(user: Person, agreements: Iterable[Agreement], *, today: dt.date) -> list[Turn]:
    """Return a turn for each agreement, in the same order. At most two queries.

    Hand in agreements that came from `visible_to(user).with_status()`.
    """
    agreements = list(agreements)
    facts = facts_of(agreements)
    return [turn_of(user, agreement, facts[agreement.pk], today=today) for agreement in agreements]


def turn_of(user: Person, agreement: Agreement, facts: Facts, *, today: dt.date) -> Turn:
    """Return the turn of one agreement, whose facts are read already. Asks the database nothing."""
    step = next_step(
        user,
        agreement,
        signed_roles=facts.signed_roles,
        confirmed_roles=facts.confirmed_roles,
        meets_on=facts.conversation.day if facts.conversation else None,
        changes_asked=facts.changes_asked,
        reopening_by=facts.reopening_by,
    )
    # The follow-up is the autumn's: until then a signed agreement asks nothing of anybody but the other party.
    resting = (
        agreement.state == State.SIGNED
        and step.url_name != REOPENING
        and agreement.follow_up_on is None
        and today < agreement.round.follow_up_from
    )
    return Turn(
        agreement=agreement,
        role=agreement.role_of(user) or "",
        step=step,
        needs_me=step.mine and not resting,
        conversation=facts.conversation,
    )
