"""Taking over last year's open goals."""

from __future__ import annotations

import uuid as uuids

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from leder.agreements import actions, rules
from leder.agreements.views.agreement import section_url
from leder.agreements.views.guard.access import access_or_404, allow_if, for_parties, section_or_404
from leder.agreements.views.guard.recent import confirm_first
from leder.agreements.views.guard.saving import posted_version


@require_POST
@for_parties
def carry_over(request: HttpRequest, uuid: uuids.UUID, sid: str) -> HttpResponse:
    """Copy last year's unfinished goals into the section: that shows them, so a recent sign-in is asked for."""
    access = access_or_404(request, uuid)
    agreement = access.agreement
    section = section_or_404(agreement, sid)
    allow_if(rules.may_carry_over(access, section))
    if not access.recent:
        return confirm_first(request, back=section_url(agreement, section))
    try:
        added = actions.carry_over_goals(access, section_id=sid, version=posted_version(request))
    except actions.VersionConflict:
        messages.warning(
            request, _("The section was changed in the meantime. Nothing was carried over. Try again.")
        )
    else:
        words = ngettext("%(count)d goal was carried over.", "%(count)d goals were carried over.", added)
        messages.success(request, words % {"count": added})
    return redirect(section_url(agreement, section))
