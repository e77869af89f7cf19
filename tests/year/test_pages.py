"""“Open the year” in the CMS: step by step, for those who may, and for nobody else."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leder.agreements.models import Agreement, Round
from leder.organisation.models import Appointment
from leder.pages.models import AgreementFormPage, SteeringLetterPage
from leder.year import opening
from leder.year.models import SILENCE, Opening
from tests.factories import make_agreement, make_position, make_user
from tests.year.conftest import YEAR, appoint, make_leaders

pytestmark = pytest.mark.django_db
NAMES = ("texts", "deadlines", "preview", "open", "progress", "in_line", "copy")


def address(name, year=YEAR):
    return reverse(f"leder_year_{name}", kwargs={"year": year})


@pytest.fixture
def as_hr(client, hr):
    client.force_login(hr)
    client.session_user = hr
    return client


def body(response):
    return response.content.decode()


class TestDoor:
    @pytest.mark.parametrize("who", ["stranger", "editor", "anonymous"])
    def test_others_meet_nothing_and_change_nothing(self, client, hr, year_round, who):
        make_leaders(2)
        if who != "anonymous":
            person = make_user()
            if who == "editor":
                person.user_permissions.add(
                    *Permission.objects.filter(codename__in=["access_admin", "add_round", "change_round"])
                )
            client.force_login(person)
        before = (Round.objects.values().get(), SteeringLetterPage.objects.count())
        for url in [reverse("leder_year"), *(address(name) for name in NAMES)]:
            for response in (client.get(url), client.post(url, {"text": "letter_page", "confirmed": "on"})):
                assert response.status_code == 404 or (response.status_code == 302 and who != "editor")
        assert (Round.objects.values().get(), SteeringLetterPage.objects.count()) == before
        assert not Agreement.objects.exists()
        assert not Opening.objects.exists()

    @pytest.mark.parametrize("year", [1999, 2024, 2031, 9999])
    def test_years_that_make_no_sense_are_missing(self, as_hr, year_round, year):
        for name in NAMES:
            assert as_hr.post(address(name, year)).status_code == 404
        assert Round.objects.count() == 1

    def test_the_page_stands_in_the_menu(self, as_hr, client):
        assert reverse("leder_year") in body(as_hr.get(reverse("wagtailadmin_home")))


class TestTexts:
    def test_from_nothing_to_a_round(self, as_hr, texts):
        assert as_hr.get(reverse("leder_year")).status_code == 200
        assert as_hr.get(address("deadlines")).url == address("texts")
        page = as_hr.get(address("texts"))
        chosen = {name: page.context["form"].initial[name] for name in texts}
        assert chosen == {name: text.pk for name, text in texts.items()}
        response = as_hr.post(address("texts"), chosen)
        assert response.url == address("deadlines")
        year_round = Round.objects.get()
        assert (year_round.year, year_round.opened_at) == (YEAR, None)
        assert year_round.conversation_due.isoformat() == f"{YEAR}-03-31"

    def test_last_years_text_becomes_a_draft_for_the_next(self, as_hr, hr, texts, year_round):
        page = as_hr.get(address("texts", YEAR + 1))
        assert [copy.name for copy in page.context["copies"]] == ["letter_page", "form_page"]
        assert page.context["form"].lacks
        response = as_hr.post(address("copy", YEAR + 1), {"text": "letter_page"})
        copied = SteeringLetterPage.objects.get(year=YEAR + 1)
        assert response.url == reverse("wagtailadmin_pages:edit", args=[copied.pk])
        assert (copied.title, copied.live, copied.owner) == (f"Styringsbrev {YEAR + 1}", False, hr)
        assert copied.get_parent() == texts["letter_page"].get_parent()
        # Nothing to copy any more, and a second click makes no second letter.
        assert as_hr.post(address("copy", YEAR + 1), {"text": "letter_page"}).url == address(
            "texts", YEAR + 1
        )
        assert SteeringLetterPage.objects.filter(year=YEAR + 1).count() == 1
        page = as_hr.get(address("texts", YEAR + 1))
        assert [copy.name for copy in page.context["copies"]] == ["form_page"]

    def test_one_who_may_add_no_page_copies_none(self, client, texts, year_round):
        person = make_user()
        person.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", "open_round"]))
        client.force_login(person)
        page = client.get(address("texts", YEAR + 1))
        assert not any(copy.allowed for copy in page.context["copies"])
        assert client.post(address("copy", YEAR + 1), {"text": "form_page"}).status_code == 404
        assert AgreementFormPage.objects.count() == 1

    @pytest.mark.parametrize("text", ["", "platform_page", "x" * 500])
    def test_nothing_else_is_copied(self, as_hr, texts, year_round, text):
        assert as_hr.post(address("copy", YEAR + 1), {"text": text}).status_code == 404
        assert SteeringLetterPage.objects.count() == 1

    def test_a_draft_can_be_chosen_and_is_named_until_it_is_published(self, as_hr, hr, texts):
        make_leaders(1)
        texts["form_page"].unpublish()
        as_hr.post(address("texts"), {name: text.pk for name, text in texts.items()})
        for name in ("texts", "preview", "open"):
            page = as_hr.get(address(name))
            assert [problem.page for problem in page.context["problems"]] == [texts["form_page"]]
            assert reverse("wagtailadmin_pages:edit", args=[texts["form_page"].pk]) in body(page)
        assert not as_hr.get(address("open")).context["may_open"]
        assert as_hr.post(address("open")).url == address("open")
        assert not Agreement.objects.exists()
        texts["form_page"].save_revision().publish()
        assert as_hr.post(address("open")).url == address("progress")
        assert Agreement.objects.count() == 1

    def test_another_years_letter_is_refused(self, as_hr, texts):
        values = {name: text.pk for name, text in texts.items()}
        assert as_hr.post(address("texts", YEAR - 1), values).status_code == 200
        assert not Round.objects.exists()


class TestWhatIsOpenAlready:
    def test_texts_of_a_year_that_superiors_have_begun_stay(self, as_hr, year_round, texts):
        _superior, _top, (leader, _other) = make_leaders(2)
        Round.objects.update(opened_at=timezone.now())
        before = Round.objects.values().get()
        values = {name: text.pk for name, text in texts.items()}
        for name in ("texts", "deadlines", "copy"):
            assert as_hr.post(address(name), values).url == address("preview")
        assert Round.objects.values().get() == before
        # The rest can be opened all the same.
        as_hr.post(address("open"))
        assert Agreement.objects.count() == 2

    def test_a_year_that_is_over_is_neither_set_up_nor_opened(self, as_hr, year_round, november):
        make_leaders(1)
        november.move_to(f"{YEAR + 1}-01-10T09:00:00+00:00")
        as_hr.force_login(as_hr.session_user)
        for name in ("texts", "deadlines", "preview", "open"):
            assert as_hr.get(address(name)).status_code == 404
        as_hr.post(address("open"))
        assert not Agreement.objects.exists()


class TestDeadlines:
    def posted(self, year_round, **changes):
        names = (
            "conversation_due",
            "follow_up_from",
            "follow_up_due",
            "unshared_deleted_on",
            "text_deleted_on",
        )
        values = {name: getattr(year_round, name).strftime("%d.%m.%Y") for name in names}
        return {**values, **changes}

    def test_saved_and_on_to_the_preview(self, as_hr, year_round):
        assert as_hr.get(address("deadlines")).status_code == 200
        response = as_hr.post(address("deadlines"), self.posted(year_round, conversation_due=f"15.03.{YEAR}"))
        assert response.url == address("preview")
        year_round.refresh_from_db()
        assert year_round.conversation_due.isoformat() == f"{YEAR}-03-15"

    def test_dates_that_make_no_sense_are_refused(self, as_hr, year_round):
        before = Round.objects.values().get()
        response = as_hr.post(address("deadlines"), self.posted(year_round, follow_up_from=f"01.02.{YEAR}"))
        assert "follow_up_from" in response.context["form"].errors
        assert Round.objects.values().get() == before


class TestPreview:
    @pytest.mark.parametrize("number", [0, 12, 60])
    def test_who_and_with_whom(self, as_hr, year_round, number):
        superior, _top, _leaders = make_leaders(number)
        page = as_hr.get(address("preview"))
        assert page.status_code == 200
        assert len(page.context["plan"].ready) == number
        assert len(page.context["page_obj"].object_list) == min(number + 1, 50)
        assert superior.get_full_name() in body(page)
        assert not Agreement.objects.exists()

    def test_without_any_organisation(self, as_hr, year_round):
        page = as_hr.get(address("preview"))
        assert "help-info" in body(page)

    def test_remarks_lead_to_their_lines(self, as_hr, year_round):
        _superior, top, _leaders = make_leaders(2)
        make_position(reports_to=top)
        page = body(as_hr.get(address("preview")))
        assert "?show=vacant" in page
        assert len(as_hr.get(address("preview"), {"show": "vacant"}).context["page_obj"].object_list) == 1

    @pytest.mark.parametrize(
        "query",
        [{"show": "'; drop"}, {"area": "x"}, {"p": "99"}, {"p": "x"}, {"q": "\x00"}, {"q": "a" * 500}],
    )
    def test_senseless_questions_do_no_harm(self, as_hr, year_round, query):
        make_leaders(2)
        assert as_hr.get(address("preview"), query).status_code == 200

    def test_what_is_searched_for_is_escaped(self, as_hr, year_round):
        make_leaders(1)
        assert "<script>x" not in body(as_hr.get(address("preview"), {"q": "<script>x"}))

    @pytest.mark.parametrize("number", [1, 30])
    def test_at_one_price(self, as_hr, year_round, number, django_assert_max_num_queries):
        make_leaders(number)
        as_hr.get(address("preview"))
        with django_assert_max_num_queries(45):
            as_hr.get(address("preview"))


class TestOpen:
    def test_the_button_opens_the_year_once(self, as_hr, hr, year_round):
        superior, _top, leaders = make_leaders(3)
        assert "3" in body(as_hr.get(address("open")))
        assert as_hr.post(address("open")).url == address("progress")
        assert Agreement.objects.count() == 3
        page = as_hr.get(address("progress"))
        assert page.context["opening"].started_by == hr
        assert "Refresh" not in page
        # Again, and back to the earlier steps: all lead to how it went.
        as_hr.post(address("open"))
        for name in ("texts", "deadlines", "preview", "open"):
            assert as_hr.get(address(name)).url == address("progress")
        assert Agreement.objects.count() == 3
        assert Opening.objects.count() == 1

    def test_get_opens_nothing(self, as_hr, year_round):
        make_leaders(2)
        as_hr.get(address("open"))
        assert not Agreement.objects.exists()

    def test_a_failure_is_told_by_its_kind_and_can_be_gone_on_from(self, as_hr, year_round, monkeypatch):
        _superior, _top, leaders = make_leaders(3)
        real = opening._open_some

        def fails(*args):
            raise ConnectionError(f"lost while opening for {leaders[0].get_full_name()}")

        monkeypatch.setattr(opening, "_open_some", fails)
        as_hr.post(address("open"))
        page = body(as_hr.get(address("progress")))
        assert "ConnectionError" in page
        assert leaders[0].get_full_name() not in page
        monkeypatch.setattr(opening, "_open_some", real)
        as_hr.post(address("open"))
        assert Agreement.objects.count() == 3
        assert Opening.objects.get().failure == ""

    def test_while_it_runs_the_page_looks_again_and_silence_is_told(self, as_hr, hr, year_round):
        make_leaders(2)
        begun = opening.begin(actor=hr, year_round=year_round)
        assert as_hr.get(address("progress"))["Refresh"] == "3"
        Opening.objects.filter(pk=begun.pk).update(alive_at=timezone.now() - 2 * SILENCE)
        page = as_hr.get(address("progress"))
        assert "Refresh" not in page
        assert f'action="{address("open")}"' in body(page)

    def test_the_form_needs_its_token(self, hr, year_round):
        make_leaders(1)
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(hr)
        assert strict.post(address("open")).status_code == 403
        assert not Agreement.objects.exists()


class TestDuring:
    @pytest.fixture
    def opened(self, as_hr, year_round):
        superior, top, leaders = make_leaders(3)
        as_hr.post(address("open"))
        return superior, top, leaders

    def test_everything_in_line(self, as_hr, opened):
        page = as_hr.get(address("in_line"))
        assert (page.context["coming_count"], page.context["leaving_count"]) == (0, 0)
        assert '<form method="post">' not in body(page)

    def test_names_before_and_figures_after(self, as_hr, opened):
        _superior, top, (leaver, *_rest) = opened
        Appointment.objects.filter(person=leaver).update(ends=timezone.localdate() - dt.timedelta(1))
        new = make_user()
        appoint(new, make_position(reports_to=top))
        page = as_hr.get(address("in_line"))
        for person in (leaver, new):
            assert person.get_full_name() in body(page)
        assert Agreement.objects.filter(leader=new).count() == 0
        as_hr.post(address("in_line"))
        assert Agreement.objects.get(leader=new).state == "opened"
        assert Agreement.objects.get(leader=leaver).state == "ended"

    def test_many_are_ended_with_a_yes_only(self, as_hr, year_round):
        _superior, _top, leaders = make_leaders(12)
        as_hr.post(address("open"))
        Appointment.objects.filter(person__in=leaders[:11]).update(
            ends=timezone.localdate() - dt.timedelta(1)
        )
        assert "confirmed" in body(as_hr.get(address("in_line")))
        as_hr.post(address("in_line"))
        assert not Agreement.objects.filter(state="ended").exists()
        as_hr.post(address("in_line"), {"confirmed": "on"})
        assert Agreement.objects.filter(state="ended").count() == 11

    def test_only_the_newest_open_year(self, as_hr, year_round):
        make_leaders(1)
        assert as_hr.get(address("in_line")).status_code == 404
        assert as_hr.post(address("in_line")).status_code == 404
        assert not Agreement.objects.exists()


def test_no_page_shows_what_is_written_or_whose_agreement_it_is(as_hr, year_round):
    agreement = make_agreement()
    make_leaders(1)
    for name in ("texts", "preview", "open"):
        page = body(as_hr.get(address(name)))
        assert str(agreement.uuid) not in page
        assert not re.search(r'href="/leder/', page)
