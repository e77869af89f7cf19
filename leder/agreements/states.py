"""States of an agreement (lederavtale) and the only steps between them, in one table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where an agreement stands."""

    OPENED = "opened", _("Opened")
    PREPARED = "prepared", _("Both are prepared")
    DISCUSSED = "discussed", _("Conversation held")
    SIGNING = "signing", _("Waiting for one signature")
    SIGNED = "signed", _("Signed")
    FOLLOWED_UP = "followed_up", _("Follow-up held")
    REPLACED = "replaced", _("Replaced")
    ENDED = "ended", _("Ended")


class Step(models.TextChoices):
    """What can move an agreement from one state to another."""

    BOTH_READY = "both_ready"
    HOLD = "hold"
    SIGN_FIRST = "sign_first"
    VOID = "void"
    SIGN_SECOND = "sign_second"
    CONFIRM_FOLLOW_UP = "confirm_follow_up"
    REPLACE = "replace"
    END = "end"
    HAND_OVER = "hand_over"
    REOPEN = "reopen"


BEFORE_SIGNED = (State.OPENED, State.PREPARED, State.DISCUSSED, State.SIGNING)
AFTER_SIGNED = (State.SIGNED, State.FOLLOWED_UP)
ACTIVE = (*BEFORE_SIGNED, *AFTER_SIGNED)

TRANSITIONS: dict[tuple[str, str], State] = {
    (State.OPENED, Step.BOTH_READY): State.PREPARED,
    (State.OPENED, Step.HOLD): State.DISCUSSED,
    (State.PREPARED, Step.HOLD): State.DISCUSSED,
    (State.DISCUSSED, Step.SIGN_FIRST): State.SIGNING,
    (State.SIGNING, Step.VOID): State.DISCUSSED,
    (State.SIGNING, Step.SIGN_SECOND): State.SIGNED,
    (State.SIGNED, Step.CONFIRM_FOLLOW_UP): State.FOLLOWED_UP,
    # Both agree, with a reason: written on, and signed anew. What was signed is kept.
    (State.SIGNED, Step.REOPEN): State.DISCUSSED,
    (State.SIGNED, Step.REPLACE): State.REPLACED,
    (State.FOLLOWED_UP, Step.REPLACE): State.REPLACED,
    # With another superior both prepare anew, and nobody has signed. In other states the agreement goes on as it is.
    (State.PREPARED, Step.HAND_OVER): State.OPENED,
    (State.SIGNING, Step.HAND_OVER): State.DISCUSSED,
    **{(state, Step.END): State.ENDED for state in ACTIVE},
}


class Stateful(Protocol):
    """An agreement, as far as a step needs to know it."""

    state: str
    state_changed_at: dt.datetime

    def save(self, *, update_fields: Iterable[str]) -> None: ...


class ImpossibleStep(Exception):
    """The step is not possible from the state the agreement is in."""


def advance(agreement: Stateful, step: Step) -> None:
    """Move a locked agreement by one step and save its state. Raises ImpossibleStep."""
    target = TRANSITIONS.get((agreement.state, step))
    if target is None:
        raise ImpossibleStep(f"{step} from {agreement.state}")
    agreement.state = target
    agreement.state_changed_at = timezone.now()
    agreement.save(update_fields=["state", "state_changed_at"])
