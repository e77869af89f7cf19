"""Coverage of the letter in the CMS: for HR and the director's staff, and the same to both."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import Button

from leder.organisation.cms import CmsPage
from leder.oversight.completion.cms import OfAYear
from leder.oversight.completion.tables import log_export
from leder.oversight.coverage.bands import SMALLEST, STEP
from leder.oversight.coverage.tables import Coverage, coverage_of, coverage_sheets, draw_coverage
from leder.oversight.figures.files import KINDS, file_response


class CoveragePage(OfAYear, CmsPage):
    """How many have taken up each theme and assignment, by sector, and which nobody has. Never whose."""

    name = "leder_coverage"
    route = "coverage/"
    permission = "leder.view_figures"
    page_title = _("Coverage of the steering letter")
    menu_label = _("Coverage of the letter")
    header_icon = "list-ul"
    template_name = "leder/oversight/coverage/cms.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    @cached_property
    def coverage(self) -> Coverage | None:
        return coverage_of(self.year_round) if self.year_round else None

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        if self.coverage is None or self.year_round is None:
            return []
        return [
            Button(
                _("Download %(kind)s") % {"kind": kind.upper()},
                reverse("leder_coverage_export", args=[kind]) + f"?aar={self.year_round.year}",
                icon_name="download",
                priority=90,
            )
            for kind in KINDS
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        coverage = self.coverage
        return super().get_context_data(
            rounds=self.rounds,
            year_round=self.year_round,
            coverage=coverage,
            bars=draw_coverage(coverage, identity="themes") if coverage else "",
            floor=STEP,
            smallest=SMALLEST,
            **kwargs,
        )


class CoverageExport(OfAYear, CmsPage):
    """The same as a file."""

    name = "leder_coverage_export"
    route = "coverage/file/<slug:kind>/"
    permission = "leder.view_figures"
    in_menu = False

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        year_round = self.required_round()
        coverage = coverage_of(year_round)
        if kind not in KINDS or coverage is None:
            raise Http404
        sheets = coverage_sheets(coverage)
        log_export(year_round, user=request.user, kind=f"coverage {kind}", rows=len(sheets[0].rows))
        name = gettext("Coverage of the letter %(year)s") % {"year": year_round.year}
        return file_response(sheets, kind=kind, name=name)


PAGES = (CoveragePage, CoverageExport)
