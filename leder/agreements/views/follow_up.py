"""The follow-up (oppfølging): how the goals stand, the prompts, and both parties' confirmation (R4)."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leder.agreements import actions, rules
from leder.agreements.access.handovers import handed_over
from leder.agreements.access.shares import sharing_of
from leder.agreements.models import Access, Agreement, Entry
from leder.agreements.presenting.agreement import Standing, signature_views
from leder.agreements.presenting.section import Shown, follow_up_view, signed_goals
from leder.agreements.reading.current import open_texts, texts_for_work
from leder.agreements.seals.record import follow_up_record
from leder.agreements.sections.kinds.follow_up import ProgressForm
from leder.agreements.states import State
from leder.agreements.views.conflict import conflict_page
from leder.agreements.views.guard.access import (
    access_or_404,
    allow_if,
    for_parties,
    is_of_another_pair,
    never_store,
    section_or_404,
)
from leder.agreements.views.guard.recent import confirm_first
from leder.agreements.views.guard.resend import CLOSED, resend, shown_again, signed_out_or_other
from leder.agreements.views.guard.saving import save_posted
from leder.canonical import digest
from leder.pages.editions import Section

# The goals as signed, how they stand, and the prompts' answers.
SHOWN = (Entry.Kind.ANSWER, Entry.Kind.PROGRESS)


@require_safe
@for_parties
def follow_up(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show the follow-up. `?read=1` sets it for reading and confirming; `?change=1` opens it again for change."""
    access = access_or_404(request, uuid)
    allow_if(rules.may_follow_up(access))
    if not access.recent:
        return confirm_first(request)
    return follow_up_page(request, access, for_confirming="read" in request.GET)


@login_not_required
@require_POST
@never_store
def progress(request: HttpRequest, uuid: uuids.UUID, sid: str) -> HttpResponse:
    """Save how the goals of a section stand."""
    if reason := signed_out_or_other(request):
        return resend(request, reason)
    access = access_or_404(request, uuid)
    agreement = access.agreement
    section = section_or_404(agreement, sid)
    if is_of_another_pair(request, agreement, sid, Entry.Kind.PROGRESS) or not rules.may_write_progress(
        access, section
    ):
        return resend(request, CLOSED)
    texts = texts_for_work(access)
    form = ProgressForm(request.POST, section=section, signed=signed_goals(texts, section), payload=None)
    saved = save_posted(
        request,
        form,
        save=lambda version, payload: actions.save_progress(
            access, section_id=sid, version=version, payload=payload
        ),
        conflict=lambda version: shown_again(
            request, lambda: _conflict(request, access, section, form, version)
        ),
        back=(
            reverse("leder:meeting", args=[agreement.uuid, section.id])
            if request.POST.get("back") == "meeting"
            else _address(agreement, section)
        ),
        voids=bool(Standing.of(agreement).follow_up),
    )
    return saved or shown_again(
        request, lambda: follow_up_page(request, access, bound={("section", sid): form}, status=422)
    )


@require_POST
@for_parties
def confirm(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Confirm the follow-up as it was read."""
    access = access_or_404(request, uuid)
    agreement = access.agreement
    allow_if(rules.may_follow_up(access))
    if not access.recent:
        here = reverse("leder:follow_up", args=[agreement.uuid], query={"read": 1})
        return confirm_first(request, back=here)
    try:
        actions.confirm_follow_up(access, content_hash=request.POST.get("content_hash", ""))
    except actions.ContentChanged:
        messages.warning(
            request, _("The follow-up was changed since you read it. Read it again before you confirm.")
        )
        return follow_up_page(request, access, for_confirming=True, status=409)
    except actions.SignatureInDoubt:
        messages.error(
            request,
            _(
                "You have not confirmed. A confirmation that stands here is not as it was given. Change something in "
                "the follow-up, and confirm it anew, both of you. Tell those who run the intranet."
            ),
        )
        return follow_up_page(request, access, for_confirming=True, status=409)
    agreement.refresh_from_db(fields=["state"])
    if agreement.state == State.FOLLOWED_UP:
        messages.success(request, _("The follow-up is confirmed by both."))
    else:
        messages.success(request, _("You have confirmed the follow-up. It is done when the other has too."))
    return redirect("leder:follow_up", uuid=uuid)


@require_POST
@for_parties
def withdraw(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Take one's own confirmation back. 403 where the other has confirmed too, or they have not confirmed."""
    access = access_or_404(request, uuid)
    if not access.recent:
        return confirm_first(request, back=reverse("leder:follow_up", args=[uuid]))
    actions.withdraw_confirmation(access)
    messages.success(
        request, _("You have taken your confirmation back. The follow-up can be confirmed anew.")
    )
    return redirect("leder:follow_up", uuid=uuid)


def follow_up_page(
    request: HttpRequest,
    access: Access,
    *,
    bound: Mapping[Any, Any] | None = None,
    for_confirming: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Return the page of the follow-up; `bound` are forms to show again with what was typed.

    One confirms what one has read, so while the page is open for writing it leads to itself for reading.
    """
    agreement, bound = access.agreement, bound or {}
    texts = open_texts(access, kinds=SHOWN, kept=True)
    standing = Standing.of(agreement)
    is_open = (
        agreement.state == State.SIGNED
        and not for_confirming
        and (not standing.follow_up or "change" in request.GET or bool(bound))
    )
    handed, shared = handed_over(agreement), sharing_of(agreement).readers
    shown = Shown(access, texts, handed, shared, bound, request.GET.get("new", ""))
    sections = agreement.form_edition.sections
    goals = [
        follow_up_view(shown, section, is_open=is_open)
        for section in sections
        if section.goals and not section.is_follow_up and signed_goals(texts, section)
    ]
    prompts = [
        follow_up_view(shown, section, is_open=is_open)
        for section in sections
        if section.is_follow_up and section.takes_answers
    ]
    may_confirm = not texts.damaged and rules.may_confirm(access, confirmed_roles=set(standing.follow_up))
    context = {
        "agreement": agreement,
        "goals": goals,
        "prompts": prompts,
        "faulty": next(iter(bound.values()), None),
        "is_open": is_open,
        "can_reopen": agreement.state == State.SIGNED and not is_open,
        "autosaves": not standing.follow_up,
        "confirmations": signature_views(access, standing.follow_up),
        "has_confirmed": access.role in standing.follow_up,
        "may_confirm": may_confirm,
        "may_withdraw": rules.may_withdraw_confirmation(access, confirmed_roles=standing.follow_up),
        "other": access.other,
        "content_hash": digest(follow_up_record(agreement, texts)) if may_confirm else "",
        "handed": handed,
        "is_early": agreement.state == State.SIGNED and timezone.localdate() < agreement.round.follow_up_from,
        "damaged": texts.damaged,
    }
    return render(request, "leder/agreements/follow_up.html", context, status=status)


def _address(agreement: Agreement, section: Section) -> str:
    return f"{reverse('leder:follow_up', args=[agreement.uuid])}#s-{section.id}"


def _conflict(
    request: HttpRequest, access: Access, section: Section, form: ProgressForm, version: int
) -> HttpResponse:
    agreement, texts = access.agreement, open_texts(access, kinds=SHOWN, section_id=section.id)
    return conflict_page(
        request,
        agreement=agreement,
        form=form,
        stored=texts.progress[section.id],
        version=version,
        back=_address(agreement, section),
    )
