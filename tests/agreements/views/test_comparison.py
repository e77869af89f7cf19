"""Two editions compared: who may, what is told of them, and that it is told without colour, script or stored HTML."""

import copy
import re

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from leder.canonical import digest
from leder.pages.editions import Edition
from leder.pages.models import LeadershipPage
from tests.factories import LETTER, make_user

pytestmark = pytest.mark.django_db

HOSTILE = (
    '<p>Fin <b>tekst</b><script>alert(1)</script> <a href="javascript:alert(2)" onclick="x">lenke</a><form>'
)


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def page(agreement):
    """The page that the agreement's letter is of, published."""
    made = Page.objects.get(depth=2).add_child(instance=LeadershipPage(title="Brev", slug="brev"))
    Edition._base_manager.filter(pk=agreement.letter_edition_id).update(page=made)
    return made


def make_edition(page, number, change=None, **fields):
    """An edition of the letter with something changed."""
    content = copy.deepcopy(LETTER)
    if change:
        change(content["parts"])
    values = {
        "kind": content["kind"],
        "year": content["year"],
        "title": content["title"],
        "published_at": timezone.now(),
        "content": content,
        "sha256": digest(content),
        **fields,
    }
    return Edition.objects.create(page=page, number=number, **values)


@pytest.fixture
def newer(page):
    """A second edition: the first assignment rewritten, one added."""

    def change(parts):
        statements = next(part["statements"] for part in parts if part["statements"])
        statements[0]["text"] = f"{statements[0]['text']} Hver dag."
        statements.append({**statements[0], "id": "ny", "text": "Et nytt oppdrag <b>her</b>"})

    return make_edition(page, 2, change)


def address(one, other, **query):
    return reverse("leder:comparison", args=[one, other], query=query)


@pytest.fixture
def shown(agreement, newer, as_user):
    """A function that gives the page as anyone signed in sees it."""

    def show(**query):
        response = as_user(make_user()).get(address(newer.pk, agreement.letter_edition_id, **query))
        assert response.status_code == 200
        return response.content.decode()

    return show


# -- Who ---------------------------------------------------------------------------------------------------------
def test_anyone_signed_in_compares_what_is_published(agreement, newer, as_user, client):
    where = address(newer.pk, agreement.letter_edition_id)
    assert as_user(make_user()).get(where).status_code == 200
    assert client.get(where).status_code == 302
    assert "no-store" in as_user(make_user()).get(where)["Cache-Control"]


@pytest.mark.parametrize("gone", ["unpublished", "deleted"])
def test_when_the_page_is_gone_a_party_reads_only_their_own(agreement, page, newer, as_user, gone):
    page.delete() if gone == "deleted" else page.unpublish()
    own, other = agreement.letter_edition_id, newer.pk

    def statuses(person):
        client = as_user(person)
        return [client.get(address(*pair)).status_code for pair in [(own, own), (own, other), (other, own)]]

    assert statuses(agreement.leader) == statuses(agreement.superior) == [200, 404, 404]
    assert statuses(make_user()) == statuses(make_user(is_superuser=True)) == [404, 404, 404]


def test_a_restricted_text_is_for_those_it_is_for(agreement, page, newer, as_user):
    group = Group.objects.create(name="Ledere")
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="groups")
    restriction.groups.add(group)
    member = make_user()
    member.groups.add(group)
    where = address(newer.pk, agreement.letter_edition_id)
    assert [as_user(each).get(where).status_code for each in (member, make_user())] == [200, 404]


def test_two_kinds_and_missing_ones_are_not_there(agreement, newer, as_user):
    client = as_user(agreement.leader)
    for pair in [(newer.pk, agreement.form_edition_id), (newer.pk, 0), (0, newer.pk)]:
        assert client.get(address(*pair)).status_code == 404
    assert client.post(address(newer.pk, newer.pk)).status_code == 405


# -- What ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("view", ["inline", "side"])
def test_told_in_words_and_by_elements(shown, view):
    html = shown(view=view)
    assert re.search(r"<ins><span class=\"ds-sr-only\">\[[^<]+</span>Hver dag\.", html)
    assert "Et nytt oppdrag &lt;b&gt;her&lt;/b&gt;" in html
    # A tag with text and symbol for each change; the count of each at the head.
    assert html.count("icons.svg#pen") >= 2 and html.count("icons.svg#plus") >= 2
    assert ("<table" in html) == (view == "side")
    # Nothing that scripts or inline styles would be needed for.
    main = html[html.index("<main") : html.index("</main")]
    assert "<script" not in main and "style=" not in main and "<template" not in main


def test_the_same_whichever_stands_first(agreement, newer, as_user):
    client = as_user(agreement.leader)
    pair = newer.pk, agreement.letter_edition_id
    one, other = client.get(address(*pair)), client.get(address(*pair[::-1]))
    for response in (one, other):
        assert response.context["comparison"].old.pk == agreement.letter_edition_id
        assert response.context["comparison"].new.pk == newer.pk


def test_a_view_that_is_not_there_is_the_usual_one(shown):
    assert "<table" not in shown(view="<x>")


def test_no_difference(agreement, page, as_user):
    again = make_edition(page, 2)
    html = as_user(make_user()).get(address(again.pk, agreement.letter_edition_id)).content.decode()
    assert "leder-empty" in html and "leder-comparison" not in html


def test_stored_html_comes_through_as_words_only(agreement, page, as_user):
    def change(parts):
        parts[0]["html"] = HOSTILE
        parts[0]["heading"] = '"><script>alert(3)</script>'
        parts[0]["statements"] = [{"id": '"><i>', "kind": "point", "text": "<svg onload=alert(4)>"}]

    hostile = make_edition(page, 2, change, title="</title><script>alert(5)</script>")
    for view in ("inline", "side"):
        where = address(hostile.pk, agreement.letter_edition_id, view=view)
        html = as_user(make_user()).get(where).content.decode()
        main = html[html.index("<main") : html.index("</main")]
        assert "<strong>tekst</strong>" in main and "lenke" in main
        for evil in ("<script", "javascript:", "onclick", "<svg onload", 'id="p-"', "<form>"):
            assert evil not in main
        assert html.count("<form") == html.count("</form>")


@pytest.mark.parametrize("view", ["inline", "side"])
def test_headings_in_steps_and_ids_once(shown, view):
    html = shown(view=view)
    levels = [int(level) for level in re.findall(r"<h([1-6])", html[html.index("<main") :])]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


# -- Choosing two others -----------------------------------------------------------------------------------------
def test_two_others_are_chosen_in_the_form(agreement, page, newer, as_user):
    third = make_edition(page, 3, lambda parts: parts.pop())
    client = as_user(make_user())
    here = address(newer.pk, agreement.letter_edition_id)
    form = client.get(here).context["form"]
    offered = [value for value, _name in form.fields["old"].choices]
    assert offered == [third.pk, newer.pk, agreement.letter_edition_id]
    response = client.get(here, {"old": newer.pk, "new": third.pk, "view": "side"})
    assert (response.status_code, response["Location"]) == (302, address(third.pk, newer.pk, view="side"))


def test_what_one_may_not_read_is_neither_offered_nor_led_to(agreement, page, newer, as_user):
    other = Page.objects.get(depth=2).add_child(
        instance=LeadershipPage(title="Skjult", slug="skjult", live=False)
    )
    hidden = make_edition(other, 1, title="Hemmelig brev")
    here = address(newer.pk, agreement.letter_edition_id)
    client = as_user(agreement.leader)
    assert "Hemmelig brev" not in client.get(here).content.decode()
    response = client.get(here, {"old": hidden.pk, "new": newer.pk})
    assert response.status_code == 200 and response.context["form"].errors
    for odd in ("x", "", "99999999999999999999"):
        assert client.get(here, {"old": odd, "new": newer.pk}).status_code == 200


def test_queries_do_not_grow_with_the_editions(
    agreement, page, newer, as_user, django_assert_max_num_queries
):
    client = as_user(agreement.leader)
    here = address(newer.pk, agreement.letter_edition_id)
    client.get(here)
    with django_assert_max_num_queries(11):
        client.get(here)
    for number in range(3, 33):
        make_edition(page, number)
    with django_assert_max_num_queries(11):
        client.get(here)


# -- The edition's own page ------------------------------------------------------------------------------------------
def test_an_edition_leads_to_those_before_and_after(agreement, newer, as_user):
    client = as_user(make_user())
    first = client.get(reverse("leder:edition", args=[agreement.letter_edition_id])).content.decode()
    second = client.get(reverse("leder:edition", args=[newer.pk])).content.decode()
    both = address(newer.pk, agreement.letter_edition_id)
    assert first.count(both) == second.count(both) == 1


def test_and_not_when_the_page_is_gone(agreement, page, newer, as_user):
    page.unpublish()
    html = as_user(agreement.leader).get(reverse("leder:edition", args=[agreement.letter_edition_id]))
    assert "/mot/" not in html.content.decode()
