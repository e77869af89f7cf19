"""What an agreement that was handed over shows in the history: whose private goals are whose (R2)."""

import pytest
from django.test import Client
from django.urls import reverse

from leder.agreements.answers import new_goal
from leder.handover.consenting import consent
from tests.factories import PRIVATE_SECTION, SECTION, access_of
from tests.handover.writing import write

pytestmark = pytest.mark.django_db


def page_for(person, agreement):
    client = Client()
    client.force_login(person)
    return client.get(reverse("leder:history", args=[agreement.uuid]))


@pytest.fixture
def signed(case_in):
    def goals(case):
        write(case, SECTION, "", goals=[new_goal(goal="Kortere kø")])
        write(case, PRIVATE_SECTION, "", goals=[new_goal(goal="Spørre først")])

    return case_in("signed", goals)


def test_private_goals_that_were_signed_with_another_stay_withheld(signed):
    signed.hand_over()
    response = page_for(signed.successor, signed.fresh())
    page = response.content.decode()
    assert "Kortere kø" in page
    assert "Spørre først" not in page
    assert response.context["withheld"] == [signed.agreement]
    own = page_for(signed.leader, signed.fresh())
    assert "Spørre først" in own.content.decode()
    assert own.context["withheld"] == []
    assert page_for(signed.former, signed.fresh()).status_code == 404


def test_the_superiors_of_then_are_named(signed):
    former = signed.former.get_full_name()
    signed.hand_over()
    for person in (signed.leader, signed.successor):
        assert former in page_for(person, signed.fresh()).content.decode()


def test_what_the_leader_lets_them_read_shows(signed):
    signed.hand_over()
    consent(access_of(signed.leader, signed.fresh()), section_id=PRIVATE_SECTION)
    response = page_for(signed.successor, signed.fresh())
    assert "Spørre først" in response.content.decode()
    assert response.context["withheld"] == []
