"""The shape of what is written in a section, as plain data. Forms fill it, the vault stores it, seals cover it.

    {"note": str,
     "answers": {question id, or name of a field of the kind: str},
     "choices": [{"id": statement id, name of a field of the kind's choices: str}],
     "goals": [{"id", "goal", "measures", "due", "responsible", "status", "carried_from"}]}

Which fields a kind has stands in `sections.kinds`. A preparation has note and answers only.

Progress is {"note": str, "goals": {goal id: {"status", "comment"}}}.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

Payload = dict[str, Any]


class GoalStatus(models.TextChoices):
    """How a goal stands."""

    OPEN = "open", _("Not started")
    STARTED = "started", _("Under way")
    REACHED = "reached", _("Reached")
    DROPPED = "dropped", _("Dropped")


class Responsible(models.TextChoices):
    """Who sees to a goal."""

    LEADER = "leader", _("The leader")
    SUPERIOR = "superior", _("The superior")
    BOTH = "both", _("Both")


UNFINISHED = (GoalStatus.OPEN, GoalStatus.STARTED)


def empty_payload() -> Payload:
    """Return the payload of a section where nothing is written yet."""
    return {"note": "", "answers": {}, "choices": [], "goals": []}


def is_blank(payload: Payload) -> bool:
    """Whether nothing is written: no note, answer, choice or goal."""
    return not (
        payload.get("note")
        or any(payload.get("answers", {}).values())
        or payload.get("choices")
        or payload.get("goals")
    )


def new_goal(**values: str) -> dict[str, str]:
    """Return a goal with an identity of its own and the given values."""
    blank = {
        "goal": "",
        "measures": "",
        "due": "",
        "responsible": Responsible.LEADER.value,
        "status": GoalStatus.OPEN.value,
        "carried_from": "",
    }
    return {"id": str(uuid.uuid4()), **blank, **values}


def unfinished_goals(payload: Payload, progress: Payload | None) -> list[dict[str, str]]:
    """Return the goals that were not reached or dropped, with the status from the follow-up if there is one."""
    follow_up = (progress or {}).get("goals", {})
    goals = []
    for goal in payload.get("goals", []):
        status = follow_up.get(goal["id"], {}).get("status") or goal["status"]
        if status in UNFINISHED:
            goals.append({**goal, "status": status})
    return goals
