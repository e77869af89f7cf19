"""The import in Wagtail's log: figures only."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from .actions import ACTION


def register_log_actions(actions: Any) -> None:
    """Hook of Wagtail's."""
    actions.register_action(ACTION, _("Import the organisation"), _("Organisation imported"))
