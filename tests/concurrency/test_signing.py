"""Signing while somebody else signs or writes."""

from functools import partial

from django.utils import timezone

from leder.agreements import actions
from leder.agreements.models import Event, Seal
from leder.agreements.states import State
from leder.conversations import actions as conversing
from tests import factories
from tests.concurrency.lives import (
    assert_whole,
    events,
    fresh,
    note_of,
    record_read,
    save,
    version_of,
)
from tests.concurrency.together import ROUNDS, together


def sign(agreement, person, read):
    return actions.sign(factories.access_of(person, agreement), place="Lørenskog", content_hash=read)


def test_one_signs_while_the_other_writes():
    for number in ROUNDS:
        agreement = factories.make_agreement(state=State.DISCUSSED)
        save(agreement, agreement.leader, "Før")
        read = record_read(agreement, agreement.leader)
        note = f"Endret {number}"
        signed, written = together(
            partial(sign, agreement, agreement.leader, read),
            partial(save, agreement, agreement.superior, note, version=1),
        )
        # The text is never lost; the signature only ever stands for what was read.
        assert written.done
        assert note_of(agreement) == note
        assert version_of(agreement) == 2
        assert fresh(agreement).state == State.DISCUSSED
        assert not agreement.seals.filter(voided_at=None).exists()
        if signed.done:
            assert events(agreement)[Event.Kind.VOIDED] == 1
        else:
            assert isinstance(signed.refusal, actions.ContentChanged)
            assert events(agreement)[Event.Kind.SIGNED] == 0
        assert_whole(agreement)


def test_the_second_signs_while_the_first_writes_on():
    for number in ROUNDS:
        agreement = factories.make_agreement(state=State.DISCUSSED)
        save(agreement, agreement.leader, "Før")
        factories.sign(agreement, agreement.leader)
        read = record_read(agreement, agreement.superior)
        note = f"Endret {number}"
        signed, written = together(
            partial(sign, agreement, agreement.superior, read),
            partial(save, agreement, agreement.leader, note, version=1),
        )
        assert signed.done != written.done
        now = fresh(agreement)
        if signed.done:
            assert (now.state, note_of(agreement), version_of(agreement)) == (State.SIGNED, "Før", 1)
            assert isinstance(written.refusal, actions.RuleBroken)
        else:
            assert (now.state, note_of(agreement), version_of(agreement)) == (State.DISCUSSED, note, 2)
            assert isinstance(signed.refusal, actions.ContentChanged)
        assert_whole(agreement)


def test_both_sign_at_once():
    for _round in ROUNDS:
        agreement = factories.make_agreement(state=State.DISCUSSED)
        save(agreement, agreement.leader, "Målet")
        read = record_read(agreement, agreement.leader)
        before = events(agreement)
        outcomes = together(
            *(partial(sign, agreement, person, read) for person in (agreement.leader, agreement.superior))
        )
        assert all(outcome.done for outcome in outcomes)
        now = fresh(agreement)
        assert now.state == State.SIGNED
        seal = agreement.seals.get()
        assert set(seal.signatures.values_list("role", flat=True)) == {"leader", "superior"}
        assert now.signed_at == max(seal.signatures.values_list("signed_at", flat=True))
        assert events(agreement) - before == {Event.Kind.SIGNED: 2}
        assert_whole(agreement)


def test_one_signs_twice_at_once():
    for _round in ROUNDS:
        agreement = factories.make_agreement(state=State.DISCUSSED)
        read = record_read(agreement, agreement.leader)
        outcomes = together(*[partial(sign, agreement, agreement.leader, read)] * 2)
        assert sum(outcome.done for outcome in outcomes) == 1
        assert fresh(agreement).state == State.SIGNING
        assert agreement.seals.get().signatures.count() == 1
        assert events(agreement)[Event.Kind.SIGNED] == 1
        assert_whole(agreement)


def test_the_superior_asks_for_changes_while_the_leader_signs():
    for _round in ROUNDS:
        agreement = factories.make_agreement(state=State.DISCUSSED)
        save(agreement, agreement.leader, "Målet")
        read = record_read(agreement, agreement.leader)
        signed, asked = together(
            partial(sign, agreement, agreement.leader, read),
            partial(
                actions.ask_for_changes,
                factories.access_of(agreement.superior, agreement),
                section_id=factories.SECTION,
                version=1,
                comment="Skriv mer",
            ),
        )
        assert asked.done
        assert fresh(agreement).state == State.DISCUSSED
        assert agreement.comments.count() == 1
        assert events(agreement)[Event.Kind.VOIDED] == signed.done
        assert_whole(agreement)


def test_both_confirm_the_follow_up_at_once():
    for _round in ROUNDS:
        agreement = factories.make_agreement(state=State.SIGNED)
        conversing.hold(factories.access_of(agreement.superior, agreement), held_on=timezone.localdate())
        outcomes = together(
            *(
                partial(factories.confirm, fresh(agreement), person)
                for person in (agreement.leader, agreement.superior)
            )
        )
        assert all(outcome.done for outcome in outcomes)
        assert fresh(agreement).state == State.FOLLOWED_UP
        seal = agreement.seals.get(kind=Seal.Kind.FOLLOW_UP)
        assert seal.signatures.count() == events(agreement)[Event.Kind.CONFIRMED] == 2
        assert_whole(agreement)


def test_the_second_signature_replaces_last_year_while_both_write_there():
    for number in ROUNDS:
        last = factories.make_agreement(state=State.SIGNED, year=factories.YEAR - 1)
        agreement = factories.make_agreement(leader=last.leader, superior=last.superior)
        assert agreement.previous == last
        factories.bring_to(agreement, State.SIGNING)
        read = record_read(agreement, agreement.superior)
        signed, written, answered = together(
            partial(sign, agreement, agreement.superior, read),
            partial(
                actions.save_progress,
                factories.access_of(last.leader, last),
                section_id=factories.SECTION,
                version=0,
                payload={"note": f"Status {number}", "goals": {}},
            ),
            partial(save, last, last.superior, "Svar", section=factories.FOLLOW_UP_SECTION),
        )
        assert signed.done
        assert (fresh(agreement).state, fresh(last).state) == (State.SIGNED, State.REPLACED)
        assert events(last)[Event.Kind.REPLACED] == 1
        assert last.entries.filter(kind="progress").count() == written.done
        assert last.entries.filter(section_id=factories.FOLLOW_UP_SECTION).count() == answered.done
        assert_whole(agreement)
        assert_whole(last)
