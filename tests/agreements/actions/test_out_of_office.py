"""An office ends between the page and the lock (R2): what the superior does then is refused, and changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.models import Access, Entry
from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.conversations.models import Conversation
from leder.sharing import actions as sharing
from tests import factories
from tests.factories import QUESTIONS_SECTION, SECTION, access_of, leave_office, make_agreement, make_user

pytestmark = pytest.mark.django_db
WORDS = {"note": "Etter at kontoret er tømt", "answers": {}, "choices": [], "goals": []}
PROGRESS = {"note": "Etter at kontoret er tømt", "goals": {}}

Act = Callable[[], Any]
# By name: the state that it is done in, and what makes it ready while the superior is in office.
ACTS: dict[str, tuple[str, Callable[[Access], Act]]] = {}


def done_in(state: str) -> Callable[[Callable[[Access], Act]], Callable[[Access], Act]]:
    def known(ready: Callable[[Access], Act]) -> Callable[[Access], Act]:
        ACTS[ready.__name__] = (state, ready)
        return ready

    return known


def seen(access: Access) -> dict[str, Any]:
    """What a page of the first section leads to: the section, and the version that stood there."""
    entry = access.agreement.entries.filter(section_id=SECTION, kind=Entry.Kind.ANSWER).first()
    return {"section_id": SECTION, "version": entry.version if entry else 0}


def when(place: str) -> dict[str, Any]:
    return {"starts_at": timezone.now() + dt.timedelta(days=30), "minutes": 60, "place": place}


def called(access: Access) -> Conversation:
    return conversing.call(access, **when("Kontoret"))


@done_in(State.PREPARED)
def save_section(access: Access) -> Act:
    return lambda: actions.save_section(access, **seen(access), payload=WORDS)


@done_in(State.PREPARED)
def add_comment(access: Access) -> Act:
    return lambda: actions.add_comment(access, section_id=SECTION, text="Hei")


@done_in(State.PREPARED)
def approve_section(access: Access) -> Act:
    return lambda: actions.approve_section(access, **seen(access))


@done_in(State.PREPARED)
def ask_for_changes(access: Access) -> Act:
    return lambda: actions.ask_for_changes(access, **seen(access), comment="Skriv mer")


@done_in(State.SIGNED)
def save_progress(access: Access) -> Act:
    return lambda: actions.save_progress(access, **seen(access) | {"version": 0}, payload=PROGRESS)


@done_in(State.OPENED)
def save_preparation(access: Access) -> Act:
    where = {"section_id": QUESTIONS_SECTION, "version": 0}
    return lambda: conversing.save_preparation(access, **seen(access) | where, payload=WORDS)


@done_in(State.OPENED)
def mark_ready(access: Access) -> Act:
    return lambda: conversing.mark_ready(access)


@done_in(State.OPENED)
def take_back(access: Access) -> Act:
    conversing.mark_ready(access)
    return lambda: conversing.take_back(access)


@done_in(State.PREPARED)
def call(access: Access) -> Act:
    return lambda: called(access)


@done_in(State.PREPARED)
def move(access: Access) -> Act:
    conversation = called(access)
    return lambda: conversing.move(access, conversation, **when("Et annet sted"))


@done_in(State.PREPARED)
def cancel(access: Access) -> Act:
    conversation = called(access)
    return lambda: conversing.cancel(access, conversation)


@done_in(State.PREPARED)
def hold(access: Access) -> Act:
    return lambda: conversing.hold(access, held_on=timezone.localdate())


@done_in(State.SIGNED)
def hold_follow_up(access: Access) -> Act:
    return hold(access)


@done_in(State.PREPARED)
def propose_share(access: Access) -> Act:
    what = {"section_id": SECTION, "reader": make_user(), "purpose": "Lønn", "until": timezone.localdate()}
    return lambda: sharing.propose(access, **what)


@done_in(State.PREPARED)
def consent_to_share(access: Access) -> Act:
    share = factories.propose(access.agreement, make_user())
    return lambda: sharing.consent(access, share)


@done_in(State.PREPARED)
def decline_share(access: Access) -> Act:
    share = factories.propose(access.agreement, make_user())
    return lambda: sharing.decline(access, share)


@done_in(State.PREPARED)
def withdraw_share(access: Access) -> Act:
    share = factories.share(access.agreement, make_user())
    return lambda: sharing.withdraw(access, share)


def every_row() -> dict[str, list[str]]:
    """Every row of the plugin, as it stands."""
    return {
        model.__name__: [repr(row) for row in model._default_manager.order_by("pk").values()]
        for model in apps.get_app_config("leder").get_models()
    }


@pytest.mark.parametrize("name", ACTS)
def test_after_the_office_has_ended(name: str, mailoutbox: list[Any]) -> None:
    state, ready = ACTS[name]
    agreement = make_agreement(state=state)
    act = ready(access_of(agreement.superior, agreement))
    leave_office(agreement)
    before, sent = every_row(), len(mailoutbox)
    with pytest.raises(actions.RuleBroken):
        act()
    assert every_row() == before
    assert len(mailoutbox) == sent


@pytest.mark.parametrize("name", ACTS)
def test_and_in_office_it_is_done(name: str) -> None:
    """Otherwise the refusals above would say little."""
    state, ready = ACTS[name]
    agreement = make_agreement(state=state)
    act = ready(access_of(agreement.superior, agreement))
    before = every_row()
    act()
    assert every_row() != before
