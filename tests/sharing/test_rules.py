"""Who may share what, with whom, until when: yes and no for each rule."""

import copy
import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from leder.agreements import rules as agreements_rules
from leder.agreements.models import Share
from leder.agreements.states import State
from leder.pages.editions import Edition
from leder.sharing import rules
from tests.factories import (
    FOLLOW_UP_SECTION,
    FORM,
    PRIVATE_SECTION,
    SECTION,
    access_of,
    lapse,
    make_agreement,
    make_user,
    propose,
    share,
)

pytestmark = pytest.mark.django_db


def day(days):
    return timezone.localdate() + dt.timedelta(days=days)


def of(person, agreement):
    """A party's access to the object at hand."""
    return replace(access_of(person, agreement), agreement=agreement)


def asked(agreement, by=None, **changes):
    terms = {"section_id": PRIVATE_SECTION, "reader": make_user(), "until": day(30), **changes}
    return rules.may_propose(of(by or agreement.leader, agreement), **terms)


@pytest.mark.parametrize("state", [State.OPENED, State.SIGNING, State.SIGNED, State.FOLLOWED_UP])
def test_both_parties_propose(state):
    agreement = make_agreement(state=state)
    assert asked(agreement)
    assert asked(agreement, by=agreement.superior)


def test_nothing_is_shared_of_what_is_ended_or_deleted():
    agreement = make_agreement()
    agreement.state = State.ENDED
    assert not asked(agreement)
    agreement.state, agreement.text_deleted_at = State.SIGNED, timezone.now()
    assert not asked(agreement)


@pytest.mark.parametrize(
    ("section_id", "allowed"),
    [(PRIVATE_SECTION, True), (FOLLOW_UP_SECTION, True), ("", True), ("introduction", False), ("x", False)],
)
def test_a_section_that_takes_answers_or_the_whole(section_id, allowed):
    assert asked(make_agreement(), section_id=section_id) is allowed


def test_the_reader_is_active_and_neither_of_the_two():
    agreement = make_agreement()
    assert not asked(agreement, reader=make_user(is_active=False))
    assert not asked(agreement, reader=agreement.leader)
    assert not asked(agreement, reader=agreement.superior)


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (365, True), (367, False)])
def test_from_today_to_a_year_ahead(days, allowed):
    assert asked(make_agreement(), until=day(days)) is allowed


@pytest.mark.parametrize(
    ("today", "latest"),
    [
        (dt.date(2027, 3, 31), dt.date(2028, 3, 31)),
        (dt.date(2028, 2, 29), dt.date(2029, 2, 28)),
    ],
)
def test_a_year_ahead_is_the_same_date(today, latest):
    assert rules.latest_day(today) == latest


def answers(share):
    """What the leader and the superior may do with it."""
    agreement = share.agreement
    parties = [of(agreement.leader, agreement), of(agreement.superior, agreement)]
    return [
        [rule(person, share) for person in parties]
        for rule in (rules.may_consent, agreements_rules.may_answer, rules.may_withdraw)
    ]


def test_the_other_answers_and_the_proposer_takes_it_back():
    agreement, reader = make_agreement(), make_user()
    proposal = propose(agreement, reader)
    assert answers(proposal) == [[False, True], [False, True], [True, False]]
    proposal = propose(agreement, reader, by=agreement.superior, section_id="")
    assert answers(proposal) == [[True, False], [True, False], [False, True]]


def test_what_is_agreed_is_withdrawn_by_either_also_when_the_agreement_is_ended():
    agreement, reader = make_agreement(), make_user()
    agreed = share(agreement, reader)
    agreed.agreement.state = State.ENDED
    assert answers(agreed) == [[False] * 2, [False] * 2, [True, True]]


def test_an_access_to_another_agreement_withdraws_nothing():
    agreement, other = make_agreement(), make_agreement()
    agreed = share(agreement, make_user())
    assert rules.may_withdraw(of(agreement.leader, agreement), agreed)
    elsewhere = replace(of(other.leader, other), reader=agreement.leader)
    assert not rules.may_withdraw(elsewhere, agreed)


def test_nobody_consents_when_the_terms_no_longer_hold():
    agreement = make_agreement()
    proposal = propose(agreement, make_user())
    superior = of(agreement.superior, agreement)
    agreement.state = State.ENDED
    assert not rules.may_consent(superior, proposal)
    assert agreements_rules.may_answer(superior, proposal)
    agreement.state = State.OPENED
    assert rules.may_consent(superior, proposal)
    proposal.reader.is_active = False
    assert not rules.may_consent(superior, proposal)


def test_what_is_past_its_date_has_ended():
    agreement = make_agreement()
    for made in (propose(agreement, make_user()), share(agreement, make_user())):
        assert rules.is_standing(made)
        past = lapse(made)
        assert not rules.is_standing(past)
        assert answers(past) == [[False] * 2] * 3


@pytest.mark.parametrize("status", [Share.Status.DECLINED, Share.Status.WITHDRAWN])
def test_what_is_ended_stays_ended(status):
    agreement = make_agreement()
    ended = propose(agreement, make_user())
    ended.status = status
    assert answers(ended) == [[False] * 2] * 3


@pytest.mark.parametrize("status", [*Share.Status])
def test_a_share_is_read_by_its_reader_while_it_stands(status):
    agreement, reader = make_agreement(), make_user()
    agreed = share(agreement, reader)
    for person in (agreement.leader, agreement.superior, make_user(is_superuser=True)):
        assert not agreements_rules.may_read_share(person, agreed)
    agreed.status = status
    assert agreements_rules.may_read_share(reader, agreed) is (status == Share.Status.AGREED)
    assert not agreements_rules.may_read_share(reader, lapse(agreed))


def test_what_was_before_the_superior_of_today_is_the_leaders_to_see():
    agreement = make_agreement()
    made = propose(agreement, make_user())
    people = (of(agreement.leader, agreement), of(agreement.superior, agreement))
    assert [rules.may_see(person, made) for person in people] == [True, True]
    agreement.handed_over_at = made.proposed_at + dt.timedelta(seconds=1)
    assert [rules.may_see(person, made) for person in people] == [True, False]
    agreement.handed_over_at = made.proposed_at
    assert [rules.may_see(person, made) for person in people] == [True, True]


def test_a_section_that_nobody_writes_in_is_not_shared():
    form = copy.deepcopy(FORM)
    for part in form["parts"]:
        if part["id"] == SECTION:
            part.update(answer="none", goals=False)
    agreement = make_agreement()
    assert asked(agreement, section_id=SECTION)
    agreement.form_edition = Edition(kind="form", content=form)
    assert not asked(agreement, section_id=SECTION)
    assert asked(agreement, section_id=PRIVATE_SECTION)
