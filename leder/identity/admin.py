"""What Wagtail's user administration tells us."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from leder.identity import actions


def after_edit_user(request: HttpRequest, user: Any) -> None:
    """Look at the way in of somebody whose account was changed: another e-mail address is told at once."""
    actions.note(user=user)
