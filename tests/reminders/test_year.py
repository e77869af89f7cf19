"""A year, day by day: `leder_remind` runs each morning, and at last each mailbox is what was written down before.

Digests come from Monday to Friday, one a week. The deadlines: agreements open by 31 March (missing ones are told of
from 30 January), first conversations held and signed by 31 March (calls from 1 March, steps from 17 March), follow-ups
from 1 August (told of once) to 31 December (calls from 1 December, steps from 17 December).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.core.management import CommandError

from tests.reminders.helpers import YEAR, at, check, day, live, run
from tests.reminders.municipality import Municipality

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FIRST, LAST = day(1, 11), day(1, 16, YEAR + 1)
DOWN_ON = day(3, 1)
NEXT = YEAR + 1

# Who is told of what, with whom, on which day.
EXPECTED: dict[str, dict[dt.date, list[str]]] = {
    "Direktør": {
        day(2, 8): ["meeting Anna"],
        day(3, 2): ["uncalled Bjørn"],  # the server was down on Monday
        day(3, 8): ["meeting Bjørn"],
        day(3, 17): ["step Bjørn"],
        day(3, 22): ["step Bjørn"],
        day(6, 1): ["missing Arne"],
        day(6, 7): ["meeting Arne"],
        day(8, 2): ["autumn Arne", "autumn Bjørn"],
        day(9, 13): ["meeting Bjørn"],
        day(12, 1): ["uncalled Arne"],
        day(12, 6): ["uncalled Arne"],
    },
    "Anna": {
        day(2, 8): ["meeting Direktør"],
        day(3, 2): ["uncalled Avmeldt", "uncalled Sen", "meeting Punktlig"],
        day(3, 8): ["uncalled Avmeldt", "uncalled Sen"],
        day(3, 15): ["uncalled Avmeldt", "uncalled Sen"],
        day(3, 22): ["uncalled Avmeldt", "uncalled Sen"],
        day(3, 29): ["uncalled Sen"],
        day(4, 5): ["overdue Sen", "meeting Avmeldt"],
        day(4, 12): ["overdue Sen"],
        day(4, 19): ["overdue Sen"],
        day(4, 26): ["meeting Sen"],
        day(5, 3): ["overdue Sen"],
        day(5, 10): ["overdue Sen"],
    },
    "Bjørn": {
        day(2, 1): ["missing Glemt"],
        day(2, 8): ["missing Glemt"],
        day(2, 15): ["meeting Borte"],
        day(3, 2): ["uncalled Nynorsk"],
        day(3, 8): ["uncalled Nynorsk", "meeting Direktør"],
        day(3, 15): ["uncalled Nynorsk", "meeting Glemt"],
        day(3, 22): ["meeting Glemt", "meeting Nynorsk"],
        day(3, 31): ["step Nynorsk"],
        day(8, 2): ["missing Vikar", "autumn Glemt", "autumn Nynorsk"],
        day(8, 16): ["meeting Vikar"],
        day(8, 24): ["step Vikar"],
        day(9, 13): ["meeting Direktør"],
        day(11, 16): ["meeting Nynorsk"],
        day(12, 1): ["uncalled Borte"],
        day(12, 6): ["uncalled Borte"],
        day(12, 13): ["meeting Borte"],
    },
    "Arne": {
        day(6, 7): ["meeting Direktør"],
        day(6, 14): ["meeting Punktlig"],
        day(6, 21): ["uncalled Sen"],
        day(6, 28): ["uncalled Sen"],
        day(8, 2): ["autumn Avmeldt", "autumn Punktlig", "autumn Sen"],
        day(10, 25): ["meeting Punktlig"],
        day(11, 1): ["meeting Punktlig"],
        day(12, 1): ["uncalled Sen"],
        day(12, 6): ["uncalled Sen"],
        day(12, 13): ["uncalled Sen"],
        day(12, 20): ["step Direktør", "uncalled Sen"],
        day(12, 27): ["uncalled Sen"],
        day(1, 3, NEXT): ["overdue Sen"],
        day(1, 10, NEXT): ["overdue Sen"],
    },
    "Punktlig": {
        day(3, 2): ["meeting Anna"],
        day(6, 14): ["meeting Arne"],
        day(10, 25): ["meeting Arne"],
        day(11, 1): ["meeting Arne"],
    },
    "Sen": {
        day(3, 17): ["step Anna"],
        day(3, 22): ["step Anna"],
        day(3, 29): ["step Anna"],
        day(4, 5): ["overdue Anna"],
        day(4, 12): ["overdue Anna"],
        day(4, 26): ["meeting Anna"],
        day(6, 15): ["step Arne"],
        day(6, 21): ["step Arne"],
        day(6, 28): ["step Arne"],
    },
    "Avmeldt": {
        day(4, 9): ["overdue Anna"],
        day(1, 3, NEXT): ["overdue Arne"],
        day(1, 10, NEXT): ["overdue Arne"],
    },
    "Nynorsk": {
        day(3, 22): ["meeting Bjørn"],
        day(3, 31): ["step Bjørn"],
        day(11, 16): ["meeting Bjørn"],
    },
    "Borte": {
        day(2, 15): ["meeting Bjørn"],
        day(12, 13): ["meeting Bjørn"],
    },
    "Vikar": {
        day(8, 16): ["meeting Bjørn"],
        day(8, 24): ["step Bjørn"],
    },
    "Glemt": {
        day(3, 15): ["meeting Bjørn"],
        day(3, 22): ["meeting Bjørn"],
    },
}


def test_everybodys_mailbox(settings: Any) -> None:
    def morning(today: dt.date) -> Iterator[dict[str, Any]]:
        backend = "tests.mail.test_sending.Down" if today == DOWN_ON else locmem.__name__ + ".EmailBackend"
        settings.EMAIL_BACKEND = backend
        # Twice on some days: nobody gets a second one.
        for hour in (5, 7) if today.isoweekday() in (1, 3) else (7,):
            if today == DOWN_ON:
                with pytest.raises(CommandError):
                    run(today, hour)
                assert mail.outbox == []
            else:
                yield run(today, hour)[0]

    with at(FIRST):
        municipality = Municipality()
    boxes = live(municipality, FIRST, LAST, morning)
    check(municipality, boxes, EXPECTED)
    for on, message in boxes["Nynorsk"].items():
        assert ("Leiarsamtale: " in message.body) == (on == day(3, 22))
