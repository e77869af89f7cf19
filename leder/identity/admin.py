"""What Wagtail's user administration and an import of the organisation tell us, before they change accounts and after.

Before, so that it is known what stood there; after, so that what was changed is told at once, and not at night.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest

from leder.identity import actions, hr


def before_edit_user(request: HttpRequest, user: Any) -> None:
    """Look at an account that is about to be changed. A page that is only shown changes nothing."""
    if request.method == "POST":
        actions.look_at([user.pk])


def after_edit_user(request: HttpRequest, user: Any) -> None:
    """Look at an account that was changed: password, address, active or not; and at who is in HR by it."""
    actions.look_at([user.pk], made_now=True)
    hr.look()


def after_create_user(request: HttpRequest, user: Any) -> None:
    """Look at who is in HR by a new account."""
    hr.look()


def before_bulk_action(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> None:
    """Look at several accounts that are about to be changed at once."""
    actions.look_at(_people(objects))


def after_bulk_action(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> None:
    """Look at several accounts that were changed at once, and at who is in HR by it."""
    if people := _people(objects):
        actions.look_at(people, made_now=True)
        hr.look()


def look_at_accounts(pks: Collection[Any], *, made_now: bool = False) -> None:
    """Look at accounts, before an import changes them and after."""
    actions.look_at(pks, made_now=made_now)


def _people(objects: Iterable[Any]) -> list[Any]:
    return [each.pk for each in objects if isinstance(each, get_user_model())]
