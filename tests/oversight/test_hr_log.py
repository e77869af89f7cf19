"""What HR has done stands in a log of its own, for those who may see it."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.log_actions import log

from leder.organisation.models import Unit
from leder.pages import roles
from tests import factories

pytestmark = pytest.mark.django_db


def browser(group: str) -> Client:
    roles.set_up_roles()
    person = factories.make_user(last_name=group)
    person.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def hr() -> Client:
    return browser(roles.HR)


def shown(client: Client, **asked: str) -> str:
    response = client.get(reverse("leder_hr_log"), asked)
    assert response.status_code == 200
    return response.content.decode()


def act(number: int = 1) -> None:
    unit = factories.make_position(title="Rektor").unit
    for _ in range(number):
        log(instance=unit, action="wagtail.edit", user=factories.make_user(last_name="Aktør"))


def test_an_act_in_the_cms_stands_there(hr: Client) -> None:
    fields = {"name": "Fjellhamar skole", "kind": "department", "code": "F1", "parent": ""}
    assert hr.post("/cms/leder/units/create/", fields).status_code == 302
    assert Unit.objects.filter(code="F1").exists()
    html = shown(hr)
    assert "Fjellhamar skole" in html and "Opprett" in html


def test_what_belongs_to_others_does_not(hr: Client) -> None:
    person = factories.make_user(last_name="Utenfor")
    log(instance=person, action="wagtail.edit", user=person)
    assert "Utenfor" not in shown(hr)


def test_an_empty_log_says_so(hr: Client) -> None:
    assert "listing__results" not in shown(hr)


def test_filters_and_nonsense(hr: Client) -> None:
    act()
    assert "Aktør" in shown(hr, action="wagtail.edit")
    assert "listing__results" not in shown(hr, timestamp_before="2000-01-01")
    for nonsense in (
        {"user__password__startswith": "p"},
        {"p": "x"},
        {"ordering": "user__password"},
        {"user": "x"},
    ):
        shown(hr, **nonsense)


@pytest.mark.parametrize("group", [roles.COMMUNICATIONS, roles.DIRECTOR_STAFF, roles.OPERATIONS])
def test_others_find_nothing(group: str) -> None:
    client = browser(group)
    for name in ("leder_hr_log", "leder_hr_log_results"):
        assert client.get(reverse(name)).status_code == 404


def test_queries_with_1_and_30(hr: Client, django_assert_max_num_queries: Any) -> None:
    act()
    shown(hr)
    with django_assert_max_num_queries(24) as one:
        shown(hr)
    act(30)
    with django_assert_max_num_queries(len(one)):
        shown(hr)
