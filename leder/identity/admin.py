"""What Wagtail's user administration and an import of the organisation tell us, before they change accounts and after.

Before, so that it is known what stood there; after, so that what was changed is told at once, and not at night.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest

from leder.identity import actions


def before_edit_user(request: HttpRequest, user: Any) -> None:
    """Look at an account that is about to be changed. A page that is only shown changes nothing."""
    if request.method == "POST":
        actions.look_at([user.pk])


def after_edit_user(request: HttpRequest, user: Any) -> None:
    """Look at an account that was changed: password, address, active or not."""
    actions.look_at([user.pk], made_now=True)


def look_at_several(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> None:
    """Look at several accounts, before and after they are changed at once: nobody's own doing alone."""
    actions.look_at([each.pk for each in objects if isinstance(each, get_user_model())])


def look_at_accounts(pks: Collection[Any]) -> None:
    """Look at accounts, before and after an import changes them."""
    actions.look_at(pks)
