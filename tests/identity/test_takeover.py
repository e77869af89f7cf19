"""One who keeps the users takes over accounts through the user administration: nothing goes unnoticed.

Each act is a real request of somebody in the operators' group, who is no superuser.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from django.urls import reverse

from leder.agreements.actions import end_agreement
from leder.agreements.models import AccountChange
from leder.agreements.reading import log as reading_log
from leder.agreements.states import State
from leder.mail.language import remember_language
from leder.pages import roles
from tests import factories
from tests.identity.conftest import both, known_again, sign_in
from tests.identity.journey import PASSWORD

pytestmark = pytest.mark.django_db

NEW = "en-helt-ny-lang-setning"
THEIRS = "angriper@example.org"
WORDS = {
    "password": "The password was changed",
    "email": "The e-mail address was changed",
    "deactivated": "The account was switched off",
    "activated": "The account was switched on",
}


@pytest.fixture
def operations(db: None) -> Client:
    """The browser of somebody in “Drift”."""
    roles.set_up_roles()
    operator = factories.make_user(last_name="Drift")
    operator.groups.add(Group.objects.get(name=roles.OPERATIONS))
    client = Client()
    client.force_login(operator)
    return client


@pytest.fixture
def edit(operations: Client) -> Callable[..., None]:
    """A function that saves the form of a person, with some fields changed. `is_active=""` unticks it."""

    def post(user: Any, **changes: Any) -> None:
        user.refresh_from_db()
        sent = {name: getattr(user, name) for name in ("username", "email", "first_name", "last_name")}
        active = {"is_active": "on"} if user.is_active else {}
        fields = {**sent, **active, "password1": "", "password2": "", **changes}
        answer = operations.post(reverse("wagtailusers_users:edit", args=[user.pk]), fields)
        assert answer.status_code == 302, answer.content.decode()[:2000]
        user.refresh_from_db()

    return post


def bulk(client: Client, action: str, *users: Any, **sent: Any) -> None:
    address = reverse("wagtail_bulk_action", args=["lorenskog_intranet", "user", action])
    answer = client.post(f"{address}?" + "&".join(f"id={user.pk}" for user in users), sent)
    assert answer.status_code == 302


def log_of(agreement: Any) -> list[tuple[int, str]]:
    """Whose account was changed, and how, as the log says it. The log is whole."""
    assert reading_log.first_fault(agreement) is None
    lines = agreement.readings.filter(kind__in=AccountChange.values).order_by("number")
    return list(lines.values_list("reader_id", "kind"))


def page_of(agreement: Any, person: Any) -> str:
    """The page of the log, as a party sees it."""
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    answer = client.get(reverse("leder:readings", args=[agreement.uuid]))
    assert answer.status_code == 200
    return answer.content.decode()


class TestStepByStep:
    @pytest.fixture(params=[State.OPENED, State.SIGNED, State.ENDED, State.REPLACED])
    def agreement(self, request: Any) -> Any:
        people = {
            who: factories.make_user(password=PASSWORD, last_name=who.title())
            for who in ("leader", "superior")
        }
        if request.param == State.ENDED:
            agreement = factories.make_agreement(state=State.SIGNED, **people)
            end_agreement(agreement=agreement)
            agreement.refresh_from_db()
        elif request.param == State.REPLACED:
            agreement = factories.make_agreement(state=State.SIGNED, **people)
            later = factories.make_agreement(state=State.SIGNED, year=factories.YEAR + 1, **people)
            agreement.refresh_from_db()
            # Of the later one everything is deleted: what is told is told for the sake of the one that was replaced.
            type(later).objects.filter(pk=later.pk).update(text_deleted_at=later.opened_at)
        else:
            agreement = factories.make_agreement(state=request.param, **people)
        assert agreement.state == request.param
        return agreement

    def test_each_step_is_told_at_once_and_stands_in_both_logs(
        self, agreement: Any, told: Any, edit: Any
    ) -> None:
        leader, superior = agreement.leader, agreement.superior
        real, boss = leader.email, superior.email
        new = {"password1": NEW, "password2": NEW}

        assert told(edit, superior, is_active="") == sorted([boss, real])
        assert told(edit, leader, is_active="", email=THEIRS, **new) == sorted([real, THEIRS, boss])
        assert told(edit, leader, is_active="on") == sorted([THEIRS, boss])
        assert told(sign_in, leader, NEW) == []
        assert told(edit, superior, is_active="on") == sorted([boss, THEIRS])

        expected = [
            (superior.pk, "deactivated"),
            (leader.pk, "password"),
            (leader.pk, "email"),
            (leader.pk, "deactivated"),
            (leader.pk, "activated"),
            (superior.pk, "activated"),
            # Nobody was let in as the superior meanwhile, and all is as it was.
            (superior.pk, "taken_back"),
        ]
        assert log_of(agreement) == expected
        # The leader is shut.
        known_again(leader, superior)
        for party in (leader, superior):
            page = page_of(agreement, party)
            assert all(words in page for words in WORDS.values())
            assert page.count("Account changed") == 4
            assert THEIRS not in page and real not in page

    def test_a_second_address_does_not_hide_the_first(self, agreement: Any, told: Any, edit: Any) -> None:
        leader, superior = agreement.leader, agreement.superior
        first = leader.email
        assert told(edit, leader, email="b@example.org") == sorted([first, "b@example.org", superior.email])
        assert told(edit, leader, email="c@example.org") == sorted(
            ["b@example.org", "c@example.org", superior.email]
        )
        assert log_of(agreement) == [(leader.pk, "email")] * 2

    @pytest.mark.parametrize("other", ["k@nesset.example", "\N{KELVIN SIGN}@neßet.example"])
    def test_letters_that_only_unicode_takes_for_the_same_make_another_address(
        self, agreement: Any, told: Any, edit: Any, other: str
    ) -> None:
        """“ß” and “ss” are two domains, and two mailboxes."""
        leader, superior = agreement.leader, agreement.superior
        known = "k@neßet.example"
        told(edit, leader, email=known)
        assert told(edit, leader, email=other) == sorted([known, other, superior.email])
        assert log_of(agreement) == [(leader.pk, "email")] * 2
        assert told(edit, leader, email=other.replace("example", "EXAMPLE")) == []

    def test_nothing_is_told_when_nothing_is_changed(self, agreement: Any, told: Any, edit: Any) -> None:
        assert told(edit, agreement.leader, last_name="Nygift") == []
        assert log_of(agreement) == []

    def test_nor_after_the_text_is_deleted(self, agreement: Any, told: Any, edit: Any) -> None:
        type(agreement).objects.update(text_deleted_at=agreement.opened_at)
        assert told(edit, agreement.leader, is_active="", password1=NEW, password2=NEW) == []
        assert log_of(agreement) == []


class TestMail:
    def test_one_save_is_one_mail_to_each_that_says_all_of_it(
        self, agreement: Any, told: Any, edit: Any
    ) -> None:
        leader, superior = agreement.leader, agreement.superior
        for person in (leader, superior):
            remember_language(person=person, language="en")
        real = leader.email
        told(edit, leader, is_active="", email=THEIRS, password1=NEW, password2=NEW)
        assert len(mail.outbox) == 3
        said = {message.to[0]: message.body for message in mail.outbox}
        for body in said.values():
            assert [words in body for words in WORDS.values()] == [True, True, True, False]
            assert real not in body and THEIRS not in body and NEW not in body
        assert leader.get_full_name() in said[superior.email]
        assert said[real] == said[THEIRS]

    def test_each_reads_it_in_their_own_language(self, agreement: Any, told: Any, edit: Any) -> None:
        remember_language(person=agreement.leader, language="nn")
        remember_language(person=agreement.superior, language="nb")
        told(edit, agreement.leader, password1=NEW, password2=NEW)
        said = {message.to[0]: message.body for message in mail.outbox}
        assert "Passordet blei endra" in said[agreement.leader.email]
        assert "Passordet ble endret" in said[agreement.superior.email]

    def test_the_other_party_is_told_at_the_address_known_before(
        self, agreement: Any, leader: Any, told: Any, edit: Any
    ) -> None:
        """Their address was changed by hand in the database, so that no mail would reach them."""
        sign_in(agreement.superior)
        known = agreement.superior.email
        get_user_model().objects.filter(pk=agreement.superior.pk).update(email=THEIRS)
        assert told(edit, leader, password1=NEW, password2=NEW) == sorted([leader.email, known, THEIRS])


class TestSeveralAtOnce:
    def test_switched_off_and_on(self, agreement: Any, told: Any, operations: Client) -> None:
        parties = agreement.leader, agreement.superior
        everybody = sorted(both(agreement) * 2)
        assert told(bulk, operations, "set_active_state", *parties, mark_as_active="False") == everybody
        assert told(bulk, operations, "set_active_state", *parties, mark_as_active="False") == []
        assert told(bulk, operations, "set_active_state", *parties, mark_as_active="True") == everybody
        assert sorted(log_of(agreement)) == sorted(
            (person.pk, kind) for person in parties for kind in ("activated", "deactivated", "taken_back")
        )

    def test_a_superior_of_two_gets_one_mail_of_both(
        self, agreement: Any, told: Any, operations: Client
    ) -> None:
        other = factories.make_agreement(superior=agreement.superior)
        leaders = agreement.leader, other.leader
        addresses = [*(person.email for person in leaders), agreement.superior.email]
        sent = told(bulk, operations, "set_active_state", *leaders, mark_as_active="False")
        assert sent == sorted(addresses)
        body = next(each.body for each in mail.outbox if each.to == [agreement.superior.email])
        assert all(person.get_full_name() in body for person in leaders)
        assert log_of(other) == [(other.leader.pk, "deactivated")]

    def test_roles_are_no_change_of_an_account(
        self, agreement: Any, leader: Any, told: Any, operations: Client
    ) -> None:
        group = Group.objects.get(name=roles.HR)
        assert told(bulk, operations, "assign_role", leader, role=group.pk) == []
        assert leader.groups.filter(pk=group.pk).exists()
        assert log_of(agreement) == []

    def test_what_was_changed_before_by_hand_is_told_then(
        self, agreement: Any, leader: Any, told: Any, operations: Client
    ) -> None:
        get_user_model().objects.filter(pk=leader.pk).update(email=THEIRS)
        sent = told(bulk, operations, "set_active_state", leader, mark_as_active="False")
        assert sent.count(agreement.superior.email) == 2
        assert log_of(agreement) == [(leader.pk, "email"), (leader.pk, "deactivated")]


class TestDeletion:
    """Nobody whose account opens text can be deleted, and so be made anew by another."""

    @pytest.fixture
    def operations(self, operations: Client) -> Client:
        operator = get_user_model().objects.get(last_name="Drift")
        operator.user_permissions.add(Permission.objects.get(codename="delete_user"))
        return operations

    @pytest.mark.parametrize("who", ["leader", "superior", "reader"])
    def test_it_is_refused(self, agreement: Any, told: Any, operations: Client, who: str) -> None:
        reader = factories.make_user()
        factories.share(agreement, reader)
        person = reader if who == "reader" else getattr(agreement, who)
        sent = told(operations.post, reverse("wagtailusers_users:delete", args=[person.pk]))
        sent += told(bulk, operations, "delete", person)
        assert sent == []
        assert get_user_model().objects.filter(pk=person.pk).exists()
