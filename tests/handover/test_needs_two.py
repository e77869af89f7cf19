"""A handover needs two: whoever keeps the organisation alone gains nothing unnoticed (decision 0033)."""

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from leder import conf
from leder.agreements.access.accounts import take_over
from leder.agreements.actions import RuleBroken
from leder.agreements.models import Agreement, Event, Handover, KnownAccount
from leder.agreements.models.account import Stored
from leder.agreements.states import State
from leder.checks import check_stop_days
from leder.handover import actions, deciding, rules
from leder.handover.changes import change_of
from leder.handover.coming import coming_in_hr, coming_to
from leder.handover.office import is_alone
from leder.identity import hr
from leder.organisation.models import Appointment
from leder.safekeeping.verification import findings
from tests.factories import known_in_hr, make_agreement, make_position, make_user
from tests.handover.conftest import day, permitted
from tests.handover.test_planning import stands
from tests.handover.writing import everything_before, words_of

pytestmark = pytest.mark.django_db
REASON = Handover.StopReason.UNKNOWN


@pytest.fixture
def case(case_in):
    """Signed, with another in the superior's position from today."""
    made = case_in(State.SIGNED)
    made.appoint()
    return made


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def settled(person):
    """The same, known in HR for some days with the same account: nothing but the rule itself speaks against them."""
    person = known_in_hr(person)
    row = KnownAccount.objects.get(pk=person.pk)
    row.unchanged_since = timezone.now() - dt.timedelta(days=4)
    row.write_down(Stored.of(person))
    row.save()
    assert hr.is_settled(person)
    return person


def queries_of(person, path):
    client = client_of(person)
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def kinds(case):
    return list(case.agreement.events.values_list("kind", flat=True))


def refused(act, case, **kwargs):
    """The act is refused, and nothing has changed by it."""
    rows = list(Handover.objects.order_by("pk").values())
    before = stands(case)
    with pytest.raises(RuleBroken):
        act(**kwargs)
    assert stands(case) == before
    assert list(Handover.objects.order_by("pk").values()) == rows


def test_one_in_hr_and_a_colleague_get_nowhere_the_same_day(
    case_in, mailoutbox, django_capture_on_commit_callbacks
):
    """The attack: appoint a colleague, hand over, run the daily job, all alone and all today."""
    case = case_in(State.SIGNED, everything_before)
    case.appoint()
    before = stands(case)
    with django_capture_on_commit_callbacks(execute=True):
        row = case.plan()
    told = {mail.to[0]: mail.body for mail in mailoutbox}
    assert set(told) == {each.email for each in (case.leader, case.former, case.successor)}
    for person in (case.leader, case.former):
        assert reverse("leder:handover", args=[row.uuid]) in told[person.email]
    refused(deciding.approve, case, actor=case.hr, handover=row)
    refused(deciding.approve, case, actor=case.successor, handover=row)
    refused(deciding.allow, case, actor=case.successor, handover=row)
    refused(actions.carry_out, case, handover=row, today=day())
    refused(actions.plan, case, actor=case.hr, agreement=case.agreement, on=day())
    call_command("leder_handover")
    call_command("leder_year", verbosity=0)
    for later in range(4):
        assert actions.carry_out_due(day(later)) == {"waiting": 1}
    now = stands(case)
    assert now[:4] == before[:4]
    assert now[5] == before[5]
    assert kinds(case)[-1] == Event.Kind.HANDOVER_PLANNED
    assert not Agreement.objects.visible_to(case.successor).exists()
    assert words_of(case, case.successor) == set()


def test_after_three_whole_days_it_acts_by_itself(case):
    row = case.plan()
    assert (rules.last_day_to_stop(row), rules.first_day(row)) == (day(3), day(4))
    assert actions.carry_out_due(day(3)) == {"waiting": 1}
    assert actions.carry_out_due(day(4)) == {"carried_out": 1}
    assert case.fresh().superior == case.successor


def test_one_planned_in_good_time_acts_on_its_day(case_in):
    case = case_in(State.SIGNED)
    case.appoint(on=4)
    row = case.plan(on=4)
    assert rules.first_day(row) == day(4)
    assert not rules.waits(row)
    refused(deciding.approve, case, actor=case.second, handover=row)
    refused(deciding.allow, case, actor=case.leader, handover=row)


@pytest.mark.parametrize(
    ("planned", "last"),
    [
        # 23:30 and 00:30 in Norway.
        ("2027-03-26T22:30+00:00", dt.date(2027, 3, 29)),
        ("2027-03-26T23:30+00:00", dt.date(2027, 3, 30)),
        # The day after that summer time begins.
        ("2027-03-29T21:30+00:00", dt.date(2027, 4, 1)),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Oslo", "Pacific/Kiritimati", "Pacific/Midway"])
def test_days_are_those_of_the_municipality(planned, last, zone):
    agreement = Agreement(leader=get_user_model()())
    row = Handover(agreement=agreement, planned_at=dt.datetime.fromisoformat(planned))
    with timezone.override(zone):
        assert rules.last_day_to_stop(row) == last


def test_the_days_are_a_setting(case, settings):
    settings.LEDER_HANDOVER_STOP_DAYS = 5
    assert rules.last_day_to_stop(case.plan()) == day(5)
    assert not check_stop_days(None)
    settings.LEDER_HANDOVER_STOP_DAYS = 0
    assert [each.id for each in check_stop_days(None)] == ["leder.E004"]
    del settings.LEDER_HANDOVER_STOP_DAYS
    assert conf.handover_stop_days() == 3


def test_the_same_superior_in_another_position_waits_for_nobody(case_in):
    """Nobody reads who could not before, and without it the two could not go on."""
    case = case_in(State.SIGNED)
    position = make_position(title="Skolesjef")
    Appointment.objects.create(position=position, person=case.former, starts=day(-1))
    case.agreement.position.reports_to = position
    case.agreement.position.save()
    row = case.plan()
    assert row.status == Handover.Status.CARRIED_OUT
    assert case.fresh().superior == case.former


class TestTheLeaderSaysYes:
    def test_and_it_acts_at_once(self, case):
        row = deciding.allow(actor=case.leader, handover=case.plan())
        assert row.status == Handover.Status.CARRIED_OUT
        assert row.is_genuine
        assert (case.fresh().superior, row.approved_by) == (case.successor, case.leader)
        assert kinds(case)[-3:] == ["planned", "allowed", "handover"]

    def test_a_yes_is_not_taken_for_having_been_shown_text(self, case):
        KnownAccount.objects.filter(pk=case.leader.pk).delete()
        take_over([case.leader])
        deciding.allow(actor=case.leader, handover=case.plan())
        assert KnownAccount.objects.get(pk=case.leader.pk).shown_at is None

    def test_or_on_its_day_and_is_told(self, case_in, mailoutbox, django_capture_on_commit_callbacks):
        case = case_in(State.SIGNED)
        case.appoint(on=2)
        row = case.plan(on=2)
        with django_capture_on_commit_callbacks(execute=True):
            row = deciding.allow(actor=case.leader, handover=row)
        assert (row.status, rules.first_day(row)) == (Handover.Status.PLANNED, day(2))
        assert {mail.to[0] for mail in mailoutbox} == {each.email for each in row.people}
        # The former superior has not said yes.
        row = deciding.stop(actor=case.former, handover=row, reason=REASON)
        assert (row.status, row.approved_by) == (Handover.Status.STOPPED, None)
        refused(deciding.allow, case, actor=case.leader, handover=row)
        assert actions.carry_out_due(day(9)) == {"stopped": 1}
        assert case.fresh().superior == case.former

    @pytest.mark.parametrize("who", ["former", "successor", "hr", "second"])
    def test_nobody_else(self, case, who):
        refused(deciding.allow, case, actor=getattr(case, who), handover=case.plan())

    def test_not_one_who_has_planned_it(self, case):
        case.hr = permitted()
        Agreement.objects.update(leader=case.hr)
        Appointment.objects.filter(position=case.agreement.position).update(person=case.hr)
        case.agreement.refresh_from_db()
        row = case.plan()
        refused(deciding.allow, case, actor=case.hr, handover=row)
        refused(deciding.approve, case, actor=case.hr, handover=row)


class TestASecondInHr:
    @pytest.mark.parametrize("who", ["leader", "former", "successor", "hr"])
    def test_is_none_of_those_whom_it_is_about(self, case, who):
        row = case.plan()
        person = getattr(case, who)
        person.user_permissions.set(case.second.user_permissions.all())
        person = settled(person)
        refused(deciding.approve, case, actor=person, handover=row)
        row = deciding.stop(actor=case.leader, handover=row, reason=REASON)
        refused(deciding.approve, case, actor=person, handover=row)
        refused(actions.cancel, case, actor=person, handover=row)

    def test_is_in_hr(self, case):
        row = case.plan()
        for person in (make_user(), make_user(is_superuser=True)):
            refused(deciding.approve, case, actor=settled(person), handover=row)

    def test_has_been_in_hr_for_some_days(self, case):
        """Nor is one whose account was changed, for approving or for what was stopped."""
        row = case.plan()
        changed = permitted()
        type(changed).objects.filter(pk=changed.pk).update(email="ny@example.org")
        new = permitted()
        KnownAccount.objects.filter(pk=new.pk).delete()
        for person in (new, changed):
            refused(deciding.approve, case, actor=person, handover=row)
        row = deciding.stop(actor=case.leader, handover=row, reason=REASON)
        for person in (new, changed):
            refused(actions.cancel, case, actor=person, handover=row)
            refused(deciding.approve, case, actor=person, handover=row)

    def test_who_is_one(self, case):
        assert not is_alone(case.hr)
        type(case.second).objects.filter(pk=case.second.pk).update(is_active=False)
        make_user(is_superuser=True)
        assert is_alone(case.hr)

    def test_leaves_the_others_their_days_to_stop_it(self, case_in):
        case = case_in(State.SIGNED)
        case.appoint(on=2)
        row = deciding.approve(actor=case.second, handover=case.plan(on=2))
        assert rules.first_day(row) == day(2)
        row = deciding.stop(actor=case.leader, handover=row, reason=REASON)
        assert actions.carry_out_due(day(2)) == {"stopped": 1}


class TestStopping:
    @pytest.mark.parametrize("who", ["leader", "former"])
    def test_it_does_not_act(self, case, who, mailoutbox, django_capture_on_commit_callbacks):
        person = getattr(case, who)
        row = case.plan()
        with django_capture_on_commit_callbacks(execute=True):
            row = deciding.stop(actor=person, handover=row, reason=REASON)
        in_hr = [case.hr.email, case.second.email]
        three = [each.email for each in row.people]
        assert sorted(mail.to[0] for mail in mailoutbox) == sorted([*three, *in_hr])
        for mail in mailoutbox:
            assert str(REASON.label) not in mail.body
            leads_to = reverse("leder_handovers") if mail.to[0] in in_hr else f"/overlevering/{row.uuid}/"
            assert leads_to in mail.body
        assert row.is_genuine
        assert not list(findings())
        for later in (0, 4, 90):
            assert actions.carry_out_due(day(later)) == {"stopped": 1}
        assert actions.carry_out(handover=row, today=day(90)).status == Handover.Status.STOPPED
        assert case.fresh().superior == case.former
        assert kinds(case)[-1] == Event.Kind.HANDOVER_STOPPED

    @pytest.mark.parametrize("who", ["successor", "hr", "second"])
    def test_nobody_else(self, case, who):
        refused(deciding.stop, case, actor=getattr(case, who), handover=case.plan(), reason=REASON)

    def test_for_a_reason_of_those_there_are(self, case):
        refused(deciding.stop, case, actor=case.leader, handover=case.plan(), reason="Fordi han er syk")

    def test_until_the_last_day_and_not_later(self, case_in, november):
        case = case_in(State.SIGNED)
        case.appoint(on=9)
        row = case.plan(on=9)
        now, last = timezone.now(), rules.last_day_to_stop(row)
        november.move_to(now + dt.timedelta(days=4))
        assert timezone.localdate() > last
        refused(deciding.stop, case, actor=case.leader, handover=row, reason=REASON)
        november.move_to(now + dt.timedelta(days=3))
        assert timezone.localdate() == last
        deciding.stop(actor=case.leader, handover=row, reason=REASON)

    def test_once(self, case_in):
        """What a second person has decided stands."""
        case = case_in(State.SIGNED)
        case.appoint(on=2)
        row = deciding.stop(actor=case.leader, handover=case.plan(on=2), reason=REASON)
        refused(deciding.stop, case, actor=case.former, handover=row, reason=REASON)
        row = deciding.approve(actor=case.second, handover=row)
        assert (row.status, row.stop_reason, row.stopped_by) == ("planned", "", case.leader)
        refused(deciding.stop, case, actor=case.former, handover=row, reason=REASON)
        assert actions.carry_out_due(day(2)) == {"carried_out": 1}

    def test_the_one_who_planned_it_plans_nothing_past_it(self, case):
        row = deciding.stop(actor=case.former, handover=case.plan(), reason=REASON)
        for on in (0, 1, 30):
            assert change_of(case.fresh(), day(on)) is None
            refused(actions.plan, case, actor=case.hr, agreement=case.agreement, on=day(on))
        refused(actions.cancel, case, actor=case.hr, handover=row)
        actions.cancel(actor=case.second, handover=row)
        row.refresh_from_db()
        assert (row.status, row.stop_reason) == (Handover.Status.CANCELLED, "")
        assert row.is_genuine
        # Planned anew it is told anew, and waits anew.
        assert rules.waits(case.plan())

    def test_a_stop_put_in_by_hand_hinders_nothing(self, case):
        row = case.plan()
        Handover.objects.filter(pk=row.pk).update(status="stopped")
        assert change_of(case.fresh(), day()) is not None
        assert any(line.startswith("handovers: row") for line in findings())

    def test_it_stays_stopped_whatever_the_organisation_says(self, case):
        """Else one in HR moves dates for one night, and plans it anew."""
        row = deciding.stop(actor=case.former, handover=case.plan(), reason=REASON)
        Appointment.objects.filter(person=case.successor).delete()
        Appointment.objects.filter(person=case.former).update(ends=None)
        assert actions.carry_out_due(day()) == {"stopped": 1}
        row.refresh_from_db()
        assert (row.status, row.stop_reason) == (Handover.Status.STOPPED, REASON)
        assert case.fresh().superior == case.former

    def test_the_log_outside_the_database_has_a_line(self, case, caplog):
        caplog.set_level("INFO", "leder.access")
        row = deciding.stop(actor=case.former, handover=case.plan(), reason=REASON)
        assert f"handover stopped: row {row.pk}, agreement {case.agreement.uuid}" in caplog.text
        assert case.former.last_name not in caplog.text


class TestComing:
    def test_each_of_the_three_is_shown_it_and_nobody_else(self, case):
        row = case.plan()
        for person in row.people:
            assert [each.row for each in coming_to(person)] == [row]
            page = client_of(person).get(reverse("leder:my_page")).content.decode()
            assert reverse("leder:handover", args=[row.uuid]) in page
        for person in (case.hr, make_user()):
            assert coming_to(person) == []
        assert [each.may_approve for each in coming_in_hr(case.second, settled=True)] == [True]
        assert [each.may_approve for each in coming_in_hr(case.hr, settled=True)] == [False]

    def test_one_put_in_by_hand_is_not(self, case):
        row = case.plan()
        stranger = make_user()
        Handover.objects.filter(pk=row.pk).update(former=stranger)
        assert coming_to(stranger) == coming_to(case.leader) == coming_in_hr(case.second, settled=True) == []

    def test_the_price_is_the_same_for_one_and_for_thirty(self, case_in):
        case = case_in()
        case.appoint()
        case.plan()
        case.second.user_permissions.add(Permission.objects.get(codename="access_admin"))
        pages = ((case.former, reverse("leder:my_page")), (case.second, reverse("leder_handovers")))
        first = [queries_of(person, path) for person, path in pages]
        for _each in range(29):
            other = make_agreement(superior=case.former)
            Appointment.objects.create(position=other.position, person=other.leader, starts=day(-9))
            Appointment.objects.filter(position=other.superior_position).update(ends=day(-1))
            Appointment.objects.create(position=other.superior_position, person=case.successor, starts=day())
            actions.plan(actor=case.hr, agreement=other, on=day())
        assert len(coming_in_hr(case.second, settled=True)) == 30
        for (person, path), then in zip(pages, first, strict=True):
            assert queries_of(person, path) <= then
