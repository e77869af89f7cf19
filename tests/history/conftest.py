"""A leader's agreements over several years, written by the real actions."""

import time

import pytest
from django.test import Client

from leder.agreements import actions
from leder.agreements.answers import new_goal
from leder.agreements.models import Agreement
from leder.agreements.reading import texts_for_work
from leder.agreements.states import State
from leder.agreements.views.recent import SESSION_KEY
from tests.factories import SECTION, bring_to, make_agreement, make_user


@pytest.fixture
def as_user():
    """A function that gives a client signed in as a person, just now or a while ago."""

    def sign_in(person, *, recent=True):
        client = Client()
        client.force_login(person)
        if not recent:
            session = client.session
            session[SESSION_KEY] = int(time.time()) - 3600
            session.save()
        return client

    return sign_in


@pytest.fixture
def pair(db):
    """A leader and a superior."""
    return make_user(first_name="Lars", last_name="Leder"), make_user(
        first_name="Siri", last_name="Overordnet"
    )


@pytest.fixture
def a_year(pair):
    """A function that gives the two an agreement for a year, with last year's open goals and new ones."""

    def make(year, *goals, section=SECTION, carry=True, state=State.SIGNED, pair=pair):
        leader, superior = pair
        agreement = make_agreement(leader=leader, superior=superior, year=year)
        if carry and agreement.previous_id:
            actions.carry_over_goals(actor=leader, agreement=agreement, section_id=section, version=0)
        set_goals(agreement, section, *goals)
        agreement.refresh_from_db()
        return bring_to(agreement, state)

    return make


def set_goals(agreement: Agreement, section: str, *goals: str, keep: bool = True) -> None:
    """Let the leader add goals to what a section holds."""
    text = texts_for_work(reader=agreement.leader, agreement=agreement).answers.get(section)
    have = text.payload["goals"] if text and keep else []
    if not goals:
        return
    actions.save_section(
        actor=agreement.leader,
        agreement=agreement,
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
    texts = texts_for_work(reader=agreement.superior, agreement=agreement)
    ids = {goal["goal"]: goal["id"] for goal in texts.answers[section].payload["goals"]}
    progress = texts.progress.get(section)
    actions.save_progress(
        actor=agreement.superior,
        agreement=agreement,
        section_id=section,
        version=progress.version if progress else 0,
        payload={
            "note": "",
            "goals": {ids[word]: {"status": status, "comment": ""} for word, status in statuses.items()},
        },
    )
