"""What each is told on the pages, and HR's page in the CMS."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from leder.agreements.access.pairs import withheld_sections
from leder.agreements.models import Comment, Entry, Handover
from leder.agreements.reading.current import open_shared
from leder.agreements.states import State
from leder.conversations.actions import mark_ready
from leder.handover import deciding
from leder.organisation.models import Appointment
from leder.pages import roles
from leder.sharing import actions as sharing
from tests.factories import (
    PRIVATE_SECTION,
    SECTION,
    access_of,
    known_in_hr,
    make_agreement,
    make_user,
    opened_by,
)
from tests.handover.conftest import day
from tests.handover.writing import everything_after, everything_before, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(settings):
    """The pages are read by their source strings."""
    settings.LANGUAGE_CODE = "en"


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def page_of(case, person, name="agreement"):
    response = client_of(person).get(reverse(f"leder:{name}", args=[case.agreement.uuid]))
    assert response.status_code == 200
    return response.content.decode()


def consent_url(case, section=PRIVATE_SECTION):
    return reverse("leder:handover_consent", args=[case.agreement.uuid, section])


def seen(case):
    """What a page opened now posts along: whom it is about."""
    return {"since": case.fresh().handed_over_at.isoformat()}


class TestTheTwo:
    def test_the_leader_sees_the_change_the_old_words_and_the_decision(self, case_in):
        case = case_in(State.DISCUSSED, everything_before)
        case.hand_over()
        page = page_of(case, case.leader)
        assert f"{case.successor.get_full_name()} took over from {case.former.get_full_name()}" in page
        assert "What you wrote with Siri Overordnet" in page
        assert consent_url(case) in page
        assert "only you can read this" in page

    def test_the_new_superior_is_told_what_they_do_not_see(self, case_in):
        case = case_in(State.SIGNED, everything_before)
        case.hand_over()
        page = page_of(case, case.successor)
        assert "This part is from before you became the superior" in page
        assert "privat kommentar" not in page
        assert consent_url(case) not in page
        signed = page_of(case, case.successor, "sign")
        assert "This part is from before you became the superior" in signed
        # Who signed stands there.
        assert case.former.get_full_name() in signed

    def test_who_can_read_names_the_right_ones(self, case_in):
        case = case_in(State.SIGNED, everything_before)
        case.hand_over()
        page = page_of(case, case.leader)
        assert page.count(f"{case.former.get_full_name()}, as it was signed") == 3
        readers = page[page.index('id="about-2"') :]
        readers = readers[: readers.index("</aside>")]
        assert case.leader.get_full_name() in readers
        assert case.successor.get_full_name() not in readers

    def test_no_button_while_the_superior_is_acting(self, case_in):
        case = case_in(State.SIGNED, everything_before)
        case.hand_over(acting=True)
        page = page_of(case, case.leader)
        assert consent_url(case) not in page
        assert "An acting superior never inherits that." in page
        assert client_of(case.leader).post(consent_url(case)).status_code == 403

    def test_letting_it_be_read(self, case_in, mailoutbox, django_capture_on_commit_callbacks):
        case = case_in(State.SIGNED, everything_before)
        case.hand_over()
        with django_capture_on_commit_callbacks(execute=True):
            response = client_of(case.leader).post(consent_url(case), seen(case), follow=True)
        assert "can now read" in response.content.decode()
        assert consent_url(case) not in page_of(case, case.leader)
        assert "privat" in words_of(case, case.successor)
        assert [mail.to for mail in mailoutbox][-1] == [case.successor.email]

    def test_once_taken_in_it_is_not_offered_again(self, case_in):
        case = case_in(State.DISCUSSED, everything_before)
        case.hand_over()
        client_of(case.leader).post(consent_url(case), seen(case))
        assert consent_url(case) not in page_of(case, case.leader)

    @pytest.mark.parametrize("state", [State.DISCUSSED, State.SIGNED])
    def test_what_is_let_to_one_is_not_let_to_the_next(self, case_in, state):
        case = case_in(state, everything_before)
        case.hand_over()
        seen_then, third = seen(case), make_user()
        case.hand_over(third)
        client_of(case.leader).post(consent_url(case), seen_then)
        assert "privat" not in words_of(case, third)
        assert not case.agreement.events.filter(kind="consented").exists()
        client_of(case.leader).post(consent_url(case), {})
        assert "privat" not in words_of(case, third)

    def test_ready_for_one_is_not_ready_for_the_next(self, case_in):
        case = case_in(State.OPENED, everything_before)
        url = reverse("leder:preparation_ready", args=[case.agreement.uuid])
        case.hand_over()
        client_of(case.leader).post(url, {"act": "ready"})
        assert case.fresh().leader_ready_at is None
        client_of(case.leader).post(url, {"act": "ready", "pair": case.fresh().pair})
        assert case.fresh().leader_ready_at is not None

    def test_only_what_is_private_is_let_and_by_post(self, case_in):
        case = case_in(State.SIGNED, everything_before)
        case.hand_over()
        client = client_of(case.leader)
        assert client.get(consent_url(case)).status_code == 405
        assert client.post(consent_url(case, SECTION)).status_code == 403
        assert client.post(consent_url(case, "no-such")).status_code == 404

    @pytest.mark.parametrize("name", ["agreement", "follow_up", "sign", "sharing", "readings", "preparation"])
    def test_the_pages_of_the_new_superior_hold_nothing_from_before(self, case_in, name):
        case = case_in(State.SIGNED, everything_before)
        everything_after(case)
        page_of(case, case.former)
        case.hand_over()
        for acting in (False,):
            page = page_of(case, case.successor, name)
            for words in ("privat kommentar", "privat fremdrift", "privat oppfølging", "forberedelse<"):
                assert f">{words}" not in page, acting

    def test_opened_preparations_are_the_leaders_to_read(self, case_in):
        case = case_in(State.PREPARED, everything_before)
        case.hand_over()
        assert "overordnets forberedelse" in page_of(case, case.leader, "preparation")
        assert "overordnets forberedelse" not in page_of(case, case.successor, "preparation")

    def test_the_meeting_leaves_out_what_is_not_open_to_both(self, case_in):
        case = case_in(State.SIGNED, everything_before)
        case.hand_over()
        url = reverse("leder:meeting", args=[case.agreement.uuid, PRIVATE_SECTION])
        assert client_of(case.leader).get(url).status_code in (302, 404)

    def test_the_log_of_private_readings_begins_with_the_new_superior(self, case_in):
        case = case_in(State.SIGNED, everything_before)
        page_of(case, case.former)
        case.hand_over()
        page_of(case, case.successor)
        name = f"{case.former.first_name} {case.former.last_name}"
        leaders, theirs = (page_of(case, who, "readings") for who in (case.leader, case.successor))
        assert leaders.count("Ledelsesutvikling") > theirs.count("Ledelsesutvikling")
        assert name in leaders

    def test_where_the_leader_was_by_themself_before_is_theirs_to_see(self, case_in):
        """On a new device."""
        case = case_in(State.OPENED, everything_before)
        opened_by(case.leader, case.agreement, new_device=True, kinds=(Entry.Kind.PREPARATION,))
        case.hand_over()
        assert "pages of their own" in page_of(case, case.leader, "readings")
        assert "pages of their own" not in page_of(case, case.successor, "readings")

    @pytest.mark.parametrize("state", [State.OPENED, State.SIGNED])
    @pytest.mark.parametrize("before", [everything_before, None])
    def test_the_log_tells_of_no_preparation_from_before(self, case_in, state, before):
        """Opened by the leader, on a new device: the same line with one and without."""
        case = case_in(state, before)
        case.hand_over()
        opened_by(case.leader, case.fresh(), new_device=True, kinds=(Entry.Kind.PREPARATION,), kept=True)
        mine = case.agreement.readings.filter(own=True)
        assert set(mine.values_list("section_id", "kind", "role")) == {("", "own_pages", "")}

    @pytest.mark.parametrize("before", [everything_before, None])
    def test_nor_once_both_are_ready_again(self, case_in, before):
        case = case_in(State.PREPARED, before)
        case.hand_over()
        for person in (case.leader, case.successor):
            mark_ready(access_of(person, case.fresh()))
        opened_by(case.leader, case.fresh(), new_device=True, kinds=(Entry.Kind.PREPARATION,), kept=True)
        mine = case.agreement.readings.filter(own=True)
        assert mine.filter(section_id="", kind="own_pages").count() == 1

    def test_who_can_read_now_says_so(self, case_in):
        case = case_in(State.SIGNED, everything_before)
        case.hand_over()
        name = f"{case.leader.get_full_name()}, {case.successor.get_full_name()}"
        private = [each.private for each in case.agreement.form_edition.sections if each.takes_answers]
        withheld = len(withheld_sections(case.fresh()))
        assert withheld
        assert page_of(case, case.leader, "readings").count(name) == len(private) - withheld

    def test_whom_it_was_shared_with_before_is_the_leaders_to_see(self, case_in):
        case = case_in(State.SIGNED, everything_before)
        third = make_user(first_name="Tredje", last_name="Leser")
        share = sharing.propose(
            access_of(case.former, case.agreement), section_id=SECTION, reader=third, purpose="", until=day(9)
        )
        share = sharing.consent(access_of(case.leader, share.agreement), share)
        open_shared(reader=third, share=share)
        case.hand_over()
        assert "Tredje Leser" in page_of(case, case.leader, "readings")
        assert "Tredje Leser" not in page_of(case, case.successor, "readings")

    def test_a_comment_meant_for_another_is_shown_again(self, case_in):
        case = case_in(State.DISCUSSED, everything_before)
        case.hand_over()
        url = reverse("leder:comment", args=[case.agreement.uuid, PRIVATE_SECTION])
        client, number = client_of(case.leader), Comment.objects.count()
        answer = client.post(url, {"text": "til den forrige", "pair": ""})
        assert answer.status_code == 422
        assert "til den forrige" in answer.content.decode()
        assert Comment.objects.count() == number
        assert client.post(url, {"text": "til den nye", "pair": case.agreement.pair}).status_code == 302

    @pytest.mark.parametrize("handovers", [1, 5])
    def test_few_queries(self, case_in, handovers):
        case = case_in(State.SIGNED, everything_before)
        everything_after(case)
        for _each in range(handovers):
            case.let_days_pass()
            case.hand_over(make_user())
        for person in (case.leader, case.fresh().superior):
            client = client_of(person)
            client.get(reverse("leder:my_page"))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("leder:agreement", args=[case.agreement.uuid]))
            # Beginning and ending a transaction, which is a savepoint here, are not among them.
            asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
            # One more for a superior: whether the grant is of the latest handover.
            assert len(asked) <= (19 if person == case.leader else 20), "\n".join(sql[:110] for sql in asked)


class TestHr:
    @pytest.fixture
    def hr(self, case_in):
        roles.set_up_roles()
        case = case_in(State.SIGNED, everything_before)
        case.hr = make_user(last_name="Personal")
        case.second = make_user(last_name="Personal")
        for person in (case.hr, case.second):
            person.groups.add(Group.objects.get(name=roles.HR))
        Permission.objects.get(codename="hand_over").user_set.clear()
        case.second = known_in_hr(case.second)
        return case

    url = "/cms/leder/handovers/"

    def test_sees_names_and_why_never_text(self, hr):
        hr.appoint()
        page = client_of(hr.hr).get(self.url).content.decode()
        assert "From Siri Overordnet to Bente Ny" in page
        assert "New holder of the superior" in page
        assert not {"privat", "felles kommentar"} & set(page.split())

    def test_empty(self, hr):
        page = client_of(hr.hr).get(self.url).content.decode()
        assert "names no other superior" in page
        assert "Nothing is planned" in page

    def test_plans_for_today_and_another_says_yes(self, hr):
        hr.appoint()
        client, second = client_of(hr.hr), client_of(hr.second)
        answer = client.post(self.url, {"on": day().isoformat(), "agreement": hr.agreement.pk}, follow=True)
        page = answer.content.decode()
        assert "1 handover is planned" in page
        assert "Let it act from" not in page
        assert hr.fresh().superior == hr.former
        row = Handover.objects.get()
        client.post(self.url, {"approve": row.pk})
        assert hr.fresh().superior == hr.former
        assert "Let it act from" in second.get(self.url).content.decode()
        answer = second.post(self.url, {"approve": row.pk}, follow=True)
        assert "The handover is carried out" in answer.content.decode()
        assert hr.fresh().superior == hr.successor
        logged = ModelLogEntry.objects.filter(action__startswith="leder.handover").order_by("timestamp")
        assert [(each.action, each.user, each.data) for each in logged] == [
            ("leder.handover.plan", hr.hr, {"count": 1, "date": day().isoformat()}),
            ("leder.handover.approve", hr.second, {"count": 1, "date": day().isoformat()}),
        ]

    @pytest.mark.parametrize("act", ["approve", "cancel"])
    def test_another_decides_what_is_stopped(self, hr, act):
        hr.appoint()
        row = deciding.stop(actor=hr.former, handover=hr.plan(), reason="unknown")
        client, second = client_of(hr.hr), client_of(hr.second)
        page = client.get(self.url).content.decode()
        assert "Siri Overordnet" in page
        assert "I know nothing of this change" in page
        assert "Another in HR decides" in page
        assert "names no other superior" in page
        for posted in ({act: row.pk}, {"on": day(1).isoformat(), "agreement": hr.agreement.pk}):
            client.post(self.url, posted)
            row.refresh_from_db()
            assert (row.status, hr.fresh().superior) == ("stopped", hr.former)
        assert "Carry it out all the same" in second.get(self.url).content.decode()
        second.post(self.url, {act: row.pk})
        row.refresh_from_db()
        assert row.stop_reason == ""
        assert row.status == ("carried_out" if act == "approve" else "cancelled")
        assert hr.fresh().superior == (hr.successor if act == "approve" else hr.former)

    def test_one_who_is_alone_is_told_so(self, hr):
        said = "You are the only one in HR who can hand over"
        assert said not in client_of(hr.hr).get(self.url).content.decode()
        type(hr.second).objects.filter(pk=hr.second.pk).update(is_active=False)
        make_user(is_superuser=True)
        assert said in client_of(hr.hr).get(self.url).content.decode()

    def test_plans_all_of_a_superior_and_cancels_one(self, hr):
        other = make_agreement()
        position = hr.agreement.superior_position
        Appointment.objects.create(position=other.position, person=other.leader, starts=day(-9))
        other.position.reports_to = position
        other.position.save()
        type(other).objects.filter(pk=other.pk).update(superior=hr.former, superior_position=position)
        hr.appoint(on=4)
        client = client_of(hr.hr)
        page = client.get(self.url, {"on": day(4).isoformat()}).content.decode()
        key = page.split('name="side" value="')[1].split('"')[0]
        client.post(self.url, {"on": day(4).isoformat(), "side": key})
        assert Handover.objects.filter(status="planned").count() == 2
        assert hr.fresh().superior == hr.former
        row = Handover.objects.first()
        answer = client.post(self.url, {"cancel": row.pk}, follow=True)
        assert "The handover is cancelled" in answer.content.decode()
        row.refresh_from_db()
        assert row.status == "cancelled"

    def test_never_to_themself(self, hr):
        hr.appoint(hr.hr)
        client = client_of(hr.hr)
        assert "You would be the new superior yourself" in client.get(self.url).content.decode()
        client.post(self.url, {"on": day().isoformat(), "agreement": hr.agreement.pk})
        assert hr.fresh().superior == hr.former
        assert not Handover.objects.exists()

    @pytest.mark.parametrize(
        "posted",
        [
            {"agreement": "x"},
            {"agreement": "999999999999999999999"},
            {"side": "1-2-3-4"},
            {"cancel": "7"},
            {},
        ],
    )
    def test_what_the_organisation_does_not_say_is_not_done(self, hr, posted):
        hr.appoint()
        client_of(hr.hr).post(self.url, {"on": day().isoformat(), **posted})
        assert hr.fresh().superior == hr.former

    @pytest.mark.parametrize("on", ["", "x", "1999-01-01"])
    def test_a_day_that_is_none(self, hr, on):
        hr.appoint()
        assert client_of(hr.hr).get(self.url, {"on": on}).status_code == 200
        client_of(hr.hr).post(self.url, {"on": on, "agreement": hr.agreement.pk})
        assert hr.fresh().superior == hr.former

    @pytest.mark.parametrize("who", ["leader", "former", "successor"])
    def test_others_learn_nothing(self, hr, who):
        hr.appoint()
        client = client_of(getattr(hr, who))
        assert client.get(self.url).status_code in (302, 404)
        client.post(self.url, {"on": day().isoformat(), "agreement": hr.agreement.pk})
        assert hr.fresh().superior == hr.former

    def test_few_queries_at_30(self, hr):
        for _each in range(30):
            other = make_agreement(superior=hr.former)
            Appointment.objects.create(position=other.position, person=other.leader, starts=day(-9))
            Appointment.objects.filter(position=other.superior_position).update(ends=day(-1))
            Appointment.objects.create(position=other.superior_position, person=hr.successor, starts=day())
        client = client_of(hr.hr)
        client.get(self.url)
        with CaptureQueriesContext(connection) as queries:
            client.get(self.url)
        assert len(queries) <= 30, len(queries)
