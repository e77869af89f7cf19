"""The front page."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Site

from leder.models import LeaderPlatformPage, LeadershipPage, SteeringLetterPage
from lorenskog_intranet.home.models import HomePage

pytestmark = pytest.mark.django_db

YEAR = timezone.localdate().year


@pytest.fixture
def leadership() -> LeadershipPage:
    home = HomePage(title="Intranettet", slug="intranettet", introduction="<p>Velkommen</p>")
    Page.objects.get(depth=1).add_child(instance=home)
    Site.objects.update(root_page=home)
    page = LeadershipPage(title="Ledelse", slug="ledelse")
    home.add_child(instance=page)
    return page


def letter(parent: Page, year: int, **kwargs: Any) -> SteeringLetterPage:
    page = SteeringLetterPage(title=f"Styringsbrev {year}", slug=f"brev-{year}", year=year, **kwargs)
    parent.add_child(instance=page)
    return page


def test_shows_the_platform_and_the_letter_of_the_year(person: Client, leadership: LeadershipPage) -> None:
    platform = LeaderPlatformPage(title="Lederplattform", slug="plattform")
    leadership.add_child(instance=platform)
    for year in (YEAR - 1, YEAR, YEAR + 1):
        letter(leadership, year)
    response = person.get("/")
    assert response.context["platform"] == platform
    assert response.context["letter"].year == YEAR
    page = response.content.decode()
    assert 'href="/ledelse/plattform/"' in page
    assert f'href="/ledelse/brev-{YEAR}/"' in page
    assert f'href="/ledelse/brev-{YEAR - 1}/"' not in page


def test_until_the_years_letter_is_published_the_earlier_one_stands(
    person: Client, leadership: LeadershipPage
) -> None:
    letter(leadership, YEAR - 1)
    letter(leadership, YEAR, live=False)
    assert person.get("/").context["letter"].year == YEAR - 1


def test_says_so_when_nothing_is_published(person: Client, leadership: LeadershipPage) -> None:
    response = person.get("/")
    assert response.status_code == 200
    assert response.context["letter"] is response.context["platform"] is None


def test_asks_the_database_no_more_with_more_pages(
    person: Client, leadership: LeadershipPage, django_assert_max_num_queries: Any
) -> None:
    leadership.add_child(instance=LeaderPlatformPage(title="Lederplattform", slug="plattform"))
    for year in range(YEAR - 5, YEAR + 1):
        letter(leadership, year, last_published_at=dt.datetime(year, 1, 1, tzinfo=dt.UTC))
    person.get("/")  # the first request of a session asks for rights
    with django_assert_max_num_queries(14):
        person.get("/")
