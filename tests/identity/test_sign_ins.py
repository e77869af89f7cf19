"""A changed e-mail address and a new way to sign in are told, and a sign-in stays cheap."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leder.agreements.models import KnownAccount
from leder.identity import actions
from leder.identity.acting import Actor, _acting
from leder.organisation.importing.actions import apply
from leder.organisation.importing.columns import guess
from leder.organisation.importing.export import export
from leder.organisation.importing.reading import parse
from leder.organisation.models import Appointment
from tests import factories
from tests.identity.conftest import both, sign_in
from tests.identity.journey import PASSWORD

pytestmark = pytest.mark.django_db
NEW_ADDRESS = "ny@example.org"
METHOD = "django.contrib.auth.backends.ModelBackend"


class CommonSignIn(ModelBackend):
    """Another way to sign in."""


OTHER_METHOD = f"{CommonSignIn.__module__}.{CommonSignIn.__qualname__}"


def change_address(user: Any, address: str = NEW_ADDRESS) -> None:
    """As a register does: without a save."""
    assert get_user_model().objects.filter(pk=user.pk).update(email=address) == 1


def tidy() -> str:
    said = StringIO()
    call_command("leder_tidy", stdout=said)
    return said.getvalue()


class TestAddress:
    @pytest.mark.parametrize("act", [sign_in, lambda user: tidy()], ids=["sign-in", "daily run"])
    def test_both_addresses_and_the_other_party_are_told_once(
        self, agreement: Any, leader: Any, told: Any, act: Any
    ) -> None:
        change_address(leader)
        assert told(act, leader) == sorted([*both(agreement), NEW_ADDRESS])
        assert all(NEW_ADDRESS not in message.body for message in mail.outbox)
        assert told(act, leader) == []

    def test_confirming_looks_too(self, agreement: Any, leader: Any, told: Any) -> None:
        client = Client()
        client.force_login(leader, backend=METHOD)
        change_address(leader)
        post = {"password": PASSWORD}
        assert told(client.post, reverse("confirm_sign_in"), post) == sorted([*both(agreement), NEW_ADDRESS])

    def test_capital_letters_are_no_change(self, leader: Any, told: Any) -> None:
        change_address(leader, leader.email.upper())
        assert told(sign_in, leader) == []

    def test_a_first_and_a_last_address(self, agreement: Any, leader: Any, told: Any) -> None:
        change_address(leader, "")
        assert told(sign_in, leader) == both(agreement)
        change_address(leader)
        assert told(sign_in, leader) == sorted([agreement.superior.email, NEW_ADDRESS])


class TestUserAdministration:
    def edit(self, user: Any, **changes: Any) -> None:
        client = Client()
        client.force_login(factories.make_user(is_superuser=True))
        fields = {
            "username": user.username,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "email": user.email,
            "is_active": "on",
            "password1": "",
            "password2": "",
            **changes,
        }
        answer = client.post(reverse("wagtailusers_users:edit", args=[user.pk]), fields)
        assert answer.status_code == 302, answer.content.decode()[:2000]

    def test_a_new_address_is_told(self, agreement: Any, leader: Any, told: Any) -> None:
        assert told(self.edit, leader, email=NEW_ADDRESS) == sorted([*both(agreement), NEW_ADDRESS])

    def test_a_new_password_is_told(self, agreement: Any, leader: Any, told: Any) -> None:
        fields = {"password1": "en-annen-hest-igjen", "password2": "en-annen-hest-igjen"}
        assert told(self.edit, leader, **fields) == both(agreement)

    def test_both_at_once_are_told_in_one_mail(self, agreement: Any, leader: Any, told: Any) -> None:
        fields = {
            "password1": "en-annen-hest-igjen",
            "password2": "en-annen-hest-igjen",
            "email": NEW_ADDRESS,
        }
        assert told(self.edit, leader, **fields) == sorted([*both(agreement), NEW_ADDRESS])

    def test_a_new_name_is_not(self, leader: Any, told: Any) -> None:
        assert told(self.edit, leader, last_name="Nygift") == []

    def test_the_form_says_what_follows(self, leader: Any) -> None:
        client = Client()
        client.force_login(factories.make_user(is_superuser=True))
        client.cookies["django_language"] = "en"
        page = client.get(reverse("wagtailusers_users:edit", args=[leader.pk])).content.decode()
        assert "<li></li>" not in page


class TestMethod:
    def by(self, user: Any, method: str) -> None:
        Client().force_login(user, backend=method)

    def test_the_first_one_known_is_not_told(self, agreement: Any, told: Any) -> None:
        assert told(self.by, agreement.leader, METHOD) == []
        assert told(self.by, agreement.leader, METHOD) == []

    def test_nor_after_the_daily_run_has_met_the_person(self, agreement: Any, told: Any) -> None:
        assert told(tidy) == []
        assert told(self.by, agreement.leader, METHOD) == []

    def test_another_is_told_the_first_time(self, agreement: Any, leader: Any, told: Any) -> None:
        assert told(self.by, leader, OTHER_METHOD) == both(agreement)
        assert told(self.by, leader, OTHER_METHOD) == []
        assert told(self.by, leader, METHOD) == []
        assert KnownAccount.objects.get(pk=leader.pk).methods.splitlines() == [METHOD, OTHER_METHOD]

    def test_of_one_without_agreements_nothing(self, told: Any) -> None:
        person = factories.make_user()
        assert told(self.by, person, METHOD) == []
        assert told(self.by, person, OTHER_METHOD) == []


class TestLog:
    def test_a_change_stands_in_the_servers_log_whatever_is_done_to_the_mail(
        self, agreement: Any, leader: Any, told: Any, caplog: Any
    ) -> None:
        """One who writes to the database says while signing in that the text is deleted: nobody has any to read."""
        leader.set_password("en annen hest")
        get_user_model().objects.filter(pk=leader.pk).update(password=leader.password)
        type(agreement).objects.update(text_deleted_at=agreement.opened_at)
        assert told(sign_in, leader, "en annen hest") == []
        assert [line.getMessage() for line in caplog.records if line.name == "leder.access"] == [
            f"account changed: user {leader.pk}, password, by nobody seen, shut"
        ]


class TestPrice:
    def test_a_sign_in_costs_one_query(self, leader: Any, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            actions.note_sign_in(user=leader, request=None)

    def test_the_daily_run_costs_the_same_for_two_and_for_sixty(self, agreement: Any) -> None:
        tidy()
        with CaptureQueriesContext(connection) as few:
            actions.note_all()
        for _ in range(29):
            factories.make_agreement()
        assert actions.note_all() == 0
        assert KnownAccount.objects.count() == 60
        with CaptureQueriesContext(connection) as many:
            actions.note_all()
        assert len(many) == len(few)

    def test_a_change_costs_the_same_in_one_agreement_and_in_thirty(self, agreement: Any) -> None:
        superior = agreement.superior

        def cost(address: str) -> int:
            change_address(superior, address)
            with CaptureQueriesContext(connection) as queries:
                assert actions.note_all() == 1
            return len(queries)

        tidy()
        one = cost("a@example.org")
        for _ in range(29):
            factories.make_agreement(superior=superior)
        tidy()
        assert cost("b@example.org") == one
        assert superior.pk in set(agreement.readings.values_list("reader_id", flat=True))

    def test_no_batch_is_passed_over(self, agreement: Any, leader: Any, told: Any, monkeypatch: Any) -> None:
        factories.make_agreement()
        tidy()
        monkeypatch.setattr(actions, "BATCH", 1)
        change_address(leader)
        assert len(told(tidy)) == 3


class TestImport:
    def import_address(self, agreement: Any) -> None:
        """A file with another address of the leader."""
        leader = agreement.leader
        Appointment.objects.get_or_create(
            position=agreement.position, person=leader, defaults={"starts": dt.date(2020, 1, 1)}
        )
        table = parse(export("csv").replace(leader.email.encode(), NEW_ADDRESS.encode()))
        imported = apply(table=table, places=guess(table.headings), name="ledere.csv")
        assert imported is not None and imported.counts == {"person_email": 1}

    def test_another_address_is_told_at_once(self, agreement: Any, leader: Any, told: Any) -> None:
        """A superior who imports the file has made the change, and confirms nothing."""
        token = _acting.set(Actor(agreement.superior.pk, recent=True))
        try:
            assert told(self.import_address, agreement) == sorted([*both(agreement), NEW_ADDRESS])
        finally:
            _acting.reset(token)
        assert told(tidy) == []
        row = KnownAccount.objects.get(pk=leader.pk)
        assert row.lines("changed_by") == [str(agreement.superior.pk)]

    def test_also_of_one_who_was_never_looked_at(self, agreement: Any, told: Any) -> None:
        """No daily run since the agreement was opened, and no sign-in."""
        assert told(self.import_address, agreement) == sorted([*both(agreement), NEW_ADDRESS])

    def test_a_file_that_changes_no_account_looks_at_none(self, agreement: Any) -> None:
        before = list(KnownAccount.objects.order_by("pk").values())
        table = parse(export("csv"))
        assert apply(table=table, places=guess(table.headings), name="ledere.csv") is None
        assert list(KnownAccount.objects.order_by("pk").values()) == before


def test_the_daily_run_says_how_many_and_not_who(agreement: Any, leader: Any) -> None:
    change_address(leader)
    said = tidy()
    assert "told: 1." in said
    assert leader.username not in said and NEW_ADDRESS not in said
