"""What HR has done (endringslogg): who changed the organisation, the years and the settings, when. From Wagtail's log.

The log holds names of positions and people, counts and dates. What parties of an agreement do is not in it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, UserColumn
from wagtail.admin.views.generic import BaseListingView
from wagtail.admin.views.generic.history import HistoryFilterSet
from wagtail.models import ModelLogEntry

from leder.organisation.cms import CmsPage


class HrLogFilterSet(HistoryFilterSet):
    """By what was done, by whom, and when."""

    class Meta:
        model = ModelLogEntry
        fields: ClassVar[list[str]] = []


class HrLogPage(CmsPage, BaseListingView):
    """The list, newest first, 50 a page."""

    name = "leder_hr_log"
    route = "log/"
    permission = "leder.view_hr_log"
    page_title = _("What HR has done")
    menu_label = _("Log")
    header_icon = "history"
    template_name = "wagtailadmin/generic/listing.html"
    index_url_name = name
    index_results_url_name = "leder_hr_log_results"
    filterset_class = HrLogFilterSet
    default_ordering = ("-timestamp", "-pk")
    paginate_by = 50
    verbose_name = _("act")
    verbose_name_plural = _("acts")
    columns: ClassVar[list[Column]] = [
        Column("message", label=_("What was done")),
        Column("object_verbose_name", label=_("Kind")),
        Column("label", label=_("To what")),
        UserColumn("user", label=_("By"), blank_display_name="–"),
        DateColumn("timestamp", label=_("When")),
    ]

    def get_base_queryset(self) -> QuerySet[ModelLogEntry]:
        """The log of the plugin's administrative models."""
        entries: QuerySet[ModelLogEntry] = (
            ModelLogEntry.objects.filter(content_type__app_label="leder")
            .select_related("user", "content_type")
            .prefetch_related("user__wagtail_userprofile")
        )
        return entries

    def get_filterset_kwargs(self) -> dict[str, Any]:
        """As Wagtail's; the choices of the filters come from what is in the log."""
        return {**super().get_filterset_kwargs(), "queryset": self.get_base_queryset()}


class HrLogResults(HrLogPage):
    """The list alone, which the filters exchange without loading the page anew."""

    name = "leder_hr_log_results"
    route = "log/results/"
    in_menu = False
    results_only = True
