"""Answers in the CMS before a person is deleted whom something still refers to.

Appointments and agreements refer to their people with PROTECT: what was agreed stands. Without these answers Wagtail's
own deletion ends in a server error.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS
from django.db.models import ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from .modeladmin import refusal


def in_the_way(instance: Any) -> int:
    """How many other rows keep this one from being deleted."""
    try:
        Collector(using=DEFAULT_DB_ALIAS, origin=instance).collect([instance])
    except ProtectedError as error:
        return len(error.protected_objects)
    except RestrictedError as error:
        return len(error.restricted_objects)
    return 0


def before_delete_user(request: HttpRequest, user: Any) -> HttpResponse | None:
    """Stop at a person who is referred to: say so, and return to the person."""
    return redirect("wagtailusers_users:edit", user.pk) if _refused(request, [user]) else None


def before_bulk_action(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Stop a bulk deletion with such a person in it: say who, delete none, return to the list."""
    people = [one for one in objects if isinstance(one, get_user_model())]
    if action_type != "delete" or not _refused(request, people):
        return None
    return redirect(action.next_url)


def _refused(request: HttpRequest, people: Iterable[Any]) -> bool:
    found = [(person, in_the_way(person)) for person in people]
    for person, count in found:
        if count:
            messages.error(request, refusal(person.get_full_name() or person.get_username(), count))
    return any(count for _person, count in found)
