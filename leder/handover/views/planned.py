"""A handover as the three see it: what is planned, until when it can be stopped, and what became of it."""

from __future__ import annotations

import uuid as uuids

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leder.agreements.models import Handover
from leder.agreements.vault.cipher import DamagedText
from leder.agreements.views.guard.access import allow_if, for_parties, log_denied
from leder.agreements.views.guard.recent import confirm_first, is_recent
from leder.handover import deciding, rules
from leder.handover.forms import StopForm
from leder.words import full_name


@for_parties
@require_safe
def handover(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """The page that the mails lead to. 404 for all but leader, former and new superior."""
    return _page(request, _handover_or_404(request, uuid), StopForm())


@for_parties
@require_POST
def stop(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Stop it, for a reason of those that can be chosen. 403 for the new superior, and when it is too late."""
    row = _handover_or_404(request, uuid)
    allow_if(rules.may_stop(request.user, row, timezone.localdate()))
    form = StopForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    deciding.stop(actor=request.user, handover=row, reason=form.cleaned_data["reason"])
    messages.success(
        request,
        _("The handover is stopped. Nothing changes before a second person in HR has decided. All are told."),
    )
    return redirect("leder:handover", uuid=uuid)


@for_parties
@require_POST
def allow(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Let it act on its day, after a recent sign-in. 403 for all but the leader, and where it waits for nobody."""
    row = _handover_or_404(request, uuid)
    allow_if(rules.may_allow(request.user, row))
    if not is_recent(request):
        return confirm_first(request, back=reverse("leder:handover", args=[uuid]))
    try:
        row = deciding.allow(actor=request.user, handover=row)
    except DamagedText:
        messages.warning(request, _("The agreement does not open now. Nothing was changed. Tell HR."))
        return redirect("leder:handover", uuid=uuid)
    if row.status == Handover.Status.CARRIED_OUT:
        messages.success(
            request,
            _("%(superior)s is your superior in the agreement now.") % {"superior": full_name(row.successor)},
        )
    elif row.is_open:
        messages.success(request, _("You have said yes. All three are told."))
    return redirect("leder:handover", uuid=uuid)


def _handover_or_404(request: HttpRequest, uuid: uuids.UUID) -> Handover:
    rows = Handover.objects.filter(uuid=uuid)
    row = next(iter(rows.visible_to(request.user)), None)
    if row is None:
        for denied in rows.select_related("agreement"):
            log_denied(request, denied.agreement.uuid)
        raise Http404
    return row


def _page(request: HttpRequest, row: Handover, form: StopForm, *, status: int = 200) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    is_leader, is_former = user.pk == row.agreement.leader_id, user.pk == row.former_id
    context = {
        "row": row,
        "agreement": row.agreement,
        "is_leader": is_leader,
        "is_former": is_former,
        # Who can stop it beside the one who looks.
        "other": row.former if is_leader else row.agreement.leader if is_former else None,
        "needs_two": rules.needs_two(row),
        "first_day": rules.first_day(row),
        "last_day": rules.last_day_to_stop(row),
        "may_stop": rules.may_stop(user, row, today),
        "may_allow": rules.may_allow(user, row),
        "can_be_stopped": today <= rules.last_day_to_stop(row) and row.stopped_at is None,
        "form": form,
    }
    return render(request, "leder/handover/handover.html", context, status=status)
