"""Opening the year twice at once, and while superiors open theirs; leaving while the two sign."""

import datetime as dt
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.models import Agreement, Event, RoundCount
from leder.agreements.states import State
from leder.organisation.models import Appointment
from leder.safekeeping.verification import findings
from leder.year import opening
from leder.year.daily import bring_in_line
from leder.year.leaving import end_for_leaver
from leder.year.models import Opening
from tests import factories
from tests.concurrency.lives import assert_whole, events, fresh, record_read
from tests.concurrency.together import ROUNDS, together
from tests.year.conftest import appoint, hr, make_leaders, position_of, publish_texts, texts, year_round

__all__ = ["hr", "texts", "year_round"]
# Opening is long: a few of the usual rounds.
SOME = ROUNDS[: max(2, len(ROUNDS) // 5)]


@pytest.fixture
def published(transactional_db, november):
    """Committed, for the other threads to see."""
    return publish_texts()


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    """Many batches, so that the two take turns."""
    monkeypatch.setattr(opening, "BATCH", 3)


def afresh(leaders):
    """As before the opening."""
    with connection.cursor():
        Agreement.objects.all().delete()
        RoundCount.objects.all().delete()
        Opening.objects.all().delete()
    assert len(leaders) > 0


def test_two_workers_open_the_same_year(hr, year_round):
    _superior, _top, leaders = make_leaders(12)
    for _round in SOME:
        begun = opening.begin(actor=hr, year_round=year_round)
        outcomes = together(*[partial(opening.run, begun)] * 2)
        assert all(outcome.done for outcome in outcomes)
        assert sorted(Agreement.objects.values_list("leader", flat=True)) == sorted(
            leader.pk for leader in leaders
        )
        begun.refresh_from_db()
        assert (begun.done, begun.total, begun.failure) == (12, 12, "")
        assert Event.objects.filter(kind=Event.Kind.OPENED).count() == 12
        assert list(findings()) == []
        afresh(leaders)


def test_two_press_the_button(hr, year_round):
    _superior, _top, leaders = make_leaders(3)
    for _round in SOME:
        outcomes = together(*[partial(opening.begin, actor=hr, year_round=year_round)] * 2)
        assert {outcome.result for outcome in outcomes} == {Opening.objects.get()}
        afresh(leaders)


def test_superiors_and_the_daily_job_open_while_the_year_is_opened(hr, year_round):
    superior, top, leaders = make_leaders(12)
    for _round in SOME:
        begun = opening.begin(actor=hr, year_round=year_round)

        def by_hand(leader):
            return actions.open_agreement(
                year_round=year_round,
                position=position_of(leader),
                leader=leader,
                superior=superior,
                superior_position=top,
                actor=superior,
            )

        whole, daily, *_by_hand = together(
            partial(opening.run, begun),
            lambda: list(bring_in_line()),
            *(partial(by_hand, leader) for leader in (leaders[1], leaders[10])),
        )
        assert whole.done
        assert daily.done
        assert Agreement.objects.count() == 12
        begun.refresh_from_db()
        assert (begun.done, begun.total) == (12, 12)
        assert list(findings()) == []
        afresh(leaders)


def test_a_leader_leaves_while_the_second_signs():
    today = timezone.localdate()
    for _round in ROUNDS:
        agreement = factories.make_agreement(state=State.SIGNING)
        appoint(agreement.leader, agreement.position, ends=today - dt.timedelta(days=1))
        read = record_read(agreement, agreement.superior)
        signed, left = together(
            partial(
                actions.sign,
                factories.access_of(agreement.superior, agreement),
                place="Her",
                content_hash=read,
            ),
            partial(end_for_leaver, agreement=agreement, today=today),
        )
        now = fresh(agreement)
        assert left.result is True
        assert (now.state, now.signed_at is not None) == (State.ENDED, signed.done)
        assert events(agreement)[Event.Kind.ENDED] == 1
        assert Appointment.objects.filter(position=agreement.position).count() == 1
        assert_whole(agreement)
