"""Those in HR who can hand over: who comes and goes is told to the others, and counts as a second person in time."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from leder.agreements.access import accounts
from leder.agreements.models import KnownAccount
from leder.identity import actions, confirming, hr
from leder.identity.acting import Actor, _acting
from tests import factories
from tests.handover.conftest import permitted
from tests.identity.journey import NEW, THEIRS

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def clock(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def in_hr() -> Any:
    """One who has the right, and of whom that is not known yet."""
    person = factories.make_user()
    person.user_permissions.add(Permission.objects.get(codename="hand_over"))
    return person


def known(person: Any) -> KnownAccount:
    return KnownAccount.objects.get(pk=person.pk)


def test_who_comes_and_goes_is_told_to_the_others_active_or_not(told: Any, clock: Any) -> None:
    one, two = permitted(), permitted()
    User = get_user_model()
    User.objects.filter(pk=two.pk).update(is_active=False)
    factories.make_user(is_superuser=True)
    new = in_hr()
    assert told(hr.look) == sorted([one.email, two.email])
    assert all(new.get_full_name() in each.body for each in mail.outbox)
    assert known(new).in_hr_since == timezone.now()
    assert told(hr.look) == []
    # Both are taken out at once: they hear of it, since nobody would tell them of the next.
    for person in (one, two):
        person.user_permissions.clear()
    assert told(hr.look) == sorted([one.email, two.email, new.email])
    assert (known(one).in_hr_since, known(one).is_genuine) == (None, True)
    # Put back they are new.
    one.user_permissions.add(Permission.objects.get(codename="hand_over"))
    assert told(hr.look) == [new.email]
    assert known(one).in_hr_since == timezone.now()


def test_a_changed_account_is_told_and_counts_no_more_for_three_days(told: Any, clock: Any) -> None:
    one, two = permitted(), permitted()
    assert hr.is_settled(one) and hr.is_settled(two)
    old = one.email
    get_user_model().objects.filter(pk=one.pk).update(email=THEIRS)
    assert not hr.is_settled(one)
    assert told(actions.note_all) == sorted([old, THEIRS, two.email])
    assert "can read what stands" not in "".join(each.body for each in mail.outbox)
    assert told(actions.note_all) == told(confirming.tell_again) == []
    clock.shift(72 * HOUR - dt.timedelta(seconds=1))
    assert not hr.is_settled(one) and hr.is_settled(two)
    clock.shift(dt.timedelta(seconds=1))
    assert hr.is_settled(one)


def test_nor_does_one_who_is_new_there_or_nobody_in_hr(told: Any, clock: Any) -> None:
    new, other = in_hr(), factories.make_user()
    assert not hr.is_settled(new)
    hr.look()
    for hours, settled in ((0, False), (71, False), (1, True)):
        clock.shift(hours * HOUR)
        assert hr.is_settled(new) is settled
    factories.make_agreement(leader=other)
    clock.shift(99 * HOUR)
    # Known as a leader for long, and in HR from now.
    assert not hr.is_settled(other)
    other.user_permissions.add(Permission.objects.get(codename="hand_over"))
    hr.look()
    assert not hr.is_settled(other)


def test_what_can_not_be_sent_waits(told: Any, settings: Any, clock: Any) -> None:
    one, two = permitted(), permitted()
    settings.EMAIL_BACKEND = "tests.identity.journey.Down"
    get_user_model().objects.filter(pk=one.pk).update(password=NEW)
    told(actions.note_all)
    clock.shift(99 * HOUR)
    assert not hr.is_settled(one)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert told(confirming.tell_again) == sorted([one.email, two.email])
    assert told(confirming.tell_again) == []
    clock.shift(72 * HOUR)
    assert hr.is_settled(one)


def test_one_who_is_alone_there_is_told_once_and_who_comes_later_too(told: Any, clock: Any) -> None:
    one = permitted()
    get_user_model().objects.filter(pk=one.pk).update(password=NEW)
    assert told(actions.note_all) == [one.email]
    assert told(confirming.tell_again) == []
    two = permitted()
    assert told(confirming.tell_again) == [two.email]
    clock.shift(71 * HOUR)
    assert not hr.is_settled(one)
    clock.shift(HOUR)
    assert hr.is_settled(one)


def test_what_is_known_is_written_by_hand(told: Any, clock: Any) -> None:
    """It is said that they have been in HR for long; what is altered is told, and they begin anew."""
    one, two = permitted(), in_hr()
    hr.look()
    KnownAccount.objects.filter(pk=two.pk).update(in_hr_since=timezone.now() - 999 * HOUR)
    clock.shift(71 * HOUR)
    assert not hr.is_settled(two)
    assert one.email in told(actions.note_all)
    assert known(two).in_hr_since == timezone.now()
    # Removed altogether they are new.
    KnownAccount.objects.filter(pk=two.pk).delete()
    assert told(hr.look) == [one.email]
    assert not hr.is_settled(two)


def test_one_who_becomes_a_party_is_compared_as_ever(told: Any, clock: Any) -> None:
    one = permitted()
    get_user_model().objects.filter(pk=one.pk).update(email=THEIRS)
    accounts.begin([one])
    assert known(one).email != THEIRS
    call_command("leder_accounts", take_over=True)
    assert (known(one).email, known(one).in_hr_since is None) == (THEIRS, False)
    confirming.forget()
    assert known(one).is_genuine


def test_who_only_comes_upon_a_change_is_not_named(clock: Any) -> None:
    one, two = permitted(), permitted()
    for made_now, named in ((False, []), (True, [str(two.pk)])):
        get_user_model().objects.filter(pk=one.pk).update(email=f"{made_now}-{THEIRS}")
        token = _acting.set(Actor(two.pk, recent=True))
        try:
            actions.look_at([one.pk], made_now=made_now)
        finally:
            _acting.reset(token)
        assert known(one).lines("changed_by") == named
