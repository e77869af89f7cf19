"""What has a day of its own is done on that day, also while the new year isn't opened."""

import datetime as dt

import pytest
from wagtail.models import ModelLogEntry

from leder.agreements.models import Agreement, Handover
from leder.agreements.states import State
from leder.handover import actions as handing_over
from leder.organisation.models import Appointment
from tests.factories import bring_to, make_position, make_user
from tests.handover.conftest import permitted
from tests.year.conftest import YEAR, appoint, make_leaders
from tests.year.test_daily import own, run, states
from tests.year.test_opening import open_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(hr, year_round, november):
    """The year's agreements of two leaders, no later year opened. Returns superior, their position, leaders."""
    superior, top, leaders = make_leaders(2)
    open_year(hr, year_round)
    return superior, top, leaders


def followed(superior, top, on):
    """Another has the superior's position from a day. Returns who."""
    successor = make_user(first_name="Bente", last_name="Ny")
    Appointment.objects.filter(person=superior).update(ends=on - dt.timedelta(days=1))
    appoint(successor, top, starts=on)
    return successor


# Moments in UTC around a day's beginning in Norway, and the day: New Year, a leap day, the ends of summer time.
DAYS = {
    "1 January": ("2027-12-31T22:55", "2027-12-31T23:05", dt.date(2028, 1, 1)),
    "29 February": ("2028-02-28T22:55", "2028-02-28T23:05", dt.date(2028, 2, 29)),
    "1 March after 29 February": ("2028-02-29T22:55", "2028-02-29T23:05", dt.date(2028, 3, 1)),
    "1 March after 28 February": ("2029-02-28T22:55", "2029-02-28T23:05", dt.date(2029, 3, 1)),
    "summer time begins": ("2028-03-25T22:55", "2028-03-25T23:05", dt.date(2028, 3, 26)),
    "the day after": ("2028-03-26T21:55", "2028-03-26T22:05", dt.date(2028, 3, 27)),
    "summer time ends": ("2028-10-28T21:55", "2028-10-28T22:05", dt.date(2028, 10, 29)),
    "the day after that": ("2028-10-29T22:55", "2028-10-29T23:05", dt.date(2028, 10, 30)),
}


@pytest.mark.parametrize("which", DAYS)
def test_a_handover_is_carried_out_on_its_day(which, year, november):
    before, after, on = DAYS[which]
    superior, top, (leader, _other) = year
    november.move_to("2027-12-01T08:00:00+00:00")
    successor = followed(superior, top, on)
    handing_over.plan(actor=permitted(), agreement=own(leader), on=on)
    november.move_to(f"{before}:00+00:00")
    run()
    assert own(leader).superior == superior
    november.move_to(f"{after}:00+00:00")
    run()
    assert own(leader).superior == successor
    assert Handover.objects.get().status == Handover.Status.CARRIED_OUT


@pytest.mark.parametrize("which", ["1 January", "29 February", "the day after"])
def test_one_who_has_left_is_ended_the_day_after_the_last(which, year, november):
    before, after, on = DAYS[which]
    _superior, _top, (leader, other) = year
    Appointment.objects.filter(person=leader).update(ends=on - dt.timedelta(days=1))
    november.move_to(f"{before}:00+00:00")
    run()
    assert own(leader).state == State.OPENED
    november.move_to(f"{after}:00+00:00")
    run()
    run()
    assert (own(leader).state, own(other).state) == (State.ENDED, State.OPENED)
    entry = ModelLogEntry.objects.get(action="leder.end_agreements")
    assert (entry.data, entry.label) == ({"agreements": 1}, str(YEAR))


def test_what_is_followed_up_stands_and_nobody_gets_an_agreement(year, november):
    _superior, top, (leader, _other) = year
    bring_to(own(leader), State.FOLLOWED_UP)
    Appointment.objects.filter(person=leader).update(ends=dt.date(YEAR, 12, 31))
    november.move_to(f"{YEAR + 1}-01-01T06:00:00+00:00")
    appoint(make_user(), make_position(reports_to=top), starts=dt.date(YEAR + 1, 1, 1))
    before = states()
    assert "nobody was given an agreement" in run()
    assert states() == before


def test_unusually_many_wait_for_a_yes(hr, year_round, november):
    _superior, _top, leaders = make_leaders(15)
    open_year(hr, year_round)
    Appointment.objects.filter(person__in=leaders[:11]).update(ends=dt.date(YEAR, 12, 31))
    november.move_to(f"{YEAR + 1}-01-01T06:00:00+00:00")
    before = states()
    assert ": 11." in run()
    assert states() == before
    run(confirm=True)
    assert Agreement.objects.filter(state=State.ENDED).count() == 11
