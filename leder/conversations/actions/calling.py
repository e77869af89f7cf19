"""The superior calls, moves, cancels and notes the conversations (R3, R4)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from leder.agreements import rules
from leder.agreements.actions.base import RuleBroken, lock, lock_as, note_event, require
from leder.agreements.actions.voiding import void_standing_seal
from leder.agreements.models import Access, Agreement, Event, Role, Seal
from leder.agreements.models.acts import one_act
from leder.agreements.states import State, Step, advance
from leder.agreements.vault.cipher import DamagedText, cipher_of
from leder.conversations.invitations import announce, take_number
from leder.conversations.models import Conversation


@one_act()
def call(
    access: Access, *, starts_at: dt.datetime, minutes: int, place: str, message: str = ""
) -> Conversation:
    """Call the next conversation, the first before signing, the follow-up after, and send both the invitation.

    Raises RuleBroken, also when one of that kind is already called: move that one instead.
    """
    here = lock_as(access)
    actor, locked = here.reader, here.agreement
    require(rules.may_call(here))
    kind = next_kind(locked)
    require(not locked.conversations.filter(kind=kind, status=Conversation.Status.CALLED).exists())
    conversation = Conversation(
        uuid=uuid.uuid4(),
        agreement=locked,
        kind=kind,
        starts_at=starts_at,
        minutes=minutes,
        called_by=actor,
        created_at=timezone.now(),
    )
    _seal_details(locked, conversation, place, message)
    conversation.save()
    note_event(locked, Event.Kind.CALLED, actor)
    announce(conversation)
    return conversation


@one_act()
def move(
    access: Access,
    conversation: Conversation,
    *,
    starts_at: dt.datetime,
    minutes: int,
    place: str,
    message: str = "",
) -> Conversation:
    """Move a called conversation to another time or place. Raises RuleBroken."""
    locked, current = _lock_called(access, conversation)
    current.starts_at = starts_at
    current.minutes = minutes
    current.moved_at = timezone.now()
    _seal_details(locked, current, place, message)
    take_number(current)
    current.save()
    note_event(locked, Event.Kind.MOVED, access.reader)
    announce(current)
    return current


@one_act()
def cancel(access: Access, conversation: Conversation) -> Conversation:
    """Cancel a called conversation. Raises RuleBroken."""
    locked, current = _lock_called(access, conversation)
    _cancel(locked, current, access.reader)
    return current


@one_act()
def call_off(*, agreement: Agreement) -> list[Conversation]:
    """Cancel what is called: the agreement ends, or gets another superior. No rule is asked. Returns what was called.

    It goes from both calendars.
    """
    locked = lock(agreement)
    called = list(locked.conversations.filter(status=Conversation.Status.CALLED))
    for conversation in called:
        _cancel(locked, conversation, None)
    return called


@one_act()
def hold(access: Access, *, held_on: dt.date) -> None:
    """Note that the next conversation was held on a date, called or not. Raises RuleBroken for a date to come.

    One more conversation between the first and the signing is noted when it was called; the day of the first stays.
    A time that is still to come goes from both calendars.
    """
    here = lock_as(access)
    actor, locked = here.reader, here.agreement
    require(held_on <= timezone.localdate())
    called = locked.conversations.filter(kind=next_kind(locked), status=Conversation.Status.CALLED)
    if locked.state == State.SIGNED:
        require(rules.may_hold_follow_up(here))
        if locked.follow_up_on != held_on:
            # The date is part of what both confirm.
            void_standing_seal(actor=actor, agreement=locked, kind=Seal.Kind.FOLLOW_UP)
        locked.follow_up_on = held_on
        locked.save(update_fields=["follow_up_on"])
    elif locked.state in (State.DISCUSSED, State.SIGNING):
        require(rules.may_call(here) and called.exists())
    else:
        require(rules.may_hold_first(here))
        locked.discussed_on = held_on
        locked.save(update_fields=["discussed_on"])
        advance(locked, Step.HOLD)
    for conversation in called:
        conversation.status = Conversation.Status.HELD
        if conversation.starts_at > timezone.now():
            take_number(conversation)
            announce(conversation)
        conversation.save(update_fields=["status", "calendar_sequence"])
    note_event(locked, Event.Kind.HELD, actor)


def next_kind(agreement: Agreement) -> Conversation.Kind:
    """Which conversation the agreement is heading for."""
    return Conversation.Kind.FOLLOW_UP if agreement.state == State.SIGNED else Conversation.Kind.FIRST


def open_details(access: Access, conversation: Conversation) -> dict[str, str]:
    """Return {"place", "message"} for a party; blank where the text is not for them or does not open.

    What an earlier superior wrote to the leader is not for the one who came after.
    """
    blank = {"place": "", "message": ""}
    if access.role != Role.LEADER and conversation.called_by_id != access.reader.pk:
        return blank
    try:
        return cipher_of(access.agreement).open(conversation.details, *details_binding(conversation))
    except DamagedText:
        return blank


def details_binding(conversation: Conversation) -> tuple[object, ...]:
    """Where the ciphertext of place and message belongs."""
    return ("conversation", conversation.uuid)


def _cancel(agreement: Agreement, conversation: Conversation, actor: Any) -> None:
    """Cancel a called conversation of a locked agreement, note it, and take it out of both calendars."""
    conversation.status = Conversation.Status.CANCELLED
    take_number(conversation)
    conversation.save(update_fields=["status", "calendar_sequence"])
    note_event(agreement, Event.Kind.CANCELLED, actor)
    announce(conversation)


def _lock_called(access: Access, conversation: Conversation) -> tuple[Agreement, Conversation]:
    here = lock_as(access)
    require(rules.may_call(here))
    locked = here.agreement
    current = locked.conversations.get(pk=conversation.pk)
    if current.status != Conversation.Status.CALLED:
        raise RuleBroken
    return locked, current


def _seal_details(agreement: Agreement, conversation: Conversation, place: str, message: str) -> None:
    conversation.details = cipher_of(agreement).seal(
        {"place": place, "message": message}, *details_binding(conversation)
    )
