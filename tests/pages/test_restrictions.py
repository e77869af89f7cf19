"""A page that Wagtail restricts stays restricted, though we ask with one query."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Page, PageViewRestriction

from leder.pages.models import LeadershipPage
from leder.pages.routing import restrictions_on
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return Page.objects.get(depth=2).add_child(instance=LeadershipPage(title="Ledelse", slug="ledelse"))


def restrict(page):
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="groups")
    restriction.groups.add(Group.objects.create(name="Ledere"))
    return restriction


def test_the_page_itself_and_those_above(page):
    assert list(restrictions_on(page)) == []
    own, above = restrict(page), PageViewRestriction.objects.create(page=page.get_parent())
    assert {each.pk for each in restrictions_on(page)} == {own.pk, above.pk}
    assert set(restrictions_on(page)) == set(Page.get_view_restrictions(page))


def test_an_alias_is_restricted_as_its_source(page):
    alias = page.create_alias(update_slug="alias")
    restriction = restrict(page)
    assert set(restrictions_on(alias)) == set(Page.get_view_restrictions(alias)) == {restriction}


def test_a_restricted_page_is_not_served(page, client):
    client.force_login(make_user())
    assert client.get(page.url).status_code == 200
    restrict(page)
    assert client.get(page.url).status_code != 200
