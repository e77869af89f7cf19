"""People and groups in the CMS: whoever may change people (group “Drift”) changes no superuser, and makes none.

Otherwise a new password would be enough to become one. Superusers are changed by superusers. What is changed of
anybody's rights is noted (roles.py), and who changes an account that opens text of an agreement is told first what
follows.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.users.views import groups, users
from wagtail.users.views.bulk_actions import SetActiveStateBulkAction

from leder import conf
from leder.identity import concerned, hr
from leder.identity.noting import takes_a_first_password

from . import roles
from .models import User
from .roles import Roles

DELETE = "delete"


class ProtectsSuperusers:
    """Shows who is a superuser, and lets superusers alone decide it. Notes what is changed of a person's roles."""

    request: HttpRequest

    def get_form(self, form_class: type[BaseForm] | None = None) -> BaseForm:
        form: BaseForm = super().get_form(form_class)  # type: ignore[misc]
        if "is_superuser" in form.fields and not _is_superuser(self.request):
            # What is posted for a disabled field is not read.
            form.fields["is_superuser"].disabled = True
        return form

    def save_instance(self) -> Any:
        """In the transaction of the change: what is not noted is not changed."""
        known = self.form.instance.pk  # type: ignore[attr-defined]
        before = roles.roles_of([known])[known] if known else Roles()
        person = super().save_instance()  # type: ignore[misc]
        roles.note_roles(person, before, roles.roles_of([person.pk])[person.pk], by=self.request.user)
        return person


class CreateView(ProtectsSuperusers, users.CreateView):
    """Adds a person."""


class EditView(ProtectsSuperusers, users.EditView):
    """Changes a person, and says first what follows where the account opens text of an agreement."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["first_password"] = takes_a_first_password(self.object.pk)
        return {**context, **_what_follows([self.object])}


class UserViewSet(users.UserViewSet):
    """Wagtail's, with these views.

    Without its copying of a person: what it saves is the person who was to be copied, by a form and hooks that are not
    those of an edit. An operator could give a superuser a new name and password by it.
    """

    add_view_class = CreateView
    edit_view_class = EditView
    edit_template_name = "cms/user_edit.html"
    copy_view_enabled = False


class NotesPermissions:
    """Notes what is changed of what a group may do."""

    request: HttpRequest
    object: Group

    def process_form(self) -> HttpResponse:
        """Of a new group all is new. Pages and collections are saved after the rest, so this is around all of it."""
        before = roles.permissions_of(self.object)
        response: HttpResponse = super().process_form()  # type: ignore[misc]
        roles.note_permissions(self.object, before, roles.permissions_of(self.object), by=self.request.user)
        hr.look()
        return response


class GroupCreateView(NotesPermissions, groups.CreateView):
    """Adds a group."""


class GroupEditView(NotesPermissions, groups.EditView):
    """Changes a group."""


class GroupDeleteView(groups.DeleteView):
    """Deletes a group."""

    def delete_action(self) -> Any:
        """Note what it could do, and how many people could. What is not noted is not deleted."""
        before, members = roles.permissions_of(self.object), self.object.user_set.count()
        with transaction.atomic():
            roles.note_group_deleted(self.object, before, members, by=self.request.user)
            deleted = super().delete_action()
            hr.look()
            return deleted


class GroupViewSet(groups.GroupViewSet):
    """Wagtail's, with these views."""

    add_view_class = GroupCreateView
    edit_view_class = GroupEditView
    delete_view_class = GroupDeleteView


class SetActiveState(SetActiveStateBulkAction):
    """Switches several accounts on or off, and says first whose open text of an agreement."""

    template_name = "cms/users_active_state.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, **_what_follows([each["item"] for each in context["items"]])}


def before_edit_user(request: HttpRequest, user: User) -> None:
    """Answer as if there were no such person (Http404). One who may change nobody never comes here."""
    if user.is_superuser and not _is_superuser(request):
        raise Http404


def before_bulk_action(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> None:
    """Refuse (Http404) what would change a superuser among others, and nobody is changed. Else keep how roles stand."""
    people = _people(objects)
    if any(each.is_superuser for each in people) and not _is_superuser(request):
        raise Http404
    if people:
        action.roles_before = roles.roles_of([each.pk for each in people])


def after_bulk_action(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> None:
    """Note what was changed of anybody's roles, or that they were deleted; in the same transaction."""
    people = _people(objects)
    if action_type == DELETE:
        roles.note_deleted(people, by=request.user)
    elif people:
        after = roles.roles_of([each.pk for each in people])
        for person in people:
            roles.note_roles(person, action.roles_before[person.pk], after[person.pk], by=request.user)


def _what_follows(people: list[User]) -> dict[str, Any]:
    """Whose account opens text of an agreement, and for how long it is shut after a change. Not which, or how."""
    opened = concerned.agreements_of([each.pk for each in people])
    hours = int(conf.quarantine().total_seconds() // 3600)
    return {"opening_text": [each for each in people if opened[each.pk]], "hours": hours}


def _people(objects: Iterable[Any]) -> list[User]:
    return [each for each in objects if isinstance(each, User)]


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
