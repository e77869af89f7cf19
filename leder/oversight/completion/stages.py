"""The stages that completion is counted by, and the rules that place a leader in one. Pure functions."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from leder.agreements.states import State


class Stage(models.TextChoices):
    """How far a leader has come in a year, from nothing to the autumn's follow-up."""

    NOT_STARTED = "not_started", _("Not started")
    PREPARING = "preparing", _("Preparing")
    PLANNED = "planned", _("Conversation planned")
    HELD = "held", _("Conversation held")
    SIGNING = "signing", _("Waiting for one signature")
    SIGNED = "signed", _("Signed")
    FOLLOWED_UP = "followed_up", _("Follow-up held")
    ENDED = "ended", _("Ended")


class WaitsFor(models.TextChoices):
    """Whose signature is missing."""

    LEADER = "leader", _("the leader")
    SUPERIOR = "superior", _("the superior")
    BOTH = "both", _("both")


STAGES = tuple(Stage)
BEFORE_CONVERSATION = frozenset({Stage.NOT_STARTED, Stage.PREPARING, Stage.PLANNED})
UNSIGNED = BEFORE_CONVERSATION | {Stage.HELD, Stage.SIGNING}
DONE = frozenset({Stage.SIGNED, Stage.FOLLOWED_UP})
# Those who no longer have anything to do count in no share.
COUNTED = tuple(stage for stage in STAGES if stage != Stage.ENDED)
LATER: dict[str, Stage] = {
    State.DISCUSSED: Stage.HELD,
    State.SIGNING: Stage.SIGNING,
    State.SIGNED: Stage.SIGNED,
    State.REPLACED: Stage.SIGNED,
}


def stage_of(state: str | None, *, expected: bool, planned: bool, followed_up: bool) -> Stage:
    """Return the stage of a leader whose agreement is in a state, None for no agreement.

    `planned` says that the first conversation is called, `followed_up` that the autumn's is held. One whose agreement
    was ended and who is still `expected` to have one has not started the next. What was replaced by the agreement of a
    later year counts as what it had become.
    """
    if state is None or (state == State.ENDED and expected):
        return Stage.NOT_STARTED
    if state in (State.OPENED, State.PREPARED):
        return Stage.PLANNED if planned else Stage.PREPARING
    if state == State.FOLLOWED_UP or (state in (State.SIGNED, State.REPLACED) and followed_up):
        return Stage.FOLLOWED_UP
    return LATER.get(state, Stage.ENDED)


def waits_for(stage: Stage, signed_roles: frozenset[str]) -> str:
    """Return whose signature is missing; "" where it is not yet, or no longer, a matter of signing."""
    if stage == Stage.HELD:
        return WaitsFor.BOTH
    if stage != Stage.SIGNING:
        return ""
    return WaitsFor.SUPERIOR if "leader" in signed_roles else WaitsFor.LEADER


def is_overdue(
    stage: Stage, *, conversation_due: dt.date, follow_up_due: dt.date, today: dt.date, reopened: bool = False
) -> bool:
    """Whether a deadline of the round has passed: for conversation and signatures the first, then the autumn's (R4).

    What both have `reopened` was signed once, and has the autumn's alone.
    """
    if stage in UNSIGNED and reopened:
        return today > follow_up_due
    if stage in UNSIGNED:
        return today > conversation_due
    return stage == Stage.SIGNED and today > follow_up_due
