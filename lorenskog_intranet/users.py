"""People in the CMS: whoever may change them (group “Drift”) changes no superuser, and makes none.

Otherwise a new password would be enough to become one. Superusers are changed by superusers.
"""

from collections.abc import Iterable
from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpRequest
from wagtail.users.views import users

from .models import User


class ProtectsSuperusers:
    """Shows who is a superuser, and lets superusers alone decide it."""

    request: HttpRequest

    def get_form(self, form_class: type[BaseForm] | None = None) -> BaseForm:
        form: BaseForm = super().get_form(form_class)  # type: ignore[misc]
        if "is_superuser" in form.fields and not _is_superuser(self.request):
            # What is posted for a disabled field is not read.
            form.fields["is_superuser"].disabled = True
        return form


class CreateView(ProtectsSuperusers, users.CreateView):
    """Adds a person."""


class EditView(ProtectsSuperusers, users.EditView):
    """Changes a person."""


class UserViewSet(users.UserViewSet):
    """Wagtail's, with these views."""

    add_view_class = CreateView
    edit_view_class = EditView


def before_edit_user(request: HttpRequest, user: User) -> None:
    """Answer as if there were no such person (Http404). One who may change nobody never comes here."""
    if user.is_superuser and not _is_superuser(request):
        raise Http404


def before_bulk_action(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> None:
    """Refuse (Http404) what would change a superuser among others; nobody is changed."""
    if any(isinstance(each, User) and each.is_superuser for each in objects) and not _is_superuser(request):
        raise Http404


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
