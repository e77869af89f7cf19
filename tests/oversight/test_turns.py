"""Whose turn it is, read for many agreements at once."""

import datetime as dt

import pytest
from django.utils import timezone

from leder.agreements import actions as agreeing
from leder.agreements.models import Agreement, Signature
from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.oversight.completion.status import status
from leder.oversight.facts import facts_of
from leder.oversight.turns import turns_of
from tests import factories
from tests.attacks.sql import noted, put_back
from tests.factories import SECTION, make_agreement

pytestmark = pytest.mark.django_db


def turn(user, agreement, today=None):
    seen = Agreement.objects.visible_to(user).with_status().filter(pk=agreement.pk)
    return turns_of(user, seen, today=today or timezone.localdate())[0]


def test_a_signed_agreement_rests_until_the_autumn():
    agreement = make_agreement(state=State.SIGNED)
    assert not turn(agreement.superior, agreement, dt.date(2027, 5, 1)).needs_me
    assert turn(agreement.superior, agreement, dt.date(2027, 8, 1)).needs_me
    assert not turn(agreement.leader, agreement, dt.date(2027, 8, 1)).needs_me


def test_one_who_has_signed_waits():
    agreement = make_agreement(state=State.SIGNING)
    assert not turn(agreement.leader, agreement).needs_me
    assert turn(agreement.superior, agreement).needs_me


def test_a_change_that_is_asked_for_is_the_leaders_until_it_is_made():
    agreement = make_agreement(state=State.DISCUSSED)
    agreeing.ask_for_changes(
        factories.access_of(agreement.superior, agreement), section_id=SECTION, version=0, comment="Kortere"
    )
    assert turn(agreement.leader, agreement).needs_me
    assert not turn(agreement.superior, agreement).needs_me
    agreeing.save_section(
        factories.access_of(agreement.leader, agreement),
        section_id=SECTION,
        version=0,
        payload={"note": "Kort", "answers": {}, "choices": [], "goals": []},
    )
    assert turn(agreement.superior, agreement).needs_me


def test_a_follow_up_that_is_held_waits_for_each_to_confirm():
    agreement = make_agreement(state=State.SIGNED)
    conversing.hold(factories.access_of(agreement.superior, agreement), held_on=timezone.localdate())
    agreement.refresh_from_db()
    factories.confirm(agreement, agreement.leader)
    assert not turn(agreement.leader, agreement).needs_me
    assert turn(agreement.superior, agreement).needs_me


def test_a_conversation_left_from_before_the_signing_is_not_the_follow_up():
    agreement = make_agreement(state=State.DISCUSSED)
    conversing.call(
        factories.access_of(agreement.superior, agreement),
        starts_at=timezone.now() + dt.timedelta(days=2),
        minutes=30,
        place="Her",
    )
    for person in (agreement.leader, agreement.superior):
        factories.sign(agreement, person)
    agreement.refresh_from_db()
    assert facts_of([agreement])[agreement.pk].conversation is None


@pytest.mark.parametrize("proposer", ["leader", "superior"])
def test_a_proposal_to_reopen_waits_for_the_other_in_any_month(proposer):
    agreement = make_agreement(state=State.SIGNED)
    one = getattr(agreement, proposer)
    other = agreement.superior if proposer == "leader" else agreement.leader
    factories.propose_reopening(agreement, by=one)
    for today in (dt.date(2027, 5, 1), dt.date(2027, 9, 1)):
        assert turn(other, agreement, today).needs_me
        assert not turn(one, agreement, today).needs_me
        assert {turn(person, agreement, today).step.url_name for person in (one, other)} == {"reopening"}


def test_what_is_reopened_is_signed_anew_without_a_deadline_that_has_passed():
    agreement = make_agreement(state=State.SIGNED)
    factories.reopen(agreement)
    for person in (agreement.leader, agreement.superior):
        mine = turn(person, agreement, dt.date(2027, 5, 1))
        assert (mine.step.url_name, mine.due, mine.needs_me) == ("sign", None, True)
    factories.sign(agreement, agreement.leader)
    agreement.refresh_from_db()
    assert not turn(agreement.leader, agreement).needs_me
    factories.sign(agreement, agreement.superior)
    agreement.refresh_from_db()
    assert turn(agreement.superior, agreement, dt.date(2027, 8, 1)).step.url_name == "conversations"


def test_a_signature_that_was_not_given_counts_nowhere():
    """The superior has signed; by hand, the same is said of the leader."""
    agreement = make_agreement(state=State.DISCUSSED)
    factories.sign(agreement, agreement.superior)
    agreement.refresh_from_db()
    row = noted(Signature.objects.get())
    put_back(Signature, {**row, "id": row["id"] + 1, "role": "leader", "signer_id": agreement.leader.pk})
    assert facts_of([agreement])[agreement.pk].signed_roles == {"superior"}
    assert turn(agreement.leader, agreement).needs_me
    rows = status(agreement.round, today=timezone.localdate())
    assert {each.waits_for for each in rows if each.agreement_id == agreement.pk} == {"leader"}


def test_two_queries_for_any_number(django_assert_max_num_queries):
    states = (State.OPENED, State.DISCUSSED, State.SIGNING, State.SIGNED)
    agreements = [make_agreement(state=state) for state in states]
    with django_assert_max_num_queries(2):
        facts_of(agreements)
    with django_assert_max_num_queries(0):
        facts_of([])
