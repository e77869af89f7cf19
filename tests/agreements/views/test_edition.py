"""Editions: who reads a text as it stood, while its page is there and afterwards."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from leder.pages.editions import Edition
from leder.pages.models import LeadershipPage
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(agreement):
    """The page that the agreement's letter is of, published."""
    page = Page.objects.get(depth=2).add_child(instance=LeadershipPage(title="Trukket", slug="trukket"))
    Edition._base_manager.filter(pk=agreement.letter_edition_id).update(page=page)
    return page


@pytest.fixture
def status(agreement, as_user):
    """A function that gives the status that a person gets for the agreement's letter."""
    url = reverse("leder:edition", args=[agreement.letter_edition_id])
    return lambda person: as_user(person).get(url).status_code


def test_anyone_signed_in_reads_the_published_text(agreement, published, as_user, client):
    url = reverse("leder:edition", args=[agreement.letter_edition.pk])
    shown = as_user(make_user()).get(url).content.decode()
    assert 'id="s-assignment-1"' in shown
    assert agreement.letter_edition.sha256[:12] in shown
    assert f'href="{published.url}"' in shown
    assert client.get(url).status_code == 302
    assert as_user(make_user()).get(reverse("leder:edition", args=[99999])).status_code == 404


@pytest.mark.parametrize("gone", ["unpublished", "deleted"])
def test_a_withdrawn_text_is_for_the_parties(agreement, published, as_user, status, gone):
    if gone == "deleted":
        published.delete()
    else:
        published.unpublish()
    superuser = make_user(is_superuser=True)
    assert [status(person) for person in (agreement.leader, agreement.superior)] == [200, 200]
    assert [status(person) for person in (make_user(), superuser)] == [404, 404]
    # There is nothing to lead them to either.
    url = reverse("leder:edition", args=[agreement.letter_edition_id])
    shown = as_user(agreement.leader).get(url).content.decode()
    assert 'href="None"' not in shown and published.slug not in shown


@pytest.mark.parametrize("field", ["platform_edition", "letter_edition", "form_edition"])
def test_each_of_the_three_texts_is_for_its_parties_only(agreement, as_user, field):
    other = Edition.objects.create(
        kind="letter", title="Et annet", published_at=timezone.now(), sha256="1" * 64,
        content=agreement.letter_edition.content,
    )  # fmt: skip
    mine = reverse("leder:edition", args=[getattr(agreement, f"{field}_id")])
    assert as_user(agreement.leader).get(mine).status_code == 200
    assert as_user(agreement.leader).get(reverse("leder:edition", args=[other.pk])).status_code == 404


def test_a_restricted_text_is_for_those_it_is_for_and_the_parties(agreement, published, status):
    group = Group.objects.create(name="Ledere")
    restriction = PageViewRestriction.objects.create(page=published.get_parent(), restriction_type="groups")
    restriction.groups.add(group)
    member = make_user()
    member.groups.add(group)
    assert [status(person) for person in (member, agreement.leader, make_user())] == [200, 200, 404]


def test_few_queries(agreement, published, as_user, django_assert_max_num_queries):
    url = reverse("leder:edition", args=[agreement.letter_edition_id])
    client = as_user(agreement.leader)
    client.get(url)
    with django_assert_max_num_queries(6):
        assert client.get(url).status_code == 200
    published.unpublish()
    with django_assert_max_num_queries(6):
        assert client.get(url).status_code == 200
