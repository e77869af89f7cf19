"""Send the reminders that are due. Run it once a day, in the morning."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from leder.reminders.actions import remind


class Command(BaseCommand):
    """Sends each who is to be reminded one digest a week at most. Safe to run again."""

    help = "Sends reminders: one digest a person and week at most, to those whose turn it is."

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, and say how many, never to whom. Fails (exit 1) when the mail server does not answer."""
        outcome = remind(today=timezone.localdate())
        self.stdout.write(f"Sent {outcome.sent} digests of reminders.")
        if outcome.failed:
            self.stdout.write(f"Not sent: {outcome.failed}. The next run tries them again.")
        if outcome.broken_off:
            raise CommandError("The mail server does not answer. The next run sends the rest.")
