"""Count how many have taken up each assignment of the steering letter. Run it once a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from leder.oversight.coverage.actions import refresh_counts


class Command(BaseCommand):
    """Renews the published counts where enough agreements have been signed since last time. Safe to run again."""

    help = "Counts how many have taken up each assignment of the steering letter, as figures with a floor."

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, and say how many counts were renewed."""
        self.stdout.write(f"Counts renewed: {refresh_counts()}.")
