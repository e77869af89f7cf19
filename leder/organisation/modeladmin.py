"""A wagtail-modeladmin base with its known holes closed, shared by every administrative model of the plugin.

What stock modeladmin does, and this does not:

- any ORM lookup in the query string filters the list (`?person__password__startswith=` is an oracle): here
  only the declared filters are read, everything else is dropped;
- a forbidden object answers otherwise than a missing one, and a malformed id or filter value is a server
  error: here all are the same 404, or the list without the filter;
- the history view asks no permission: here it is off;
- any permission on the model opens the list, also one made for something else: here the ordinary ones only;
- a refused deletion lists every object that stands in the way by name: here only how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import FieldListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import CreateView, DeleteView, EditView, IndexView

LARGEST_ID = 2**63 - 1


class DeclaredFiltersIndexView(IndexView):
    """The list, filtered by the declared filters only. It exports nothing."""

    FORMATS = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except IncorrectLookupParameters:
            # A filter value that makes no sense: show the whole list instead.
            return redirect(self.index_url)

    def get_filters(self, request: HttpRequest) -> tuple[list[Any], bool, dict[str, Any], bool]:
        """The declared filters that have something to choose from; undeclared lookups are dropped unread."""
        params = self.get_filters_params()
        specs = [self._filter(declared, request, params) for declared in self.list_filter]
        shown = [spec for spec in specs if spec.has_output()]
        return shown, bool(shown), {}, False

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> QuerySet:
        # PostgreSQL refuses the null character in text.
        return super().get_search_results(request, queryset, search_term.replace("\x00", ""))

    def _filter(self, declared: Any, request: HttpRequest, params: dict[str, Any]) -> Any:
        if callable(declared):
            return declared(request, params, self.model, self.model_admin)
        field = get_fields_from_path(self.model, declared)[-1]
        return FieldListFilter.create(
            field, request, params, self.model, self.model_admin, field_path=declared
        )


class LockedWriteMixin:
    """Checks and saves a posted form in one transaction, after locking what the rules look at."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            self.model_admin.lock(request)  # type: ignore[attr-defined]
            return super().post(request, *args, **kwargs)  # type: ignore[misc]


class LockedCreateView(LockedWriteMixin, CreateView):
    """Creates under the lock."""


class LockedEditView(LockedWriteMixin, EditView):
    """Changes under the lock."""


class CountingDeleteView(DeleteView):
    """Deletes, or says how many things stand in the way; never which."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = str(self.instance)
        try:
            with transaction.atomic():
                log(instance=self.instance, action="wagtail.delete")
                self.delete_instance()
        except ProtectedError as error:
            messages.error(request, refusal(name, len(error.protected_objects)))
            return redirect(self.edit_url)
        messages.success(request, _("“%(name)s” is deleted.") % {"name": name})
        return redirect(self.index_url)


def refusal(name: str, count: int) -> str:
    """The words for a deletion that so many other things stand in the way of; never which."""
    return ngettext(
        "“%(name)s” can't be deleted: %(count)s other entry refers to it.",
        "“%(name)s” can't be deleted: %(count)s other entries refer to it.",
        count,
    ) % {"name": name, "count": count}


class OrdinaryPermissions(PermissionHelper):
    """Opens the list by the ordinary permissions; others on the model, as for seeing figures, do not count."""

    def user_can_list(self, user: Any) -> bool:
        return any(
            self.user_has_specific_permission(user, self.get_perm_codename(action))
            for action in ("add", "change", "delete", "view")
        )


class HardenedModelAdmin(ModelAdmin):
    """Base of the plugin's ModelAdmin classes; nothing opens without a permission on the model.

    Set `list_filter` to field names or `SimpleListFilter` classes, and `search_fields` to what may be
    searched: names, never a person's password, e-mail or what parties write.
    """

    permission_helper_class = OrdinaryPermissions
    index_view_class = DeclaredFiltersIndexView
    create_view_class = LockedCreateView
    edit_view_class = LockedEditView
    delete_view_class = CountingDeleteView
    inspect_view_enabled = False
    history_view_enabled = False
    list_per_page = 50
    index_view_extra_css: ClassVar[list[str]] = ["leder/css/cms.css"]
    list_filter: ClassVar[Sequence[Any]] = ()

    def lock(self, request: HttpRequest) -> None:
        """Lock the rows that the model's `clean()` looks at, so that simultaneous changes are all checked."""

    def index_view(self, request: HttpRequest) -> HttpResponse:
        return _as_missing(super().index_view, request, self.permission_helper.user_can_list(request.user))

    def create_view(self, request: HttpRequest) -> HttpResponse:
        return _as_missing(super().create_view, request, self.permission_helper.user_can_create(request.user))

    def edit_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        return self._one(super().edit_view, request, instance_pk)

    def delete_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        return self._one(super().delete_view, request, instance_pk)

    def inspect_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        return self._one(super().inspect_view, request, instance_pk)

    def register_indexing(self) -> None:
        """Stay out of Wagtail's reference index, which would copy who is tied to whom."""

    def _one(self, view: Callable[..., HttpResponse], request: HttpRequest, instance_pk: str) -> HttpResponse:
        if not is_id(self.model, instance_pk):
            raise Http404
        may_list = self.permission_helper.user_can_list(request.user)
        return _as_missing(view, request, may_list, instance_pk)


def is_id(model: type[models.Model], text: str) -> bool:
    """True when this text can be the id of a row; other texts would be server errors in a query."""
    try:
        number = model._meta.pk.to_python(text)
    except ValidationError:
        return False
    return not isinstance(number, int) or 0 < number <= LARGEST_ID


def _as_missing(
    view: Callable[..., HttpResponse], request: HttpRequest, permitted: bool, *args: str
) -> HttpResponse:
    """Answer someone without permission exactly as if there were nothing at the address."""
    if not permitted:
        raise Http404
    try:
        return view(request, *args)
    except PermissionDenied as denied:
        raise Http404 from denied
