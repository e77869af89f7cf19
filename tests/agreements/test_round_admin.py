"""Rounds in the CMS: HR corrects a year's texts and deadlines. Years are made and opened in `tests/year`."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from leder.agreements.forms.round import usual_dates
from leder.agreements.models import Round
from leder.pages.models import AgreementFormPage, LeaderPlatformPage, LeadershipPage, SteeringLetterPage
from tests.factories import make_agreement, make_user

pytestmark = pytest.mark.django_db
ROOT = reverse("wagtailadmin_home") + "leder/rounds/"


@pytest.fixture
def pages():
    landing = Page.objects.get(depth=1).add_child(instance=LeadershipPage(title="Ledelse", slug="ledelse"))

    def made(model, slug, **kwargs):
        page = landing.add_child(instance=model(title=slug, slug=slug, **kwargs))
        page.save_revision().publish()
        page.refresh_from_db()
        return page

    return {
        "platform_page": made(LeaderPlatformPage, "plattform"),
        "letter_page": made(SteeringLetterPage, "brev", year=2027),
        "form_page": made(AgreementFormPage, "skjema", year=2027),
    }


@pytest.fixture
def hr(client):
    group = Group.objects.create(name="hr")
    acts = [f"{act}_round" for act in ("add", "change", "delete", "view")]
    group.permissions.add(*Permission.objects.filter(codename__in=["access_admin", *acts]))
    person = make_user()
    person.groups.add(group)
    client.force_login(person)
    return client


def posted(pages, **changes):
    return {
        "year": "2027",
        "conversation_due": "31.03.2027",
        "follow_up_from": "01.08.2027",
        "follow_up_due": "31.12.2027",
        "unshared_deleted_on": "31.12.2027",
        "text_deleted_on": "31.12.2032",
        **{name: str(page.pk) for name, page in pages.items()},
        **changes,
    }


@pytest.fixture
def year_round(pages):
    texts = {f"{name}_id": page.pk for name, page in pages.items()}
    return Round.objects.create(year=2027, **usual_dates(2027), **texts)


def address_of(year_round):
    return f"{ROOT}edit/{year_round.pk}/"


def test_hr_moves_a_deadline(hr, pages, year_round):
    assert hr.get(address_of(year_round)).status_code == 200
    response = hr.post(address_of(year_round), posted(pages, conversation_due="15.03.2027"))
    assert response.status_code == 302, response.context["form"].errors
    year_round.refresh_from_db()
    assert year_round.conversation_due == dt.date(2027, 3, 15)
    # Nothing here opens a year.
    assert year_round.opened_at is None
    assert "2027" in hr.get(ROOT).content.decode()


def test_rounds_are_not_made_here(hr, pages):
    assert hr.get(ROOT + "create/").status_code == 404
    assert hr.post(ROOT + "create/", posted(pages)).status_code == 404
    assert "rounds/create" not in hr.get(ROOT).content.decode()
    assert not Round.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"conversation_due": "31.03.2029"}, "conversation_due"),
        ({"follow_up_from": "01.02.2027"}, "follow_up_from"),
        ({"follow_up_due": "01.07.2027"}, "follow_up_due"),
        ({"unshared_deleted_on": "01.01.2027"}, "unshared_deleted_on"),
        ({"text_deleted_on": "01.01.2028"}, "text_deleted_on"),
        ({"year": "2028"}, "letter_page"),
        ({"letter_page": ""}, "letter_page"),
    ],
)
def test_what_makes_no_sense_is_refused(hr, pages, year_round, changes, field):
    before = Round.objects.values().get()
    response = hr.post(address_of(year_round), posted(pages, **changes))
    assert field in response.context["form"].errors
    assert Round.objects.values().get() == before


def test_an_open_year_keeps_to_published_text(hr, pages, year_round):
    pages["form_page"].unpublish()
    assert hr.post(address_of(year_round), posted(pages)).status_code == 302
    Round.objects.update(opened_at=timezone.now())
    response = hr.post(address_of(year_round), posted(pages))
    assert "form_page" in response.context["form"].errors


def test_a_page_of_another_kind_is_refused(hr, pages, year_round):
    response = hr.post(address_of(year_round), posted(pages, letter_page=str(pages["platform_page"].pk)))
    assert "letter_page" in response.context["form"].errors


def test_a_round_with_agreements_keeps_its_year(hr, pages):
    year_round = make_agreement().round
    errors = hr.post(address_of(year_round), posted(pages, year="2028")).context["form"].errors
    assert "year" in errors
    assert hr.post(f"{ROOT}delete/{year_round.pk}/").status_code == 302
    year_round.refresh_from_db()
    assert (year_round.year, year_round.opened_at is not None) == (2027, True)


def test_the_list_shows_how_many_and_never_whose(hr, pages):
    agreement = make_agreement()
    html = hr.get(ROOT).content.decode()
    assert agreement.leader.get_full_name() not in html
    assert str(agreement.uuid) not in html


def test_others_meet_nothing(client, pages):
    group = Group.objects.create(name="kommunikasjon")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    editor = make_user()
    editor.groups.add(group)
    client.force_login(editor)
    for address in ("", "create/", "edit/1/", "delete/1/"):
        assert client.get(ROOT + address).status_code == 404
