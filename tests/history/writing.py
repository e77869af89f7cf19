"""Years of agreements with goals, for tests."""

from typing import Any

from leder.agreements import actions
from leder.agreements.answers import new_goal
from leder.agreements.models import Agreement
from leder.agreements.reading.current import texts_for_work
from leder.agreements.states import State
from tests.factories import SECTION, access_of, bring_to, make_agreement


def make_year(
    pair: tuple[Any, Any],
    year: int,
    *goals: str,
    section: str = SECTION,
    carry: bool = True,
    state: str = State.SIGNED,
    **kwargs: Any,
) -> Agreement:
    """An agreement of a leader and a superior for a year, with last year's open goals and new ones."""
    leader, superior = pair
    agreement = make_agreement(leader=leader, superior=superior, year=year, **kwargs)
    if carry and agreement.previous_id:
        last = texts_for_work(access_of(leader, agreement.previous)).answers.get(section)
        chosen = {goal["id"]: "" for goal in last.payload["goals"]} if last else {}
        actions.carry_over_goals(access_of(leader, agreement), section_id=section, version=0, chosen=chosen)
    set_goals(agreement, section, *goals)
    agreement.refresh_from_db()
    return bring_to(agreement, state)


def set_goals(agreement: Agreement, section: str, *goals: str) -> None:
    """Let the leader add goals to what a section holds."""
    text = texts_for_work(access_of(agreement.leader, agreement)).answers.get(section)
    have = text.payload["goals"] if text else []
    if not goals:
        return
    actions.save_section(
        access_of(agreement.leader, agreement),
        section_id=section,
        version=text.version if text else 0,
        payload={
            "note": "",
            "answers": {},
            "choices": [],
            "goals": [*have, *(new_goal(goal=goal) for goal in goals)],
        },
    )


def stand(agreement: Agreement, section: str = SECTION, **statuses: str) -> None:
    """Let the superior note at the follow-up how goals stand, by their words."""
    texts = texts_for_work(access_of(agreement.superior, agreement))
    ids = {goal["goal"]: goal["id"] for goal in texts.answers[section].payload["goals"]}
    progress = texts.progress.get(section)
    actions.save_progress(
        access_of(agreement.superior, agreement),
        section_id=section,
        version=progress.version if progress else 0,
        payload={
            "note": "",
            "goals": {ids[word]: {"status": status, "comment": ""} for word, status in statuses.items()},
        },
    )
