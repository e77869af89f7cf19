"""Who is to be reminded of what on a day, read for many at once. Status only: people, dates, states, never a text.

Asks the grants nothing and opens nothing. A party counts as long as they hold the office that the agreement was made
in: a superior by an appointment, as everywhere; a leader by being the one who leads from the position that day, so
that one who is away while another acts is left in peace, and so is the superior about them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from leder.agreements.models import Agreement, Round
from leder.agreements.states import State
from leder.mail.language import or_default
from leder.mail.models import MailPreference
from leder.mail.sending import is_reached
from leder.organisation.models import Appointment
from leder.organisation.selectors import leaders
from leder.oversight.facts import UNFINISHED, facts_of
from leder.oversight.my_year import newest_round
from leder.oversight.turns import turn_of
from leder.reminders.due import Reminder, of_missing, of_turn, week_of
from leder.reminders.kinds import Kind
from leder.reminders.models import Digest, ReminderPlan

BATCH = 500


@dataclass
class Addressee:
    """One who is to be reminded, of what, and in which language. Sorted, the most pressing first."""

    person: Any
    language: str
    reminders: list[Reminder] = field(default_factory=list)


@dataclass
class _Missing:
    """A report without an agreement: who, and since when they lead from the position."""

    name: str
    appointed_on: dt.date


def addressees(*, today: dt.date, plan: ReminderPlan) -> Iterator[list[Addressee]]:
    """Give, some hundred people at a time, those who are to be reminded and have had no digest this week.

    Eight queries each time at any number of agreements, and at most seven before the first.
    """
    newest = newest_round()
    if newest is None:
        return
    holders, missing = _organisation(newest, today)
    had = set(Digest.objects.filter(week_start=week_of(today)).values_list("person_id", flat=True))
    ids = sorted((_parties(newest) | set(missing)) - had)
    for start in range(0, len(ids), BATCH):
        yield _Batch(ids[start : start + BATCH], today, plan, newest, holders).addressees(missing)


def _current(newest: Round) -> QuerySet[Agreement]:
    """What can still wait for somebody: of the newest round and the one before, as on Min side."""
    return Agreement.objects.filter(
        state__in=UNFINISHED, round__opened_at__isnull=False, round__year__in=(newest.year, newest.year - 1)
    )


def _parties(newest: Round) -> set[int]:
    pairs = _current(newest).order_by().values_list("leader_id", "superior_id")
    return {pk for pair in pairs.iterator() for pk in pair}


def _organisation(newest: Round, today: dt.date) -> tuple[dict[int, int], dict[int, list[_Missing]]]:
    """Who leads from each position today, and by superior the reports without an agreement in the newest round."""
    having = set(
        Agreement.objects.filter(round=newest).exclude(state=State.ENDED).values_list("leader_id", flat=True)
    )
    holders: dict[int, int] = {}
    missing: dict[int, dict[int, _Missing]] = defaultdict(dict)
    since = _appointed_on(newest, today)
    for leader in leaders(today):
        holders[leader.position.pk] = leader.person.pk
        if leader.superior is None or leader.person.pk in having or not leader.person.is_active:
            continue
        name = leader.person.get_full_name() or leader.person.get_username()
        appointed_on = since.get((leader.position.pk, leader.person.pk), dt.date.min)
        missing[leader.superior.pk].setdefault(leader.person.pk, _Missing(name, appointed_on))
    return holders, {pk: list(reports.values()) for pk, reports in missing.items()}


def _appointed_on(newest: Round, today: dt.date) -> dict[tuple[int, int], dt.date]:
    """Since when each holds each position, for those who were appointed after the first conversation was due."""
    late = Appointment.objects.on(today).filter(starts__gt=newest.conversation_due)
    return {(row.position_id, row.person_id): row.starts for row in late.order_by("starts", "pk").genuine()}


class _Batch:
    """Some hundred people and all that is asked about them."""

    def __init__(
        self, ids: list[int], today: dt.date, plan: ReminderPlan, newest: Round, holders: dict[int, int]
    ) -> None:
        self.today, self.plan, self.newest, self.holders = today, plan, newest, holders
        people = get_user_model()._default_manager.in_bulk(ids)
        self.people = {pk: person for pk, person in people.items() if is_reached(person)}
        self.preferences = MailPreference.objects.in_bulk(list(self.people))
        self.agreements = list(
            _current(newest)
            .filter(Q(leader_id__in=self.people) | Q(superior_id__in=self.people))
            .select_related("round", "leader", "superior")
        )
        superiors = {one.superior_id for one in self.agreements}
        held = Appointment.objects.on(today).filter(person_id__in=superiors).order_by()
        self.offices = {(row.person_id, row.position_id) for row in held.genuine()}
        self.told_of_autumn = self._told_of_autumn()

    def addressees(self, missing: dict[int, list[_Missing]]) -> list[Addressee]:
        """Those of them who have something to be reminded of."""
        facts = facts_of(self.agreements)
        found: dict[int, list[Reminder]] = defaultdict(list)
        for agreement in filter(self._both_are_there, self.agreements):
            for person in (agreement.leader, agreement.superior):
                if person.pk in self.people:
                    found[person.pk] += of_turn(
                        turn_of(person, agreement, facts[agreement.pk], today=self.today),
                        plan=self.plan,
                        today=self.today,
                        autumn_is_told=self._knows_of_autumn(person, agreement.round),
                    )
        for pk in self.people:
            found[pk] += self._of_missing(missing.get(pk, []))
        wanted = ((pk, self._wanted(pk, reminders)) for pk, reminders in sorted(found.items()))
        return [
            Addressee(self.people[pk], self._language(pk), sorted(reminders, key=lambda one: one.order))
            for pk, reminders in wanted
            if reminders
        ]

    def _both_are_there(self, agreement: Agreement) -> bool:
        """Whether both parties still are what they were when it was opened; otherwise it is HR's turn, not theirs."""
        return (
            agreement.leader.is_active
            and agreement.superior.is_active
            and self.holders.get(agreement.position_id) == agreement.leader_id
            and (agreement.superior_id, agreement.superior_position_id) in self.offices
        )

    def _told_of_autumn(self) -> dict[int, dt.date]:
        begun = [
            one.round.follow_up_from for one in self.agreements if one.round.follow_up_from <= self.today
        ]
        if not begun:
            return {}
        told: dict[int, dt.date] = {}
        digests = Digest.objects.filter(person_id__in=self.people, week_start__gte=week_of(min(begun)))
        for person_id, week, kinds in digests.values_list("person_id", "week_start", "kinds"):
            if Kind.AUTUMN in kinds:
                told[person_id] = max(week, told.get(person_id, week))
        return told

    def _knows_of_autumn(self, person: Any, year_round: Round) -> bool:
        told = self.told_of_autumn.get(person.pk)
        return told is not None and told >= week_of(year_round.follow_up_from)

    def _of_missing(self, missing: list[_Missing]) -> list[Reminder]:
        reminders = (
            of_missing(
                name=each.name,
                year_round=self.newest,
                appointed_on=each.appointed_on,
                plan=self.plan,
                today=self.today,
            )
            for each in missing
        )
        return [reminder for reminder in reminders if reminder is not None]

    def _wanted(self, pk: int, reminders: list[Reminder]) -> list[Reminder]:
        preference = self.preferences.get(pk)
        everything = preference is None or preference.optional_reminders
        return [reminder for reminder in reminders if everything or not reminder.optional]

    def _language(self, pk: int) -> str:
        preference = self.preferences.get(pk)
        return or_default(preference.language if preference else "")
