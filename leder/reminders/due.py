"""What a person is reminded of on a day: pure rules of whose turn it is, of deadlines, and of HR's plan. No queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Agreement, Role, Round
from leder.agreements.presenting.next_step import REOPENING
from leder.agreements.states import BEFORE_SIGNED, State
from leder.conversations.models import Conversation
from leder.oversight.turns import Turn
from leder.reminders.kinds import OPTIONAL, Kind
from leder.reminders.models import ReminderPlan

FRIDAY = 5
NOT_HELD = (State.OPENED, State.PREPARED)


@dataclass(frozen=True)
class Reminder:
    """One line of a digest: what, with whom, for which year, by when, and where. Never what anybody wrote."""

    kind: Kind
    what: str | Promise
    whom: str
    year: int
    due: dt.date | None
    path: str
    # When a conversation is, for a reminder of one.
    at: dt.datetime | None = None

    @property
    def optional(self) -> bool:
        """Whether a person can turn it off."""
        return self.kind in OPTIONAL

    @property
    def day(self) -> dt.date | None:
        """The day that it is about: of the conversation, else the deadline."""
        return timezone.localdate(self.at) if self.at else self.due

    @property
    def order(self) -> tuple[int, dt.date, str]:
        """The most pressing first, each kind by day and name."""
        return (list(Kind).index(self.kind), self.day or dt.date.max, self.whom)


def week_of(day: dt.date) -> dt.date:
    """Return the Monday of a day's week (ISO 8601)."""
    return day - dt.timedelta(days=day.weekday())


def is_day_for_mail(day: dt.date, plan: ReminderPlan) -> bool:
    """Whether digests go out on a day: from the weekday that HR has chosen until Friday."""
    return plan.weekday <= day.isoweekday() <= FRIDAY


def of_turn(
    turn: Turn, *, plan: ReminderPlan, today: dt.date, autumn_is_told: bool = False
) -> Iterator[Reminder]:
    """Give what a party is reminded of in an agreement: at most what to do next, and a conversation that is soon.

    `autumn_is_told` says whether they were reminded already that the time of follow-ups has begun.
    """
    meeting_on = turn.conversation.day if turn.conversation else None
    if turn.conversation and meeting_on and _is_week_before(meeting_on, plan, today):
        yield _reminder(
            turn,
            Kind.MEETING,
            Conversation.Kind(turn.conversation.kind).label,
            at=turn.conversation.starts_at,
        )
    if not turn.needs_me:
        return
    if turn.step.url_name == REOPENING:
        # The other waits for an answer; there is no deadline for it.
        yield _step(turn, Kind.STEP, None)
        return
    if turn.step.url_name == "conversations" and meeting_on and meeting_on >= today:
        # The time is set: there is nothing more to do until then.
        return
    if _began_late(turn):
        if today >= _began_on(turn) + dt.timedelta(days=plan.step_days):
            yield _step(turn, Kind.UNCALLED if _is_uncalled(turn) else Kind.STEP, None)
        return
    # Of the day they meet there is a reminder of its own: what is asked for here is the year's deadline.
    due = turn.step.deadline
    if due is None:
        return
    kind = _kind_of_step(turn, due, plan, today, autumn_is_told)
    if kind is not None:
        yield _step(turn, kind, due)


def of_missing(
    *, name: str, year_round: Round, appointed_on: dt.date, plan: ReminderPlan, today: dt.date
) -> Reminder | None:
    """Return what a superior is reminded of about a report without an agreement in the newest round (R3)."""
    due: dt.date | None = year_round.conversation_due
    kind = Kind.MISSING
    if today > year_round.conversation_due:
        if appointed_on > year_round.conversation_due:
            due = None  # appointed too late to have missed it
        else:
            kind = Kind.OVERDUE
    elif not _within(year_round.conversation_due, plan.missing_days, today):
        return None
    what = _("Open the agreement")
    return Reminder(kind, what, name, year_round.year, due, reverse("leder:my_reports"))


def beginnings(
    year_round: Round, plan: ReminderPlan, *, is_newest: bool
) -> list[tuple[dt.date, int, Kind, str | Promise, tuple[State, ...]]]:
    """Return from which day each kind is sent in a round: day, year, kind, of what, and the states it concerns.

    Without states it concerns those who have no agreement, in the newest round only.
    """
    first, last, year = year_round.conversation_due, year_round.follow_up_due, year_round.year

    def before(day: dt.date, days: int) -> dt.date:
        return _mail_day(day - dt.timedelta(days=days), plan)

    after = dt.timedelta(days=1)
    missing = [
        (before(first, plan.missing_days), year, Kind.MISSING, _("leaders without an agreement"), ()),
    ]
    return [
        *(missing if is_newest else []),
        (
            before(first, plan.uncalled_days),
            year,
            Kind.UNCALLED,
            _("first conversation not called"),
            NOT_HELD,
        ),
        (before(first, plan.step_days), year, Kind.STEP, _("preparing, holding and signing"), BEFORE_SIGNED),
        (
            _mail_day(first + after, plan),
            year,
            Kind.OVERDUE,
            _("preparing, holding and signing"),
            BEFORE_SIGNED,
        ),
        (
            _mail_day(year_round.follow_up_from, plan),
            year,
            Kind.AUTUMN,
            _("follow-up not called"),
            (State.SIGNED,),
        ),
        (before(last, plan.uncalled_days), year, Kind.UNCALLED, _("follow-up not called"), (State.SIGNED,)),
        (
            before(last, plan.step_days),
            year,
            Kind.STEP,
            _("holding and confirming the follow-up"),
            (State.SIGNED,),
        ),
        (
            _mail_day(last + after, plan),
            year,
            Kind.OVERDUE,
            _("follow-up not held or confirmed"),
            (State.SIGNED,),
        ),
    ]


def _kind_of_step(
    turn: Turn, due: dt.date, plan: ReminderPlan, today: dt.date, autumn_is_told: bool
) -> Kind | None:
    if today > due:
        return Kind.OVERDUE
    if _is_uncalled(turn):
        if turn.agreement.state == State.SIGNED and not autumn_is_told:
            return Kind.AUTUMN
        return Kind.UNCALLED if _within(due, plan.uncalled_days, today) else None
    return Kind.STEP if _within(due, plan.step_days, today) else None


def _is_uncalled(turn: Turn) -> bool:
    """Whether the superior has a conversation to call: the first, or the follow-up of an agreement that is signed."""
    agreement = turn.agreement
    awaited = agreement.state in (State.OPENED, State.PREPARED) or (
        agreement.state == State.SIGNED and agreement.follow_up_on is None
    )
    return turn.role == Role.SUPERIOR and awaited and turn.conversation is None


def _began_late(turn: Turn) -> bool:
    """Whether the agreement was opened when the deadline had passed, with a new leader or superior; or opened again.

    Nobody has missed that deadline, so it is not held against them; what remains is asked for, without a date.
    """
    agreement = turn.agreement
    is_late = agreement.reopened_at is not None or _began_on(turn) > agreement.round.conversation_due
    return agreement.state in BEFORE_SIGNED and is_late


def _began_on(turn: Turn) -> dt.date:
    return timezone.localdate(turn.agreement.reopened_at or turn.agreement.opened_at)


def _step(turn: Turn, kind: Kind, due: dt.date | None) -> Reminder:
    # One who has not prepared is told to prepare; that no conversation is called is more pressing here.
    is_first = turn.agreement.state != State.SIGNED
    what = _("Call the conversation") if kind == Kind.UNCALLED and is_first else turn.step.label
    return _reminder(turn, kind, what, due=due)


def _reminder(
    turn: Turn,
    kind: Kind,
    what: str | Promise,
    *,
    due: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Reminder:
    agreement: Agreement = turn.agreement
    page = "conversations" if at or kind in (Kind.UNCALLED, Kind.AUTUMN) else turn.step.url_name
    return Reminder(
        kind=kind,
        what=what,
        whom=turn.other.get_full_name() or turn.other.get_username(),
        year=agreement.year,
        due=due,
        path=reverse(f"leder:{page}", args=[agreement.uuid]),
        at=at,
    )


def _is_week_before(day: dt.date, plan: ReminderPlan, today: dt.date) -> bool:
    """Whether this is the last week whose first digest comes two days before the day, or earlier: one week only."""
    return today <= day and week_of(today) == week_of(day - dt.timedelta(days=plan.weekday + 1))


def _within(day: dt.date, days: int, today: dt.date) -> bool:
    return today <= day <= today + dt.timedelta(days=days)


def _mail_day(day: dt.date, plan: ReminderPlan) -> dt.date:
    """Return the day, or the next one on which digests go out."""
    while not is_day_for_mail(day, plan):
        day += dt.timedelta(days=1)
    return day
