"""The page of conversations (ledersamtaler): both see them, the superior calls, moves, cancels and notes (R3, R4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leder.agreements import rules
from leder.agreements.models import Access, Agreement
from leder.agreements.states import State
from leder.agreements.views.guard.access import access_or_404, for_parties
from leder.agreements.views.guard.keeping import keeps_text
from leder.conversations import actions
from leder.conversations.actions.calling import next_kind
from leder.conversations.agenda import agenda, deadline
from leder.conversations.forms import ConversationForm, HeldForm
from leder.conversations.models import Conversation
from leder.words import date_words

CALLED = Conversation.Status.CALLED


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def conversations(request: HttpRequest, uuid: Any) -> HttpResponse:
    """GET: the conversations of an agreement. POST (superior): call the next one.

    404 for a stranger, 403 for the leader's POST or when nothing can be called now.
    """
    access = access_or_404(request, uuid)
    agreement = access.agreement
    if request.method != "POST":
        return _page(request, access)
    if not rules.may_call(access):
        raise PermissionDenied
    form = ConversationForm(request.POST, year_round=agreement.round)
    if form.is_valid() and _called(agreement):
        form.add_error(None, _("A conversation is already called. Move that one, or cancel it first."))
    if not form.is_valid():
        return _page(request, access, call_form=form)
    conversation = actions.call(access, **form.values())
    messages.success(
        request,
        _("The conversation is called: %(time)s. You both see it on your page.")
        % {"time": _when(conversation)},
    )
    _warn_when_late(request, agreement, conversation)
    return redirect("leder:conversations", uuid=agreement.uuid)


@keeps_text
@require_POST
def conversation_move(request: HttpRequest, uuid: Any, pk: int) -> HttpResponse:
    """Move a called conversation. 403 for the leader, or when it is held or cancelled already."""
    access = access_or_404(request, uuid)
    agreement = access.agreement
    conversation = _called_one(access, pk)
    form = ConversationForm(request.POST, year_round=agreement.round, prefix="move")
    if not form.is_valid():
        return _page(request, access, move_form=form)
    moved = actions.move(access, conversation, **form.values())
    messages.success(request, _("The conversation is moved to %(time)s.") % {"time": _when(moved)})
    _warn_when_late(request, agreement, moved)
    return redirect("leder:conversations", uuid=agreement.uuid)


@for_parties
@require_POST
def conversation_cancel(request: HttpRequest, uuid: Any, pk: int) -> HttpResponse:
    """Cancel a called conversation. 403 for the leader, or when it is held or cancelled already."""
    access = access_or_404(request, uuid)
    agreement = access.agreement
    conversation = _called_one(access, pk)
    actions.cancel(access, conversation)
    messages.success(request, _("The conversation is cancelled. Call a new one when you have found a time."))
    return redirect("leder:conversations", uuid=agreement.uuid)


@for_parties
@require_POST
def conversation_hold(request: HttpRequest, uuid: Any, pk: int | None = None) -> HttpResponse:
    """Note that a conversation was held, the called one (`pk`) or one that was never called.

    403 for the leader, or when no conversation is awaited now.
    """
    access = access_or_404(request, uuid)
    agreement = access.agreement
    if pk is not None:
        if _called_one(access, pk).kind != next_kind(agreement):
            raise PermissionDenied
    elif not may_hold(access):
        raise PermissionDenied
    form = HeldForm(request.POST, prefix="held", earliest=_earliest(agreement))
    if not form.is_valid():
        return _page(request, access, held_form=form)
    ahead = _ahead(agreement.conversations.filter(kind=next_kind(agreement), status=CALLED).first())
    actions.hold(access, held_on=form.cleaned_data["held_on"])
    if agreement.state == State.SIGNED:
        messages.success(
            request, _("The follow-up conversation is noted as held. Now you can both confirm it.")
        )
    else:
        messages.success(request, _("The conversation is noted as held. Now you can both sign."))
    if ahead:
        messages.info(
            request,
            _("It was called for %(time)s. That time is taken out of both your calendars.")
            % {"time": date_words(ahead, "weekday_time")},
        )
    return redirect("leder:agreement", uuid=agreement.uuid)


def may_hold(access: Access) -> bool:
    """The superior notes the first conversation before signing, the follow-up after."""
    return rules.may_hold_first(access) or rules.may_hold_follow_up(access)


def _page(
    request: HttpRequest,
    access: Access,
    *,
    call_form: ConversationForm | None = None,
    move_form: ConversationForm | None = None,
    held_form: HeldForm | None = None,
) -> HttpResponse:
    agreement = access.agreement
    kind = next_kind(agreement)
    rows: list[dict[str, Any]] = [
        {"conversation": one, **actions.open_details(access, one)}
        for one in agreement.conversations.select_related("called_by")
    ]
    standing = [row for row in rows if row["conversation"].status == CALLED]
    # What was called before signing and never held gives way to the follow-up.
    called = min(standing, key=lambda row: row["conversation"].kind != kind, default=None)
    may_call = rules.may_call(access)
    awaited = agreement.state in (State.OPENED, State.PREPARED, State.SIGNED)
    faulty = call_form or move_form or held_form
    context = {
        "agreement": agreement,
        "faulty": faulty,
        "role": access.role,
        "kind": kind,
        "is_follow_up": kind == Conversation.Kind.FOLLOW_UP,
        "deadline": deadline(agreement, kind),
        "awaited": awaited,
        "called": called,
        "past": [row for row in reversed(rows) if row is not called],
        "sections": agenda(agreement, kind),
        "may_call": may_call,
        "may_meet": rules.may_meet(access),
    }
    if may_call and (call_form or not called):
        context["call_form"] = call_form or ConversationForm(year_round=agreement.round)
    if may_call and called:
        context["move_form"] = move_form or _move_form(agreement, called)
        context["move_open"] = move_form is not None
    may_note = called["conversation"].kind == kind if called else may_hold(access)
    if may_call and may_note:
        context["held_form"] = held_form or HeldForm(
            prefix="held", earliest=_earliest(agreement), initial={"held_on": timezone.localdate()}
        )
        context["held_open"] = held_form is not None
        context["called_ahead"] = _ahead(called["conversation"]) if called else None
    return render(request, "leder/conversations/conversations.html", context, status=422 if faulty else 200)


def _move_form(agreement: Agreement, called: dict[str, Any]) -> ConversationForm:
    starts_at = timezone.localtime(called["conversation"].starts_at)
    return ConversationForm(
        prefix="move",
        year_round=agreement.round,
        initial={
            "date": starts_at.date(),
            "time": starts_at.time(),
            "minutes": called["conversation"].minutes,
            "place": called["place"],
            "message": called["message"],
        },
    )


def _called(agreement: Agreement) -> bool:
    return agreement.conversations.filter(kind=next_kind(agreement), status=CALLED).exists()


def _called_one(access: Access, pk: int) -> Conversation:
    """Return the conversation of this agreement. 404 for another's; 403 unless the superior may change it now."""
    conversation = get_object_or_404(access.agreement.conversations, pk=pk)
    if not rules.may_call(access) or conversation.status != CALLED:
        raise PermissionDenied
    return conversation


def _earliest(agreement: Agreement) -> dt.date:
    if agreement.signed_at is not None:
        return timezone.localdate(agreement.signed_at)
    return min(timezone.localdate(agreement.opened_at), dt.date(agreement.year, 1, 1))


def _ahead(called: Conversation | None) -> dt.datetime | None:
    """Return the time of a called conversation that is still to come: noted as held, it goes from the calendars."""
    return called.starts_at if called and called.starts_at > timezone.now() else None


def _when(conversation: Conversation) -> str:
    return date_words(conversation.starts_at, "weekday_time")


def _warn_when_late(request: HttpRequest, agreement: Agreement, conversation: Conversation) -> None:
    due = deadline(agreement, conversation.kind)
    if conversation.day > due:
        messages.warning(
            request,
            _("That is after the deadline, %(date)s.") % {"date": date_words(due)},
        )
