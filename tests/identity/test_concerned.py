"""Whose account opens text: each kind of reader, active or not, and nobody is passed over by the daily run."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from leder.agreements.access import accounts
from leder.agreements.access.grants import signed_by_former
from leder.agreements.actions import end_agreement
from leder.agreements.models import AccountChange, Agreement, Share
from leder.agreements.reading import log as reading_log
from leder.agreements.states import State
from leder.identity import actions, concerned
from leder.organisation.models import Appointment
from leder.safekeeping.deletion import delete_texts
from tests import factories
from tests.handover.conftest import Case, permitted
from tests.identity.conftest import known_again

pytestmark = pytest.mark.django_db


@dataclass
class Way:
    """One whose account opens the text of an agreement."""

    agreement: Agreement
    person: Any


def as_leader() -> Way:
    agreement = factories.make_agreement()
    return Way(agreement, agreement.leader)


def as_superior() -> Way:
    agreement = factories.make_agreement()
    return Way(agreement, agreement.superior)


def of_an_ended_one() -> Way:
    agreement = factories.make_agreement(state=State.SIGNED)
    end_agreement(agreement=agreement)
    return Way(agreement, agreement.leader)


def of_a_replaced_one() -> Way:
    agreement = factories.make_agreement(state=State.SIGNED)
    people = {"leader": agreement.leader, "superior": agreement.superior}
    later = factories.make_agreement(state=State.SIGNED, year=factories.YEAR + 1, **people)
    delete_texts([later.pk])
    agreement.refresh_from_db()
    assert agreement.state == State.REPLACED
    return Way(agreement, agreement.superior)


def out_of_office() -> Way:
    agreement = factories.make_agreement(state=State.SIGNED)
    factories.leave_office(agreement)
    return Way(agreement, agreement.superior)


def before_a_handover() -> Case:
    """A signed agreement that another can become superior of."""
    agreement = factories.make_agreement(state=State.SIGNED)
    Appointment.objects.create(
        position=agreement.position, person=agreement.leader, starts=dt.date(2020, 1, 1)
    )
    two = permitted(), permitted()
    return Case(agreement, agreement.leader, agreement.superior, factories.make_user(), *two)


def handed_over() -> Way:
    case = before_a_handover()
    case.hand_over()
    assert case.agreement.superior == case.successor
    return Way(case.agreement, case.former)


def shared_with() -> Way:
    agreement = factories.make_agreement()
    reader = factories.make_user()
    factories.share(agreement, reader)
    return Way(agreement, reader)


WAYS: list[Callable[[], Way]] = [
    as_leader,
    as_superior,
    of_an_ended_one,
    of_a_replaced_one,
    out_of_office,
    handed_over,
    shared_with,
]


@pytest.fixture(params=WAYS, ids=lambda way: way.__name__)
def way(request: Any, db: None) -> Way:
    made: Way = request.param()
    actions.note_all()
    return made


def opens(person: Any) -> set[int]:
    """The ids of the agreements whose text a person reaches, in any of the ways that pages have."""
    found = {
        *Agreement.objects.visible_to(person).values_list("pk", flat=True),
        *signed_by_former(person).values_list("pk", flat=True),
        *Share.objects.visible_to(person).values_list("agreement_id", flat=True),
    }
    return set(Agreement.objects.filter(pk__in=found, text_deleted_at=None).values_list("pk", flat=True))


def tidy() -> None:
    call_command("leder_tidy", stdout=StringIO())


def test_no_way_is_forgotten(way: Way) -> None:
    assert way.agreement.pk in opens(way.person)
    found = {each.pk for each in concerned.agreements_of([way.person.pk])[way.person.pk]}
    assert opens(way.person) <= found
    assert way.person in accounts.everybody()
    # Still when nothing is open to them, since they can't sign in.
    get_user_model().objects.filter(pk=way.person.pk).update(is_active=False)
    way.person.refresh_from_db()
    assert opens(way.person) == set()
    assert {each.pk for each in concerned.agreements_of([way.person.pk])[way.person.pk]} == found
    assert way.person in accounts.everybody()


@pytest.mark.parametrize("active", [True, False])
def test_a_change_is_told_to_the_person_and_the_two(way: Way, told: Any, active: bool) -> None:
    """By the daily run, after somebody wrote into the database."""
    people = {way.person, way.agreement.leader, way.agreement.superior}
    pks = [person.pk for person in people]
    get_user_model().objects.filter(pk__in=pks).update(is_active=active)
    told(actions.note_all)
    get_user_model().objects.filter(pk=way.person.pk).update(email="ny@example.org")
    assert told(tidy) == sorted(["ny@example.org", *(person.email for person in people)])
    lines = way.agreement.readings.filter(kind=AccountChange.EMAIL)
    assert list(lines.values_list("reader_id", flat=True)) == [way.person.pk]
    assert reading_log.first_fault(way.agreement) is None
    assert told(tidy) == []


def test_switched_off_by_hand_is_told_at_night(way: Way, told: Any) -> None:
    get_user_model().objects.filter(pk=way.person.pk).update(is_active=False)
    people = {way.person, way.agreement.leader, way.agreement.superior}
    assert told(tidy) == sorted(person.email for person in people)
    assert told(tidy) == []


def test_nobody_is_told_when_the_text_is_gone(way: Way, told: Any) -> None:
    delete_texts([way.agreement.pk])
    get_user_model().objects.filter(pk=way.person.pk).update(email="ny@example.org")
    assert told(tidy) == []
    assert way.person not in accounts.everybody()


def test_nor_of_one_whose_share_has_ended(told: Any) -> None:
    agreement, reader = factories.make_agreement(), factories.make_user()
    given = factories.share(agreement, reader)
    tidy()
    factories.lapse(given)
    get_user_model().objects.filter(pk=reader.pk).update(email="ny@example.org")
    assert told(tidy) == []


def test_the_daily_run_meets_everybody_whatever_their_key(told: Any, monkeypatch: Any) -> None:
    """Keys of users need not be numbers that begin at one."""
    monkeypatch.setattr(actions, "BATCH", 1)
    leader = factories.make_user(pk=-5)
    agreement = factories.make_agreement(leader=leader)
    tidy()
    for person in (leader, agreement.superior):
        get_user_model().objects.filter(pk=person.pk).update(is_active=False)
    assert told(tidy) == sorted([leader.email, agreement.superior.email] * 2)


def test_a_new_superior_sees_nothing_of_whose_account_was_changed_before_but_the_leaders(told: Any) -> None:
    case = before_a_handover()
    agreement, reader = case.agreement, factories.make_user()
    factories.share(agreement, reader)
    tidy()
    changed = case.leader, case.former, reader
    get_user_model().objects.filter(pk__in=[person.pk for person in changed]).update(email="ny@example.org")
    tidy()
    assert {line.reader for line in agreement.readings.filter(kind=AccountChange.EMAIL)} == set(changed)
    case.hand_over()
    assert _shown(agreement, case.leader) == set(changed)
    assert _shown(agreement, case.successor) == {case.leader}


def _shown(agreement: Agreement, party: Any) -> set[Any]:
    # The leader's account is shut by the change.
    known_again(party)
    client = Client()
    client.force_login(party)
    page = client.get(reverse("leder:readings", args=[agreement.uuid]))
    return {visit.reader for visit in page.context["visits"] if visit.is_change}
