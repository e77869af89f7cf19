"""A password validator that hears of every new password."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from leder.identity import actions


class TellOfChange:
    """For AUTH_PASSWORD_VALIDATORS: refuses no password, but has a change told to those it concerns.

    Django calls it for every password it sets (pages, commands, Wagtail), not when it strengthens a stored one.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Accept any password."""

    def password_changed(self, password: str, user: Any = None) -> None:
        """Tell the person and the other parties. The password itself is not looked at."""
        if user is not None:
            actions.note([user], password_was_set=True, made_now=True)

    def get_help_text(self) -> str:
        """Say what follows, where a new password is asked for."""
        return _(
            "If you can read what stands in a leader agreement, you and its parties are told that the password is new."
        )
