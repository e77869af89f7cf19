"""The table of states: what it allows, and that nothing else does."""

import itertools

import pytest

from leder.agreements.states import TRANSITIONS, ImpossibleStep, State, Step, advance
from tests.factories import make_agreement

FINAL = {State.REPLACED, State.ENDED}


def test_every_state_is_reached_and_only_the_last_ones_are_left_standing():
    # A new superior begins anew with the leader, and so an agreement may come back to where it began.
    assert set(TRANSITIONS.values()) == set(State)
    assert {state for state, _step in TRANSITIONS} == set(State) - FINAL


def test_what_is_signed_becomes_open_again_by_reopening_alone():
    signed = {State.SIGNED, State.FOLLOWED_UP, *FINAL}
    opening = {
        (state, step)
        for (state, step), target in TRANSITIONS.items()
        if state in signed and target not in signed
    }
    assert opening == {(State.SIGNED, Step.REOPEN)}


@pytest.mark.django_db
def test_a_step_outside_the_table_is_refused_and_changes_nothing():
    agreement = make_agreement()
    for state, step in itertools.product(State, Step):
        if (state, step) in TRANSITIONS:
            continue
        agreement.state = state
        with pytest.raises(ImpossibleStep):
            advance(agreement, step)
    agreement.refresh_from_db()
    assert agreement.state == State.OPENED


def test_the_table_is_this():
    """Each state, the steps out of it, and where they lead; said once more, so that no step is added in passing."""
    table = {
        State.OPENED: {Step.BOTH_READY: State.PREPARED, Step.HOLD: State.DISCUSSED},
        State.PREPARED: {Step.HOLD: State.DISCUSSED, Step.HAND_OVER: State.OPENED},
        State.DISCUSSED: {Step.SIGN_FIRST: State.SIGNING},
        State.SIGNING: {
            Step.VOID: State.DISCUSSED,
            Step.HAND_OVER: State.DISCUSSED,
            Step.SIGN_SECOND: State.SIGNED,
        },
        State.SIGNED: {
            Step.CONFIRM_FOLLOW_UP: State.FOLLOWED_UP,
            Step.REOPEN: State.DISCUSSED,
            Step.REPLACE: State.REPLACED,
        },
        State.FOLLOWED_UP: {Step.REPLACE: State.REPLACED},
        State.REPLACED: {},
        State.ENDED: {},
    }
    for state in State:
        ended = {} if state in FINAL else {Step.END: State.ENDED}
        steps = {step: target for (there, step), target in TRANSITIONS.items() if there == state}
        assert steps == {**table[state], **ended}, state
