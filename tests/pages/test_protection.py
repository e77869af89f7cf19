"""Pages that rounds stand on can't be deleted, and who tries is told why in words."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from leder.agreements.models import Round
from leder.pages.editions import Edition, edition_of
from leder.pages.models import AgreementFormPage, LeaderPlatformPage, LeadershipPage, SteeringLetterPage
from leder.pages.protection import protecting

from .samples import uid

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_of_2028(platform: LeaderPlatformPage, letter: SteeringLetterPage, form: AgreementFormPage) -> Round:
    return Round.objects.create(
        year=2028,
        platform_page_id=platform.pk,
        letter_page_id=letter.pk,
        form_page_id=form.pk,
        conversation_due=dt.date(2028, 3, 31),
        follow_up_from=dt.date(2028, 8, 1),
        follow_up_due=dt.date(2028, 12, 31),
        unshared_deleted_on=dt.date(2028, 6, 30),
        text_deleted_on=dt.date(2033, 12, 31),
    )


@pytest.fixture
def superuser(db: None) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("sjef"))
    return client


def told(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_in_use_is_refused(
    superuser: Client, round_of_2028: Round, letter: SteeringLetterPage, method: str
) -> None:
    response = getattr(superuser, method)(reverse("wagtailadmin_pages:delete", args=[letter.pk]), follow=True)
    assert response.redirect_chain == [(reverse("wagtailadmin_pages:edit", args=[letter.pk]), 302)]
    assert "Styringsbrev 2028" in told(response) and "(1)" in told(response)
    assert SteeringLetterPage.objects.filter(pk=letter.pk, live=True).exists()


def test_so_is_a_page_above_it(superuser: Client, round_of_2028: Round, leadership: LeadershipPage) -> None:
    fields = {"confirm_site_name": "Lørenskog intranett"}
    response = superuser.post(reverse("wagtailadmin_pages:delete", args=[leadership.pk]), fields, follow=True)
    assert "Ledelse" in told(response) and "(3)" in told(response)
    leadership.refresh_from_db()
    assert leadership.numchild == 3


def test_and_several_at_once(
    superuser: Client, round_of_2028: Round, letter: SteeringLetterPage, leadership: LeadershipPage
) -> None:
    free = letter.copy(update_attrs={"slug": "kopi", "title": "Kopi"}, keep_live=False)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    back = reverse("wagtailadmin_explore", args=[leadership.pk])
    response = superuser.post(f"{address}?id={letter.pk}&id={free.pk}&next={back}", follow=True)
    assert response.redirect_chain[-1][0] == back
    assert "Styringsbrev 2028" in told(response) and "Kopi" not in told(response)
    assert SteeringLetterPage.objects.count() == 2


def test_other_bulk_actions_go_on(
    superuser: Client, round_of_2028: Round, letter: SteeringLetterPage
) -> None:
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    superuser.post(f"{address}?id={letter.pk}")
    assert not SteeringLetterPage.objects.get(pk=letter.pk).live


def test_a_page_nobody_needs_is_deleted_and_its_editions_stay(
    superuser: Client, letter: SteeringLetterPage
) -> None:
    edition = edition_of(letter)
    assert not protecting(letter)
    superuser.post(reverse("wagtailadmin_pages:delete", args=[letter.pk]))
    assert not SteeringLetterPage.objects.exists()
    edition = Edition.objects.get(pk=edition.pk)
    assert edition.page_id is None and uid("l/1/assignments/0") in edition.statements


def test_who_needs_it_is_never_named(round_of_2028: Round, leadership: LeadershipPage) -> None:
    assert dict(protecting(leadership)) == {str(Round._meta.verbose_name_plural): 3}
