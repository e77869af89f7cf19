"""Min side and the list of reports."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leder.agreements.actions import RuleBroken
from leder.agreements.models import Agreement
from leder.agreements.views.guard.access import for_parties
from leder.handover.coming import coming_to
from leder.identity.banners import banner_for
from leder.organisation.models import Position
from leder.organisation.selectors import positions_of
from leder.oversight import actions
from leder.oversight.forms import ReportFilterForm
from leder.oversight.my_year import MyYear, my_year, newest_round
from leder.oversight.reports import filtered, may_open
from leder.oversight.timeline import timeline

ROWS_ON_MY_PAGE = 8
ROWS_ON_A_PAGE = 25


@for_parties
@require_safe
def my_page(request: HttpRequest) -> HttpResponse:
    """Min side: where I am in the year, the one next step, my agreements, my reports."""
    today = timezone.localdate()
    year = my_year(request.user, today=today)
    focus = year.current[0] if year.current else None
    banner = banner_for(request.user)
    context = {
        "year": year,
        # What comes first then is to get the texts opened: every other step would lead there.
        "urgent": None if banner.own else year.urgent,
        "stages": timeline(focus.agreement, focus.conversation) if focus else [],
        "focus": focus,
        "rows": year.rows[:ROWS_ON_MY_PAGE],
        "awaits_agreement": _awaits_agreement(request, year),
        "handovers": coming_to(request.user),
        "banner": banner,
    }
    return render(request, "leder/oversight/my_page.html", context)


@for_parties
@require_safe
def my_reports(request: HttpRequest) -> HttpResponse:
    """My reports, what needs me first; filtered by state and words, 25 a page."""
    year = my_year(request.user, today=timezone.localdate())
    form = ReportFilterForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    rows = filtered(year.rows, state=asked.get("status", ""), words=asked.get("ord", ""))
    context = {
        "year": year,
        "form": form,
        "is_filtered": bool(asked.get("status") or asked.get("ord")),
        "page_obj": Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("side")),
        "vacant": sum(report.person is None for report in year.reports),
    }
    return render(request, "leder/oversight/my_reports.html", context)


@for_parties
@require_POST
def open_agreement(request: HttpRequest, position_id: int) -> HttpResponse:
    """Open the agreement of a report for the newest open round.

    404 unless the position reports to the user today, somebody holds it, and a round is open.
    """
    position = get_object_or_404(Position.objects.select_related("unit"), pk=position_id)
    year_round = newest_round()
    today = timezone.localdate()
    if year_round is None or not may_open(request.user, position, year_round, on=today):
        raise Http404
    try:
        agreement = actions.open_for_report(
            actor=request.user, position=position, year_round=year_round, on=today
        )
    except RuleBroken:
        return _already_open(request, position, year_round.pk)
    messages.success(
        request,
        _("The agreement with %(leader)s is open. You can both prepare now.")
        % {"leader": agreement.leader.get_full_name()},
    )
    return redirect("leder:conversations", uuid=agreement.uuid)


def _already_open(request: HttpRequest, position: Position, round_id: int) -> HttpResponse:
    """Opened already: by a second click, or with an earlier superior, whose agreement is not this person's to see."""
    standing = (
        Agreement.objects.visible_to(request.user)
        .filter(round_id=round_id, position=position, superior=request.user)
        .first()
    )
    if standing is not None:
        return redirect("leder:agreement", uuid=standing.uuid)
    messages.warning(
        request,
        _(
            "This leader already has an agreement for the year, with another superior. "
            "Ask HR what should happen to it."
        ),
    )
    return redirect("leder:my_reports")


def _awaits_agreement(request: HttpRequest, year: MyYear) -> bool:
    """Whether this person leads from a position but has no agreement in the newest round yet."""
    if year.newest is None or any(turn.agreement.year == year.newest.year for turn in year.current):
        return False
    return any(position.reports_to_id for position in positions_of(request.user, timezone.localdate()))
