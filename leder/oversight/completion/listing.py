"""Leader by leader, in the CMS: Wagtail's own report view over the rows of `status`. For those who may see names."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import django_filters
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView

from leder.agreements.models import Agreement
from leder.organisation.cms import CmsPage
from leder.organisation.lines import Structure, structure_on
from leder.organisation.models import LeaderGroup
from leder.oversight.completion.cms import (
    NAMES,
    CompletionExport,
    CompletionPage,
    CompletionPrint,
    OfAYear,
)
from leder.oversight.completion.leaders import in_order, lines_of, matching
from leder.oversight.completion.stages import Stage, WaitsFor
from leder.oversight.completion.status import Row, day_of, names_of, status
from leder.oversight.completion.tables import leader_sheet, log_export
from leder.oversight.figures.files import file_response

OVERDUE = [("1", _("Past a deadline")), ("0", _("Within the deadlines"))]


class LeaderFilterSet(WagtailFilterSet):
    """What the list is narrowed to. Applied to rows in memory; nothing of the address reaches a query."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=Stage.choices)
    waits = django_filters.ChoiceFilter(label=_("Waits for the signature of"), choices=WaitsFor.choices)
    overdue = django_filters.ChoiceFilter(label=_("Deadline"), choices=OVERDUE)
    group = django_filters.ChoiceFilter(label=_("Leader group"), choices=LeaderGroup.choices)
    area = django_filters.ChoiceFilter(label=_("Sector or staff department"), choices=())

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["area"].extra["choices"] = areas

    def filter_queryset(self, queryset: Any) -> Any:
        """Keep the rows that answer to all that is chosen."""
        asked = self.form.cleaned_data
        wanted = {
            "stage": asked.get("state"),
            "waits_for": asked.get("waits"),
            "group": asked.get("group"),
            "area_id": asked.get("area"),
            "overdue": asked.get("overdue"),
        }
        chosen = {name: str(value) for name, value in wanted.items() if value}
        return [row for row in queryset if all(_said(row, name) == value for name, value in chosen.items())]


def _said(row: Row, name: str) -> str:
    value = getattr(row, name)
    return str(int(value)) if isinstance(value, bool) else str(value)


class LeaderReport(OfAYear, CmsPage, ReportView):
    """Every leader of the year with state and dates, searched, filtered, sorted and paged."""

    name = "leder_completion_leaders"
    route = "completion/leaders/"
    permission = NAMES
    in_menu = False
    page_title = _("Completion, leader by leader")
    header_icon = "group"
    template_name = "leder/oversight/completion/leaders.html"
    results_template_name = "wagtailadmin/reports/base_report_results.html"
    index_url_name = "leder_completion_leaders"
    index_results_url_name = "leder_completion_leaders_results"
    filterset_class = LeaderFilterSet
    is_searchable = True
    table_classname = "listing leder-listing"
    paginate_by = 50
    default_ordering = "area"
    # Exported by `tables`; Wagtail shows its buttons when this says something.
    list_export = ["leader"]  # noqa: RUF012
    verbose_name_plural = _("leaders")
    columns = [  # noqa: RUF012
        Column("who", label=_("Leader"), sort_key="name"),
        Column("where", label=_("Unit"), sort_key="unit"),
        Column("group", label=_("Leader group"), sort_key="group"),
        Column("superior", label=_("Superior")),
        Column("state", label=_("State"), sort_key="state"),
        Column("dates", label=_("Date")),
    ]

    @cached_property
    def structure(self) -> Structure:
        """The organisation on the day that counts for the round."""
        today = timezone.localdate()
        return structure_on(day_of(self.year_round, today) if self.year_round else today)

    @cached_property
    def areas(self) -> list[tuple[str, str]]:
        """The sectors and staff departments that leaders stand in, by name."""
        found = {self.structure.place_of(each.unit_id).area_id for each in self.structure.positions.values()}
        named = [(str(pk), self.structure.units[pk].name) for pk in found]
        return sorted(named, key=lambda area: area[1].casefold())

    def get_filterset_kwargs(self) -> dict[str, Any]:
        # The set wants a queryset to take its model from; the rows are handed over afterwards.
        return {**super().get_filterset_kwargs(), "queryset": Agreement.objects.none(), "areas": self.areas}

    def get_queryset(self) -> list[Row]:
        if self.year_round is None:
            return []
        rows = status(self.year_round, today=timezone.localdate(), structure=self.structure)
        return in_order(rows, self.structure, self.ordering)

    def get_filtered_queryset(self) -> list[Row]:
        rows = self.get_queryset()
        if rows:
            rows = self.filter_queryset(rows)
        return matching(rows, self.structure, self.search_query) if self.is_searching else rows

    def get_table(self, object_list: Iterable[Row]) -> Any:
        # Here and not afterwards: only the rows of one page get their names.
        lines = [] if self.is_export else lines_of(object_list, self.structure) if self.year_round else []
        return super().get_table(lines)

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> HttpResponse:
        """The rows that are shown, all pages of them, as a file; noted in the log."""
        year_round, rows = self.required_round(), list(queryset)
        people = {row.person_id for row in rows} | {row.superior_id for row in rows if row.superior_id}
        sheet = leader_sheet(rows, self.structure, names_of(people))
        log_export(
            year_round, user=self.request.user, kind=f"leaders {spreadsheet_format}", rows=len(sheet.rows)
        )
        name = gettext("Leaders %(year)s") % {"year": year_round.year}
        return file_response([sheet], kind=spreadsheet_format, name=name)

    def get_page_subtitle(self) -> str:
        return str(self.year_round.year) if self.year_round else ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        home, here = super().get_breadcrumbs_items()
        figures = {"url": reverse("leder_completion"), "label": _("Completion")}
        return [home, figures, here]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(*args, rounds=self.rounds, year_round=self.year_round, **kwargs)


class LeaderReportResults(LeaderReport):
    """The rows alone, for the filters of the CMS."""

    name = "leder_completion_leaders_results"
    route = "completion/leaders/results/"
    results_only = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_export:
            raise Http404
        return super().get(request, *args, **kwargs)


PAGES = (CompletionPage, CompletionPrint, CompletionExport, LeaderReport, LeaderReportResults)
