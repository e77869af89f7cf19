"""Completion in a superior's own line (egen linje): everybody below, at any distance, in figures, names and states.

Nothing outside the line, and no text: only agreements with one's own reports lead anywhere.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leder.agreements.models import Agreement, Round
from leder.agreements.views.guard.access import for_parties
from leder.oversight.completion.cms import figures_context
from leder.oversight.completion.figures import Figures, line
from leder.oversight.completion.forms import LineFilterForm
from leder.oversight.completion.leaders import LeaderLine, in_order, lines_of, matching
from leder.oversight.completion.status import Row, names_of
from leder.oversight.completion.tables import leader_sheet, log_export
from leder.oversight.figures.files import KINDS, file_response
from leder.words import full_name

ROWS_ON_A_PAGE = 15


@for_parties
@require_safe
def line_status(request: HttpRequest) -> HttpResponse:
    """My line: figures, then everybody by name, unit and state; those past a deadline first."""
    figures = _own_line(request)
    form = LineFilterForm(request.GET)
    form.is_valid()
    rows = _asked_for(figures, form.cleaned_data) if figures else []
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("side"))
    context = {
        **_figures_of(figures, request),
        "form": form,
        "is_filtered": any(form.cleaned_data.values()),
        "page_obj": page,
        "lines": _with_addresses(request, lines_of(page.object_list, figures.structure)) if figures else [],
        "kinds": KINDS,
    }
    return render(request, "leder/oversight/completion/line.html", context)


@for_parties
@require_safe
def line_print(request: HttpRequest) -> HttpResponse:
    """The figures of my line on paper."""
    figures = _own_line(request)
    if figures is None:
        raise Http404
    context = {
        **_figures_of(figures, request),
        "sheets": [],
        "heading": _("The line of %(name)s") % {"name": full_name(request.user)},
        "back": reverse("leder:line_status"),
    }
    return render(request, "leder/oversight/completion/print.html", context)


@for_parties
@require_safe
def line_export(request: HttpRequest, kind: str) -> HttpResponse:
    """The leaders of my line as a file. 404 for another kind of file, and for one who has nobody below."""
    figures = _own_line(request)
    if figures is None or kind not in KINDS:
        raise Http404
    rows = in_order(figures.rows, figures.structure, "state")
    people = {row.person_id for row in rows} | {row.superior_id for row in rows if row.superior_id}
    sheet = leader_sheet(rows, figures.structure, names_of(people))
    log_export(figures.year_round, user=request.user, kind=f"line {kind}", rows=len(sheet.rows))
    return file_response([sheet], kind=kind, name=_("Leaders %(year)s") % {"year": figures.year_round.year})


def _own_line(request: HttpRequest) -> Figures | None:
    rounds = list(Round.objects.filter(opened_at__isnull=False).order_by("-year")[:2])
    if not rounds:
        return None
    person_id: Any = request.user.pk
    return line(rounds[0], person_id, rounds=rounds, today=timezone.localdate())


def _figures_of(figures: Figures | None, request: HttpRequest) -> dict[str, Any]:
    context = figures_context(figures, request)
    # The names below have the page number of the address; a line is divided into few units.
    context["areas_page"] = context.pop("page_obj", None)
    return context


def _asked_for(figures: Figures, asked: dict[str, Any]) -> list[Row]:
    """The rows in a state, or past a deadline, whose name, position and unit hold the words; the late ones first."""
    rows = in_order(figures.rows, figures.structure, "state")
    if state := asked.get("status"):
        rows = [
            row for row in rows if (row.overdue if state == LineFilterForm.OVERDUE else row.stage == state)
        ]
    rows = matching(rows, figures.structure, asked.get("ord", ""))
    return sorted(rows, key=lambda row: not row.overdue)


def _with_addresses(request: HttpRequest, lines: list[LeaderLine]) -> list[tuple[LeaderLine, str]]:
    """Each line with the address of the agreement, where this person is the superior in it. Two queries."""
    ids = [line.row.agreement_id for line in lines if line.row.superior_id == request.user.pk]
    own = Agreement.objects.visible_to(request.user).filter(pk__in=ids, superior_id=request.user.pk)
    addresses = {pk: reverse("leder:agreement", args=[uuid]) for pk, uuid in own.values_list("pk", "uuid")}
    return [(line, addresses.get(line.row.agreement_id or 0, "")) for line in lines]
