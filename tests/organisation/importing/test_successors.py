"""A successor whom a file names early, late or not at all: no post is empty for a day because of an import."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from leder.organisation.models import Appointment

from .files import KOMMUNE, SKOLE, Row, as_csv, bring_in, person, position

pytestmark = pytest.mark.django_db

# Who, from which day, until which, acting or not; days as in the files.
Term = tuple[str, str, str, str]
OLA: Term = ("ola", "2020-01-01", "", "")


def file_of(*terms: Term) -> bytes:
    """A municipality whose headteacher's position is held so."""
    director = {
        **KOMMUNE,
        **position("S1", "Kommunedirektør", group=1, chapter="3.4.1"),
        **person("kari", "Kari", "Li"),
    }
    head: Row = {**SKOLE, **position("S2", "Rektor", "S1")}
    empty = dict.fromkeys(person("", "", ""), "")
    held: list[Any] = [
        {**head, **person(who, who.capitalize(), "Rektor", starts, ends, acting)}
        for who, starts, ends, acting in terms
    ]
    return as_csv([director, *(held or [{**head, **empty}])])


def standing() -> set[Term]:
    """Who holds it, in the same form."""
    rows = Appointment.objects.filter(position__code="S2")
    return {
        (
            row.person.username,
            row.starts.isoformat(),
            row.ends.isoformat() if row.ends else "",
            "ja" * row.acting,
        )
        for row in rows
    }


def import_on(day: str, *terms: Term) -> None:
    with time_machine.travel(dt.datetime.fromisoformat(f"{day}T09:00:00+00:00"), tick=False):
        bring_in(file_of(*terms))


CASES: dict[str, tuple[list[Term], str, list[Term], set[Term]]] = {
    "in the future: today's leader stays until the day before": (
        [OLA],
        "2027-11-30",
        [("eva", "2027-12-01", "", "")],
        {("ola", "2020-01-01", "2027-11-30", ""), ("eva", "2027-12-01", "", "")},
    ),
    "months ahead": (
        [OLA],
        "2027-11-30",
        [("eva", "2028-03-01", "", "")],
        {("ola", "2020-01-01", "2028-02-29", ""), ("eva", "2028-03-01", "", "")},
    ),
    "from 1 March in a year without 29 February": (
        [OLA],
        "2027-02-10",
        [("eva", "2027-03-01", "", "")],
        {("ola", "2020-01-01", "2027-02-28", ""), ("eva", "2027-03-01", "", "")},
    ),
    "the day after summer time begins": (
        [OLA],
        "2027-03-28",
        [("eva", "2027-03-29", "", "")],
        {("ola", "2020-01-01", "2027-03-28", ""), ("eva", "2027-03-29", "", "")},
    ),
    "today": (
        [OLA],
        "2027-12-01",
        [("eva", "2027-12-01", "", "")],
        {("ola", "2020-01-01", "2027-11-30", ""), ("eva", "2027-12-01", "", "")},
    ),
    "in the past": (
        [OLA],
        "2027-11-30",
        [("eva", "2027-11-15", "", "")],
        {("ola", "2020-01-01", "2027-11-14", ""), ("eva", "2027-11-15", "", "")},
    ),
    "none: the day before the import": (
        [OLA],
        "2027-11-30",
        [],
        {("ola", "2020-01-01", "2027-11-29", "")},
    ),
    "an end that comes before the successor stands": (
        [("ola", "2020-01-01", "2027-12-10", "")],
        "2027-11-30",
        [("eva", "2028-01-01", "", "")],
        {("ola", "2020-01-01", "2027-12-10", ""), ("eva", "2028-01-01", "", "")},
    ),
    "an end that comes after the successor gives way": (
        [("ola", "2020-01-01", "2028-06-30", "")],
        "2027-11-30",
        [("eva", "2027-12-01", "", "")],
        {("ola", "2020-01-01", "2027-11-30", ""), ("eva", "2027-12-01", "", "")},
    ),
    "an end that is over already stays": (
        [("ola", "2020-01-01", "2027-11-10", "")],
        "2027-11-30",
        [("eva", "2027-12-01", "", "")],
        {("ola", "2020-01-01", "2027-11-10", ""), ("eva", "2027-12-01", "", "")},
    ),
    "two successors: until the first": (
        [OLA],
        "2027-11-30",
        [("eva", "2028-08-01", "", ""), ("per", "2027-12-01", "2028-07-31", "")],
        {
            ("ola", "2020-01-01", "2027-11-30", ""),
            ("per", "2027-12-01", "2028-07-31", ""),
            ("eva", "2028-08-01", "", ""),
        },
    ),
    "somebody in the file has it today, so it is not empty": (
        [OLA],
        "2027-11-30",
        [("per", "2027-11-01", "2027-11-30", ""), ("eva", "2027-12-01", "", "")],
        {
            ("ola", "2020-01-01", "2027-10-31", ""),
            ("per", "2027-11-01", "2027-11-30", ""),
            ("eva", "2027-12-01", "", ""),
        },
    ),
    "an acting one in the file has it today": (
        [OLA],
        "2027-11-30",
        [("per", "2027-11-01", "2027-11-30", "ja"), ("eva", "2027-12-01", "", "")],
        {
            ("ola", "2020-01-01", "2027-11-29", ""),
            ("per", "2027-11-01", "2027-11-30", "ja"),
            ("eva", "2027-12-01", "", ""),
        },
    ),
    "an acting successor": (
        [OLA],
        "2027-11-30",
        [("per", "2027-12-01", "2028-01-31", "ja")],
        {("ola", "2020-01-01", "2027-11-30", ""), ("per", "2027-12-01", "2028-01-31", "ja")},
    ),
    "an acting leader of today stays until the successor": (
        [("per", "2027-10-01", "", "ja")],
        "2027-11-30",
        [("eva", "2027-12-01", "", "")],
        {("per", "2027-10-01", "2027-11-30", "ja"), ("eva", "2027-12-01", "", "")},
    ),
    "an acting leader is appointed permanently": (
        [("per", "2027-10-01", "", "ja")],
        "2027-11-30",
        [("per", "2027-12-01", "", "")],
        {("per", "2027-10-01", "2027-11-30", "ja"), ("per", "2027-12-01", "", "")},
    ),
    "a leader on leave and the acting one both go": (
        [OLA, ("per", "2027-10-01", "2027-12-15", "ja")],
        "2027-11-30",
        [("eva", "2027-12-01", "", "")],
        {
            ("ola", "2020-01-01", "2027-11-30", ""),
            ("per", "2027-10-01", "2027-11-30", "ja"),
            ("eva", "2027-12-01", "", ""),
        },
    ),
    "one who began today leads today": (
        [("ola", "2027-11-30", "", "")],
        "2027-11-30",
        [("eva", "2027-12-01", "", "")],
        {("ola", "2027-11-30", "2027-11-30", ""), ("eva", "2027-12-01", "", "")},
    ),
    "one who began later than the successor was never there": (
        [("ola", "2027-11-20", "", "")],
        "2027-11-30",
        [("eva", "2027-11-15", "", "")],
        {("eva", "2027-11-15", "", "")},
    ),
    "one who has not begun is removed": (
        [("ola", "2027-12-01", "", "")],
        "2027-11-30",
        [("eva", "2028-01-01", "", "")],
        {("eva", "2028-01-01", "", "")},
    ),
    "a successor who is put off: today's leader stays on": (
        [("ola", "2020-01-01", "2027-11-30", ""), ("eva", "2027-12-01", "", "")],
        "2027-11-25",
        [("eva", "2028-02-01", "", "")],
        {("ola", "2020-01-01", "2028-01-31", ""), ("eva", "2028-02-01", "", "")},
    ),
    "another successor, from a later day": (
        [("ola", "2020-01-01", "2027-11-30", ""), ("eva", "2027-12-01", "", "")],
        "2027-11-30",
        [("per", "2027-12-15", "", "")],
        {("ola", "2020-01-01", "2027-12-14", ""), ("per", "2027-12-15", "", "")},
    ),
    "a successor who comes sooner": (
        [("ola", "2020-01-01", "2027-12-31", ""), ("eva", "2028-01-01", "", "")],
        "2027-11-30",
        [("eva", "2027-12-01", "", "")],
        {("ola", "2020-01-01", "2027-11-30", ""), ("eva", "2027-12-01", "", "")},
    ),
    "a successor who never comes": (
        [("ola", "2020-01-01", "2027-11-30", ""), ("eva", "2027-12-01", "", "")],
        "2027-11-25",
        [],
        {("ola", "2020-01-01", "2027-11-24", "")},
    ),
    "the same person anew, from a day to come": (
        [OLA],
        "2027-11-30",
        [("ola", "2027-12-01", "2033-11-30", "")],
        {("ola", "2020-01-01", "2027-11-30", ""), ("ola", "2027-12-01", "2033-11-30", "")},
    ),
    "the same person's first day was wrong": (
        [OLA],
        "2027-11-30",
        [("ola", "2021-01-01", "", "")],
        {("ola", "2021-01-01", "", "")},
    ),
    "the same person had not begun after all, another has it today": (
        [("ola", "2027-11-01", "", "")],
        "2027-11-30",
        [("per", "2020-01-01", "2027-11-30", ""), ("ola", "2027-12-01", "", "")],
        {("per", "2020-01-01", "2027-11-30", ""), ("ola", "2027-12-01", "", "")},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_who_holds_the_position_when_a_successor_comes(case: str) -> None:
    before, day, file, after = CASES[case]
    import_on("2027-01-04", *before)
    assert standing() == set(before)
    import_on(day, *file)
    assert standing() == after
    # The same file again, and when the successor has begun, changes nothing.
    for later in (day, "2028-09-01"):
        import_on(later, *file)
        assert standing() == after, later
