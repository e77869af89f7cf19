"""The superior approves a section, or asks for changes and says which (R3)."""

from __future__ import annotations

import uuid as uuids

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leder.agreements import actions, rules
from leder.agreements.forms import CommentForm
from leder.agreements.models import Access
from leder.agreements.models.acts import one_act
from leder.agreements.views.agreement import agreement_page, section_url
from leder.agreements.views.guard.access import access_or_404, allow_if, never_store, section_or_404
from leder.agreements.views.guard.resend import resend, shown_again, signed_out_or_other
from leder.agreements.views.guard.saving import posted_version


@login_not_required
@require_POST
@never_store
def review(request: HttpRequest, uuid: uuids.UUID, sid: str) -> HttpResponse:
    """Approve the version that was read, or ask for changes in it. Text changed since is shown before it counts."""
    if reason := signed_out_or_other(request):
        return resend(request, reason)
    access = access_or_404(request, uuid)
    agreement = access.agreement
    section = section_or_404(agreement, sid)
    allow_if(rules.may_review(access, section))
    version = posted_version(request)
    form = CommentForm(request.POST, section=section)
    try:
        if request.POST.get("verdict") == "approved":
            _approve(access, sid, version, form)
        elif form.is_valid():
            actions.ask_for_changes(
                access, section_id=sid, version=version, comment=form.cleaned_data["text"]
            )
        else:
            faulty = {("comment", sid): form}
            return shown_again(request, lambda: agreement_page(request, access, bound=faulty, status=422))
    except actions.VersionConflict:
        messages.warning(
            request, _("The section has been changed since you read it. Read it again before you decide.")
        )
        bound = {("comment", sid): form} if form.data.get("text") else None
        return shown_again(request, lambda: agreement_page(request, access, bound=bound, status=409))
    return redirect(section_url(agreement, section))


@one_act()
def _approve(access: Access, sid: str, version: int, form: CommentForm) -> None:
    """Approve, and send along what was written in the field beside the button."""
    actions.approve_section(access, section_id=sid, version=version)
    if form.is_valid():
        actions.add_comment(access, section_id=sid, text=form.cleaned_data["text"])
