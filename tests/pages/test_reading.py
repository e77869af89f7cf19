"""The pages as readers meet them: every block shows, every point has an address, few queries, no personal text kept."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Page, Site

from leder.pages.models import AgreementFormPage, LeaderPlatformPage, LeadershipPage, SteeringLetterPage
from lorenskog_intranet.home.models import HomePage

from .conftest import publish
from .test_copying import ids

pytestmark = pytest.mark.django_db
KINDS = ("platform", "letter", "form")


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def no_search() -> None:
    """Here somebody does search."""


class Outline(HTMLParser):
    """The ids, the links within the page and the words of an HTML page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.headings: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.attributes |= found.keys()
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "a" and str(found.get("href")).startswith("#"):
            self.links.append(str(found["href"])[1:])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(client: Client, page: Page) -> str:
    response = client.get(page.url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_is_shown(reader: Client, request: pytest.FixtureRequest, kind: str) -> None:
    page = request.getfixturevalue(kind)
    text = " ".join(" ".join(Outline(read(reader, page)).words).split())
    for part in page.edition_content()["parts"]:
        assert part["heading"] in text
        for statement in part["statements"]:
            for word in statement["text"].split():
                assert word in text
        for question in part.get("questions", []):
            assert question["text"] in text


@pytest.mark.parametrize("kind", KINDS)
def test_every_heading_and_statement_has_an_address(
    reader: Client, request: pytest.FixtureRequest, kind: str
) -> None:
    page = request.getfixturevalue(kind)
    outline = Outline(read(reader, page))
    # A parent and its list share no id, and a callout stands beside the text.
    unlinked = {block.id for block in page.body if block.block_type in {"callout", "rich_text"}}
    for identity in ids(page):
        assert outline.ids.count(f"s-{identity}") == 1, identity
        assert f"s-{identity}" in outline.links or identity in unlinked, identity


@pytest.mark.parametrize("kind", (*KINDS, "leadership"))
def test_ids_once_headings_in_steps_no_inline_style(
    reader: Client, request: pytest.FixtureRequest, kind: str
) -> None:
    html = read(reader, request.getfixturevalue(kind))
    outline = Outline(html)
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.headings[0] == "h1" and outline.headings.count("h1") == 1
    levels = [int(heading[1]) for heading in outline.headings]
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    assert "style" not in outline.attributes
    assert not any(attribute.startswith("on") for attribute in outline.attributes)
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert len(html.encode()) < 60_000


@pytest.mark.parametrize("kind", KINDS)
def test_contents_lead_to_the_headings(reader: Client, request: pytest.FixtureRequest, kind: str) -> None:
    page = request.getfixturevalue(kind)
    outline = Outline(read(reader, page))
    assert {link for link in outline.links if link.startswith("s-")} <= set(outline.ids)


def test_at_most_eight_queries(
    reader: Client, platform: LeaderPlatformPage, django_assert_max_num_queries: Any
) -> None:
    """With a front page of a type of its own above, as every real site has."""
    home = publish(HomePage(title="Hjem", slug="hjem"), Page.get_first_root_node())
    platform.get_parent().move(home, "last-child")
    Site.objects.update(root_page=home)
    Site.clear_site_root_paths_cache()
    platform = LeaderPlatformPage.objects.get(pk=platform.pk)
    read(reader, platform)
    with django_assert_max_num_queries(8):
        read(reader, platform)


def test_links_in_the_text_cost_nothing_when_kept(
    reader: Client,
    platform: LeaderPlatformPage,
    leadership: LeadershipPage,
    django_assert_max_num_queries: Any,
) -> None:
    link = f'<p><a linktype="page" id="{leadership.pk}">til landingssiden</a></p>'
    platform.body = [{"type": "rich_text", "id": f"r{number}", "value": link} for number in range(30)]
    platform.save_revision().publish()
    assert read(reader, platform).count(f'<a href="{leadership.url}">til landingssiden</a>') == 30
    with django_assert_max_num_queries(8):
        read(reader, platform)


def test_publishing_shows_at_once(reader: Client, platform: LeaderPlatformPage) -> None:
    assert "Formål" in read(reader, platform)
    platform.body = [{"type": "rich_text", "id": "new", "value": "<p>Ny tekst</p>"}]
    platform.save_revision()
    assert "Ny tekst" not in read(reader, platform)
    platform.get_latest_revision().publish()
    html = read(reader, platform)
    assert "Ny tekst" in html and "Formål" not in html


def test_what_is_kept_is_the_same_for_all(
    editor: Client, reader: Client, platform: LeaderPlatformPage
) -> None:
    def article(client: Client) -> str:
        html = read(client, platform)
        return html[html.index('class="leder-head"') : html.index("</article>")]

    first = article(editor)
    assert article(reader) == first
    cache.clear()
    assert article(reader) == first


def test_kept_apart_by_language(reader: Client, letter: SteeringLetterPage, settings: Any) -> None:
    assert "29. februar 2028" in read(reader, letter)
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "29 February 2028" in read(reader, letter)


def test_signed_out_readers_are_asked_to_sign_in(client: Client, platform: LeaderPlatformPage) -> None:
    response = client.get(platform.url)
    assert response.status_code == 302
    assert "Formål" not in response.content.decode()


def test_an_unpublished_draft_is_not_there(reader: Client, letter: SteeringLetterPage) -> None:
    copy = letter.copy(update_attrs={"slug": "kopi"}, keep_live=False)
    assert reader.get(copy.url).status_code == 404


def test_edition_at_the_foot(reader: Client, platform: LeaderPlatformPage) -> None:
    html = read(reader, platform)
    assert f'datetime="{platform.last_published_at:%Y-%m-%d}' in html[html.index("leder-edition") :]


def test_landing_page_has_what_stands_comes_and_has_been(
    reader: Client,
    leadership: LeadershipPage,
    platform: LeaderPlatformPage,
    letter: SteeringLetterPage,
    monkeypatch: Any,
) -> None:
    import datetime

    for year in (2027, 2029):
        publish(
            SteeringLetterPage(title=f"Brev {year}", slug=f"b{year}", year=year, body=letter.body), leadership
        )
    monkeypatch.setattr("leder.pages.models.timezone.localdate", lambda: datetime.date(2028, 5, 1))
    shelves = reader.get(leadership.url).context["shelves"]
    assert [shelf.page.title for shelf in shelves] == ["Lederplattform", "Styringsbrev 2028"]
    assert [[page.year for page in pages] for pages in shelves[1][1:]] == [[2029], [2027]]
    monkeypatch.setattr("leder.pages.models.timezone.localdate", lambda: datetime.date(2020, 5, 1))
    shelf = reader.get(leadership.url).context["shelves"][1]
    assert (shelf.page.year, [page.year for page in shelf.coming], shelf.earlier) == (2027, [2028, 2029], [])


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Troverdig", "platform"),
        ("innbyggeren", "platform"),
        ("Styringsrett", "platform"),
        ("Sykefravær", "letter"),
        ("utfordrende", "form"),
    ],
)
def test_search_finds_the_text(reader: Client, request: pytest.FixtureRequest, word: str, kind: str) -> None:
    page = request.getfixturevalue(kind)
    found = type(page).objects.live().search(word)
    assert [result.pk for result in found] == [page.pk]


def test_where_a_page_may_stand() -> None:
    below = {LeaderPlatformPage, SteeringLetterPage, AgreementFormPage}
    assert set(LeadershipPage.allowed_subpage_models()) == below
    for model in below:
        assert model.allowed_parent_page_models() == [LeadershipPage]
        assert model.allowed_subpage_models() == []
    assert Page in LeadershipPage.allowed_parent_page_models()


def test_a_page_cannot_be_made_elsewhere(editor: Client, leadership: LeadershipPage) -> None:
    home = leadership.get_parent()
    for model in ("leaderplatformpage", "steeringletterpage", "agreementformpage"):
        assert editor.get(f"/cms/pages/add/leder/{model}/{home.pk}/").status_code in (302, 403)
    assert not LeaderPlatformPage.can_create_at(home)


def test_an_address_that_leads_nowhere(
    reader: Client, leadership: LeadershipPage, letter: SteeringLetterPage
) -> None:
    assert reader.get(f"{leadership.url}finnes-ikke/").status_code == 404
    assert reader.get(f"{letter.url}under/").status_code == 404


def test_other_kinds_of_pages_below_are_still_found(reader: Client, leadership: LeadershipPage) -> None:
    leadership.add_child(instance=Page(title="Annet", slug="annet"))
    result = leadership.route(type("Request", (), {})(), ["annet"])
    assert result[0].title == "Annet"
