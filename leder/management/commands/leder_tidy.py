"""Delete what the plugin has promised to delete. Run it once a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from leder.conversations.actions import delete_unshared_preparations


class Command(BaseCommand):
    """Deletes preparations never opened to the other party, on the date the round states. Safe to run again."""

    help = "Deletes preparations that were never opened to the other party, when the round's stated date has come."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and say how many, never whose."""
        deleted = delete_unshared_preparations(today=timezone.localdate())
        self.stdout.write(f"Deleted {deleted} preparation texts that were never shared.")
