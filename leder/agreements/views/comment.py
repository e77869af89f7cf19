"""A comment on a section, from one party to the other."""

from __future__ import annotations

import uuid as uuids

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leder.agreements import actions, rules
from leder.agreements.forms import CommentForm
from leder.agreements.views.agreement import agreement_page, section_url
from leder.agreements.views.guard.access import access_or_404, is_exchanged, never_store, section_or_404
from leder.agreements.views.guard.resend import CLOSED, EXCHANGED, resend, shown_again, signed_out_or_other


@login_not_required
@require_POST
@never_store
def comment(request: HttpRequest, uuid: uuids.UUID, sid: str) -> HttpResponse:
    """Add a comment. One who is signed out gets it back to send again."""
    if reason := signed_out_or_other(request):
        return resend(request, reason)
    access = access_or_404(request, uuid)
    agreement = access.agreement
    if agreement.form_edition.section(sid) is None and is_exchanged(request, agreement, sid):
        return resend(request, EXCHANGED)
    section = section_or_404(agreement, sid)
    if not rules.may_comment(access):
        return resend(request, CLOSED)
    form = CommentForm(request.POST, section=section)
    if form.is_valid() and section.private and request.POST.get("pair", "") != agreement.pair:
        form.add_error(
            "text", _("Another is the superior now than when you opened the page. See who reads this.")
        )
    if not form.is_valid():
        bound = {("comment", sid): form}
        return shown_again(request, lambda: agreement_page(request, access, bound=bound, status=422))
    actions.add_comment(access, section_id=sid, text=form.cleaned_data["text"])
    return redirect(section_url(agreement, section))
