"""Deleting people in the CMS: whoever has an appointment or an agreement stays."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from leder.organisation.models import Appointment

from .factories import AppointmentFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cms() -> Client:
    client = Client()
    client.force_login(PersonFactory(username="it", is_superuser=True))
    return client


def test_a_leader_is_not_deleted(cms: Client) -> None:
    leader = AppointmentFactory().person
    address = reverse("wagtailusers_users:delete", args=[leader.pk])
    answer = cms.post(address, follow=True)
    assert answer.redirect_chain == [(reverse("wagtailusers_users:edit", args=[leader.pk]), 302)]
    assert leader.get_full_name() in str(list(answer.context["messages"])[0])
    assert Appointment.objects.filter(person=leader).exists()


def test_one_of_many_stops_them_all(cms: Client) -> None:
    leader, other = AppointmentFactory().person, PersonFactory()
    address = reverse("wagtail_bulk_action", args=["lorenskog_intranet", "user", "delete"])
    cms.post(f"{address}?id={leader.pk}&id={other.pk}&next=/cms/users/")
    assert get_user_model().objects.filter(pk__in=[leader.pk, other.pk]).count() == 2


def test_others_are_deleted(cms: Client) -> None:
    person = PersonFactory()
    cms.post(reverse("wagtailusers_users:delete", args=[person.pk]))
    assert not get_user_model().objects.filter(pk=person.pk).exists()
