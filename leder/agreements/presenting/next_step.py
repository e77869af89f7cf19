"""Whose turn it is, and what comes next: one pure function, shown on my page and on the agreement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.agreements import rules
from leder.agreements.models import Agreement, Role
from leder.agreements.states import BEFORE_SIGNED, State
from leder.people import Person

Words = str | Promise

# The page of a proposal to open a signed agreement again.
REOPENING = "reopening"

CLOSINGS: dict[str, Words] = {
    State.FOLLOWED_UP: _("The year is done. The agreement stands until the next one is signed."),
    State.REPLACED: _("A newer agreement has replaced this one."),
}


@dataclass(frozen=True)
class NextStep:
    """What to do next. `url_name` is in the namespace `leder` and takes the agreement's uuid; "" for nothing to do.

    `mine` says whether this person is the one to act; `due` is by when to do it, and `year_due` the year's deadline
    where that is another. `looks` is what the way there is called where the step is to wait: a button names an act.
    """

    label: Words
    url_name: str
    due: dt.date | None
    mine: bool
    explanation: Words
    looks: Words = ""
    year_due: dt.date | None = None

    @property
    def deadline(self) -> dt.date | None:
        """The deadline that the step works towards."""
        return self.year_due or self.due

    @property
    def act(self) -> Words:
        """The words of the button or link that leads there."""
        return self.looks or self.label


def next_step(
    user: Person,
    agreement: Agreement,
    *,
    signed_roles: Collection[str] = (),
    confirmed_roles: Collection[str] = (),
    meets_on: dt.date | None = None,
    changes_asked: bool = False,
    reopening_by: str = "",
) -> NextStep:
    """Return the next step of an agreement as one of its parties sees it. Asks the database nothing.

    `signed_roles` and `confirmed_roles` are those who have signed the standing seals; `meets_on` is the day of the
    next conversation, where it has a time; `changes_asked` whether a section waits for a change; `reopening_by` which
    party has proposed to open the signed agreement again, "" for none.
    """
    role = agreement.role_of(user)
    state = agreement.state
    if changes_asked and state in BEFORE_SIGNED and role == Role.LEADER:
        # Whatever else there is to do: the superior has asked, and waits for it.
        return _change(agreement)
    if state == State.OPENED:
        return _before_conversation(agreement, role, meets_on, changes_asked)
    if state == State.PREPARED:
        return _hold(agreement, role, meets_on is not None, due=agreement.round.conversation_due)
    if rules.is_time_to_sign(agreement):
        return _sign(agreement, role, signed_roles, changes_asked)
    if state == State.SIGNED and reopening_by:
        return _reopening(role, reopening_by)
    if state == State.SIGNED:
        return _follow_up(agreement, role, confirmed_roles, meets_on is not None)
    return NextStep(
        _("Read the agreement"),
        "agreement",
        None,
        False,
        CLOSINGS.get(state, _("The agreement has ended.")),
    )


def prepare_by(agreement: Agreement, meets_on: dt.date | None) -> dt.date:
    """Return by when both are to be prepared: the day they meet, where it is set, and never after the deadline."""
    due = agreement.round.conversation_due
    return due if meets_on is None else min(meets_on, due)


def _due(agreement: Agreement) -> dt.date | None:
    # Opened again, it was signed in time once.
    return agreement.round.conversation_due if agreement.reopened_at is None else None


def _about_change(agreement: Agreement) -> Words:
    if agreement.state in (State.OPENED, State.PREPARED):
        return _("A section waits for a change before you meet.")
    return _("A section waits for a change. The agreement can be signed when it is made.")


def _change(agreement: Agreement) -> NextStep:
    return NextStep(
        _("Change what your superior asks for"), "agreement", _due(agreement), True, _about_change(agreement)
    )


def _wait_for_changes(agreement: Agreement) -> NextStep:
    return NextStep(
        _("Wait for the changes you asked for"),
        "agreement",
        _due(agreement),
        False,
        _about_change(agreement),
        _("See the agreement"),
    )


def _before_conversation(
    agreement: Agreement, role: str | None, meets_on: dt.date | None, changes_asked: bool
) -> NextStep:
    due = agreement.round.conversation_due
    if rules.ready_at(agreement, role) is None:
        return NextStep(
            _("Prepare"),
            "preparation",
            prepare_by(agreement, meets_on),
            True,
            _("Write your preparation and say that you are ready. The other sees it when both of you are."),
            year_due=due,
        )
    if role == Role.SUPERIOR and meets_on is None:
        return NextStep(
            _("Call the conversation"),
            "conversations",
            due,
            True,
            _("You are ready. Find a time, and the leader sees it here."),
        )
    if changes_asked:
        return _wait_for_changes(agreement)
    return NextStep(
        _("Write the agreement"),
        "agreement",
        due,
        False,
        _("You are ready. When the other is ready too, both preparations open."),
    )


def _hold(agreement: Agreement, role: str | None, called: bool, *, due: dt.date) -> NextStep:
    if role == Role.LEADER:
        return NextStep(
            _("Write the agreement"),
            "agreement",
            due,
            False,
            _("You meet at the time your superior has called.")
            if called
            else _("Your superior calls the conversation. You can write the agreement in the meantime."),
        )
    if not called:
        return NextStep(
            _("Call the conversation"),
            "conversations",
            due,
            True,
            _("Both are prepared. Find a time to meet."),
        )
    return NextStep(
        _("Hold the conversation"),
        "conversations",
        due,
        True,
        _("Meet, write what you agree on, and note afterwards that the conversation is held."),
    )


def _sign(
    agreement: Agreement, role: str | None, signed_roles: Collection[str], changes_asked: bool
) -> NextStep:
    due = _due(agreement)
    if changes_asked:
        return _wait_for_changes(agreement)
    if not rules.is_to_sign(agreement, role, signed_roles=signed_roles, changes_asked=changes_asked):
        return NextStep(
            _("Wait for the other signature"),
            "sign",
            due,
            False,
            _("You have signed. The agreement counts when the other has signed too."),
            _("See the signatures"),
        )
    if signed_roles:
        explanation: Words = _("The other has signed. Read through the agreement and sign it.")
    elif agreement.reopened_at is not None:
        explanation = _("You have both agreed to reopen it. Change what you want, and sign it anew.")
    else:
        explanation = _("The conversation is held. Write the agreement to its end, and sign it.")
    return NextStep(_("Sign the agreement"), "sign", due, True, explanation)


def _reopening(role: str | None, reopening_by: str) -> NextStep:
    if role == reopening_by:
        return NextStep(
            _("Wait for the answer to your proposal"),
            REOPENING,
            None,
            False,
            _(
                "You have proposed to reopen the agreement. What you both signed stands until the other agrees."
            ),
            _("See your proposal"),
        )
    by_leader = reopening_by == Role.LEADER
    return NextStep(
        _("Answer whether to reopen the agreement"),
        REOPENING,
        None,
        True,
        _("The leader has proposed to reopen the agreement. What you both signed stands unless you agree.")
        if by_leader
        else _(
            "Your superior has proposed to reopen the agreement. What you both signed stands unless you agree."
        ),
    )


def _follow_up(
    agreement: Agreement, role: str | None, confirmed_roles: Collection[str], called: bool
) -> NextStep:
    due = agreement.round.follow_up_due
    if agreement.follow_up_on is None:
        if role == Role.SUPERIOR:
            return NextStep(
                _("Hold the follow-up") if called else _("Call the follow-up"),
                "conversations",
                due,
                True,
                _("You meet at least once in the autumn and see how it is going."),
            )
        return NextStep(
            _("Follow up"),
            "follow_up",
            due,
            False,
            _("Your superior calls the follow-up in the autumn. You can write how it is going at any time."),
        )
    if role in confirmed_roles:
        return NextStep(
            _("Wait for the other to confirm"),
            "follow_up",
            due,
            False,
            _("You have confirmed the follow-up. It is done when the other has confirmed it too."),
            _("See the follow-up"),
        )
    return NextStep(
        _("Confirm the follow-up"),
        "follow_up",
        due,
        True,
        _("The follow-up conversation is held. Read what you wrote together, and confirm it."),
    )
