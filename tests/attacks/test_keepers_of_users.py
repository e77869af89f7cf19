"""One who keeps the users takes over accounts, and reads nothing (group “Drift”, no superuser)."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from leder.pages import roles
from tests.attacks.acts import PASSWORDS, change_of, edit
from tests.attacks.conftest import NEW, THEIRS, WORDS, Municipality, shows
from tests.attacks.hands import Hands


def test_the_right_people_read_what_is_written(municipality: Municipality) -> None:
    """What the attacks look for is there to be found."""
    assert shows(municipality.browser(municipality.leader).reads()) == WORDS.keys()
    assert shows(municipality.browser(municipality.superior).reads()) == WORDS.keys() - {"prepared"}
    assert shows(municipality.browser(municipality.reader).reads()) == {"open"}
    for other in (municipality.colleague, *municipality.hr, *municipality.operators):
        assert shows(municipality.browser(other).reads("/cms/")) == set()


def test_both_are_taken_over_one_after_the_other(municipality: Municipality, operator: Hands) -> None:
    """Switch both off, give one a new password and address, switch it on, sign in."""
    leader, superior = municipality.leader, municipality.superior
    edit(operator, superior, is_active=None)
    edit(operator, leader, is_active=None, email=THEIRS, **PASSWORDS)
    edit(operator, leader, is_active="on")

    assert municipality.told() >= {leader.email, superior.email, THEIRS}
    assert shows(municipality.browser(leader, NEW).reads()) == set()
    municipality.later(hours=71)
    assert shows(municipality.browser(leader, NEW).reads()) == set()


def test_what_a_party_has_refused_stays_shut(municipality: Municipality, operator: Hands) -> None:
    edit(operator, municipality.leader, **PASSWORDS)
    said = municipality.browser(municipality.superior).submit(change_of(municipality.leader), "no")
    assert said.status == 200
    municipality.later(hours=24 * 14)
    assert shows(municipality.browser(municipality.leader, NEW).reads()) == set()


@pytest.mark.parametrize("who", ["reader", "superior"])
def test_a_reader_or_a_superior_is_reset(municipality: Municipality, operator: Hands, who: str) -> None:
    person = getattr(municipality, who)
    edit(operator, person, **PASSWORDS)
    assert municipality.told() >= {person.email, municipality.leader.email}
    assert shows(municipality.browser(person, NEW).reads()) == set()


def test_two_operators_let_each_account_confirm_the_other(
    municipality: Municipality, operator: Hands
) -> None:
    leader, superior = municipality.leader, municipality.superior
    edit(operator, leader, **PASSWORDS)
    edit(municipality.browser(municipality.operators[1]), superior, **PASSWORDS)
    for person, other in ((leader, superior), (superior, leader)):
        hands = municipality.browser(person, NEW)
        hands.get(change_of(other))
        assert hands.post(change_of(other), {"answer": "yes"}).status in (403, 404)
        assert shows(hands.reads()) == set()


def test_a_second_address_is_a_second_change(municipality: Municipality, operator: Hands) -> None:
    """Confirmed once, it does not stand for what comes after."""
    leader = municipality.leader
    edit(operator, leader, email=leader.email.replace("person", "p"))
    old = change_of(leader)
    edit(operator, leader, email=THEIRS, **PASSWORDS)
    assert municipality.browser(municipality.superior).get(old).status == 404
    assert shows(municipality.browser(leader, NEW).reads()) == set()


def test_names_are_swapped_so_that_the_sign_on_lets_another_in(
    municipality: Municipality, operator: Hands
) -> None:
    leader = municipality.leader
    edit(operator, leader, username="kollega")
    assert municipality.told() >= {leader.email, municipality.superior.email}
    leader.refresh_from_db()
    assert leader.username == "kollega"
    assert shows(municipality.browser(leader).reads()) == set()


def test_a_person_is_copied_over(municipality: Municipality, operator: Hands) -> None:
    """Wagtail's page for copying a person saved the one who was copied."""
    assert operator.get(f"/cms/users/copy/{municipality.leader.pk}/").status == 404


def test_an_operator_makes_themself_superuser_or_hr(
    municipality: Municipality, operator: Hands, caplog: Any
) -> None:
    mine = municipality.operators[0]
    groups = [str(Group.objects.get(name=name).pk) for name in (roles.OPERATIONS, roles.HR)]
    page = reverse("wagtailusers_users:edit", args=[mine.pk])
    for asked in ({"is_superuser": "on"}, {"groups": groups}):
        fields = {name: getattr(mine, name) for name in ("username", "email", "first_name", "last_name")}
        operator.get(page)
        operator.post(page, {**fields, "is_active": "on", "groups": groups[:1], **asked})
    mine.refresh_from_db()
    assert not mine.is_superuser
    assert any("groups" in record.getMessage() for record in caplog.records)
    assert shows(municipality.browser(mine).reads("/cms/")) == set()


def test_somebody_else_answers(municipality: Municipality, operator: Hands) -> None:
    edit(operator, municipality.leader, **PASSWORDS)
    address = change_of(municipality.leader)
    for other in (municipality.colleague, municipality.reader, *municipality.hr, *municipality.operators):
        hands = municipality.browser(other)
        assert hands.get(address).status == 404
        assert hands.post(address, {"answer": "yes"}).status == 404
    assert municipality.browser(municipality.leader, NEW).post(address, {"answer": "yes"}).status == 404


def test_an_honest_monday_morning(municipality: Municipality, operator: Hands) -> None:
    """A forgotten password: the help desk sets one, the person signs in and rings, the superior clicks."""
    leader = municipality.leader
    edit(operator, leader, **PASSWORDS)
    hands = municipality.browser(leader, NEW)
    page = hands.get(reverse("leder:agreement", args=[municipality.agreement.uuid]))
    assert reverse("leder:account_shut") in page.path
    assert municipality.superior.get_full_name() in page.text

    superior = municipality.browser(municipality.superior)
    assert change_of(leader) in superior.get(reverse("leder:my_page")).text
    superior.submit(change_of(leader), "yes")
    assert shows(hands.reads()) == WORDS.keys()
