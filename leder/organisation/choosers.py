"""Pick a person, position or unit in the CMS by searching names, instead of from a list of thousands.

Wagtail's stock chooser opens for everybody who reaches the CMS. These open for those who may keep the
organisation, and look like a missing page to all others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser

from .modeladmin import is_id
from .models import Position, Unit


class NameSearchForm(BaseFilterForm):
    """The search box: every word must be found in one of the fields the chooser searches."""

    q = forms.CharField(
        label=_("Search"), required=False, widget=forms.TextInput(attrs={"placeholder": _("Search by name")})
    )
    search_fields: Sequence[str] = ()

    def filter(self, objects: QuerySet) -> QuerySet:
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        for word in self.search_query.split():
            objects = objects.filter(
                reduce(or_, (Q(**{f"{field}__icontains": word}) for field in self.search_fields))
            )
        return objects


class PermittedMixin:
    """Answers as if nothing were there unless the user has one of the permissions."""

    permissions: Sequence[str] = ()
    title_of: Callable[[Any], str] = str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not any(request.user.has_perm(permission) for permission in self.permissions):
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class NameListMixin(PermittedMixin):
    """A list of titles to pick one from."""

    search_fields: Sequence[str] = ()
    is_multiple_choice = False

    def get_filter_form_class(self) -> type[NameSearchForm]:
        return type("FilterForm", (NameSearchForm,), {"search_fields": self.search_fields})

    def can_create(self) -> bool:
        return False

    @property
    def title_column(self) -> TitleColumn:
        column = super().title_column  # type: ignore[misc]
        column.accessor = self.title_of
        return column


class ChooseNameView(NameListMixin, ChooseView):
    """The dialogue."""


class ChooseNameResultsView(NameListMixin, ChooseResultsView):
    """The dialogue's list alone, while searching and turning pages."""


class ChosenNameView(PermittedMixin, ChosenView):
    """What was picked."""

    def get_object(self, pk: str) -> Model:
        if not is_id(self.model_class, pk):
            raise Http404
        return super().get_object(pk)

    def get_display_title(self, instance: Model) -> str:
        return self.title_of(instance)


class OrganisationChooserViewSet(ChooserViewSet):
    """Base of the three choosers: say which model, who may, what is searched, and how one is called."""

    permissions: Sequence[str] = ()
    search_fields: Sequence[str] = ()
    ordering: Sequence[str] = ()
    select_related: Sequence[str] = ()
    register_widget = False
    choose_view_class = ChooseNameView
    choose_results_view_class = ChooseNameResultsView
    chosen_view_class = ChosenNameView
    preserve_url_parameters: Sequence[str] = ()

    @staticmethod
    def title_of(instance: Any) -> str:
        """What one of these is called in the list and in the field."""
        return str(instance)

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(
            permissions=self.permissions,
            search_fields=self.search_fields,
            ordering=self.ordering,
            title_of=self.title_of,
            **kwargs,
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.choose_view, name="choose"),
            path("results/", self.choose_results_view, name="choose_results"),
            path("chosen/<str:pk>/", self.chosen_view, name="chosen"),
        ]

    @property
    def base_widget_class(self) -> type[BaseChooser]:
        title_of = self.title_of
        return type("NameChooser", (BaseChooser,), {"get_display_title": lambda _self, one: title_of(one)})


class PersonChooserViewSet(OrganisationChooserViewSet):
    """Persons by name or user name; never by anything else that is known of them."""

    model = settings.AUTH_USER_MODEL
    icon = "user"
    choose_one_text = _("Choose a person")
    choose_another_text = _("Choose another person")
    permissions = ("leder.add_appointment", "leder.change_appointment")
    search_fields = ("first_name", "last_name", get_user_model().USERNAME_FIELD)
    ordering = ("last_name", "first_name", "pk")

    @staticmethod
    def title_of(instance: AbstractUser) -> str:
        return f"{instance.get_full_name()} ({instance.get_username()})"


class PositionChooserViewSet(OrganisationChooserViewSet):
    """Leader positions by title, unit or code."""

    model = Position
    icon = "user"
    choose_one_text = _("Choose a position")
    choose_another_text = _("Choose another position")
    permissions = (
        "leder.add_position",
        "leder.change_position",
        "leder.add_appointment",
        "leder.change_appointment",
    )
    search_fields = ("title", "unit__name", "code")
    ordering = ("title", "unit__name", "pk")

    @staticmethod
    def get_object_list() -> QuerySet[Position]:
        return Position.objects.select_related("unit")


class UnitChooserViewSet(OrganisationChooserViewSet):
    """Units by name or code."""

    model = Unit
    icon = "folder-inverse"
    choose_one_text = _("Choose a unit")
    choose_another_text = _("Choose another unit")
    permissions = ("leder.add_unit", "leder.change_unit", "leder.add_position", "leder.change_position")
    search_fields = ("name", "code")
    ordering = ("name", "pk")

    @staticmethod
    def get_object_list() -> QuerySet[Unit]:
        return Unit.objects.filter(active=True)


person_chooser = PersonChooserViewSet("leder_person_chooser", url_prefix="leder/choose/person")
position_chooser = PositionChooserViewSet("leder_position_chooser", url_prefix="leder/choose/position")
unit_chooser = UnitChooserViewSet("leder_unit_chooser", url_prefix="leder/choose/unit")
