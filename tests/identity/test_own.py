"""What people change of their own accounts shuts nothing and is told; what can not be told waits."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from leder.agreements.models import KnownAccount
from leder.identity import actions
from leder.identity.acting import Actor, _acting
from tests import factories
from tests.identity.conftest import both, known_again
from tests.identity.journey import (
    LONG,
    NEW,
    PASSWORD,
    SHUT_PAGE,
    THEIRS,
    Journey,
    User,
    assert_open,
    assert_shut,
    browser,
    change_password,
    confirm_page,
    kinds,
)

pytestmark = pytest.mark.django_db


def reset_by(acting: Actor, journey: Journey, password: str, person: Any = None) -> None:
    """Set the leader's password in a request of somebody's; with what else was changed of `person`."""
    token = _acting.set(acting)
    try:
        journey.reset(person, password)
    finally:
        _acting.reset(token)


@pytest.mark.usefixtures("at_once")
class TestOwn:
    def test_ones_own_new_password_shuts_nothing_and_is_told(self, journey: Journey) -> None:
        client = browser(journey.leader, PASSWORD)
        mail.outbox.clear()
        change_password(client)
        assert sorted(each.to[0] for each in mail.outbox) == both(journey.agreement)
        assert all("shut" not in each.body and "stengt" not in each.body for each in mail.outbox)
        assert kinds(journey.agreement) == ["password"]
        assert journey.account().unchanged_since == timezone.now()
        assert_open(client, journey.agreement)

    def test_it_opens_nothing_that_is_shut_and_is_another_question(self, journey: Journey) -> None:
        journey.reset()
        page = confirm_page(journey)
        client = browser(journey.leader)
        change_password(client, old=NEW, new="tredje-passord-er-satt")
        assert_shut(client, journey.agreement)
        assert confirm_page(journey) != page

    def test_what_is_no_change_of_ones_own(self, journey: Journey) -> None:
        """An old sign-in, a page that does not ask for the old password, another's page."""
        mine, other = journey.leader.pk, journey.superior.pk
        for number, acting in enumerate(
            (Actor(mine, False, True), Actor(mine, True, False), Actor(other, True, True))
        ):
            known_again(journey.leader)
            reset_by(acting, journey, f"{NEW}-{number}")
            assert journey.account().is_shut_by_note(timezone.now())

    def test_what_was_changed_before_is_not_taken_for_a_part_of_it(self, journey: Journey) -> None:
        client = browser(journey.leader, PASSWORD)
        User.objects.filter(pk=journey.leader.pk).update(email=THEIRS)
        change_password(client)
        assert_shut(client, journey.agreement)

    def test_what_is_changed_meanwhile_is_not_taken_for_ones_own(self, journey: Journey) -> None:
        """A password put in by hand while the page is asked, which knows the one before; an address saved with it."""
        User.objects.filter(pk=journey.leader.pk).update(password=make_password(NEW))
        reset_by(Actor(journey.leader.pk, True, True), journey, f"{NEW}-1")
        assert kinds(journey.agreement) == ["password", "password"]
        assert_shut(browser(journey.leader, f"{NEW}-1"), journey.agreement)
        known_again(journey.leader)
        reset_by(Actor(journey.leader.pk, True, True), journey, f"{NEW}-2")
        assert_open(browser(journey.leader, f"{NEW}-2"), journey.agreement)
        leader = journey.leader
        leader.email = THEIRS
        reset_by(Actor(leader.pk, True, True), journey, f"{NEW}-3", leader)
        assert_shut(browser(leader, f"{NEW}-3"), journey.agreement)

    def test_the_first_password_of_one_who_was_never_shown_text(self, db: None) -> None:
        agreement = factories.make_agreement()
        leader = agreement.leader
        leader.set_password(PASSWORD)
        mail.outbox.clear()
        leader.save()
        assert sorted(each.to[0] for each in mail.outbox) == both(agreement)
        client = browser(leader, PASSWORD)
        assert client.get(reverse("leder:agreement", args=[agreement.uuid])).status_code == 200
        assert KnownAccount.objects.get(pk=leader.pk).shown_at is not None

    def test_not_with_another_address_too_nor_once_shown_text(self, db: None) -> None:
        for shown in (False, True):
            agreement = factories.make_agreement()
            if shown:
                factories.access_of(agreement.leader, agreement)
            else:
                User.objects.filter(pk=agreement.leader.pk).update(email=THEIRS)
            leader = User.objects.get(pk=agreement.leader.pk)
            leader.set_password(PASSWORD)
            leader.save()
            client = browser(leader, PASSWORD)
            page = reverse("leder:agreement", args=[agreement.uuid])
            assert client.get(page).headers.get("Location") == SHUT_PAGE


def test_which_pages_ask_for_the_old_password(rf: Any) -> None:
    from leder.identity.acting import _asks_for_the_old_password

    own = ["/logg-inn/passord/", reverse("wagtailadmin_account")]
    others = [reverse("wagtailusers_users:edit", args=[1]), "/finnes/ikke/", "/logg-inn/"]
    assert [_asks_for_the_old_password(rf.post(path)) for path in own + others] == [True] * 2 + [False] * 3


class TestMail:
    def test_what_can_not_be_sent_waits_and_is_sent_again(
        self, journey: Journey, settings: Any, monkeypatch: Any
    ) -> None:
        settings.EMAIL_BACKEND = "tests.identity.journey.Down"
        journey.reset()
        assert (journey.account().person_told_at, journey.account().parties_told_at) == (None, None)
        journey.clock.shift(LONG)
        client = browser(journey.leader)
        assert_shut(client, journey.agreement)
        page = client.get(SHUT_PAGE).content.decode()
        assert "you have not been reached" in page and "by themselves on" not in page
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        mail.outbox.clear()
        call_command("leder_tidy", stdout=StringIO())
        assert sorted(each.to[0] for each in mail.outbox) == both(journey.agreement)
        call_command("leder_tidy", stdout=StringIO())
        assert len(mail.outbox) == 2
        assert_shut(browser(journey.leader), journey.agreement)
        journey.clock.shift(LONG)
        assert_open(browser(journey.leader), journey.agreement)

    def test_an_address_that_did_not_get_it_is_kept_and_tried(self, journey: Journey, settings: Any) -> None:
        settings.EMAIL_BACKEND = "tests.identity.journey.Down"
        before = journey.leader.email
        User.objects.filter(pk=journey.leader.pk).update(email=THEIRS)
        actions.note_all()
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        mail.outbox.clear()
        call_command("leder_tidy", stdout=StringIO())
        assert sorted(each.to[0] for each in mail.outbox) == sorted([before, THEIRS, journey.superior.email])

    def test_the_mail_of_a_party_leads_to_the_page(self, journey: Journey) -> None:
        journey.reset()
        bodies = {each.to[0]: each.body for each in mail.outbox}
        assert confirm_page(journey) in bodies[journey.superior.email]
        assert SHUT_PAGE in bodies[journey.leader.email]
        assert confirm_page(journey) not in bodies[journey.leader.email]
