"""Bring the year's agreements in line with the organisation. Run it once a day."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from leder.year.daily import bring_in_line, newest_open_round


class Command(BaseCommand):
    """Ends the agreements of those who have left, hands over, opens those of the newly appointed. Safe to run again."""

    help = "Brings the year's agreements in line with the organisation: those who have left, the newly appointed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--confirm", action="store_true", help="end agreements also where they are unusually many"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how many, never whose."""
        for outcome in bring_in_line(confirmed=options["confirm"]):
            self.stdout.write(f"{outcome.label}: {outcome.count}.")
        if newest_open_round(timezone.localdate()) is None:
            self.stdout.write("No year is open: nobody was given an agreement.")
