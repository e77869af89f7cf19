"""`manage.py leder_handover`: carry out the handovers whose day has come."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from leder.handover.actions import carry_out_due


class Command(BaseCommand):
    """Run it daily, before anybody comes to work. Safe to run again."""

    help = "Carry out the planned handovers whose day has come."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Carry them out, and say how many."""
        counts = carry_out_due(timezone.localdate())
        for status in ("carried_out", "lapsed", "waiting", "stopped", "planned"):
            # "waiting" can still be stopped; "planned" is what was left alone: a row that the plugin has not signed.
            self.stdout.write(f"{status}: {counts[status]}")
