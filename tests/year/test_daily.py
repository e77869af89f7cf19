"""The year as it goes: those who come, those who leave, those who act for somebody, day by day."""

import datetime as dt
import io

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import TestCase
from django.utils import timezone
from wagtail.models import ModelLogEntry

from leder.agreements import actions
from leder.agreements.models import Agreement, Event, Share
from leder.agreements.rules import may_follow_up
from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.conversations.models import Conversation
from leder.organisation.models import Appointment
from leder.safekeeping.verification import findings
from leder.year import leaving
from leder.year.daily import bring_in_line
from tests.factories import (
    SECTION,
    access_of,
    bring_to,
    make_editions,
    make_position,
    make_round,
    make_user,
    propose,
    share,
)
from tests.year.conftest import YEAR, appoint, make_leaders, position_of
from tests.year.test_opening import open_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(hr, year_round, november):
    """A year opened for three leaders; the calendar stands at its 1 June."""
    superior, top, leaders = make_leaders(3)
    open_year(hr, year_round)
    november.move_to(f"{YEAR}-06-01T07:00:00+00:00")
    return superior, top, leaders


def run(**options):
    out = io.StringIO()
    # Mail goes out when what happened is committed.
    with TestCase.captureOnCommitCallbacks(execute=True):
        call_command("leder_year", stdout=out, **options)
    return out.getvalue()


def leave(person, *, on=None):
    Appointment.objects.filter(person=person).update(ends=(on or timezone.localdate()) - dt.timedelta(days=1))


def own(person, **kwargs):
    return Agreement.objects.get(leader=person, **kwargs)


def states():
    return sorted(Agreement.objects.values_list("leader_id", "state"))


def test_nothing_to_do_changes_nothing(opened):
    before = list(Agreement.objects.order_by("pk").values())
    for _time in range(2):
        run()
    assert list(Agreement.objects.order_by("pk").values()) == before
    assert mail.outbox == []


def test_a_new_leader_gets_one(opened, november):
    superior, top, _leaders = opened
    new = make_user()
    appoint(new, make_position(reports_to=top), starts=dt.date(YEAR, 6, 2))
    run()
    assert not Agreement.objects.filter(leader=new).exists()
    november.move_to(f"{YEAR}-06-02T07:00:00+00:00")
    run()
    assert own(new).superior == superior
    run()
    assert Agreement.objects.filter(leader=new).count() == 1


def test_who_leaves_is_ended_once_and_both_are_told(opened):
    superior, _top, (leader, *_others) = opened
    agreement = own(leader)
    leave(leader)
    for _time in range(2):
        run()
    agreement.refresh_from_db()
    assert agreement.state == State.ENDED
    assert agreement.events.filter(kind=Event.Kind.ENDED).count() == 1
    assert sorted(message.to[0] for message in mail.outbox) == sorted([leader.email, superior.email])
    for message in mail.outbox:
        assert str(agreement.uuid) in message.body
        for name in (leader.last_name, superior.last_name, agreement.leader_title, agreement.unit_name):
            assert name not in message.subject + message.body
    assert list(findings()) == []


def test_the_last_day_is_a_day_in_the_position(opened):
    _superior, _top, (leader, *_others) = opened
    Appointment.objects.filter(person=leader).update(ends=timezone.localdate())
    run()
    assert own(leader).state == State.OPENED


def test_what_is_called_and_shared_ends_with_it(opened):
    superior, _top, (leader, *_others) = opened
    agreement, reader = own(leader), make_user()
    conversing.call(
        access_of(superior, agreement),
        starts_at=timezone.now() + dt.timedelta(days=3),
        minutes=60,
        place="Rådhuset",
    )
    running = share(agreement, reader, section_id="")
    waiting = propose(agreement, make_user(), section_id="")
    mail.outbox.clear()
    leave(leader)
    run()
    assert Conversation.objects.get().status == Conversation.Status.CANCELLED
    for one in (running, waiting):
        one.refresh_from_db()
        assert (one.status, one.mac, one.ended_by) == (Share.Status.WITHDRAWN, "", None)
    assert not Share.objects.visible_to(reader)
    assert [message.to[0] for message in mail.outbox].count(reader.email) == 1
    impersonal = agreement.events.filter(actor=None).exclude(kind=Event.Kind.OPENED)
    assert [event.kind for event in impersonal] == ["cancelled", "withdrawn", "withdrawn", "ended"]
    assert all(event.words[0].isupper() for event in impersonal)


def test_what_was_signed_stays_to_be_read(opened):
    superior, _top, (leader, *_others) = opened
    agreement = bring_to(own(leader), State.SIGNED)
    leave(leader)
    run()
    agreement.refresh_from_db()
    assert (agreement.state, agreement.signed_at is not None) == (State.ENDED, True)
    for person in (leader, superior):
        assert may_follow_up(access_of(person, agreement))
    with pytest.raises(actions.RuleBroken):
        actions.end_agreement(agreement=agreement)


def test_one_who_is_away_keeps_it_and_the_acting_one_gets_one_for_the_period(opened, november):
    _superior, _top, (away, *_others) = opened
    acting = make_user()
    appoint(
        acting,
        position_of(away),
        acting=True,
        starts=timezone.localdate(),
        ends=timezone.localdate() + dt.timedelta(days=30),
    )
    run()
    assert own(away).state == State.OPENED
    assert own(acting).state == State.OPENED
    november.move_to(f"{YEAR}-07-01T07:00:00+00:00")
    run()
    assert own(acting).state == State.OPENED
    november.move_to(f"{YEAR}-07-02T07:00:00+00:00")
    run()
    assert own(away).state == State.OPENED
    assert own(acting).state == State.ENDED


def test_one_who_acts_twice_in_a_year_gets_two_one_after_the_other(opened, november):
    _superior, _top, (away, *_others) = opened
    acting, position = make_user(), position_of(away)
    for month in (6, 9):
        first = dt.date(YEAR, month, 1)
        appoint(acting, position, acting=True, starts=first, ends=first + dt.timedelta(days=9))
        november.move_to(f"{YEAR}-{month:02}-02T07:00:00+00:00")
        run()
        assert own(acting, state=State.OPENED)
        november.move_to(f"{YEAR}-{month:02}-20T07:00:00+00:00")
        run()
    assert [state for _leader, state in states()].count(State.ENDED) == 2


def test_one_who_moves_ends_the_old_and_gets_a_new(opened):
    _superior, top, (leader, *_others) = opened
    old = own(leader)
    leave(leader)
    position = make_position(reports_to=top)
    appoint(leader, position, starts=timezone.localdate())
    told = run()
    assert own(leader, state=State.ENDED) == old
    assert own(leader, state=State.OPENED).position == position
    assert told.count(": 1.") == 3  # one ended, one opened, one at the top without


def test_an_earlier_superior_is_left_to_the_handover(opened):
    superior, top, leaders = opened
    leave(superior)
    new = make_user()
    appoint(new, top, starts=timezone.localdate())
    before = states()
    run()
    assert states() == before
    assert {own(leader).superior for leader in leaders} == {superior}


def test_unusually_many_wait_for_a_yes(hr, year_round):
    _superior, _top, leaders = make_leaders(15)
    open_year(hr, year_round)
    for leader in leaders[:11]:
        leave(leader)
    before = states()
    told = run()
    assert ": 11." in told
    assert states() == before
    assert mail.outbox == []
    run(confirm=True)
    assert Agreement.objects.filter(state=State.ENDED).count() == 11


def test_last_years_unfinished_end_too_and_the_finished_stand(hr, year_round, november):
    superior, top, leaders = make_leaders(3)
    last = make_round(YEAR - 1)
    for leader, state in zip(leaders, (State.OPENED, State.SIGNED, State.FOLLOWED_UP), strict=True):
        bring_to(
            actions.open_agreement(
                year_round=last,
                position=position_of(leader),
                leader=leader,
                superior=superior,
                superior_position=top,
                editions=make_editions(),
            ),
            state,
        )
        leave(leader)
    open_year(hr, year_round)
    assert not Agreement.objects.filter(round=year_round).exists()
    run()
    assert [own(leader).state for leader in leaders] == [State.ENDED, State.ENDED, State.FOLLOWED_UP]


def test_before_a_year_is_open_and_after_it_nobody_gets_an_agreement(hr, year_round, november):
    _superior, top, _leaders = make_leaders(2)
    told = run()
    assert not Agreement.objects.exists()
    open_year(hr, year_round)
    november.move_to(f"{YEAR + 1}-01-02T07:00:00+00:00")
    new = make_user()
    appoint(new, make_position(reports_to=top))
    before = states()
    assert run() == told
    assert states() == before
    assert ":" in told
    assert "1" not in told


def test_text_taken_from_the_site_opens_nothing_and_still_ends(opened, texts):
    _superior, top, (leader, *_others) = opened
    texts["form_page"].unpublish()
    new = make_user()
    appoint(new, make_position(reports_to=top))
    leave(leader)
    run()
    assert not Agreement.objects.filter(leader=new).exists()
    assert own(leader).state == State.ENDED


def test_one_who_comes_back_before_it_ends_keeps_it(opened):
    """Found as leaving, and back when it is their turn: asked again under the lock."""
    _superior, _top, (leader, *_others) = opened
    agreement = own(leader)
    assert not leaving.end_for_leaver(agreement=agreement, today=timezone.localdate())
    assert own(leader).state == State.OPENED
    assert mail.outbox == []


def test_hrs_log_tells_how_many(opened, hr):
    _superior, _top, (leader, *_others) = opened
    leave(leader)
    list(bring_in_line(actor=hr))
    list(bring_in_line(actor=hr))
    entry = ModelLogEntry.objects.get(action="leder.end_agreements")
    assert (entry.user, entry.data, entry.label) == (hr, {"agreements": 1}, str(YEAR))
    assert entry.message


def test_nothing_more_is_written_in_what_has_ended(opened):
    _superior, _top, (leader, *_others) = opened
    agreement = own(leader)
    leave(leader)
    run()
    agreement.refresh_from_db()
    with pytest.raises(actions.RuleBroken):
        conversing.mark_ready(access_of(leader, agreement))
    with pytest.raises(actions.RuleBroken):
        actions.add_comment(access_of(leader, agreement), section_id=SECTION, text="Takk")
    assert agreement.comments.count() == 0


@pytest.mark.parametrize("number", [1, 30])
def test_looking_costs_the_same(hr, year_round, number, django_assert_max_num_queries):
    make_leaders(number)
    open_year(hr, year_round)
    with django_assert_max_num_queries(22):
        run()
