"""One who has another's password reads as them on a browser of their own: both see it, and the person is told.

Attack 6 of those that were tried against whoever keeps the users: over HTTP, by the site's own form.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import checks
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from leder import conf
from leder.agreements import actions
from leder.agreements.models import Agreement, Entry, Reading
from leder.agreements.reading import log as reading_log
from leder.agreements.reading.citations import own_citations
from leder.agreements.reading.current import open_goals, open_texts
from leder.agreements.states import State
from leder.identity.models import SignIn
from tests.factories import (
    PRIVATE_SECTION,
    SECTION,
    access_of,
    bring_to,
    make_agreement,
    make_user,
    opened_by,
)
from tests.identity.conftest import PASSWORD, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("new_devices")]

WORDS = "Det vi ble enige om"
LABEL = "egen tekst, innlogging fra ny enhet"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
DAYS_OF_A_NEW_DEVICE = 30


@pytest.fixture
def agreement(agreement: Any) -> Any:
    """In which the leader has written in a section and, in private, in another; both in the leader's own words."""
    for section in (SECTION, PRIVATE_SECTION):
        actions.save_section(
            access_of(agreement.leader, agreement),
            section_id=section,
            version=0,
            payload={"note": WORDS, "answers": {}, "choices": [], "goals": []},
        )
    return Agreement.objects.get(pk=agreement.pk)


@pytest.fixture
def home(agreement: Any, settings: Any) -> Client:
    """The leader's own browser, of long ago."""
    long_ago = timezone.now() - dt.timedelta(days=DAYS_OF_A_NEW_DEVICE + 1)
    with time_machine.travel(long_ago, tick=False):
        browser = sign_in(agreement.leader)
    browser.post("/logg-ut/")
    return browser


def page_of(browser: Client, name: str, agreement: Any) -> str:
    answer = browser.get(reverse(f"leder:{name}", args=[agreement.uuid]))
    assert answer.status_code == 200
    return answer.content.decode()


def own(agreement: Any) -> list[tuple[int, str, str, str]]:
    """What the log tells of people's own texts. The log is whole."""
    assert reading_log.first_fault(agreement) is None
    lines = agreement.readings.filter(own=True).order_by("number")
    return list(lines.values_list("reader_id", "section_id", "kind", "role"))


class TestAttack:
    def test_an_impostor_reads_the_leaders_own_words(self, agreement: Any, home: Client) -> None:
        impostor = sign_in(agreement.leader, browser=Client(HTTP_USER_AGENT=FIREFOX))
        assert WORDS in page_of(impostor, "agreement", agreement)
        assert own(agreement) == [
            (agreement.leader_id, SECTION, "answer", ""),
            (agreement.leader_id, PRIVATE_SECTION, "answer", ""),
        ]
        superior = sign_in(agreement.superior)
        for browser in (superior, sign_in(agreement.leader, browser=home)):
            seen = page_of(browser, "readings", agreement)
            assert LABEL in seen
            assert WORDS not in seen

    def test_the_leader_is_told_once_at_the_next_sign_in(self, agreement: Any, home: Client) -> None:
        noon = dt.datetime(2026, 11, 30, 7, 12, tzinfo=dt.UTC)
        with time_machine.travel(noon, tick=False):
            sign_in(agreement.leader, browser=Client(HTTP_USER_AGENT=FIREFOX))
        with time_machine.travel(noon + dt.timedelta(hours=1), tick=False):
            sign_in(agreement.leader, browser=home)
            first = home.get(reverse("leder:my_page")).content.decode()
            assert (
                "Forrige innlogging: 30. november 2026 kl. 08.12, Firefox på Windows. Enheten var ny."
                in first
            )
            assert reverse("leder:sign_ins") in first
            assert "Forrige innlogging" not in home.get(reverse("leder:my_page")).content.decode()

    def test_a_known_device_leaves_no_line(self, agreement: Any, home: Client) -> None:
        sign_in(agreement.leader, browser=home)
        assert WORDS in page_of(home, "agreement", agreement)
        assert own(agreement) == []
        assert not SignIn.objects.latest("at").is_new_device

    def test_signing_in_twice_does_not_make_it_known(self, agreement: Any, home: Client) -> None:
        impostor = sign_in(agreement.leader)
        impostor.post("/logg-ut/")
        sign_in(agreement.leader, browser=impostor)
        page_of(impostor, "agreement", agreement)
        assert own(agreement)

    def test_nor_does_confirming_who_one_is(self, agreement: Any, home: Client) -> None:
        impostor = sign_in(agreement.leader)
        before = SignIn.objects.count()
        with time_machine.travel(timezone.now() + dt.timedelta(minutes=20), tick=False):
            confirmed = impostor.post("/logg-inn/bekreft/", {"password": PASSWORD, "next": "/"})
            assert confirmed.status_code == 302
            page_of(impostor, "agreement", agreement)
        assert own(agreement)
        assert SignIn.objects.count() == before

    @pytest.mark.parametrize(
        ("days", "is_new"), [(DAYS_OF_A_NEW_DEVICE - 1, True), (DAYS_OF_A_NEW_DEVICE, False)]
    )
    def test_it_is_new_for_thirty_days(self, agreement: Any, days: int, is_new: bool) -> None:
        began = timezone.now()
        browser = sign_in(agreement.leader)
        # Signing in meanwhile makes it neither newer nor older.
        for day in (days // 2, days):
            with time_machine.travel(began + dt.timedelta(days=day, seconds=1), tick=False):
                browser.post("/logg-ut/")
                sign_in(agreement.leader, browser=browser)
        with time_machine.travel(began + dt.timedelta(days=days, seconds=2), tick=False):
            page_of(browser, "agreement", agreement)
        assert bool(own(agreement)) is is_new
        assert SignIn.objects.latest("at").is_new_device is is_new

    def test_the_device_of_one_is_new_to_another(self, agreement: Any, home: Client) -> None:
        sign_in(agreement.superior, browser=home)
        assert SignIn.objects.latest("at").is_new_device

    def test_a_session_that_nothing_is_known_of_is_of_a_new_device(
        self, agreement: Any, home: Client
    ) -> None:
        sign_in(agreement.leader, browser=home)
        session = home.session
        del session["leder_device_since"]
        session.save()
        page_of(home, "agreement", agreement)
        assert own(agreement)

    def test_without_the_middleware_every_device_is_new(
        self, agreement: Any, home: Client, settings: Any
    ) -> None:
        name = "leder.identity.devices.remember_devices"
        settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != name]
        assert [each.id for each in checks.run_checks(tags=["security"])] == ["leder.W006"]
        browser = sign_in(agreement.leader)
        assert conf.device_cookie() not in browser.cookies

    def test_the_check_says_that_no_device_would_be_new(self, settings: Any) -> None:
        ids = {each.id for each in checks.run_checks(tags=["security"], include_deployment_checks=True)}
        assert "leder.W007" not in ids
        settings.LEDER_NEW_DEVICE_DAYS = 0
        ids = {each.id for each in checks.run_checks(tags=["security"], include_deployment_checks=True)}
        assert "leder.W007" in ids


class TestLines:
    """What is noted, by the one way to the texts."""

    @pytest.fixture
    def read(self, agreement: Any) -> Callable[..., Any]:
        def read(person: Any, **asked: Any) -> Any:
            return opened_by(person, agreement, new_device=True, **asked)

        return read

    def test_within_ten_minutes_it_is_one_reading(self, agreement: Any, read: Any) -> None:
        read(agreement.leader)
        read(agreement.leader)
        assert len(own(agreement)) == 2
        assert opened_by(agreement.superior, agreement).seen

    def test_a_closed_section_is_not_read(self, agreement: Any, read: Any) -> None:
        read(agreement.leader, recent=False)
        assert [section for _pk, section, *_rest in own(agreement)] == [SECTION]

    def test_what_is_not_ones_own_is_as_ever(self, agreement: Any, read: Any) -> None:
        read(agreement.superior)
        assert own(agreement) == []
        assert agreement.readings.filter(reader=agreement.superior).count() == 2

    def test_comments(self, agreement: Any, read: Any) -> None:
        for person in (agreement.leader, agreement.superior, agreement.leader):
            actions.add_comment(access_of(person, agreement), section_id=SECTION, text="En merknad")
        read(agreement.leader)
        mine = agreement.readings.get(own=True, kind=Reading.Kind.COMMENT)
        assert (mine.section_id, mine.version) == (SECTION, 2)
        assert agreement.readings.get(own=False, kind=Reading.Kind.COMMENT).version == 1

    @pytest.mark.parametrize("is_written", [True, False])
    def test_it_does_not_tell_whether_a_preparation_stands_there(
        self, agreement: Any, read: Any, is_written: bool
    ) -> None:
        """The other party sees the same line with a preparation and without: until both are ready it is not theirs."""
        if is_written:
            _prepare(agreement)
        read(agreement.leader, kinds=(Entry.Kind.PREPARATION,))
        assert own(agreement) == [(agreement.leader_id, "", "own_pages", "")]

    def test_one_that_has_opened_is_told(self, agreement: Any) -> None:
        _prepare(agreement)
        bring_to(agreement, State.PREPARED)
        kinds = (Entry.Kind.PREPARATION,)
        opened_by(agreement.leader, agreement, new_device=True, kinds=kinds)
        assert own(agreement) == [(agreement.leader_id, SECTION, "preparation", "leader")]

    def test_goals_of_several_years(self, agreement: Any) -> None:
        access = access_of(agreement.leader, agreement, new_device=True)
        open_goals([access])
        assert {section for _pk, section, *_rest in own(agreement)} == {SECTION, PRIVATE_SECTION}

    def test_what_is_chosen_from_a_page(self, agreement: Any) -> None:
        page = Page.objects.get(depth=2)
        with connection.cursor() as cursor:
            which = [page.pk, agreement.platform_edition_id]
            cursor.execute("UPDATE leder_edition SET page_id = %s WHERE id = %s", which)
        choice = {"id": "expectation-2", "stance": "strength", "why": ""}
        actions.save_section(
            access_of(agreement.leader, agreement),
            section_id=PRIVATE_SECTION,
            version=1,
            payload={"note": "", "answers": {}, "choices": [choice], "goals": []},
        )
        cited = {"reader": agreement.leader, "page": page, "recent": True}
        assert own_citations(**cited)
        assert own(agreement) == []
        own_citations(**cited, new_device=True)
        assert [section for _pk, section, *_rest in own(agreement)] == [PRIVATE_SECTION]

    def test_ones_own_reading_is_not_shown_as_the_others(
        self, agreement: Any, read: Any, as_user: Any
    ) -> None:
        read(agreement.leader)
        page = page_of(as_user(agreement.superior), "agreement", agreement)
        assert "leste den sist" not in page

    def test_an_act_keeps_it(self, agreement: Any) -> None:
        with_lock = actions.base.lock_as(access_of(agreement.leader, agreement, new_device=True))
        open_texts(with_lock)
        assert own(agreement)

    def test_it_costs_nothing_where_nothing_is_to_note(
        self, agreement: Any, django_assert_num_queries: Any
    ) -> None:
        access = access_of(agreement.leader, agreement)
        with django_assert_num_queries(3):
            open_texts(access)
        empty = make_agreement()
        access = access_of(empty.leader, empty, new_device=True)
        with django_assert_num_queries(3):
            open_texts(access)


def _prepare(agreement: Any) -> None:
    from leder.conversations.actions import save_preparation

    save_preparation(
        access_of(agreement.leader, agreement),
        section_id=SECTION,
        version=0,
        payload={"note": "Bare mitt", "answers": {}, "choices": [], "goals": []},
    )


def test_people_who_open_no_text_are_not_noted() -> None:
    stranger = make_user(password=PASSWORD)
    browser = sign_in(stranger)
    sign_in(stranger, browser=browser)
    assert not SignIn.objects.filter(user=stranger).exists()
    assert "Forrige innlogging" not in browser.get(reverse("leder:my_page")).content.decode()
    assert get_user_model().objects.filter(pk=stranger.pk).exists()
