"""The text is deleted for good while somebody writes, signs or reads it, and keys are exchanged meanwhile."""

from functools import partial

from django.utils import timezone

from leder.agreements import actions
from leder.agreements.models import DataKey, Event
from leder.agreements.reading.current import open_texts
from leder.agreements.states import State
from leder.documents import issuing
from leder.documents.variants import Variant
from leder.safekeeping import deletion
from leder.safekeeping.renewal import renew_data_keys
from leder.safekeeping.rotation import rotate
from leder.safekeeping.verification import findings
from tests import factories
from tests.concurrency.lives import assert_whole, events, fresh, note_of, record_read, save
from tests.concurrency.test_signing import sign
from tests.concurrency.together import ROUNDS, together
from tests.factories import QUESTIONS_SECTION, SECTION


def assert_gone(agreement):
    """Nothing is left to read, and the history tells it once."""
    now = fresh(agreement)
    assert now.text_deleted_at is not None
    assert now.state == State.ENDED
    assert not DataKey.objects.filter(agreement=agreement).exists()
    assert not list(deletion.remains())
    assert events(agreement)[Event.Kind.DELETED] == 1
    assert not open_texts(factories.access_of(agreement.leader, now)).answers


def test_deletion_while_both_write_and_one_comments():
    for number in ROUNDS:
        agreement = factories.make_agreement(state=State.DISCUSSED)
        save(agreement, agreement.leader, "Før")
        deleted, *written = together(
            partial(deletion.delete_texts, [agreement.pk]),
            partial(save, agreement, agreement.leader, f"Etter {number}", version=1),
            partial(save, agreement, agreement.superior, f"Nytt {number}", section=QUESTIONS_SECTION),
            partial(
                actions.add_comment,
                factories.access_of(agreement.superior, agreement),
                section_id=SECTION,
                text="Fint",
            ),
        )
        assert deleted.result == 1
        # Written before it was deleted, or refused: nothing is taken with thanks and sealed with a key that is gone.
        for outcome in written:
            assert outcome.done or isinstance(outcome.refusal, actions.RuleBroken)
        assert_gone(agreement)


def test_deletion_while_one_signs_and_one_reads():
    for _round in ROUNDS:
        agreement = factories.make_agreement(state=State.DISCUSSED)
        save(agreement, agreement.leader, "Målet")
        seen = record_read(agreement, agreement.superior)
        _deleted, signed, read = together(
            partial(deletion.delete_texts, [agreement.pk]),
            partial(sign, agreement, agreement.superior, seen),
            partial(open_texts, factories.access_of(agreement.superior, fresh(agreement))),
        )
        assert events(agreement)[Event.Kind.SIGNED] == signed.done
        # The reading is logged where there was one.
        assert agreement.readings.count() == len(read.result.answers)
        assert_gone(agreement)


def test_two_operators_delete_at_once():
    for _round in ROUNDS:
        agreement = factories.make_agreement(state=State.SIGNED)
        type(agreement.round).objects.update(text_deleted_on=timezone.localdate())
        outcomes = together(*[partial(deletion.delete_due_texts, today=timezone.localdate())] * 2)
        assert sorted(outcome.result for outcome in outcomes) == [0, 1]
        assert_gone(agreement)


def exchange():
    """What `leder_keys rotate --renew` does."""
    return [renew_data_keys(lambda *_progress: None), *rotate(lambda *_progress: None)]


def test_keys_are_exchanged_and_renewed_while_both_write_sign_and_fetch(settings):
    """Two operators at once, too. Nobody's text is sealed with a data key that goes."""
    for number in ROUNDS:
        last = factories.make_agreement(state=State.SIGNED, year=factories.YEAR - 1)
        agreement = factories.make_agreement(leader=last.leader, superior=last.superior)
        factories.bring_to(agreement, State.SIGNING)
        seen = record_read(agreement, agreement.superior)
        # Known before, with the key of then: it is fetched in the midst of it.
        asking = factories.access_of(last.leader, fresh(last))
        settings.LEDER_KEYS = settings.LEDER_KEYS[::-1]
        mine, others, signed, written, fetched, _read = together(
            exchange,
            exchange,
            partial(sign, agreement, agreement.superior, seen),
            partial(save, last, last.leader, f"Svar {number}", section=factories.FOLLOW_UP_SECTION),
            partial(issuing.document_for_party, asking, Variant.WHOLE),
            partial(open_texts, factories.access_of(agreement.leader, fresh(agreement))),
        )
        assert not any(count.left for count in mine.result + others.result)
        assert mine.result[0].done + others.result[0].done == DataKey.objects.count()
        assert issuing.document_for_party(factories.access_of(last.leader, fresh(last)), Variant.WHOLE) == (
            fetched.result
        )
        assert signed.done
        assert (fresh(agreement).state, fresh(last).state) == (State.SIGNED, State.REPLACED)
        assert note_of(last, factories.FOLLOW_UP_SECTION) == (f"Svar {number}" if written.done else None)
        for each in (agreement, last):
            assert_whole(each)
            assert open_texts(factories.access_of(each.superior, fresh(each))).damaged == set()
    assert list(findings(with_texts=True)) == []


def test_two_years_are_deleted_while_the_later_replaces_the_earlier():
    for _round in ROUNDS:
        last = factories.make_agreement(state=State.SIGNED, year=factories.YEAR - 1)
        agreement = factories.make_agreement(leader=last.leader, superior=last.superior)
        factories.bring_to(agreement, State.SIGNING)
        seen = record_read(agreement, agreement.superior)
        deleted, signed = together(
            partial(deletion.delete_texts, [last.pk, agreement.pk]),
            partial(sign, agreement, agreement.superior, seen),
        )
        assert deleted.result == 2
        assert events(last)[Event.Kind.REPLACED] == signed.done
        assert fresh(last).state == (State.REPLACED if signed.done else State.ENDED)
        assert_gone(agreement)
