"""What the log of HR's acts says about oversight: figures and names that went out in a file."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from leder.oversight.completion.tables import EXPORTED


def register_log_actions(actions: Any) -> None:
    """Register the actions of oversight (hook `register_log_actions`)."""
    actions.register_action(EXPORTED, _("Export completion"), _("Completion was exported to a file"))
