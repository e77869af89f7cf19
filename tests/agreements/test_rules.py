"""Who may do what, in which state: yes and no for each rule of `agreements.rules`."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from leder.agreements import rules
from leder.agreements.models import Agreement, Reopening
from leder.agreements.presenting.next_step import next_step
from leder.agreements.states import State
from tests.factories import (
    SECTION,
    access_of,
    access_or_none,
    make_agreement,
    make_user,
    propose,
    propose_reopening,
)

pytestmark = pytest.mark.django_db

BEFORE = (State.OPENED, State.PREPARED, State.DISCUSSED, State.SIGNING)
STANDING = (*BEFORE, State.SIGNED)


@pytest.fixture
def agreement():
    """One whose state is set in memory: a rule asks the object at hand."""
    return make_agreement()


def section(agreement, section_id=SECTION):
    return agreement.form_edition.section(section_id)


def of(person, agreement):
    """A party's access to the object at hand."""
    return replace(access_of(person, agreement), agreement=agreement)


def take(name):
    """A rule that asks for a section too."""
    return lambda access: getattr(rules, name)(access, section(access.agreement))


# The rule, the states in which the leader may, and those in which the superior may.
BY_STATE = (
    (rules.may_prepare, (State.OPENED,), (State.OPENED,)),
    (rules.may_edit_preparation, (State.OPENED,), (State.OPENED,)),
    (take("may_write"), BEFORE, BEFORE),
    (take("may_write_progress"), (State.SIGNED,), (State.SIGNED,)),
    (rules.may_comment, STANDING, STANDING),
    (rules.may_decide_on_text, BEFORE, BEFORE),
    (take("may_review"), (), BEFORE),
    (rules.may_call, (), STANDING),
    (rules.may_hold_first, (), (State.OPENED, State.PREPARED)),
    (rules.may_hold_follow_up, (), (State.SIGNED,)),
    (rules.may_meet, STANDING, STANDING),
)


@pytest.mark.parametrize(("rule", "leaders", "superiors"), BY_STATE)
def test_by_role_and_state(agreement, rule, leaders, superiors):
    leader, superior = of(agreement.leader, agreement), of(agreement.superior, agreement)
    for state in State:
        agreement.state = state
        assert rule(leader) is (state in leaders), state
        assert rule(superior) is (state in superiors), state


def test_nobody_else_has_what_the_rules_ask_of(agreement):
    stranger = make_user(is_superuser=True)
    for state in State:
        Agreement.objects.filter(pk=agreement.pk).update(state=state)
        assert access_or_none(stranger, agreement) is None, state


def test_a_part_without_answers_is_not_written_in(agreement):
    to_be_read = replace(section(agreement), answer="none", goals=False)
    assert not rules.may_write(of(agreement.leader, agreement), to_be_read)
    assert not rules.may_review(of(agreement.superior, agreement), to_be_read)


def test_signing_waits_for_the_conversation(agreement):
    leader = of(agreement.leader, agreement)
    for state in State:
        agreement.state = state
        may = rules.may_sign(leader, signed_roles=set(), changes_asked=False)
        assert may is (state in (State.DISCUSSED, State.SIGNING)), state


def test_nobody_signs_or_confirms_twice(agreement):
    leader = of(agreement.leader, agreement)
    agreement.state = State.SIGNING
    for signed, may in ((set(), True), ({"superior"}, True), ({"leader"}, False)):
        assert rules.may_sign(leader, signed_roles=signed, changes_asked=False) is may
    agreement.state, agreement.follow_up_on = State.SIGNED, dt.date(2027, 10, 1)
    for confirmed, may in ((set(), True), ({"superior"}, True), ({"leader"}, False)):
        assert rules.may_confirm(leader, confirmed_roles=confirmed) is may


def test_the_next_step_is_to_sign_where_one_may(agreement, monkeypatch):
    """The rule is asked: it may change, and the page says the same."""
    agreement.state = State.SIGNING
    for signed, may in (((), True), (("superior",), True), (("leader",), False)):
        step = next_step(agreement.leader, agreement, signed_roles=signed)
        assert (step.url_name, step.mine) == ("sign", may)
    monkeypatch.setattr(rules, "is_to_sign", lambda *_whose, **_standing: False)
    assert not next_step(agreement.leader, agreement, signed_roles=("superior",)).mine


def test_the_follow_up_of_what_ended_unsigned_is_none(agreement):
    leader = of(agreement.leader, agreement)
    agreement.state = State.ENDED
    assert not rules.may_follow_up(leader)
    agreement.signed_at = timezone.now()
    assert rules.may_follow_up(leader)


def test_what_is_over_is_not_ended_again(agreement):
    over = {State.REPLACED, State.ENDED}
    for state in State:
        agreement.state = state
        assert rules.may_end(agreement) is (state not in over), state


def test_goals_are_carried_over_while_it_is_written(agreement):
    leader = of(agreement.leader, agreement)
    agreement.previous_id = 1
    for state in State:
        agreement.state = state
        may = rules.may_carry_over(leader, section(agreement))
        assert may is (state in BEFORE), state


def test_a_reason_is_for_the_leader_and_the_superior_it_was_written_to():
    agreement = make_agreement(state=State.SIGNED)
    row = propose_reopening(agreement)
    people = [of(agreement.leader, agreement), of(agreement.superior, agreement)]
    # No access makes one a reader of it.
    people += [agreement.leader, make_user(is_superuser=True)]
    assert [rules.may_read_why(person, row) for person in people] == [True, True, False, False]
    # Written while another was superior.
    row.pair = "0" * 32
    assert [rules.may_read_why(person, row) for person in people] == [True, False, False, False]
    assert row.status == Reopening.Status.PROPOSED


def test_an_access_to_one_agreement_says_nothing_of_a_proposal_in_another():
    agreement, other = make_agreement(state=State.SIGNED), make_agreement(state=State.SIGNED)
    for row in (propose_reopening(agreement), propose(agreement, make_user())):
        assert rules.may_answer(of(agreement.superior, agreement), row)
        assert rules.may_take_back(of(agreement.leader, agreement), row)
        # Of the same people, so that nothing else stands between.
        superior = replace(of(other.superior, other), reader=agreement.superior)
        leader = replace(of(other.leader, other), reader=agreement.leader)
        assert not rules.may_answer(superior, row)
        assert not rules.may_take_back(leader, row)
        assert not rules.may_read_why(leader, row)
