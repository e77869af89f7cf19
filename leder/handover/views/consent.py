"""The leader lets a new superior read a private section from before."""

from __future__ import annotations

import uuid as uuids

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leder.agreements.access.handovers import handed_over
from leder.agreements.views.agreement import section_url
from leder.agreements.views.guard.access import access_or_404, allow_if, for_parties, section_or_404
from leder.agreements.views.guard.recent import confirm_first
from leder.handover import consenting, rules
from leder.words import full_name


@require_POST
@for_parties
def consent(request: HttpRequest, uuid: uuids.UUID, sid: str) -> HttpResponse:
    """Let the superior of today read the section. 403 for the superior, and while the superior is acting."""
    access = access_or_404(request, uuid)
    agreement = access.agreement
    section = section_or_404(agreement, sid)
    allow_if(rules.may_consent(access, sid, handed_over(agreement)))
    if not access.recent:
        return confirm_first(request, back=section_url(agreement, section))
    since = agreement.handed_over_at
    if since is None or request.POST.get("since") != since.isoformat():
        messages.warning(
            request, _("Another is the superior now than when you opened the page. See who reads this.")
        )
        return redirect(section_url(agreement, section))
    consenting.consent(access, section_id=sid)
    messages.success(
        request,
        _("%(superior)s can now read “%(section)s” from before, and is told by e-mail.")
        % {"superior": full_name(agreement.superior), "section": section.heading},
    )
    return redirect(section_url(agreement, section))
