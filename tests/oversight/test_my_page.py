"""Min side: where I am, the one next step, my reports – at the same price for one and for thirty."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.organisation.models import Appointment
from tests.factories import access_of, make_agreement, make_leader, make_position, make_round, make_user
from tests.oversight.helpers import make_report, make_superior

pytestmark = pytest.mark.django_db
CEILING = 14


def conversing_on(agreement, day):
    """Let the first conversation be called for ten o'clock on a day; on none, if that is what is given."""
    agreement.conversations.all().delete()
    if day is not None:
        starts_at = timezone.make_aware(dt.datetime.combine(day, dt.time(10)))
        conversing.call(
            access_of(agreement.superior, agreement), starts_at=starts_at, minutes=60, place="Kantina"
        )


def page(client, user, **query):
    client.force_login(user)
    return client.get(reverse("leder:my_page"), query)


def test_needs_a_sign_in(client):
    assert client.get(reverse("leder:my_page")).status_code == 302


def test_only_reading(client):
    client.force_login(make_user())
    assert client.post(reverse("leder:my_page")).status_code == 405


def test_an_employee_is_told_why_there_is_nothing(client):
    response = page(client, make_user())
    assert response.context["urgent"] is None
    assert not response.context["year"].current
    assert 'id="nothing"' in response.content.decode()
    assert 'id="reports"' not in response.content.decode()


def test_a_leader_sees_the_next_step_and_the_timeline(client):
    agreement = make_agreement()
    response = page(client, agreement.leader)
    assert response.context["urgent"].step.url_name == "preparation"
    assert [stage.state for stage in response.context["stages"]] == ["now", "next", "next", "next", "next"]
    assert reverse("leder:preparation", args=[agreement.uuid]) in response.content.decode()
    # One date for one thing, in the year, the next step and on the agreement: they prepare until they meet.
    deadline = agreement.round.conversation_due
    for meets_on in (None, deadline - dt.timedelta(days=1), deadline + dt.timedelta(days=1)):
        conversing_on(agreement, meets_on)
        response = page(client, agreement.leader)
        head = client.get(reverse("leder:agreement", args=[agreement.uuid])).context["view"].step.due
        expected = min(meets_on or deadline, deadline)
        found = (response.context["stages"][0].day, response.context["urgent"].due, head)
        assert found == (expected,) * 3, meets_on


@pytest.mark.parametrize(
    ("state", "now"),
    [
        (State.OPENED, 0),
        (State.PREPARED, 1),
        (State.DISCUSSED, 2),
        (State.SIGNING, 2),
        (State.SIGNED, 3),
        (State.FOLLOWED_UP, 4),
    ],
)
def test_the_timeline_stands_where_the_agreement_does(client, state, now):
    agreement = make_agreement(state=state)
    stages = page(client, agreement.leader).context["stages"]
    assert [stage.state for stage in stages] == ["done"] * now + ["now"] + ["next"] * (4 - now)
    # What is done is not asked for.
    done = ["Forberedt", "Samtale holdt", "Signert", "Fulgt opp"]
    assert [str(stage.label) for stage in stages[:now]] == done[:now]
    assert str(stages[now].label) not in done


def test_a_leader_whose_agreement_is_not_opened_is_told_so(client):
    make_round()
    leader, _position = make_leader(reports_to=make_position())
    response = page(client, leader)
    assert response.context["awaits_agreement"]
    assert 'id="nothing"' not in response.content.decode()


def test_last_years_follow_up_stands_beside_this_years_agreement_most_urgent_first(client):
    leader, superior = make_user(), make_user()
    earlier = make_agreement(leader=leader, superior=superior, year=2026, state=State.SIGNED)
    coming = make_agreement(leader=leader, superior=superior, year=2027)
    response = page(client, leader)
    shown = [turn.agreement for turn in response.context["year"].current]
    assert set(shown) == {earlier, coming}
    assert response.context["year"].earlier == []


def test_earlier_years_are_folded(client):
    leader, superior = make_user(), make_user()
    old = make_agreement(leader=leader, superior=superior, year=2025, state=State.FOLLOWED_UP)
    make_agreement(leader=leader, superior=superior, year=2027)
    year = page(client, leader).context["year"]
    assert [turn.agreement for turn in year.earlier] == [old]


def test_the_most_urgent_may_be_a_reports_agreement(client):
    superior, position = make_superior()
    _leader, followed = make_report(superior, position, state=State.SIGNED, year=2026)
    conversing.hold(access_of(superior, followed), held_on=timezone.localdate())
    make_agreement(leader=superior, year=2027)
    response = page(client, superior)
    assert response.context["urgent"].agreement == followed


def test_reports_that_wait_come_first_and_the_missing_are_counted(client):
    superior, position = make_superior()
    make_report(superior, position, state=State.FOLLOWED_UP)
    _leader, waiting = make_report(superior, position, state=State.DISCUSSED)
    lacking, _none = make_report(superior, position, state=None)
    make_position(reports_to=position)  # vacant
    year = page(client, superior).context["year"]
    assert {row.person for row in year.missing} == {lacking}
    assert {row.person for row in year.rows[:2]} == {lacking, waiting.leader}
    assert year.rows[-1].state == State.FOLLOWED_UP


def test_a_superiors_superior_sees_only_own_reports(client):
    top, top_position = make_superior()
    middle, position = make_leader(reports_to=top_position)
    make_report(middle, position)
    rows = page(client, top).context["year"].rows
    assert [row.person for row in rows] == [middle]


def test_a_superuser_sees_no_agreement(client):
    make_agreement()
    response = page(client, make_user(is_superuser=True, is_staff=True))
    assert response.context["year"].current == []
    assert response.context["year"].rows == []


def test_a_revoked_appointment_takes_the_missing_row_away(client):
    superior, position = make_superior()
    leader, _none = make_report(superior, position, state=None)
    make_round()
    assert [row.person for row in page(client, superior).context["year"].rows] == [leader]
    Appointment.objects.filter(person=leader).update(ends=dt.date(2021, 1, 1))
    assert page(client, superior).context["year"].rows == []


@pytest.mark.parametrize("number", [1, 30])
def test_the_price_is_the_same_for_one_and_for_thirty(client, django_assert_max_num_queries, number):
    superior, position = make_superior()
    states = [State.OPENED, State.PREPARED, State.DISCUSSED, State.SIGNING, State.SIGNED, None]
    for count in range(number):
        _leader, agreement = make_report(superior, position, state=states[count % len(states)])
        if agreement and agreement.state == State.OPENED:
            conversing.call(
                access_of(superior, agreement),
                starts_at=timezone.now() + dt.timedelta(days=3),
                minutes=60,
                place="Her",
            )
    make_agreement(leader=superior)
    make_position(reports_to=position)  # vacant: costs a level more
    client.force_login(superior)
    client.get(reverse("leder:my_page"))  # what is asked once a session
    with django_assert_max_num_queries(CEILING):
        response = client.get(reverse("leder:my_page"))
    assert len(response.content) < 60_000


def test_names_are_escaped(client):
    superior, position = make_superior()
    make_report(superior, position, first_name="<script>alert(1)</script>")
    assert "<script>alert(1)" not in page(client, superior).content.decode()
