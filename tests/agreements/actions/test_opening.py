"""One agreement a leader and year, and nobody with themself (R1): the actions by themselves, the database by itself."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from leder.agreements import actions
from leder.agreements.actions.opening import Pair, open_agreements
from leder.agreements.models import Agreement
from tests.factories import make_agreement, make_editions, make_position, make_round, make_user

pytestmark = pytest.mark.django_db


def inserted(queries):
    return [each["sql"] for each in queries.captured_queries if "INSERT" in each["sql"]]


def terms(**changes):
    return {
        "year_round": make_round(),
        "position": make_position(),
        "leader": make_user(),
        "superior": make_user(),
        "superior_position": make_position(),
        "editions": make_editions(),
        **changes,
    }


@pytest.mark.parametrize("why", ["has one", "own superior"])
def test_the_action_asks_before_the_database_does(why):
    """Nothing is sent to the database, which would refuse it too."""
    leader = make_agreement().leader if why == "has one" else make_user()
    asked = terms(leader=leader, **({"superior": leader} if why == "own superior" else {}))
    with CaptureQueriesContext(connection) as queries, pytest.raises(actions.RuleBroken):
        actions.open_agreement(**asked)
    assert inserted(queries) == []


def test_many_at_once_are_asked_before_the_database_is():
    leader, person = make_agreement().leader, make_user()
    pairs = [
        Pair(make_position(), leader, make_position(), make_user()),
        Pair(make_position(), person, make_position(), person),
    ]
    asked = {"year_round": make_round(), "pairs": pairs, "editions": make_editions()}
    with CaptureQueriesContext(connection) as queries:
        assert open_agreements(**asked) == []
    assert inserted(queries) == []


def save_copy(agreement, **changes):
    """Save a row of its own like this one, as no action does."""
    copy = Agreement.objects.get(pk=agreement.pk)
    copy.pk, copy.uuid = None, uuid.uuid4()
    for name, value in changes.items():
        setattr(copy, name, value)
    with transaction.atomic():
        copy.save()


def test_the_database_takes_no_second_one_by_itself():
    agreement = make_agreement()
    # Another superior and another position: what else says “once” has nothing against it.
    with pytest.raises(IntegrityError):
        save_copy(agreement, superior=make_user(), position=make_position())
    assert Agreement.objects.count() == 1


def test_the_database_takes_nobody_who_is_their_own_superior():
    agreement, person = make_agreement(), make_user()
    with pytest.raises(IntegrityError):
        save_copy(agreement, leader=person, superior=person)
    assert Agreement.objects.count() == 1
