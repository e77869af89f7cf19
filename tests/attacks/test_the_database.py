"""One who writes to the database, and signs in at the site."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.utils import timezone

from leder.agreements.models import AgreementUserObjectPermission, KnownAccount
from leder.safekeeping.verification import findings
from tests.attacks.conftest import NEW, Municipality, shows


def set_password(person: Any, password: str) -> None:
    """One UPDATE, as of one who holds the table of users: no page, no hook, no validator."""
    get_user_model().objects.filter(pk=person.pk).update(password=make_password(password))


def test_a_password_hash_is_exchanged(municipality: Municipality) -> None:
    set_password(municipality.leader, NEW)
    assert shows(municipality.browser(municipality.leader, NEW).reads()) == set()
    assert municipality.told() >= {municipality.leader.email, municipality.superior.email}


def test_what_is_known_is_deleted_too(municipality: Municipality) -> None:
    set_password(municipality.leader, NEW)
    KnownAccount.objects.filter(pk=municipality.leader.pk).delete()
    assert shows(municipality.browser(municipality.leader, NEW).reads()) == set()
    assert municipality.told() >= {municipality.leader.email, municipality.superior.email}


def test_what_is_known_is_copied_from_another(municipality: Municipality) -> None:
    set_password(municipality.leader, NEW)
    theirs = KnownAccount.objects.filter(pk=municipality.superior.pk).values("mac", "password_mac").get()
    KnownAccount.objects.filter(pk=municipality.leader.pk).update(**theirs)
    assert any("known accounts" in line for line in findings())
    assert shows(municipality.browser(municipality.leader, NEW).reads()) == set()


def test_a_change_is_confirmed_by_hand(municipality: Municipality) -> None:
    set_password(municipality.leader, NEW)
    hands = municipality.browser(municipality.leader, NEW)
    KnownAccount.objects.filter(pk=municipality.leader.pk).update(
        confirmed_by=municipality.superior, confirmed_at=timezone.now()
    )
    assert shows(hands.reads()) == set()


def test_it_is_said_that_both_were_told_long_ago(municipality: Municipality) -> None:
    set_password(municipality.leader, NEW)
    hands = municipality.browser(municipality.leader, NEW)
    long_ago = timezone.now() - timezone.timedelta(days=9)
    KnownAccount.objects.filter(pk=municipality.leader.pk).update(
        shut_at=long_ago, changed_at=long_ago, person_told_at=long_ago, parties_told_at=long_ago
    )
    assert shows(hands.reads()) == set()


def test_a_session_is_taken_from_its_row(municipality: Municipality) -> None:
    """The key in the table is not the one in the cookie, and a row under another key is not believed."""
    municipality.browser(municipality.leader)
    row = Session.objects.latest("expire_date")
    for key in (row.session_key, "x" * 32):
        Session.objects.get_or_create(
            session_key=key, defaults={"session_data": row.session_data, "expire_date": row.expire_date}
        )
        hands = municipality.browser()
        hands.get("/logg-inn/")
        hands.bring("sessionid", key)
        assert shows(hands.reads()) == set()


def test_a_grant_is_copied(municipality: Municipality) -> None:
    row = AgreementUserObjectPermission.objects.filter(user=municipality.leader).latest("pk")
    row.pk, row.user = None, municipality.colleague
    row.save()
    assert shows(municipality.browser(municipality.colleague).reads()) == set()
    assert any("grants" in line for line in findings())


def test_the_clock_of_the_server_is_put_back(municipality: Municipality) -> None:
    """What is dated later than now opens nothing."""
    set_password(municipality.leader, NEW)
    municipality.browser(municipality.leader, NEW)
    municipality.later(hours=-24 * 30)
    assert shows(municipality.browser(municipality.leader, NEW).reads()) == set()
