"""The year of an agreement as five stages: prepare, conversation, sign, autumn, next year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Agreement
from leder.agreements.presenting.next_step import prepare_by
from leder.agreements.states import State
from leder.conversations.models import Conversation

# How many stages are behind an agreement in each state.
BEHIND = {
    State.OPENED: 0,
    State.PREPARED: 1,
    State.DISCUSSED: 2,
    State.SIGNING: 2,
    State.SIGNED: 3,
    State.FOLLOWED_UP: 4,
    State.REPLACED: 5,
}
ICONS = ("pen", "chat", "handshake", "flag", "calendar")
# What a stage is called when it is behind: an act that is done is not asked for.
DONE = (
    _("Both are prepared"),
    _("Conversation held"),
    _("Signed"),
    _("Follow-up held"),
    _("Next year's agreement"),
)


@dataclass(frozen=True)
class Stage:
    """A stage of the year. `state` is done, now or next; `day` is when it happened or is to happen."""

    label: str | Promise
    icon: str
    state: str
    day: dt.date | None
    is_deadline: bool


def timeline(agreement: Agreement, conversation: Conversation | None) -> list[Stage]:
    """Return the five stages of an agreement's year. `conversation` is the one that is called, if any."""
    behind = BEHIND.get(State(agreement.state), 0)
    called = conversation.day if conversation else None
    is_follow_up = conversation is not None and conversation.kind == Conversation.Kind.FOLLOW_UP
    first, autumn = (None, called) if is_follow_up else (called, None)
    due = agreement.round.conversation_due
    rows: list[tuple[str | Promise, dt.date | None, dt.date | None]] = [
        # what it is called, the day it happened or is set to, and else its deadline
        (_("Prepare"), _both_ready(agreement), None if behind else prepare_by(agreement, first)),
        (_("Talk together"), agreement.discussed_on or first, due),
        # Opened again, it was signed in time once.
        (_("Sign"), _signed_on(agreement), None if agreement.reopened_at else due),
        (_("Follow up in the autumn"), agreement.follow_up_on or autumn, agreement.round.follow_up_due),
        (_("Next year's agreement"), None, None),
    ]
    return [
        Stage(
            label=DONE[number] if number < behind else label,
            icon="check" if number < behind else ICONS[number],
            state="done" if number < behind else "now" if number == behind else "next",
            day=day or deadline,
            is_deadline=day is None and deadline is not None,
        )
        for number, (label, day, deadline) in enumerate(rows)
    ]


def _signed_on(agreement: Agreement) -> dt.date | None:
    return timezone.localdate(agreement.signed_at) if agreement.signed_at else None


def _both_ready(agreement: Agreement) -> dt.date | None:
    if agreement.leader_ready_at is None or agreement.superior_ready_at is None:
        return None
    return timezone.localdate(max(agreement.leader_ready_at, agreement.superior_ready_at))
