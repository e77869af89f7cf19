"""An account that was changed opens no text, over HTTP, and nothing that is typed is lost."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leder.agreements.access import accounts
from leder.agreements.models import KnownAccount
from leder.agreements.models.agreement import held_by
from leder.agreements.states import State
from leder.identity import actions
from leder.identity.banners import banner_for
from tests import factories
from tests.identity.conftest import sign_in
from tests.identity.journey import (
    NEW,
    PASSWORD,
    SECRET,
    SHUT_PAGE,
    THEIRS,
    Journey,
    User,
    assert_open,
    assert_shut,
    browser,
    kinds,
    text_pages,
)

pytestmark = pytest.mark.django_db


class TestShut:
    def test_it_is_open_to_one_whose_account_is_as_it_was(self, journey: Journey) -> None:
        client = browser(journey.leader, PASSWORD)
        assert_open(client, journey.agreement)
        assert client.get(SHUT_PAGE).headers["Location"] == "/leder/min-side/"

    def test_a_new_password_shuts(self, journey: Journey) -> None:
        journey.reset()
        assert_shut(browser(journey.leader), journey.agreement)
        assert_open(browser(journey.superior, PASSWORD), journey.agreement)
        assert kinds(journey.agreement) == ["password"]

    def test_a_password_by_sql_shuts_before_anybody_has_noted_it(self, journey: Journey) -> None:
        client = browser(journey.leader, PASSWORD)
        User.objects.filter(pk=journey.leader.pk).update(password=make_password(NEW))
        from leder.agreements.models import AccountShut

        with pytest.raises(AccountShut):
            held_by(journey.leader).filter(pk=journey.agreement.pk).access_for(journey.leader, recent=True)
        assert client.get("/leder/min-side/").status_code == 302, "the session has ended with the password"

    @pytest.mark.parametrize("change", [{"email": THEIRS}, {"is_active": False}, {"password": "!"}])
    def test_what_stands_in_the_database_counts_and_not_what_a_page_has_in_hand(
        self, journey: Journey, change: dict[str, Any]
    ) -> None:
        from leder.agreements.models import AccountShut

        before = journey.leader
        User.objects.filter(pk=before.pk).update(**change)
        if "password" in change:
            # Nobody gets in by one that was taken away.
            assert held_by(before).filter(pk=journey.agreement.pk).access_for(before, recent=True)
        else:
            with pytest.raises(AccountShut):
                held_by(before).filter(pk=journey.agreement.pk).access_for(before, recent=True)

    def test_a_stranger_gets_the_same_404_as_ever(self, journey: Journey) -> None:
        stranger = factories.make_user(password=PASSWORD)
        journey.reset(stranger)
        client = browser(stranger)
        for page in text_pages(journey.agreement):
            assert client.get(page).status_code == 404, page
        assert client.get(SHUT_PAGE).headers["Location"] == "/leder/min-side/"

    def test_a_provider_that_names_another_person_shuts(self, journey: Journey, settings: Any) -> None:
        client = browser(journey.leader, PASSWORD)
        settings.LEDER_PROVIDER_IDENTITY = "tests.identity.journey.somebody"
        assert_shut(client, journey.agreement)
        client.get(SHUT_PAGE)
        assert kinds(journey.agreement) == ["identity"]

    def test_switched_off_and_on_with_a_new_password_shuts(self, journey: Journey) -> None:
        for active in (False, True):
            person = journey.leader
            person.is_active = active
            if not active:
                person.set_password(NEW)
            person.save()
            actions.look_at([person.pk])
        assert_shut(browser(journey.leader), journey.agreement)
        assert kinds(journey.agreement) == ["password", "deactivated", "activated"]

    def test_what_was_shared_and_signed_before_is_shut_too(self, journey: Journey) -> None:
        reader = factories.make_user(password=PASSWORD)
        share = factories.share(journey.agreement, reader)
        client = browser(reader, PASSWORD)
        pages = ["/leder/delt/", reverse("leder:shared", args=[share.uuid])]
        assert [client.get(page).status_code for page in pages] == [200, 200]
        journey.reset(reader)
        client = browser(reader)
        assert [client.get(page).headers.get("Location") for page in pages] == [SHUT_PAGE] * 2
        assert client.get(SHUT_PAGE).status_code == 200

    def test_a_former_superior_is_shut_out_too(self, journey: Journey) -> None:
        people = {"leader": journey.leader, "superior": journey.superior}
        signed = factories.make_agreement(state=State.SIGNED, year=factories.YEAR + 1, **people)
        factories.leave_office(signed)
        page = reverse("leder:signed_record", args=[signed.uuid])
        assert browser(journey.superior, PASSWORD).get(page).status_code == 200
        journey.reset(journey.superior)
        assert browser(journey.superior).get(page).headers.get("Location") == SHUT_PAGE

    def test_nobody_who_shares_nothing_is_led_there(self, journey: Journey) -> None:
        journey.reset()
        assert browser(journey.leader).get("/leder/delt/").status_code == 200


class TestKept:
    """What is typed while it is shut is not lost."""

    def test_a_form_comes_back(self, journey: Journey) -> None:
        journey.reset()
        client = browser(journey.leader)
        page = reverse("leder:section", args=[journey.agreement.uuid, factories.SECTION])
        answer = client.post(page, {"note": "Det jeg skrev", "version": "2"})
        assert answer.status_code == 403
        assert "Det jeg skrev" in answer.content.decode() and SECRET not in answer.content.decode()
        answer = client.post(page, {"note": "Det jeg skrev"}, headers={"accept": "application/json"})
        assert (answer.status_code, answer.json()) == (403, {"shut": True})

    def test_a_button_leads_to_what_is_to_be_done(self, journey: Journey) -> None:
        journey.reset()
        page = reverse("leder:preparation_ready", args=[journey.agreement.uuid])
        assert browser(journey.leader).post(page).headers["Location"] == SHUT_PAGE
        journey.agreement.refresh_from_db()
        assert journey.agreement.leader_ready_at is None


class TestPrice:
    def test_an_access_costs_one_query_as_ever(
        self, journey: Journey, django_assert_num_queries: Any
    ) -> None:
        assert held_by(journey.leader).filter(pk=journey.agreement.pk).access_for(journey.leader, recent=True)
        leader = journey.leader
        with django_assert_num_queries(1):
            assert held_by(leader).filter(pk=journey.agreement.pk).access_for(leader, recent=True)

    def test_min_side_costs_one_more_and_nothing_a_leader(self, journey: Journey) -> None:
        superior = journey.superior

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                banner_for(superior)
            return len(queries)

        assert cost() == 1
        journey.reset()
        one = cost()
        for _ in range(29):
            other = factories.make_agreement(superior=superior)
            factories.access_of(other.leader, other)
            journey.reset(other.leader)
        assert len(banner_for(superior).others) == 30
        assert cost() == one

    def test_the_shut_page_costs_the_same_for_one_leader_and_for_thirty(self, journey: Journey) -> None:
        journey.reset(journey.superior)
        client = browser(journey.superior)

        def cost() -> int:
            client.get(SHUT_PAGE)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(SHUT_PAGE).status_code == 200
            return len(queries)

        one = cost()
        for _ in range(29):
            factories.make_agreement(superior=journey.superior)
        assert cost() == one

    def test_to_begin_costs_the_same_for_one_and_for_thirty(self, db: None) -> None:
        def cost(people: list[Any]) -> int:
            with CaptureQueriesContext(connection) as queries:
                accounts.begin(people)
            return len(queries)

        assert cost([factories.make_user()]) == cost([factories.make_user() for _ in range(30)]) == 3


def test_taking_over_is_no_change_and_stands_in_the_log(journey: Journey, caplog: Any) -> None:
    User.objects.update(password=make_password(NEW))
    said = StringIO()
    caplog.set_level("INFO", logger="leder.access")
    call_command("leder_accounts", take_over=True, stdout=said)
    assert "2" in said.getvalue()
    assert any("accounts taken over" in line.getMessage() for line in caplog.records)
    assert_open(browser(journey.leader), journey.agreement)
    assert kinds(journey.agreement) == []


def test_another_way_to_sign_in_that_the_site_brings_is_no_change(journey: Journey) -> None:
    """Else all would be shut on the day that people sign in by the municipality's service."""
    browser(journey.leader, PASSWORD)
    other = "tests.identity.test_sign_ins.CommonSignIn"
    call_command("leder_accounts", know_method=other, stdout=StringIO())
    client = Client()
    client.force_login(journey.leader, backend=other)
    assert kinds(journey.agreement) == []
    assert KnownAccount.objects.get(pk=journey.leader.pk).is_genuine


def test_taking_over_opens_nothing_that_is_shut(journey: Journey) -> None:
    journey.reset()
    User.objects.update(email=THEIRS)
    call_command("leder_accounts", take_over=True, stdout=StringIO())
    assert_shut(browser(journey.leader), journey.agreement)


def test_what_opens_nothing_any_more_is_forgotten(journey: Journey) -> None:
    from leder.safekeeping.deletion import delete_texts

    delete_texts([journey.agreement.pk])
    assert KnownAccount.objects.count() == 2
    call_command("leder_tidy", stdout=StringIO())
    assert not KnownAccount.objects.exists()
    accounts.begin([journey.leader])
    assert KnownAccount.objects.get().pk == journey.leader.pk
    sign_in(journey.leader)
