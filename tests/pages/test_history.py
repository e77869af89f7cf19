"""The foot of a text: which edition stands, those before it, and last year's, with links to compare them."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction

from leder.pages.editions import Edition
from leder.pages.history import history_of
from leder.pages.models import AgreementFormPage, LeaderPlatformPage, LeadershipPage, SteeringLetterPage

from .conftest import publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def republish(page: Any, introduction: str) -> Any:
    page = type(page).objects.get(pk=page.pk)
    page.introduction = f"<p>{introduction}</p>"
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


@pytest.fixture
def next_letter(leadership: LeadershipPage, letter: SteeringLetterPage) -> SteeringLetterPage:
    copy = letter.copy(update_attrs={"slug": "neste", "title": "Styringsbrev 2029"}, keep_live=True)
    return SteeringLetterPage.objects.get(pk=copy.pk)


def links(client: Client, page: Any) -> list[str]:
    """The addresses of editions that stand in the page."""
    html = client.get(page.url).content.decode()
    foot = html[html.index('<footer class="leder-edition') :]
    return [each for each in foot.split('"') if each.startswith("/leder/tekst/")]


def edition_url(edition: Edition) -> str:
    return reverse("leder:edition", args=[edition.pk])


def comparison_url(one: Edition, other: Edition) -> str:
    return reverse("leder:comparison", args=[one.pk, other.pk])


def test_the_first_edition_stands_alone(reader: Client, platform: LeaderPlatformPage) -> None:
    (edition,) = Edition.objects.of(platform)
    assert links(reader, platform) == [edition_url(edition)]


def test_later_ones_lead_to_those_before(reader: Client, platform: LeaderPlatformPage) -> None:
    first = links(reader, platform)
    republish(platform, "Andre")
    page = republish(platform, "Tredje")
    third, second, oldest = Edition.objects.of(platform)
    # The page is kept in the cache, and not for longer than it is true.
    assert first == [edition_url(oldest)]
    assert links(reader, page) == [
        edition_url(third),
        comparison_url(third, second),
        edition_url(second),
        comparison_url(third, second),
        edition_url(oldest),
        comparison_url(third, oldest),
    ]
    assert all(reader.get(link).status_code == 200 for link in links(reader, page))


def test_a_year_leads_to_the_year_before(
    reader: Client, letter: SteeringLetterPage, next_letter: SteeringLetterPage, form: AgreementFormPage
) -> None:
    (edition,), (last,) = Edition.objects.of(next_letter), Edition.objects.of(letter)
    assert comparison_url(edition, last) in links(reader, next_letter)
    assert "/mot/" not in "".join(links(reader, letter))
    assert "/mot/" not in "".join(links(reader, form))


@pytest.mark.parametrize("gone", ["unpublished", "restricted"])
def test_and_not_to_one_that_not_all_may_read(
    reader: Client, letter: SteeringLetterPage, next_letter: SteeringLetterPage, gone: str
) -> None:
    if gone == "unpublished":
        letter.unpublish()
    else:
        PageViewRestriction.objects.create(page=letter, restriction_type="groups")
    assert links(reader, next_letter) == [edition_url(Edition.objects.of(next_letter).get())]


def test_a_page_without_an_edition_says_when_it_was_changed(
    reader: Client, leadership: LeadershipPage, platform: LeaderPlatformPage
) -> None:
    draft = leadership.add_child(
        instance=SteeringLetterPage(title="Brev", slug="brev", year=2031, live=False, body=[])
    )
    assert history_of(draft).edition is None
    assert history_of(LeaderPlatformPage(title="Ny")).edition is None
    # Published by an earlier version of the plugin.
    Edition._base_manager.filter(page_id=platform.pk).delete()
    html = reader.get(platform.url).content.decode()
    assert "leder-edition" in html and "/tekst/" not in html


def test_a_page_that_is_not_published_shows_no_edition_in_preview(
    leadership: LeadershipPage, platform: LeaderPlatformPage
) -> None:
    platform.unpublish()
    assert history_of(LeaderPlatformPage.objects.get(pk=platform.pk)).edition is None


def test_queries_do_not_grow(
    leadership: LeadershipPage, letter: SteeringLetterPage, django_assert_num_queries: Any
) -> None:
    for number in range(5):
        republish(letter, f"Utgave {number}")
    for year in range(2010, 2015):
        publish(SteeringLetterPage(title=f"Brev {year}", slug=f"b{year}", year=year, body=[]), leadership)
    page = SteeringLetterPage.objects.get(pk=letter.pk)
    with django_assert_num_queries(2):
        history = history_of(page)
    assert (len(history.earlier), history.last_year.year) == (5, 2014)
