"""Dates, deadlines, numbers and people as text."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from leder.templatetags import leder_ui
from leder.words import date_words


class Someone:
    """A user as the tags know one."""

    def __init__(self, name: str = "", username: str = "kari") -> None:
        self.name, self.username = name, username

    def get_full_name(self) -> str:
        return self.name

    def get_username(self) -> str:
        return self.username


@pytest.mark.parametrize(
    ("language", "form", "words"),
    [
        ("nb", "", "31. mars 2027"),
        ("nb", "weekday", "onsdag 31. mars 2027"),
        ("nn", "", "31. mars 2027"),
        ("en", "", "31 March 2027"),
        ("en", "weekday", "Wednesday 31 March 2027"),
    ],
)
def test_dates_are_written_as_each_language_does(language, form, words):
    with translation.override(language):
        assert date_words(date(2027, 3, 31), form) == words


def test_a_moment_is_told_in_local_time():
    moment = datetime(2027, 7, 1, 12, 2, tzinfo=UTC)
    with translation.override("nb"):
        assert date_words(moment, "time") == "1. juli 2027 kl. 14.02"
        assert leder_ui.when(moment) == '<time datetime="2027-07-01T12:02+00:00">1. juli 2027</time>'


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (12, "in 12 days"),
        (2, "in 2 days"),
        (1, "tomorrow"),
        (0, "today"),
        (-1, "1 day past the deadline"),
        (-3, "3 days past the deadline"),
    ],
)
def test_days_left(days, words):
    with translation.override("en"):
        assert leder_ui.days_left(timezone.localdate() + timedelta(days=days)) == words


def test_nothing_is_said_of_no_date_and_no_number():
    assert [
        date_words(None),
        leder_ui.when(None),
        leder_ui.days_left(None),
        leder_ui.thin(None),
    ] == [""] * 4


def test_thousands_stand_apart_without_breaking():
    assert leder_ui.thin(1_000_000) == "1\u202f000\u202f000"
    assert leder_ui.thin(250) == "250"


@pytest.mark.parametrize(
    ("name", "letters"), [("Kari Nordmann", "KN"), ("Åse Marie Øverby", "ÅØ"), ("Kari", "K"), ("", "K")]
)
def test_initials(name, letters):
    assert leder_ui.initials(Someone(name)) == letters


def test_a_person_has_initials_name_and_title_and_is_escaped():
    html = leder_ui.person(Someone("Kari <b>Eksempel</b>"), "Rektor & leder")
    assert "<b>" not in html
    assert "Kari &lt;b&gt;Eksempel" in html
    assert "Rektor &amp; leder" in html
    assert 'aria-hidden="true">KE' not in html  # initials come from the name as it is written
    assert leder_ui.person(None)
