"""Preparations open to both at one moment, however close the two come (R5)."""

from functools import partial

from django.utils import timezone

from leder.agreements import actions
from leder.agreements.models import Event
from leder.agreements.reading.current import texts_for_work
from leder.agreements.rules import preparations_are_open
from leder.agreements.states import State
from leder.conversations import actions as conversing
from tests import factories
from tests.concurrency.lives import assert_whole, events, fresh, payload
from tests.concurrency.together import ROUNDS, together
from tests.factories import SECTION


def prepared_agreement():
    """An agreement where both have written a preparation, and neither has said ready."""
    agreement = factories.make_agreement()
    for person in (agreement.leader, agreement.superior):
        conversing.save_preparation(
            factories.access_of(person, agreement),
            section_id=SECTION,
            version=0,
            payload=payload("Forberedt"),
        )
    return agreement


def test_both_say_ready_at_once():
    for _round in ROUNDS:
        agreement = prepared_agreement()
        outcomes = together(
            *(
                partial(conversing.mark_ready, factories.access_of(person, agreement))
                for person in (agreement.leader, agreement.superior)
            )
        )
        # One of them is told that both are, not both and not neither.
        assert sorted(outcome.result for outcome in outcomes) == [False, True]
        now = fresh(agreement)
        assert now.state == State.PREPARED
        assert preparations_are_open(now)
        count = events(agreement)
        assert (count[Event.Kind.READY], count[Event.Kind.PREPARED]) == (2, 1)
        for person in (agreement.leader, agreement.superior):
            assert len(texts_for_work(factories.access_of(person, now)).preparations) == 2


def test_one_takes_it_back_while_the_other_says_ready():
    for _round in ROUNDS:
        agreement = prepared_agreement()
        conversing.mark_ready(factories.access_of(agreement.leader, agreement))
        taken_back, ready = together(
            partial(conversing.take_back, factories.access_of(agreement.leader, agreement)),
            partial(conversing.mark_ready, factories.access_of(agreement.superior, agreement)),
        )
        assert ready.done
        # Either both are open, for good, or the first has it back and the other sees nothing of it.
        assert ready.result != taken_back.done
        now = fresh(agreement)
        assert preparations_are_open(now) == ready.result == (now.state == State.PREPARED)
        seen = texts_for_work(factories.access_of(agreement.superior, now)).preparations
        assert len(seen) == (2 if ready.result else 1)
        assert events(agreement)[Event.Kind.PREPARED] == ready.result


def test_one_writes_on_in_another_tab_while_saying_ready():
    for _round in ROUNDS:
        agreement = prepared_agreement()
        conversing.mark_ready(factories.access_of(agreement.superior, agreement))
        ready, written = together(
            partial(conversing.mark_ready, factories.access_of(agreement.leader, agreement)),
            partial(
                conversing.save_preparation,
                factories.access_of(agreement.leader, agreement),
                section_id=SECTION,
                version=1,
                payload=payload("Mer"),
            ),
        )
        assert ready.result is True
        if not written.done:
            assert isinstance(written.refusal, actions.RuleBroken)
        entry = agreement.entries.get(role="leader")
        assert entry.version == 1 + written.done
        # What opened is what stands: nothing is added after it opened.
        assert entry.updated_at < fresh(agreement).leader_ready_at


def test_the_conversation_is_held_while_the_second_says_ready():
    for _round in ROUNDS:
        agreement = prepared_agreement()
        conversing.mark_ready(factories.access_of(agreement.superior, agreement))
        held, ready = together(
            partial(
                conversing.hold,
                factories.access_of(agreement.superior, agreement),
                held_on=timezone.localdate(),
            ),
            partial(conversing.mark_ready, factories.access_of(agreement.leader, agreement)),
        )
        assert held.done
        now = fresh(agreement)
        assert now.state == State.DISCUSSED
        # Too late to be ready is not ready: the preparation stays one's own.
        assert preparations_are_open(now) == ready.done
        assert events(agreement)[Event.Kind.PREPARED] == ready.done
        assert_whole(agreement)
