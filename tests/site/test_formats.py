"""Dates and numbers as they are written in Norway."""

import datetime as dt

import pytest
from django.utils import formats, translation

MOMENT = dt.datetime(2027, 3, 31, 14, 2)


@pytest.mark.parametrize(
    ("language", "date", "moment"),
    [
        ("nb", "31. mars 2027", "31. mars 2027 14:02"),
        ("nn", "31. mars 2027", "31. mars 2027 14:02"),
        ("en", "31 March 2027", "31 March 2027 14:02"),
    ],
)
def test_dates_in_words(language: str, date: str, moment: str) -> None:
    with translation.override(language):
        assert formats.date_format(MOMENT, "DATE_FORMAT") == date
        assert formats.date_format(MOMENT, "DATETIME_FORMAT") == moment


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_months_have_small_letters(language: str) -> None:
    with translation.override(language):
        assert formats.date_format(dt.date(2027, 11, 23), "DATE_FORMAT") == "23. november 2027"
