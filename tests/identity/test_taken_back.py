"""What was changed is changed back: the account opens by itself, where nobody can have gained anything meanwhile."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from leder.identity import actions
from tests.identity.conftest import both
from tests.identity.journey import (
    NEW,
    PASSWORD,
    THEIRS,
    Journey,
    User,
    assert_open,
    assert_shut,
    browser,
    confirm_page,
    kinds,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def change(person: Any, **values: Any) -> None:
    """As in the table of users, seen at once."""
    User.objects.filter(pk=person.pk).update(**values)
    actions.look_at([person.pk])


def test_all_that_can_be_changed_back(journey: Journey) -> None:
    """Address, activity and user name, one after another; both are told, and may say whose accounts are as before."""
    leader, since = journey.leader, journey.account().unchanged_since
    was = {"email": leader.email, "is_active": True, "username": leader.username}
    journey.clock.shift(DAY)
    change(leader, email=THEIRS)
    change(leader, email="enda@example.org", is_active=False)
    change(leader, username="en-annen")
    assert journey.account().is_shut_by_note(timezone.now())
    change(leader, **{**was, "email": was["email"].upper()}, last_name="Ny")
    mail.outbox.clear()
    journey.clock.shift(DAY)
    # The address is the one it was; capitals in it make no other.
    assert not journey.account().is_shut_by_note(timezone.now())
    assert kinds(journey.agreement)[-4:] == ["email", "identity", "activated", "taken_back"]
    row = journey.account()
    assert (row.unchanged_since, row.before, row.changed_by, row.email_before) == (since, "", "", "")
    assert row.is_genuine
    assert_open(browser(journey.leader, PASSWORD), journey.agreement)
    change(leader, email=THEIRS)
    mail.outbox.clear()
    change(leader, email=was["email"])
    assert sorted(each.to[0] for each in mail.outbox) == sorted([*both(journey.agreement), THEIRS])
    assert all("som det var" in each.body for each in mail.outbox)


@pytest.mark.parametrize("what", ["password", "signed in", "refused", "forged", "half"])
def test_not_where_somebody_may_have_got_in(journey: Journey, what: str) -> None:
    leader, old = journey.leader, journey.leader.email
    change(leader, email=THEIRS, username="en-annen" if what == "half" else leader.username)
    if what == "password":
        journey.reset(journey.leader)
    if what == "signed in":
        assert_shut(browser(journey.leader, PASSWORD), journey.agreement)
    if what == "refused":
        browser(journey.superior, PASSWORD).post(confirm_page(journey), {"answer": "no"})
    if what == "forged":
        type(journey.account()).objects.filter(pk=leader.pk).update(before="x" * 64)
    change(leader, email=old)
    assert_shut(browser(journey.leader, NEW if what == "password" else PASSWORD), journey.agreement)


def test_one_found_for_a_sign_in_by_what_is_gone_is_signed_out(journey: Journey) -> None:
    """The sign-on has found the account by an address, and it is taken back before the sign-in is done."""
    leader, old = journey.leader, journey.leader.email
    change(leader, email=THEIRS)
    found = journey.leader
    change(leader, email=old)
    client = Client()
    client.force_login(found)
    assert "/logg-inn/" in client.get("/leder/min-side/").headers["Location"]
    client.force_login(journey.leader)
    assert client.get("/leder/min-side/").status_code == 200
