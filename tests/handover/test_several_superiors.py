"""What the leader can let the superior of today read, when several have been superior before (R2)."""

import pytest

from leder.agreements.access.handovers import handed_over
from leder.agreements.actions import RuleBroken
from leder.agreements.presenting.section import Shown, may_let
from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.handover.consenting import consent
from tests.factories import FOLLOW_UP_SECTION, PRIVATE_SECTION, access_of, confirm, make_user
from tests.handover.writing import everything_after, everything_before, let_read, texts_of, words_of, write

pytestmark = pytest.mark.django_db


def held(case, superior):
    conversing.hold(access_of(superior, case.agreement), held_on=case.fresh().opened_at.date())


def offers(case, section):
    """Whether the page offers the leader to let the superior of today read."""
    now = case.fresh()
    texts = texts_of(case, case.leader)
    shown = Shown(access_of(case.leader, now), texts, handed_over(now))
    return may_let(shown, now.form_edition.section(section))


def test_one_who_wrote_nothing_does_not_stand_between(case_in):
    """The text is with the first; the second left an empty section behind; the third may be let read it."""
    case = case_in(State.DISCUSSED, everything_before)
    case.hand_over()
    third = make_user(first_name="Tone", last_name="Tredje")
    case.hand_over(third)
    assert offers(case, PRIVATE_SECTION)
    let_read(case)
    assert texts_of(case, third).answers[PRIVATE_SECTION].payload["note"] == "privat"


def test_with_nothing_written_there_is_nothing_to_let_read(case_in):
    case = case_in(State.DISCUSSED)
    case.hand_over()
    case.hand_over(make_user())
    events = case.agreement.events.count()
    assert not offers(case, PRIVATE_SECTION)
    with pytest.raises(RuleBroken):
        let_read(case)
    assert case.agreement.events.count() == events


def confirmed_with_the_first_after_an_acting_one(case_in):
    case = case_in(State.SIGNED, everything_before)
    everything_after(case)
    case.hand_over(acting=True)
    write(case, FOLLOW_UP_SECTION, "med den konstituerte", by=case.leader)
    case.come_back()
    held(case, case.former)
    for person in (case.former, case.leader):
        confirm(case.fresh(), person)
    assert case.fresh().state == State.FOLLOWED_UP
    case.hand_over(make_user())
    return case


def test_the_leader_is_shown_the_follow_up_that_was_confirmed(case_in):
    """Not what they wrote in it with one who was acting meanwhile."""
    case = confirmed_with_the_first_after_an_acting_one(case_in)
    texts = texts_of(case, case.leader)
    assert texts.answers[FOLLOW_UP_SECTION].payload["note"] == "privat oppfølging"
    assert "med den konstituerte" in words_of(case, case.leader)


def test_the_follow_up_that_was_confirmed_is_what_is_let_read(case_in):
    case = confirmed_with_the_first_after_an_acting_one(case_in)
    successor = case.fresh().superior
    consent(access_of(case.leader, case.agreement), section_id=FOLLOW_UP_SECTION)
    assert texts_of(case, successor).answers[FOLLOW_UP_SECTION].payload["note"] == "privat oppfølging"
    assert "med den konstituerte" not in words_of(case, successor)
