"""HR's acts of the year in Wagtail's log: figures and years, nobody's name but of the one who acted."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.log_actions import LogFormatter

from leder.year.daily import END_AGREEMENTS
from leder.year.opening import OPEN_AGREEMENTS, OPEN_ROUND


def register_log_actions(actions: Any) -> None:
    """Name the actions, for Wagtail's hook of the same name."""

    @actions.register_action(OPEN_ROUND)
    class OpenRound(LogFormatter):
        label = _("Open the year")

        def format_message(self, log_entry: Any) -> str:
            count = log_entry.data.get("leaders", 0)
            return ngettext(
                "Opened the year for %(count)s leader", "Opened the year for %(count)s leaders", count
            ) % {"count": count}

    @actions.register_action(OPEN_AGREEMENTS)
    class OpenAgreements(LogFormatter):
        label = _("Open agreements")

        def format_message(self, log_entry: Any) -> str:
            count = log_entry.data.get("agreements", 0)
            return ngettext("%(count)s agreement was opened", "%(count)s agreements were opened", count) % {
                "count": count
            }

    @actions.register_action(END_AGREEMENTS)
    class EndAgreements(LogFormatter):
        label = _("End agreements of those who have left")

        def format_message(self, log_entry: Any) -> str:
            count = log_entry.data.get("agreements", 0)
            return ngettext("%(count)s agreement was ended", "%(count)s agreements were ended", count) % {
                "count": count
            }
