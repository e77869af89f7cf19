"""A party says whose account it is, or time passes: who may, what it opens, and what it does not."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from tests import factories
from tests.identity.journey import (
    LONG,
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
    confirm_page,
    edit,
    kinds,
)

pytestmark = pytest.mark.django_db


class TestConfirming:
    def test_a_forgotten_password_on_a_monday(self, journey: Journey) -> None:
        """The whole of it: what the person sees, what the superior clicks."""
        client, other = browser(journey.leader, PASSWORD), browser(journey.superior, PASSWORD)
        journey.reset()
        client = browser(journey.leader)
        assert_shut(client, journey.agreement)
        page = client.get(SHUT_PAGE).content.decode()
        assert journey.superior.get_full_name() in page and "The password was changed" in page
        assert "See whom to ring" in client.get("/leder/min-side/").content.decode()
        asked = other.get("/leder/min-side/").content.decode()
        assert confirm_page(journey) in asked and journey.leader.get_full_name() in asked
        page = other.get(confirm_page(journey)).content.decode()
        assert "The password was changed" in page and SECRET not in page
        mail.outbox.clear()
        assert other.post(confirm_page(journey), {"answer": "yes"}).headers["Location"] == "/leder/min-side/"
        assert_open(client, journey.agreement)
        # Not the one who has answered.
        assert [each.to[0] for each in mail.outbox] == [journey.leader.email]
        assert kinds(journey.agreement) == ["password", "confirmed"]
        assert "was changed" not in other.get("/leder/min-side/").content.decode()
        # Said once.
        other.post(confirm_page(journey), {"answer": "no"})
        assert kinds(journey.agreement) == ["password", "confirmed"]
        assert_open(client, journey.agreement)

    def test_no_keeps_it_shut_beyond_the_hours_until_somebody_says_yes(self, journey: Journey) -> None:
        journey.reset()
        other = browser(journey.superior, PASSWORD)
        other.post(confirm_page(journey), {"answer": "no"})
        assert kinds(journey.agreement) == ["password", "refused"]
        journey.clock.shift(LONG)
        assert_shut(browser(journey.leader), journey.agreement)
        call_command("leder_tidy", stdout=StringIO())
        client = browser(journey.leader)
        assert_shut(client, journey.agreement)
        page, by = client.get(SHUT_PAGE).content.decode(), journey.superior.get_full_name()
        assert f"{by} said on" in page and "can take the “no” back" in page
        # Only what is true now.
        assert not [each for each in ("a minute", "do not confirm", "Was it you") if each in page]
        assert f"because {by} has said that it is not you" in client.get("/leder/min-side/").content.decode()
        other = browser(journey.superior, PASSWORD)
        other.post(confirm_page(journey), {"answer": "yes"})
        assert_open(client, journey.agreement)

    def test_time_opens(self, journey: Journey) -> None:
        journey.reset()
        journey.clock.shift(dt.timedelta(hours=72) - dt.timedelta(seconds=1))
        assert_shut(browser(journey.leader), journey.agreement)
        journey.clock.shift(dt.timedelta(seconds=1))
        assert_open(browser(journey.leader), journey.agreement)
        said = StringIO()
        call_command("leder_tidy", stdout=said)
        assert "opened by themselves: 1." in said.getvalue()
        assert kinds(journey.agreement) == ["password", "time_passed"]
        call_command("leder_tidy", stdout=StringIO())
        assert kinds(journey.agreement) == ["password", "time_passed"]
        assert_open(browser(journey.leader), journey.agreement)

    def test_a_clock_set_back_opens_nothing(self, journey: Journey) -> None:
        journey.reset()
        browser(journey.superior, PASSWORD).post(confirm_page(journey), {"answer": "yes"})
        journey.clock.shift(-dt.timedelta(hours=1))
        assert_shut(browser(journey.leader), journey.agreement)

    def test_an_answer_from_a_clock_that_was_ahead_opens_nothing(self, journey: Journey) -> None:
        journey.reset()
        row = journey.account()
        row.confirmed_by, row.confirmed_at = journey.superior, timezone.now() + dt.timedelta(hours=1)
        row.sign()
        row.save()
        assert_shut(browser(journey.leader), journey.agreement)

    def test_a_stranger_and_the_person_get_404(self, journey: Journey) -> None:
        journey.reset()
        stranger = factories.make_user(password=PASSWORD)
        for client in (browser(stranger, PASSWORD), browser(journey.leader)):
            assert client.get(confirm_page(journey)).status_code == 404
            assert client.post(confirm_page(journey), {"answer": "yes"}).status_code == 404
        assert journey.account().confirmed_at is None
        assert_shut(browser(journey.leader), journey.agreement)

    def test_one_out_of_office_gets_404(self, journey: Journey) -> None:
        journey.reset()
        factories.leave_office(journey.agreement)
        client = browser(journey.superior, PASSWORD)
        assert client.post(confirm_page(journey), {"answer": "yes"}).status_code == 404
        assert journey.account().confirmed_at is None

    def test_a_sign_in_of_this_morning_does_not_do(self, journey: Journey, as_user: Any) -> None:
        journey.reset()
        client = as_user(journey.superior, recent=False)
        assert "bekreft" in client.post(confirm_page(journey), {"answer": "yes"}).headers["Location"]
        assert journey.account().confirmed_at is None

    @pytest.mark.parametrize("why", ["shut", "lately", "since", "maker"])
    def test_who_can_not_say_is_told_why_and_says_nothing(self, journey: Journey, why: str) -> None:
        superior = journey.superior
        if why == "maker":
            operator = browser(User.objects.get(pk=superior.pk), PASSWORD)
            User.objects.filter(pk=superior.pk).update(is_superuser=True)
            edit(operator, journey.leader, password1=NEW, password2=NEW)
        else:
            journey.reset()
        if why == "since":
            row = journey.account()
            row.shut_at = journey.agreement.opened_at
            row.sign()
            row.save()
        if why in ("shut", "lately"):
            journey.reset(superior)
        if why == "lately":
            row = journey.account(superior)
            row.shut_at = None
            row.sign()
            row.save()
        client = browser(superior, NEW if why in ("shut", "lately") else PASSWORD)
        page = client.get(confirm_page(journey))
        assert page.context["why_not"] == why
        assert 'name="answer"' not in page.content.decode()
        assert client.post(confirm_page(journey), {"answer": "yes"}).status_code == 403
        assert journey.account().confirmed_at is None
        assert_shut(browser(journey.leader), journey.agreement)
        assert superior.get_full_name() not in browser(journey.leader).get(SHUT_PAGE).content.decode()

    def test_two_who_keep_the_users_do_not_get_it_by_turns(self, journey: Journey) -> None:
        """The superior resets, another changes the address: the superior still has had a hand in it."""
        superior = journey.superior
        User.objects.filter(pk=superior.pk).update(is_superuser=True)
        second = factories.make_user(password=PASSWORD, is_superuser=True)
        edit(browser(superior, PASSWORD), journey.leader, password1=NEW, password2=NEW)
        edit(browser(second, PASSWORD), journey.leader, email=THEIRS)
        assert journey.account().lines("changed_by") == [str(superior.pk), str(second.pk)]
        client = browser(superior, PASSWORD)
        assert client.post(confirm_page(journey), {"answer": "yes"}).status_code == 403
        assert_shut(browser(journey.leader), journey.agreement)

    def test_a_page_from_before_the_next_change_answers_nothing(self, journey: Journey) -> None:
        journey.reset()
        client = browser(journey.superior, PASSWORD)
        page = confirm_page(journey)
        assert client.get(page).status_code == 200
        User.objects.filter(pk=journey.leader.pk).update(email=THEIRS)
        assert client.post(page, {"answer": "yes"}).headers["Location"].startswith(confirm_page(journey))
        # Without the name of the account it leads nowhere.
        assert client.post(page, {"answer": "yes"}).status_code == 404
        assert journey.account().confirmed_at is None
        assert journey.account().lines("changes") == ["password", "email"]
        assert_shut(browser(journey.leader), journey.agreement)

    def test_a_change_between_the_page_and_the_answer_is_seen_behind_the_lock(self, journey: Journey) -> None:
        from leder.agreements.actions import RuleBroken
        from leder.identity import confirming

        journey.reset()
        account = journey.account()
        User.objects.filter(pk=journey.leader.pk).update(email=THEIRS)
        for act in (confirming.confirm, confirming.refuse):
            with pytest.raises(RuleBroken):
                act(actor=journey.superior, account=account)
        assert (journey.account().confirmed_at, journey.account().refused_at) == (None, None)
