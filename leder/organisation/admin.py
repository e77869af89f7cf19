"""The organisation in the CMS, for HR: units, positions and appointments under “Leader agreements”."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.admin import SimpleListFilter, display
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail_modeladmin.options import ModelAdminGroup

from leder.organisation.cms import CmsPage

from .choosers import person_chooser, position_chooser, unit_chooser
from .modeladmin import HardenedModelAdmin, is_id
from .models import Appointment, Position, Unit


class UnitAdmin(HardenedModelAdmin):
    """Units (enheter)."""

    model = Unit
    menu_label = _("Units")
    menu_icon = "folder-inverse"
    base_url_path = "leder/units"
    list_display = ("name", "kind_name", "parent", "code")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name", "code")
    panels: ClassVar[list[Any]] = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("code")]),
        FieldPanel("parent", widget=unit_chooser.widget_class),
    ]

    @display(description=_("kind"), ordering="kind")
    def kind_name(self, unit: Unit) -> str:
        return unit.get_kind_display()

    def lock(self, request: HttpRequest) -> None:
        list(Unit.objects.select_for_update().order_by("pk").values_list("pk"))


class HeldFilter(SimpleListFilter):
    """Positions that have, or lack, someone today."""

    title = _("held today")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Filled")), ("no", _("Vacant"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        today = Appointment.objects.on(timezone.localdate()).values("position_id")
        return {"yes": queryset.filter(pk__in=today), "no": queryset.exclude(pk__in=today)}.get(
            self.value() or ""
        )


class PositionAdmin(HardenedModelAdmin):
    """Leader positions (lederstillinger)."""

    model = Position
    menu_label = _("Positions")
    menu_icon = "list-ul"
    base_url_path = "leder/positions"
    list_display = ("title", "unit", "superior", "group", "in_use")
    list_filter = ("group", "hta_chapter", "active", HeldFilter)
    list_select_related = ("unit", "reports_to__unit")
    search_fields = ("title", "code", "unit__name")
    panels: ClassVar[list[Any]] = [
        FieldRowPanel([FieldPanel("title"), FieldPanel("code")]),
        FieldPanel("unit", widget=unit_chooser.widget_class),
        FieldRowPanel([FieldPanel("group"), FieldPanel("hta_chapter")]),
        FieldPanel("reports_to", widget=position_chooser.widget_class),
        FieldPanel("active"),
    ]

    @display(description=_("reports to"))
    def superior(self, position: Position) -> str:
        return str(position.reports_to or "")

    @display(description=_("in use"), ordering="active")
    def in_use(self, position: Position) -> str:
        return str(_("Yes") if position.active else _("No"))

    def lock(self, request: HttpRequest) -> None:
        list(Position.objects.select_for_update().order_by("pk").values_list("pk"))


class RunsFilter(SimpleListFilter):
    """Appointments by whether they run today."""

    title = _("time")
    parameter_name = "runs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("Now")), ("past", _("Earlier")), ("future", _("To come"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        today = timezone.localdate()
        return {
            "now": queryset.filter(Q(ends__isnull=True) | Q(ends__gte=today), starts__lte=today),
            "past": queryset.filter(ends__lt=today),
            "future": queryset.filter(starts__gt=today),
        }.get(self.value() or "")


class AppointmentAdmin(HardenedModelAdmin):
    """Appointments (tilsettinger). Searched by the names of person, position and unit, nothing else."""

    model = Appointment
    menu_label = _("Appointments")
    menu_icon = "date"
    base_url_path = "leder/appointments"
    list_display = ("person_name", "position", "starts", "ends", "is_acting")
    list_filter = (RunsFilter, "acting")
    list_select_related = ("person", "position__unit")
    search_fields = ("person__first_name", "person__last_name", "position__title", "position__unit__name")
    panels: ClassVar[list[Any]] = [
        FieldPanel("person", widget=person_chooser.widget_class),
        FieldPanel("position", widget=position_chooser.widget_class),
        FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")]),
        FieldPanel("acting"),
    ]

    @display(description=_("person"))
    def person_name(self, appointment: Appointment) -> str:
        return appointment.person.get_full_name()

    @display(description=_("acting"), ordering="acting")
    def is_acting(self, appointment: Appointment) -> str:
        return str(_("Yes")) if appointment.acting else ""

    def lock(self, request: HttpRequest) -> None:
        # Two who appoint to a position at once, or one of them by an import, wait for each other here.
        posted = request.POST.get("position", "")
        if is_id(Position, posted):
            list(Position.objects.select_for_update().filter(pk=posted).values_list("pk"))


class LeaderAgreementsGroup(ModelAdminGroup):
    """The menu group (“Lederavtaler”). `wagtail_hooks` adds the lists and pages of later slices."""

    menu_label = _("Leader agreements")
    menu_icon = "group"
    menu_order = 250
    items: ClassVar[tuple[type[HardenedModelAdmin], ...]] = (PositionAdmin, AppointmentAdmin, UnitAdmin)
    pages: ClassVar[tuple[type[CmsPage], ...]] = ()

    def get_submenu_items(self) -> list[Any]:
        """The pages first, then the lists."""
        shown = [page for page in self.pages if page.in_menu]
        lists = super().get_submenu_items()
        for order, item in enumerate(lists, start=len(shown) + 1):
            item.order = order
        return [page.menu_item(order) for order, page in enumerate(shown, start=1)] + lists

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        return (*(page.address() for page in self.pages), *super().get_admin_urls_for_registration())
