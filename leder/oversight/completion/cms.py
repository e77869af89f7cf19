"""Completion in the CMS: the year in figures, for HR and the director's staff. Figures of small groups are held back
from those who may not see names."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import Button, HeaderButton

from leder.agreements.models import Round
from leder.organisation.cms import CmsPage
from leder.oversight.completion.figures import (
    ROWS_IN_A_FIGURE,
    Figures,
    draw_bars,
    draw_curve,
    draw_months,
    municipality,
)
from leder.oversight.completion.stages import STAGES
from leder.oversight.completion.tables import figure_sheets, log_export
from leder.oversight.completion.tallies import COLUMNS
from leder.oversight.figures.files import KINDS, file_response
from leder.oversight.figures.holding_back import FLOOR

NAMES = "leder.view_names"


class OfAYear:
    """What the pages of a year have in common: the round that is asked for, the newest unless it says otherwise."""

    request: HttpRequest

    @cached_property
    def rounds(self) -> list[Round]:
        """The rounds that have been opened, newest first."""
        return list(Round.objects.filter(opened_at__isnull=False).order_by("-year"))

    @cached_property
    def year_round(self) -> Round | None:
        """The round of `aar` in the address; a year that there is no round of is the newest."""
        asked = self.request.GET.get("aar", "")
        return next((each for each in self.rounds if str(each.year) == asked), next(iter(self.rounds), None))

    @property
    def names(self) -> bool:
        """Whether this viewer may see names, and so the figures of small groups."""
        return bool(self.request.user.has_perm(NAMES))

    def required_round(self) -> Round:
        """The round; a file of no year is not there."""
        if self.year_round is None:
            raise Http404
        return self.year_round


class CompletionPage(OfAYear, CmsPage):
    """The year in figures: by sector and staff department, unit and leader group, with curve and months."""

    name = "leder_completion"
    route = "completion/"
    permission = "leder.view_figures"
    page_title = _("Completion")
    header_icon = "tasks"
    template_name = "leder/oversight/completion/cms.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    @cached_property
    def figures(self) -> Figures | None:
        if self.year_round is None:
            return None
        return municipality(self.year_round, rounds=self.rounds, today=timezone.localdate(), names=self.names)

    @cached_property
    def header_buttons(self) -> list[Button]:
        if self.year_round is None:
            return []
        query = f"?aar={self.year_round.year}"
        buttons = [HeaderButton(_("Print"), reverse("leder_completion_print") + query, icon_name="doc-full")]
        if self.names:
            leaders = reverse("leder_completion_leaders") + query
            buttons.insert(0, HeaderButton(_("Leader by leader"), leaders, icon_name="group"))
        return buttons

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        if self.year_round is None:
            return []
        return [
            Button(
                _("Download %(kind)s") % {"kind": kind.upper()},
                reverse("leder_completion_export", args=[kind]) + f"?aar={self.year_round.year}",
                icon_name="download",
                priority=90,
            )
            for kind in KINDS
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            rounds=self.rounds, names=self.names, **figures_context(self.figures, self.request), **kwargs
        )


class CompletionPrint(CompletionPage):
    """The same on paper, for the meeting of the leader group: figures and tables, a page for each sector."""

    name = "leder_completion_print"
    route = "completion/print/"
    in_menu = False
    template_name = "leder/oversight/completion/print.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figures = self.figures
        return super().get_context_data(
            sheets=print_sheets(figures) if figures else [],
            heading=gettext("All sectors and staff departments"),
            back=reverse(CompletionPage.name),
            **kwargs,
        )


class CompletionExport(OfAYear, CmsPage):
    """The figures as a file."""

    name = "leder_completion_export"
    route = "completion/file/<slug:kind>/"
    permission = "leder.view_figures"
    in_menu = False

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        if kind not in KINDS:
            raise Http404
        year_round = self.required_round()
        sheets = figure_sheets(
            municipality(year_round, rounds=self.rounds, today=timezone.localdate(), names=self.names)
        )
        log_export(year_round, user=request.user, kind=f"figures {kind}", rows=len(sheets[0].rows))
        return file_response(
            sheets, kind=kind, name=gettext("Completion %(year)s") % {"year": year_round.year}
        )


def figures_context(figures: Figures | None, request: HttpRequest) -> dict[str, Any]:
    """What the templates of figures show: a page of areas, the units of one, and the drawings."""
    if figures is None:
        return {"figures": None}
    asked = request.GET.get("omrade", "")
    area = next((group for group in figures.areas if str(group.key) == asked), None)
    page = Paginator(figures.areas, ROWS_IN_A_FIGURE).get_page(request.GET.get("side"))
    units = figures.branches.get(area.key, []) if area else []
    unit_page = Paginator(units, ROWS_IN_A_FIGURE).get_page(request.GET.get("enhetsside"))
    first = page.start_index() - 1 if page.object_list else 0
    months = figures.months.rows[first : first + ROWS_IN_A_FIGURE]
    return {
        "figures": figures,
        "stages": STAGES,
        "columns": COLUMNS,
        "span": len(STAGES) + len(COLUMNS),
        "floor": FLOOR,
        "most": ROWS_IN_A_FIGURE,
        "area": area,
        "page_obj": page,
        "areas": page.object_list,
        "unit_page": unit_page,
        "months": months,
        "bars": draw_bars(
            list(page.object_list), identity="areas", title=gettext("How far the leaders have come")
        ),
        "unit_bars": draw_bars(list(unit_page.object_list), identity="units", title=area.label)
        if area
        else "",
        "curve": draw_curve(figures, identity="curve"),
        "heat": draw_months(figures, identity="months", rows=months),
    }


def print_sheets(figures: Figures) -> list[dict[str, Any]]:
    """A sheet of paper for each area: its figure and the table of its units."""
    months = dict(zip((area.key for area in figures.areas), figures.months.rows, strict=True))
    sheets = []
    for number, area in enumerate(figures.areas):
        units = figures.branches.get(area.key, [])
        largest = sorted(units, key=lambda unit: -unit.leaders)[:ROWS_IN_A_FIGURE]
        sheets.append(
            {
                "area": area,
                "groups": [*units, area],
                "bars": draw_bars(
                    [unit for unit in units if unit in largest],
                    identity=f"sheet{number}",
                    title=area.label,
                ),
                "some": len(units) > len(largest),
                "heat": draw_months(figures, identity=f"heat{number}", rows=[months[area.key]]),
            }
        )
    return sheets
