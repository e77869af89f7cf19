"""A small line of leaders, days to stand on, and what each is reminded of."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable
from io import StringIO
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import time_machine
from django.core import mail
from django.core.management import call_command

from leder.agreements.actions import open_agreement
from leder.agreements.models import Agreement
from leder.conversations import actions as conversing
from leder.conversations.models import Conversation
from leder.organisation.models import Appointment
from leder.reminders.due import week_of
from leder.reminders.gathering import addressees
from leder.reminders.models import Digest, ReminderPlan
from tests import factories

if TYPE_CHECKING:
    from tests.reminders.municipality import Town

OSLO = ZoneInfo("Europe/Oslo")
YEAR = factories.YEAR
LINE = re.compile(r"^– .+: Kari (\w+), \d{4}\b", re.MULTILINE)
Mailbox = dict[dt.date, Any]


def at(day: dt.date, hour: int = 7) -> Any:
    """Stand on a day, in the morning."""
    return time_machine.travel(dt.datetime.combine(day, dt.time(hour), OSLO), tick=False)


def day(month: int, number: int, year: int = YEAR) -> dt.date:
    return dt.date(year, month, number)


def make_pair(*, reports_to: Any = None, **names: Any) -> Agreement:
    """A superior and a leader below, both in office, with an agreement of the year."""
    superior, above = factories.make_leader(first_name="Siri", last_name=names.pop("superior", "Sjef"))
    return make_report(superior, above, **names)


def make_report(superior: Any, above: Any, **kwargs: Any) -> Agreement:
    """One more leader below a superior, with an agreement."""
    leader, position = factories.make_leader(reports_to=above, **kwargs)
    return open_agreement(
        year_round=factories.make_round(YEAR),
        position=position,
        leader=leader,
        superior=superior,
        superior_position=above,
        editions=factories.make_editions(),
    )


def call(agreement: Agreement, on: dt.date) -> Conversation:
    """Call the next conversation for ten o'clock."""
    return conversing.call(
        factories.access_of(agreement.superior, agreement),
        starts_at=dt.datetime.combine(on, dt.time(10), OSLO),
        minutes=60,
        place="Kantina",
    )


def waiting(today: dt.date, plan: ReminderPlan | None = None) -> dict[Any, list[tuple[str, str]]]:
    """What each would be reminded of on a day: kind, and with whom."""
    with at(today):
        found = [
            one for batch in addressees(today=today, plan=plan or ReminderPlan.current()) for one in batch
        ]
    return {one.person: [(str(each.kind), each.whom) for each in one.reminders] for one in found}


def kinds_for(person: Any, today: dt.date) -> list[str]:
    return [kind for kind, _whom in waiting(today).get(person, [])]


def run(today: dt.date, hour: int = 7) -> tuple[dict[str, Any], str]:
    """`leder_remind` on a day: the mails by address (each gets one), and what the command says."""
    said = StringIO()
    mail.outbox.clear()
    with at(today, hour):
        call_command("leder_remind", stdout=said)
    sent = {message.to[0]: message for message in mail.outbox}
    assert len(sent) == len(mail.outbox), "two mails to one person"
    return sent, said.getvalue()


def appoint(person: Any, position: Any, starts: dt.date, ends: dt.date | None = None, **kwargs: Any) -> None:
    Appointment.objects.create(position=position, person=person, starts=starts, ends=ends, **kwargs)


def live(
    town: Town, first: dt.date, last: dt.date, morning: Callable[[dt.date], Iterable[dict[str, Any]]]
) -> dict[str, Mailbox]:
    """Let the days pass: `morning` gives the mails of each run of a day, by address; at noon people act.

    Returns each one's mails by day.
    """
    acts = town.acts()
    name_of = {person.email: name for name, person in town.people.items()}
    boxes: dict[str, Mailbox] = {name: {} for name in town.people}
    today = first
    while today <= last:
        for sent in morning(today):
            for address, message in sent.items():
                assert today not in boxes[name_of[address]], "two on one day"
                boxes[name_of[address]][today] = message
        with at(today, hour=12):
            for act in acts.pop(today, []):
                act()
        today += dt.timedelta(days=1)
    assert not acts
    return boxes


def check(town: Town, boxes: dict[str, Mailbox], expected: dict[str, dict[dt.date, list[str]]]) -> None:
    """Each mailbox is what was written down before: on which days, of what, with whom; one a week, on a weekday."""
    for name, box in boxes.items():
        assert sorted(box) == sorted(expected[name]), f"{name}: {sorted(set(box) ^ set(expected[name]))}"
        kinds = {one.week_start: one.kinds for one in Digest.objects.filter(person=town.people[name])}
        for on, message in box.items():
            whom = [line.split()[1] for line in expected[name][on]]
            assert sorted(LINE.findall(message.body)) == sorted(whom), f"{name}, {on}:\n{message.body}"
            counted = Counter(line.split()[0] for line in expected[name][on])
            assert kinds[week_of(on)] == counted, f"{name}, {on}"
            assert "Hemmelig" not in message.message().as_string()
        weeks = [on.isocalendar()[:2] for on in box]
        assert len(weeks) == len(set(weeks))
        assert not any(on.isoweekday() > 5 for on in box)
    assert not Digest.objects.filter(sent_at=None).exists()
    assert Digest.objects.count() == sum(len(box) for box in boxes.values())
