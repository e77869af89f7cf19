"""Who gets an agreement with whom, and what is said about it before it happens."""

import datetime as dt

import pytest
from django.utils import timezone

from leder.agreements.models import Agreement
from leder.agreements.states import State
from leder.organisation.models import Position
from leder.year.plan import Remark, filtered, plan_of
from tests.factories import make_agreement, make_position, make_round, make_user
from tests.year.conftest import appoint, make_leaders, position_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    """A function that gives the plan of today."""

    def today(year_round=None):
        return plan_of(year_round, timezone.localdate())

    return today


def line_of(plan, person, position=None):
    (found,) = [
        line
        for line in plan.lines
        if line.person == person and (position is None or line.position == position)
    ]
    return found


def test_nobody_at_all(plan):
    empty = plan()
    assert (empty.lines, empty.ready, empty.superiors, empty.without) == ([], [], 0, 0)


def test_each_leader_with_the_superior(plan):
    superior, top, leaders = make_leaders(12)
    found = plan()
    assert len(found.ready) == 12
    assert found.superiors == 1
    line = line_of(found, leaders[0])
    assert (line.superior, line.superior_position, line.remarks) == (superior, top, ())
    assert line.pair.leader == leaders[0]


def test_the_one_at_the_top_has_no_superior(plan):
    superior, _top, _leaders = make_leaders(1)
    found = plan()
    assert line_of(found, superior).remarks == (Remark.NO_SUPERIOR,)
    assert not line_of(found, superior).gets_agreement
    assert found.without == 1


def test_vacant_positions_are_passed_over_all_the_way_up(plan):
    superior, top, _none = make_leaders(0)
    middle = make_position(reports_to=make_position(reports_to=top))
    leader = make_user()
    appoint(leader, make_position(reports_to=middle))
    found = plan()
    line = line_of(found, leader)
    assert (line.superior, line.gets_agreement) == (superior, True)
    assert line.remarks == (Remark.PASSED_OVER,)
    assert found.counts[Remark.VACANT] == 2


def test_a_circle_is_named_and_nobody_in_it_gets_one(plan):
    _superior, top, _none = make_leaders(0)
    one, other = make_position(reports_to=top), make_position(reports_to=top)
    below = make_user()
    appoint(below, make_position(reports_to=one))
    # Not possible by the forms; an import of long ago may have left it.
    Position.objects.filter(pk=one.pk).update(reports_to=other)
    Position.objects.filter(pk=other.pk).update(reports_to=one)
    line = line_of(plan(), below)
    assert line.remarks == (Remark.CIRCLE,)
    assert not line.gets_agreement


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"group": 3, "code": "B"}, {"group": 2, "code": "A", "acting": True}),
        ({"group": 2, "code": "B"}, {"group": 3, "code": "A"}),
        ({"group": 3, "code": "A"}, {"group": 3, "code": "B"}),
    ],
)
def test_with_two_positions_one_counts(plan, first, second):
    """The permanent before the acting, then the lower group, then the code."""
    _superior, top, _none = make_leaders(0)
    leader = make_user()
    made = []
    for kind in (second, first):
        acting = kind.get("acting", False)
        position = make_position(reports_to=top, group=kind["group"], code=kind["code"])
        appoint(leader, position, acting=acting)
        made.append(position)
    found = plan()
    other, counting = (line_of(found, leader, position) for position in made)
    assert counting.gets_agreement
    assert not other.gets_agreement
    assert Remark.SECOND in other.remarks
    assert len([line for line in found.ready if line.person == leader]) == 1


def test_of_two_positions_the_one_with_a_superior_counts(plan):
    _superior, top, _none = make_leaders(0)
    leader = make_user()
    alone, below = make_position(code="A", group=1), make_position(code="B", reports_to=top)
    for position in (alone, below):
        appoint(leader, position)
    found = plan()
    assert line_of(found, leader, below).gets_agreement
    assert found.without == 1  # the one at the top only


def test_one_who_is_acting_leads_and_the_one_away_does_not(plan):
    _superior, _top, (away,) = make_leaders(1)
    acting = make_user()
    appoint(acting, position_of(away), acting=True)
    found = plan()
    assert line_of(found, acting).remarks == (Remark.ACTING,)
    assert [line for line in found.lines if line.person == away] == []


def test_accounts_and_addresses_are_looked_at(plan):
    superior, _top, (leader,) = make_leaders(1)
    superior.is_active = False
    superior.save()
    leader.email = ""
    leader.save()
    line = line_of(plan(), leader)
    assert line.remarks == (Remark.SUPERIOR_CLOSED, Remark.LEADER_UNREACHED)
    assert line.gets_agreement
    superior.is_active, superior.email = True, ""
    superior.save()
    assert line_of(plan(), leader).remarks[0] == Remark.SUPERIOR_UNREACHED


def test_who_has_one_gets_no_other(plan):
    _superior, _top, leaders = make_leaders(2)
    make_agreement(leader=leaders[0])
    found = plan(make_round())
    assert line_of(found, leaders[0]).has_agreement
    assert leaders[0] not in [line.person for line in found.ready]
    assert found.having == 1


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_does_not_grow(plan, django_assert_num_queries, number):
    make_leaders(number)
    year_round = make_round()
    with django_assert_num_queries(4):
        assert len(plan(year_round).ready) == number


def test_filters(plan):
    _superior, _top, leaders = make_leaders(3)
    leaders[0].last_name = "Ås"
    leaders[0].save()
    acting = make_user()
    appoint(acting, position_of(leaders[1]), acting=True, ends=dt.date(2099, 1, 1))
    found = plan()
    assert [line.person for line in filtered(found, words="åS kari")] == [leaders[0]]
    assert [line.person for line in filtered(found, show="acting")] == [acting]
    assert len(filtered(found, show="ready")) == 3
    assert [line.person for line in filtered(found, show="wrong")] == [_superior]
    assert filtered(found, area="0") == []
    assert filtered(found, words="finnes ikke") == []


def test_what_was_ended_is_no_agreement_that_stands(plan):
    _superior, _top, (leader,) = make_leaders(1)
    agreement = make_agreement(leader=leader)
    Agreement.objects.update(state=State.ENDED)
    found = plan(agreement.round)
    assert line_of(found, leader).gets_agreement
    assert found.having == 0


def test_a_position_out_of_use_is_not_in_it(plan):
    _superior, top, (leader,) = make_leaders(1)
    Position.objects.filter(pk=position_of(leader).pk).update(active=False)
    assert [line.position for line in plan().lines] == [top]
