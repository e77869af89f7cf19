"""Deciding on a text that was published anew while somebody else decides, writes, signs or publishes."""

from functools import partial

from leder.agreements import actions
from leder.agreements.models import Event, TextDecision
from leder.agreements.states import State
from tests import factories
from tests.agreements.publishing import ADOPT, KEEP, publish, seen, texts_with_pages, without
from tests.concurrency.lives import assert_whole, events, fresh, record_read, save
from tests.concurrency.together import ROUNDS, together
from tests.factories import QUESTIONS_SECTION


def decide(agreement, person, choice, looked):
    return actions.decide_on_text(factories.access_of(person, agreement), choice=choice, **looked)


def sign(agreement, person, read):
    return actions.sign(factories.access_of(person, agreement), place="Lørenskog", content_hash=read)


def test_both_decide_at_once_and_one_is_told():
    for _round in ROUNDS:
        agreement = factories.make_agreement(editions=texts_with_pages())
        newest = publish(agreement.letter_edition)
        looked = seen(agreement)
        adopting, keeping = together(
            partial(decide, agreement, agreement.leader, ADOPT, looked),
            partial(decide, agreement, agreement.superior, KEEP, looked),
        )
        assert adopting.done != keeping.done
        refused = keeping if adopting.done else adopting
        assert isinstance(refused.refusal, actions.TextMovedOn)
        stands_on = newest if adopting.done else agreement.letter_edition
        assert fresh(agreement).letter_edition_id == stands_on.pk
        assert TextDecision.objects.filter(agreement=agreement).count() == 1


def test_one_adopts_while_the_other_signs_second():
    for _round in ROUNDS:
        agreement = factories.make_agreement(editions=texts_with_pages(), state=State.DISCUSSED)
        factories.sign(agreement, agreement.leader)
        newest = publish(agreement.letter_edition, without("assignment-2"))
        looked, read = seen(agreement), record_read(agreement, agreement.superior)
        adopting, signing = together(
            partial(decide, agreement, agreement.leader, ADOPT, looked),
            partial(sign, agreement, agreement.superior, read),
        )
        assert adopting.done != signing.done
        now = fresh(agreement)
        if signing.done:
            # What both have signed stands on what both have read.
            assert isinstance(adopting.refusal, actions.RuleBroken)
            assert (now.state, now.letter_edition_id) == (State.SIGNED, agreement.letter_edition_id)
        else:
            assert isinstance(signing.refusal, actions.RuleBroken | actions.ContentChanged)
            assert (now.state, now.letter_edition_id) == (State.DISCUSSED, newest.pk)
            assert events(agreement)[Event.Kind.VOIDED] == 1
        assert_whole(agreement)


def test_one_exchanges_the_form_while_the_other_writes_in_it():
    for _round in ROUNDS:
        agreement = factories.make_agreement(editions=texts_with_pages())
        newest = publish(agreement.form_edition, without(QUESTIONS_SECTION))
        looked = seen(agreement, "form")
        adopting, writing = together(
            partial(decide, agreement, agreement.leader, ADOPT, looked),
            partial(save, agreement, agreement.superior, "Skrevet", section=QUESTIONS_SECTION),
        )
        assert adopting.done != writing.done
        now = fresh(agreement)
        if writing.done:
            assert now.form_edition_id == agreement.form_edition_id
            assert now.entries.count() == 1
        else:
            assert now.form_edition_id == newest.pk
            assert now.entries.count() == 0
