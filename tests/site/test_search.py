"""Search in the site's text."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from lorenskog_intranet.home.models import HomePage

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> HomePage:
    root = Page.objects.get(depth=1)
    page = HomePage(title="Forside", slug="forside-test")
    root.add_child(instance=page)
    return page


def add(parent: Page, title: str, **kwargs: Any) -> Page:
    page = Page(title=title, **kwargs)
    parent.add_child(instance=page)
    return page


def titles(response: Any) -> list[str]:
    return [hit.title for hit in response.context["hits"]]


def test_finds_published_pages(person: Client, home: HomePage) -> None:
    add(home, "Tilstedeværelse")
    add(home, "Tilstedeværelse i kladd", live=False)
    response = person.get("/sok/", {"q": "tilstedeværelse"})
    assert titles(response) == ["Tilstedeværelse"]


def test_finds_words_of_the_introduction(person: Client, home: HomePage) -> None:
    home.introduction = "<p>Her står noe om vannverket.</p>"
    home.save()
    assert titles(person.get("/sok/", {"q": "vannverket"})) == ["Forside"]


def test_pages_for_others_are_not_found(person: Client, home: HomePage) -> None:
    hidden = add(home, "Hemmelighold")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.GROUPS)
    assert titles(person.get("/sok/", {"q": "hemmelighold"})) == []


def test_twenty_at_a_time(person: Client, home: HomePage) -> None:
    for number in range(21):
        add(home, f"Brannstasjon {number}", slug=f"brann-{number}")
    first = person.get("/sok/", {"q": "brannstasjon"})
    assert len(titles(first)) == 20
    assert len(titles(person.get("/sok/", {"q": "brannstasjon", "side": "2"}))) == 1
    assert len(titles(person.get("/sok/", {"q": "brannstasjon", "side": "nonsense"}))) == 20


@pytest.mark.parametrize("query", ["", "   ", '"', "'", "* OR -", "a" * 5000, "<script>", "%", "NEAR(", ":"])
def test_odd_questions_get_a_page(person: Client, home: HomePage, query: str) -> None:
    response = person.get("/sok/", {"q": query})
    assert response.status_code == 200
    assert titles(response) == []
    assert "<script>" not in response.content.decode().split("<main", 1)[1]


def test_searching_changes_nothing(person: Client) -> None:
    assert person.post("/sok/", {"q": "leder"}).status_code == 405
