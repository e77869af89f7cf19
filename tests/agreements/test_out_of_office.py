"""An office ends between the page and the lock (R2): what the superior does then is refused, and changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.models import Agreement, Entry
from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.conversations.models import Conversation
from leder.sharing import actions as sharing
from tests import factories
from tests.factories import QUESTIONS_SECTION, SECTION, leave_office, make_agreement, make_user

pytestmark = pytest.mark.django_db
WORDS = {"note": "Etter at kontoret er tømt", "answers": {}, "choices": [], "goals": []}
PROGRESS = {"note": "Etter at kontoret er tømt", "goals": {}}

Act = Callable[[], Any]
# By name: the state that it is done in, and what makes it ready while the superior is in office.
ACTS: dict[str, tuple[str, Callable[[Agreement], Act]]] = {}


def done_in(state: str) -> Callable[[Callable[[Agreement], Act]], Callable[[Agreement], Act]]:
    def known(ready: Callable[[Agreement], Act]) -> Callable[[Agreement], Act]:
        ACTS[ready.__name__] = (state, ready)
        return ready

    return known


def seen(agreement: Agreement) -> dict[str, Any]:
    """What a page of the first section leads to: who, what, and the version that stood there."""
    entry = agreement.entries.filter(section_id=SECTION, kind=Entry.Kind.ANSWER).first()
    return {
        "actor": agreement.superior,
        "agreement": agreement,
        "section_id": SECTION,
        "version": entry.version if entry else 0,
    }


def when(place: str) -> dict[str, Any]:
    return {"starts_at": timezone.now() + dt.timedelta(days=30), "minutes": 60, "place": place}


def called(agreement: Agreement) -> Conversation:
    return conversing.call(actor=agreement.superior, agreement=agreement, **when("Kontoret"))


@done_in(State.PREPARED)
def save_section(agreement: Agreement) -> Act:
    return lambda: actions.save_section(**seen(agreement), payload=WORDS)


@done_in(State.PREPARED)
def add_comment(agreement: Agreement) -> Act:
    return lambda: actions.add_comment(
        actor=agreement.superior, agreement=agreement, section_id=SECTION, text="Hei"
    )


@done_in(State.PREPARED)
def approve_section(agreement: Agreement) -> Act:
    return lambda: actions.approve_section(**seen(agreement))


@done_in(State.PREPARED)
def ask_for_changes(agreement: Agreement) -> Act:
    return lambda: actions.ask_for_changes(**seen(agreement), comment="Skriv mer")


@done_in(State.SIGNED)
def save_progress(agreement: Agreement) -> Act:
    return lambda: actions.save_progress(**seen(agreement) | {"version": 0}, payload=PROGRESS)


@done_in(State.OPENED)
def save_preparation(agreement: Agreement) -> Act:
    where = {"section_id": QUESTIONS_SECTION, "version": 0}
    return lambda: conversing.save_preparation(**seen(agreement) | where, payload=WORDS)


@done_in(State.OPENED)
def mark_ready(agreement: Agreement) -> Act:
    return lambda: conversing.mark_ready(actor=agreement.superior, agreement=agreement)


@done_in(State.OPENED)
def take_back(agreement: Agreement) -> Act:
    conversing.mark_ready(actor=agreement.superior, agreement=agreement)
    return lambda: conversing.take_back(actor=agreement.superior, agreement=agreement)


@done_in(State.PREPARED)
def call(agreement: Agreement) -> Act:
    return lambda: called(agreement)


@done_in(State.PREPARED)
def move(agreement: Agreement) -> Act:
    conversation = called(agreement)
    return lambda: conversing.move(
        actor=agreement.superior, conversation=conversation, **when("Et annet sted")
    )


@done_in(State.PREPARED)
def cancel(agreement: Agreement) -> Act:
    conversation = called(agreement)
    return lambda: conversing.cancel(actor=agreement.superior, conversation=conversation)


@done_in(State.PREPARED)
def hold(agreement: Agreement) -> Act:
    return lambda: conversing.hold(
        actor=agreement.superior, agreement=agreement, held_on=timezone.localdate()
    )


@done_in(State.SIGNED)
def hold_follow_up(agreement: Agreement) -> Act:
    return hold(agreement)


@done_in(State.PREPARED)
def propose_share(agreement: Agreement) -> Act:
    reader = make_user()
    return lambda: factories.propose(agreement, reader, by=agreement.superior)


@done_in(State.PREPARED)
def consent_to_share(agreement: Agreement) -> Act:
    share = factories.propose(agreement, make_user())
    return lambda: sharing.consent(actor=agreement.superior, share=share)


@done_in(State.PREPARED)
def decline_share(agreement: Agreement) -> Act:
    share = factories.propose(agreement, make_user())
    return lambda: sharing.decline(actor=agreement.superior, share=share)


@done_in(State.PREPARED)
def withdraw_share(agreement: Agreement) -> Act:
    share = factories.share(agreement, make_user())
    return lambda: sharing.withdraw(actor=agreement.superior, share=share)


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
    act = ready(agreement)
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
    act = ready(make_agreement(state=state))
    before = every_row()
    act()
    assert every_row() != before
