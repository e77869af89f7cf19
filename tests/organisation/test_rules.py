"""Pure checks: periods, overlap, cycles."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from leder.organisation.rules import Period, check_no_cycle, check_no_overlap, check_period, overlap

MAY = Period(date(2026, 5, 1), date(2026, 5, 31), "Kari Granskaug")


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (date(2026, 4, 1), date(2026, 4, 30), False),
        (date(2026, 4, 1), date(2026, 5, 1), True),
        (date(2026, 5, 10), date(2026, 5, 12), True),
        (date(2026, 5, 31), None, True),
        (date(2026, 6, 1), None, False),
        (date(2020, 1, 1), None, True),
    ],
)
def test_overlap_counts_both_ends(starts, ends, expected):
    assert overlap(MAY, Period(starts, ends)) is expected
    assert overlap(Period(starts, ends), MAY) is expected


def test_two_open_periods_overlap():
    assert overlap(Period(date(2020, 1, 1)), Period(date(2030, 1, 1)))


def test_a_period_of_one_day_is_fine():
    check_period(date(2026, 5, 1), date(2026, 5, 1))
    check_period(date(2026, 5, 1), None)


def test_ends_before_it_starts():
    with pytest.raises(ValidationError) as error:
        check_period(date(2026, 5, 2), date(2026, 5, 1))
    assert set(error.value.message_dict) == {"ends"}
    assert "2026" in error.value.message_dict["ends"][0]


def test_overlap_message_names_who_what_and_when():
    with pytest.raises(ValidationError) as error:
        check_no_overlap(Period(date(2026, 5, 31)), [MAY], "Styrer, Solsikke")
    (message,) = error.value.message_dict["starts"]
    assert "Kari Granskaug" in message
    assert "Styrer, Solsikke" in message
    assert "31" in message


def _cycle(start, above, parents):
    check_no_cycle(start, above, parents.get, str.upper, field="parent", itself="Not in itself.")


def test_no_cycle():
    _cycle("a", None, {})
    _cycle("a", "b", {"b": "c", "c": None})
    _cycle(None, "b", {"b": None})


def test_shortest_cycle_says_itself():
    with pytest.raises(ValidationError) as error:
        _cycle("a", "a", {})
    assert error.value.message_dict == {"parent": ["Not in itself."]}


def test_longer_cycle_names_the_circle():
    with pytest.raises(ValidationError) as error:
        _cycle("a", "b", {"b": "c", "c": "a"})
    assert "A → B → C → A" in error.value.message_dict["parent"][0]


def test_a_cycle_further_up_does_not_hang():
    _cycle("a", "b", {"b": "c", "c": "b"})
