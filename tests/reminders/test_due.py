"""Who is reminded of what on which day."""

from __future__ import annotations

import datetime as dt

import pytest

from leder.agreements.states import State, Step, advance
from leder.conversations import actions as conversing
from leder.mail.models import MailPreference
from leder.organisation.models import Appointment
from leder.reminders.models import ReminderPlan
from tests import factories
from tests.attacks.sql import set_columns
from tests.reminders.helpers import (
    YEAR,
    appoint,
    at,
    call,
    day,
    kinds_for,
    make_pair,
    make_report,
    waiting,
)

pytestmark = pytest.mark.django_db
START = day(1, 11)


@pytest.fixture
def pair():
    with at(START):
        return make_pair()


class TestFirstConversation:
    """Due on 31 March: uncalled conversations from 1 March, other steps from 17 March, overdue from 1 April."""

    @pytest.mark.parametrize(
        ("today", "leader", "superior"),
        [
            (day(2, 26), [], []),
            (day(3, 1), [], ["uncalled"]),
            (day(3, 16), [], ["uncalled"]),
            (day(3, 17), ["step"], ["uncalled"]),
            (day(3, 31), ["step"], ["uncalled"]),
            (day(4, 1), ["overdue"], ["overdue"]),
            (day(11, 1), ["overdue"], ["overdue"]),
        ],
    )
    def test_nobody_has_done_anything(self, pair, today, leader, superior):
        assert kinds_for(pair.leader, today) == leader
        assert kinds_for(pair.superior, today) == superior

    def test_one_who_is_ready_is_left_in_peace(self, pair):
        with at(day(3, 1)):
            conversing.mark_ready(factories.access_of(pair.leader, pair))
        assert kinds_for(pair.leader, day(3, 18)) == kinds_for(pair.leader, day(4, 8)) == []
        assert kinds_for(pair.superior, day(3, 18)) == ["uncalled"]

    def test_a_conversation_that_is_called_waits_for_its_day(self, pair):
        with at(day(3, 1)):
            factories.bring_to(pair, State.PREPARED)
            call(pair, day(3, 25))
        assert waiting(day(3, 19)) == {}
        assert kinds_for(pair.leader, day(3, 22)) == kinds_for(pair.superior, day(3, 22)) == ["meeting"]
        assert kinds_for(pair.leader, day(3, 25)) == kinds_for(pair.superior, day(3, 25)) == ["meeting"]
        # It was not noted as held: that is the superior's to do.
        assert kinds_for(pair.leader, day(3, 26)) == []
        assert kinds_for(pair.superior, day(3, 26)) == ["step"]
        assert kinds_for(pair.superior, day(4, 1)) == ["overdue"]

    def test_called_for_after_the_deadline_is_no_reproach_until_then(self, pair):
        with at(day(3, 1)):
            factories.bring_to(pair, State.PREPARED)
            call(pair, day(4, 20))
        assert waiting(day(4, 9)) == {}
        # A Tuesday: in the week before, so that there are two days at least.
        assert set(kinds_for(pair.superior, day(4, 15))) == {"meeting"}
        assert waiting(day(4, 19)) == {}

    @pytest.mark.parametrize(
        ("meets_on", "first", "last"),
        [
            (day(2, 15), day(2, 8), day(2, 14)),  # Monday
            (day(2, 16), day(2, 8), day(2, 14)),
            (day(2, 17), day(2, 15), day(2, 17)),
            (day(2, 19), day(2, 15), day(2, 19)),  # Friday
        ],
    )
    def test_a_conversation_is_told_of_in_one_week(self, pair, meets_on, first, last):
        with at(START):
            call(pair, meets_on)
        days = [START + dt.timedelta(days=number) for number in range(45)]
        told = [today for today in days if "meeting" in kinds_for(pair.leader, today)]
        assert told == [today for today in days if first <= today <= last]

    def test_opened_after_the_deadline_is_no_reproach(self):
        with at(day(6, 1)):
            pair = make_pair()
        assert waiting(day(6, 14)) == {}
        for today in (day(6, 15), day(11, 30)):
            assert kinds_for(pair.leader, today) == ["step"]
            assert kinds_for(pair.superior, today) == ["uncalled"]
        with at(day(6, 20)):
            factories.bring_to(pair, State.DISCUSSED)
        assert kinds_for(pair.superior, day(6, 21)) == ["step"]

    def test_signing(self, pair):
        with at(day(3, 1)):
            factories.bring_to(pair, State.SIGNING)
        assert kinds_for(pair.leader, day(3, 20)) == []
        assert kinds_for(pair.superior, day(3, 20)) == ["step"]
        assert kinds_for(pair.superior, day(4, 20)) == ["overdue"]


class TestFollowUp:
    @pytest.fixture
    def signed(self, pair):
        with at(day(3, 1)):
            return factories.bring_to(pair, State.SIGNED)

    def test_nothing_before_august(self, signed):
        for today in (day(3, 20), day(4, 10), day(7, 30)):
            assert waiting(today) == {}

    def test_the_superior_is_told_that_it_has_begun(self, signed):
        assert waiting(day(8, 2)) == {signed.superior: [("autumn", signed.leader.get_full_name())]}

    def test_and_in_the_last_thirty_days_again(self, signed):
        assert kinds_for(signed.superior, day(12, 1)) == ["autumn"]  # never told
        with at(day(12, 30)):
            assert kinds_for(signed.leader, day(12, 30)) == []
        assert kinds_for(signed.superior, day(1, 4, YEAR + 1)) == ["overdue"]

    def test_one_who_has_called_it_is_left_in_peace(self, signed):
        with at(day(8, 2)):
            call(signed, day(10, 4))
        assert waiting(day(9, 1)) == {}
        assert kinds_for(signed.leader, day(9, 27)) == kinds_for(signed.superior, day(9, 27)) == ["meeting"]

    def test_both_confirm(self, signed):
        with at(day(10, 4)):
            conversing.hold(factories.access_of(signed.superior, signed), held_on=day(10, 4))
            factories.confirm(signed, signed.superior)
        assert waiting(day(12, 16)) == {}
        assert kinds_for(signed.leader, day(12, 17)) == ["step"]
        assert kinds_for(signed.superior, day(12, 17)) == []

    def test_nothing_when_it_is_done(self, signed):
        with at(day(10, 4)):
            factories.bring_to(factories.make_agreement(), State.OPENED)  # somebody else's
            conversing.hold(factories.access_of(signed.superior, signed), held_on=day(10, 4))
            for person in (signed.leader, signed.superior):
                factories.confirm(signed, person)
        assert kinds_for(signed.leader, day(12, 20)) == kinds_for(signed.superior, day(12, 20)) == []


class TestMissing:
    """Reports without an agreement: from sixty days before 31 March."""

    @pytest.fixture
    def superior(self):
        with at(START):
            factories.make_round(YEAR)
            superior, above = factories.make_leader()
            factories.make_leader(reports_to=above, last_name="Uten")
        return superior

    @pytest.mark.parametrize(
        ("today", "kinds"),
        [(day(1, 29), []), (day(1, 30), ["missing"]), (day(3, 31), ["missing"]), (day(4, 1), ["overdue"])],
    )
    def test_the_superior_is_reminded(self, superior, today, kinds):
        assert kinds_for(superior, today) == kinds
        assert set(waiting(today)) <= {superior}

    def test_of_one_appointed_later_without_reproach(self, superior):
        report = factories.make_user()
        above = superior.leader_appointments.get().position
        appoint(report, factories.make_position(reports_to=above), day(9, 1))
        kinds = waiting(day(9, 6))[superior]
        assert ("missing", report.get_full_name()) in kinds
        assert len(kinds) == 2

    def test_not_when_there_is_one(self):
        with at(START):
            pair = make_pair()
        assert kinds_for(pair.superior, day(2, 1)) == []

    def test_not_of_one_who_is_inactive(self, superior):
        report = Appointment.objects.exclude(person=superior).get().person
        report.is_active = False
        report.save()
        assert waiting(day(3, 1)) == {}

    def test_not_before_the_round_is_open(self, superior):
        year_round = factories.make_round(YEAR)
        year_round.opened_at = None
        year_round.save()
        assert waiting(day(3, 1)) == {}


class TestWhoIsLeftOut:
    TODAY = day(4, 8)

    @pytest.mark.parametrize("who", ["leader", "superior"])
    @pytest.mark.parametrize("lacking", [{"email": ""}, {"is_active": False}])
    def test_not_reached(self, pair, who, lacking):
        person = getattr(pair, who)
        for name, value in lacking.items():
            setattr(person, name, value)
        person.save()
        found = waiting(self.TODAY)
        assert person not in found
        # The other is reminded still, unless there is nobody to do it with.
        assert len(found) == ("email" in lacking)

    @pytest.mark.parametrize("who", ["leader", "superior"])
    def test_one_who_has_left_the_position(self, pair, who):
        Appointment.objects.filter(person=getattr(pair, who)).update(ends=day(4, 1))
        assert waiting(self.TODAY) == {}

    def test_a_leader_in_whose_place_another_acts(self, pair):
        acting = factories.make_user()
        appoint(acting, pair.position, day(4, 1), day(4, 30), acting=True)
        # The agreement of the one who is away rests; the one who acts has none yet, which is the superior's to open.
        assert waiting(self.TODAY) == {pair.superior: [("missing", acting.get_full_name())]}
        assert kinds_for(pair.leader, day(5, 3)) == ["overdue"]

    def test_an_agreement_that_is_ended(self, pair):
        with at(START):
            advance(pair, Step.END)
        assert kinds_for(pair.leader, self.TODAY) == []

    def test_one_who_has_turned_off_what_can_be(self, pair):
        for person in (pair.leader, pair.superior):
            MailPreference.objects.create(person=person, optional_reminders=False)
        assert waiting(day(3, 20)) == {}
        assert set(waiting(self.TODAY)) == {pair.leader, pair.superior}

    def test_strangers(self, pair):
        factories.make_user(is_superuser=True)
        assert set(waiting(self.TODAY)) == {pair.leader, pair.superior}


def test_the_most_pressing_comes_first_and_each_report_is_named(pair):
    above = pair.superior_position
    with at(START):
        for name, state in (("Bø", State.SIGNING), ("Aa", State.OPENED), ("Mo", State.SIGNED)):
            factories.bring_to(make_report(pair.superior, above, last_name=name), state)
        factories.make_leader(reports_to=above, last_name="Uten")
        soon = make_report(pair.superior, above, last_name="Snart")
        call(soon, day(3, 19))
    found = waiting(day(3, 18))[pair.superior]
    assert [kind for kind, _whom in found] == ["missing", "uncalled", "uncalled", "step", "step", "meeting"]
    assert [whom.rpartition(" ")[2] for kind, whom in found if kind in ("missing", "meeting")] == [
        "Uten",
        "Snart",
    ]


def test_hr_decides_when_they_begin(pair):
    plan = ReminderPlan(step_days=3, uncalled_days=5)
    assert waiting(day(3, 25), plan) == {}
    assert set(waiting(day(3, 26), plan)) == {pair.superior}
    assert set(waiting(day(3, 28), plan)) == {pair.superior, pair.leader}


def test_an_office_that_was_written_past_the_plugin_is_none(pair):
    office = Appointment.objects.get(person=pair.superior)
    today = day(3, 17)
    assert kinds_for(pair.leader, today) == ["step"]
    office.ends = day(3, 1)
    office.save()
    set_columns(office, ends=None)
    assert kinds_for(pair.leader, today) == kinds_for(pair.superior, today) == []


@pytest.mark.parametrize("others", [1, 30])
def test_the_price_is_the_same_for_many(pair, others, django_assert_max_num_queries):
    with at(START):
        for number in range(others):
            report = make_report(pair.superior, pair.superior_position)
            if number % 2:
                factories.bring_to(report, State.SIGNING)
        factories.make_leader(reports_to=pair.superior_position)
    with django_assert_max_num_queries(16):
        found = waiting(day(4, 8))
    assert len(found[pair.superior]) == others + 2


def test_last_years_that_was_never_done_still_counts(pair):
    with at(day(11, 1)):
        factories.make_round(YEAR + 1)
    assert ("overdue", pair.superior.get_full_name()) in waiting(dt.date(YEAR + 1, 1, 5))[pair.leader]
    with at(dt.date(YEAR + 1, 11, 1)):
        factories.make_round(YEAR + 2)
    assert pair.leader not in waiting(dt.date(YEAR + 2, 1, 4))


class TestReopening:
    """A proposal waits for the other, without a deadline; what is reopened was signed in time once."""

    @pytest.fixture
    def signed(self, pair):
        with at(day(3, 1)):
            return factories.bring_to(pair, State.SIGNED)

    def test_a_proposal_is_told_to_the_one_who_answers(self, signed):
        with at(day(5, 3)):
            factories.propose_reopening(signed, by=signed.superior)
        for today in (day(5, 6), day(9, 6)):
            assert kinds_for(signed.leader, today) == ["step"]
            assert kinds_for(signed.superior, today) == []

    def test_what_is_reopened_is_asked_for_after_a_while_and_is_not_overdue(self, signed):
        with at(day(5, 3)):
            factories.reopen(signed)
        step_days = ReminderPlan().step_days
        for person in (signed.leader, signed.superior):
            assert kinds_for(person, day(5, 6)) == []
            later = day(5, 3) + dt.timedelta(days=step_days + 7)
            assert set(kinds_for(person, later)) == {"step"}
