"""Takeovers by the operators' group, of those nobody thought of, and by the database's own tools."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail

from leder.agreements.actions import end_agreement
from leder.agreements.models import Agreement, KnownAccount
from leder.agreements.states import State
from leder.identity import actions
from tests import factories
from tests.identity.conftest import both
from tests.identity.journey import (
    LONG,
    NEW,
    PASSWORD,
    THEIRS,
    Journey,
    User,
    assert_shut,
    browser,
    confirm_page,
    kinds,
)

pytestmark = pytest.mark.django_db


class TestAttacks:
    """Attacks 1, 2 and 3: by the operators' group, of those whom nobody thought of, by the database's own tools."""

    def test_both_are_switched_off_and_given_new_passwords_and_addresses(self, journey: Journey) -> None:
        for person in (journey.superior, journey.leader):
            person.is_active = False
            person.save()
            actions.look_at([person.pk])
        for person in (journey.superior, journey.leader):
            person.email = f"{person.pk}-{THEIRS}"
            person.set_password(NEW)
            person.save()
            actions.look_at([person.pk])
            person.is_active = True
            person.save()
            actions.look_at([person.pk])
        for person in (journey.leader, journey.superior):
            assert_shut(browser(person), journey.agreement)
        # Neither can let the other in, nor can they when the hours have passed and one of them is open.
        client = browser(journey.superior)
        assert client.get(confirm_page(journey)).status_code == 200
        assert client.post(confirm_page(journey), {"answer": "yes"}).status_code == 403
        assert journey.account().confirmed_at is None
        assert_shut(browser(journey.leader), journey.agreement)

    @pytest.mark.parametrize("state", [State.ENDED, State.REPLACED])
    def test_one_with_only_what_is_over(self, journey: Journey, state: str) -> None:
        people = {"leader": journey.leader, "superior": journey.superior}
        signed = factories.make_agreement(state=State.SIGNED, year=factories.YEAR + 1, **people)
        end_agreement(agreement=signed)
        Agreement.objects.filter(pk=journey.agreement.pk).update(state=state)
        mail.outbox.clear()
        journey.reset()
        assert sorted(each.to[0] for each in mail.outbox) == both(journey.agreement)
        assert_shut(browser(journey.leader), signed)

    def test_what_is_known_is_deleted(self, journey: Journey) -> None:
        User.objects.filter(pk=journey.leader.pk).update(password=make_password(NEW))
        KnownAccount.objects.all().delete()
        mail.outbox.clear()
        assert_shut(browser(journey.leader), journey.agreement)
        assert sorted(each.to[0] for each in mail.outbox) == both(journey.agreement)
        assert kinds(journey.agreement) == ["unknown"]

    def test_it_is_deleted_and_a_new_agreement_opened(self, journey: Journey) -> None:
        """What is known begins anew for those only who open nothing."""
        KnownAccount.objects.filter(pk=journey.leader.pk).delete()
        factories.make_agreement(leader=journey.leader, year=factories.YEAR + 1)
        assert_shut(browser(journey.leader, PASSWORD), journey.agreement)

    @pytest.mark.parametrize(
        "forged",
        [
            {"shut_at": None},
            {"person_told_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
            {"confirmed_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC), "confirmed_by": "superior"},
            {"email": THEIRS},
        ],
        ids=lambda value: next(iter(value)),
    )
    def test_what_is_known_is_written_by_hand(self, journey: Journey, forged: dict[str, Any]) -> None:
        journey.reset()
        if "confirmed_by" in forged:
            forged = {**forged, "confirmed_by": journey.superior}
        KnownAccount.objects.filter(pk=journey.leader.pk).update(**forged)
        assert_shut(browser(journey.leader), journey.agreement)

    def test_the_row_of_another_is_copied(self, journey: Journey) -> None:
        theirs = KnownAccount.objects.filter(pk=journey.superior.pk).values().get()
        journey.reset()
        KnownAccount.objects.filter(pk=journey.leader.pk).delete()
        KnownAccount.objects.create(
            **{**theirs, "user_id": journey.leader.pk, "uuid": journey.agreement.uuid}
        )
        assert_shut(browser(journey.leader), journey.agreement)

    def test_the_row_of_before_is_put_back(self, journey: Journey) -> None:
        """Then the password is another than the one it knows. With the password of before, too, nothing has changed."""
        before = KnownAccount.objects.filter(pk=journey.leader.pk).values().get()
        journey.reset()
        KnownAccount.objects.filter(pk=journey.leader.pk).update(**before)
        assert_shut(browser(journey.leader), journey.agreement)

    def test_a_password_of_before_is_put_back_with_its_signature(self, journey: Journey) -> None:
        journey.reset()
        theirs = {"password": journey.leader.password}
        mac = journey.account().password_mac
        browser(journey.superior, PASSWORD).post(confirm_page(journey), {"answer": "yes"})
        journey.clock.shift(dt.timedelta(seconds=1))
        journey.reset(password="tredje-passord-er-satt")
        journey.clock.shift(LONG)
        User.objects.filter(pk=journey.leader.pk).update(**theirs)
        KnownAccount.objects.filter(pk=journey.leader.pk).update(password_mac=mac)
        assert_shut(browser(journey.leader), journey.agreement)
