"""Planning, carrying out, cancelling: from the organisation, on its day, once."""

import datetime as dt

import pytest
from django.core.management import call_command

from leder.agreements.actions import RuleBroken
from leder.agreements.models import Agreement, DataKey, Event, Handover, Share
from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.conversations.models import Conversation
from leder.handover import actions
from leder.handover.changes import Reason, change_of, changes_on
from leder.organisation.models import Appointment
from tests.factories import access_of, make_agreement, make_position, make_user, share
from tests.handover.conftest import day, permitted

pytestmark = pytest.mark.django_db


def stands(case):
    """What must not have changed."""
    now = case.fresh()
    return (
        now.superior_id,
        now.superior_position_id,
        now.pair,
        now.state,
        now.events.count(),
        list(now.agreementuserobjectpermission_set.values_list("user", "mac").order_by("pk")),
    )


class TestWhatChangesHands:
    def test_nothing_when_the_organisation_says_what_the_agreement_says(self, case_in):
        case = case_in()
        assert changes_on(day()) == []
        assert change_of(case.agreement, day()) is None

    @pytest.mark.parametrize(("acting", "reason"), [(False, Reason.APPOINTED), (True, Reason.ACTING)])
    def test_another_in_the_position(self, case_in, acting, reason):
        case = case_in()
        case.appoint(on=5, acting=acting)
        assert changes_on(day(4)) == []
        [change] = changes_on(day(5))
        assert (change.former.person, change.successor.person) == (case.former, case.successor)
        assert change.reason == reason
        assert change_of(case.agreement, day(5)) == change

    def test_another_reporting_line(self, case_in):
        case = case_in()
        position = make_position(title="Skolesjef")
        Appointment.objects.create(position=position, person=case.successor, starts=day(-1))
        case.agreement.position.reports_to = position
        case.agreement.position.save()
        [change] = changes_on(day())
        assert (change.reason, change.successor.position) == (Reason.LINE, position)
        assert case.carry_out().successor_position == position

    def test_one_whose_position_another_holds_is_left_alone(self, case_in):
        case = case_in()
        case.appoint()
        Appointment.objects.create(
            position=case.agreement.position, person=make_user(), starts=day(-1), acting=True
        )
        assert changes_on(day()) == []
        assert change_of(case.agreement, day()) is None

    def test_without_a_superior_there_is_nobody_to_hand_over_to(self, case_in):
        case = case_in()
        Appointment.objects.filter(person=case.former).update(ends=day(-1))
        assert changes_on(day()) == []
        with pytest.raises(RuleBroken):
            actions.plan(actor=case.hr, agreement=case.agreement, on=day())

    def test_agreements_that_no_longer_stand_are_left_alone(self, case_in):
        case = case_in()
        Agreement.objects.update(state=State.ENDED)
        case.appoint()
        assert changes_on(day()) == []

    @pytest.mark.parametrize("number", [1, 30])
    def test_the_price_is_the_same(self, case_in, number, django_assert_max_num_queries):
        case = case_in()
        for _each in range(number - 1):
            other = make_agreement(superior=case.former)
            Appointment.objects.create(position=other.position, person=other.leader, starts=day(-9))
            Appointment.objects.filter(position=other.superior_position).update(ends=day(-1))
            Appointment.objects.create(position=other.superior_position, person=case.successor, starts=day())
        case.appoint()
        with django_assert_max_num_queries(6):
            assert len(changes_on(day())) == number


class TestPlanning:
    def test_waits_for_its_day_and_is_done_once(self, case_in):
        case = case_in(State.SIGNED)
        case.appoint(on=5)
        row = case.plan(on=5)
        before = stands(case)
        assert row.status == Handover.Status.PLANNED
        assert not actions.carry_out_due(day(4))
        assert stands(case) == before
        Appointment.objects.filter(starts=day(5)).update(starts=day())
        Appointment.objects.filter(ends=day(4)).update(ends=day(-1))
        assert actions.carry_out_due(day(5)) == {"carried_out": 1}
        done = stands(case)
        assert done != before
        assert not actions.carry_out_due(day(5))
        assert actions.carry_out(handover=row, today=day(5)).status == Handover.Status.CARRIED_OUT
        assert stands(case) == done

    def test_lapses_when_the_organisation_no_longer_says_so(self, case_in):
        case = case_in(State.SIGNED)
        case.appoint(on=5)
        row = case.plan(on=5)
        before = stands(case)
        Appointment.objects.filter(person=case.successor).update(person=make_user())
        assert actions.carry_out_due(day(5)) == {"lapsed": 1}
        row.refresh_from_db()
        assert row.status == Handover.Status.LAPSED
        assert row.is_genuine
        case.agreement.events.last().delete()
        assert stands(case) == before

    def test_an_acting_period_is_planned_with_both_its_ends(self, case_in):
        case = case_in(State.SIGNED)
        case.appoint(on=5, acting=True, until=9)
        case.plan(on=5)
        [back] = changes_on(day(10))
        assert back.reason == Reason.RETURNED
        back_row = actions.plan(actor=case.hr, agreement=case.agreement, on=day(10))
        assert (back_row.former, back_row.successor) == (case.successor, case.former)
        assert changes_on(day(6)) == []
        assert actions.carry_out_due(day(5)) == {"carried_out": 1}
        assert case.fresh().superior == case.successor
        assert actions.carry_out_due(day(10)) == {"carried_out": 1}
        assert (case.fresh().superior, case.fresh().pair) == (case.former, "")

    @pytest.mark.parametrize("why", ["past", "twice", "no permission", "to oneself", "nothing"])
    def test_refused(self, case_in, why):
        case = case_in(State.SIGNED)
        on, actor = day(3), case.hr
        if why == "to oneself":
            case.successor = permitted()
            actor = case.successor
        if why != "nothing":
            case.appoint(on=-2 if why == "past" else 3)
        if why == "past":
            on = day(-1)
        if why == "no permission":
            actor = make_user()
        if why == "twice":
            actions.plan(actor=actor, agreement=case.agreement, on=on)
        before, rows = stands(case), Handover.objects.count()
        with pytest.raises(RuleBroken):
            actions.plan(actor=actor, agreement=case.agreement, on=on)
        assert (stands(case), Handover.objects.count()) == (before, rows)

    def test_a_superuser_hands_nothing_over_to_themself_either(self, case_in):
        case = case_in(State.SIGNED)
        case.successor.is_superuser = True
        case.successor.save()
        case.appoint()
        with pytest.raises(RuleBroken):
            actions.plan(actor=case.successor, agreement=case.agreement, on=day())

    def test_cancelled(self, case_in, mailoutbox, django_capture_on_commit_callbacks):
        case = case_in()
        case.appoint(on=3)
        row = actions.plan(actor=case.hr, agreement=case.agreement, on=day(3))
        with pytest.raises(RuleBroken):
            actions.cancel(actor=case.leader, handover=row)
        with django_capture_on_commit_callbacks(execute=True):
            actions.cancel(actor=case.hr, handover=row)
        assert {mail.to[0] for mail in mailoutbox} == {
            each.email for each in (case.leader, case.former, case.successor)
        }
        assert not actions.carry_out_due(day(9))
        with pytest.raises(RuleBroken):
            actions.cancel(actor=case.hr, handover=row)
        assert case.fresh().superior == case.former

    def test_an_ended_agreement_lapses(self, case_in):
        case = case_in()
        case.appoint(on=5)
        case.plan(on=5)
        Agreement.objects.update(state=State.ENDED)
        assert actions.carry_out_due(day(5)) == {"lapsed": 1}

    def test_one_that_does_not_open_keeps_no_other_waiting(self, case_in):
        damaged, sound = case_in(State.DISCUSSED), case_in(State.DISCUSSED)
        for case in (damaged, sound):
            case.appoint(on=4)
            case.plan(on=4)
        DataKey.objects.filter(agreement=damaged.agreement).update(wrapped=b"x" * 60)
        before = stands(damaged)
        counts = actions.carry_out_due(day(4))
        assert (counts[Handover.Status.CARRIED_OUT], counts[Handover.Status.PLANNED]) == (1, 1)
        assert sound.fresh().superior == sound.successor
        assert stands(damaged) == before

    def test_the_command(self, case_in, capsys):
        case = case_in()
        case.appoint(on=1)
        case.plan(on=1)
        call_command("leder_handover")
        assert "carried_out: 0" in capsys.readouterr().out


class TestWhatElseEnds:
    def test_shares_and_called_conversations(self, case_in):
        reader = make_user()
        case = case_in(State.SIGNED)
        open_share = share(case.agreement, reader)
        conversing.call(
            access_of(case.former, case.agreement),
            starts_at=dt.datetime(2027, 9, 1, tzinfo=dt.UTC),
            minutes=60,
            place="rom 1",
        )
        case.hand_over()
        open_share.refresh_from_db()
        assert (open_share.status, open_share.mac) == (Share.Status.WITHDRAWN, "")
        assert not Share.objects.visible_to(reader).exists()
        conversation = Conversation.objects.get()
        assert conversation.status == Conversation.Status.CANCELLED
        for person, place in ((case.successor, ""), (case.leader, "rom 1")):
            access = access_of(person, case.agreement)
            assert conversing.open_details(access, conversation)["place"] == place
        kinds = set(case.agreement.events.values_list("kind", flat=True))
        assert {Event.Kind.WITHDRAWN, Event.Kind.CANCELLED, Event.Kind.HANDED_OVER} <= kinds

    def test_what_the_new_two_share_holds_nothing_from_before(self, case_in):
        from leder.agreements.reading.current import open_shared
        from tests.handover.writing import everything_before, let_read

        case = case_in(State.SIGNED, everything_before)
        case.hand_over()
        reader = make_user()
        whole = share(case.fresh(), reader, section_id="")

        def notes():
            whole.agreement = case.fresh()
            texts = open_shared(reader=reader, share=whole)
            return {text.payload["note"] for text in texts.answers.values()} - {""}

        assert notes() == {"felles"}
        let_read(case)
        assert notes() == {"felles", "privat"}


def test_all_three_are_told_when_planned_and_when_done(
    case_in, mailoutbox, django_capture_on_commit_callbacks
):
    from tests.handover.writing import everything_before

    case = case_in(State.DISCUSSED, everything_before)
    case.appoint(on=5)
    three = {each.email for each in (case.leader, case.former, case.successor)}
    for act in (
        lambda: case.plan(on=5),
        lambda: actions.carry_out_due(day(5)),
    ):
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        assert {mail.to[0] for mail in mailoutbox} == three
        for mail in mailoutbox:
            assert "{" not in mail.body
            assert not {"privat kommentar", "felles kommentar"} & set(mail.body.splitlines())
            assert case.successor.get_full_name() in mail.body or mail.to == [case.successor.email]
