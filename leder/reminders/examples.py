"""What a reminder looks like, for an invented person: for HR to see before anybody gets it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone, translation

from leder.agreements.models import Round
from leder.languages import choices
from leder.oversight.my_year import newest_round
from leder.reminders.due import Reminder
from leder.reminders.gathering import Addressee
from leder.reminders.kinds import USUAL, Kind
from leder.reminders.texts import Texts
from leder.reminders.writing import written

NOBODYS = UUID(int=0)
READER, OTHERS = ("Kari", "Eksempel"), ("Ola Eksempel", "Åse Eksempel")


@dataclass(frozen=True)
class Example:
    """A mail in a language."""

    language: str
    name: str
    subject: str
    text: str


def examples(kind: Kind, *, today: dt.date) -> list[Example]:
    """Return the mail that begins with a kind, in each language."""
    texts = Texts()
    person = get_user_model()(first_name=READER[0], last_name=READER[1], email="kari@example.org")
    year_round = newest_round()
    found = []
    for language, name in choices():
        with translation.override(language):
            reminders = _reminders(kind, year_round, today)
            day = min((each.due for each in reminders if each.due), default=today)
            # Stand where such a mail would be sent.
            seen_on = day + dt.timedelta(days=6) if kind == Kind.OVERDUE else min(today, day)
            subject, text = written(Addressee(person, language, reminders), texts, today=seen_on)
        found.append(Example(language, str(name), subject, text))
    return found


def _reminders(kind: Kind, year_round: Round | None, today: dt.date) -> list[Reminder]:
    """Two of the kind, and a conversation that is soon beside them."""
    usual = USUAL[kind]
    year = year_round.year if year_round else today.year
    due = _due(kind, year_round, today)
    at = timezone.now().replace(minute=0) + dt.timedelta(days=3)
    arguments = [] if usual.page == "my_reports" else [NOBODYS]
    one = Reminder(
        kind=kind,
        what=str(usual.what),
        whom=OTHERS[0],
        year=year,
        due=None if kind == Kind.MEETING else due,
        path=reverse(f"leder:{usual.page}", args=arguments),
        at=at if kind == Kind.MEETING else None,
    )
    reminders = [one, replace(one, whom=OTHERS[1])]
    if kind != Kind.MEETING:
        [meeting, _second] = _reminders(Kind.MEETING, year_round, today)
        reminders.append(meeting)
    return reminders


def _due(kind: Kind, year_round: Round | None, today: dt.date) -> dt.date:
    if year_round is None:
        return today + dt.timedelta(days=10)
    return year_round.follow_up_due if kind == Kind.AUTUMN else year_round.conversation_due
