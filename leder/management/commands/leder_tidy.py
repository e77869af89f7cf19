"""Delete what the plugin has promised to delete, and tell of changed accounts. Run it once a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from wagtail import hooks

from leder import pace
from leder.conversations.actions import delete_unshared_preparations
from leder.identity import confirming, hr, sign_ins
from leder.identity.actions import note_all
from leder.organisation.importing.actions import delete_old
from leder.safekeeping import inventories
from leder.safekeeping.deletion import delete_due_texts, delete_due_versions

# What a site deletes of its own on the same day: functions that return a line on what they did.
STEP = "leder_tidy_step"


class Command(BaseCommand):
    """Deletes what was never opened to the other party, and texts for good, on the dates the round states.

    Safe to run again.
    """

    help = "Deletes unshared preparations, and the text of old agreements for good, on the dates the round states."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and say how many, never whose."""
        today = timezone.localdate()
        deleted = delete_unshared_preparations(today=today)
        self.stdout.write(f"Deleted {deleted} preparation texts that were never shared.")
        versions = delete_due_versions(now=timezone.now())
        self.stdout.write(f"Deleted {versions} earlier versions of what both have signed.")
        self.stdout.write(f"Deleted the text of {delete_due_texts(today=today)} agreements for good.")
        self.stdout.write(f"Deleted {delete_old()} organisation files that nobody went on with.")
        self.stdout.write(
            f"People of whom it was told again, because mail had not gone: {confirming.tell_again()}."
        )
        self.stdout.write(f"People whose changed account was told: {note_all()}.")
        self.stdout.write(f"People in HR who can hand over now, or can no longer: {hr.look()}.")
        self.stdout.write(f"Accounts that opened by themselves: {confirming.open_by_time()}.")
        self.stdout.write(f"Accounts that open nothing any more, and were forgotten: {confirming.forget()}.")
        self.stdout.write(f"Deleted {sign_ins.delete_old()} sign-ins that people are shown no longer.")
        self.stdout.write(f"Rounds whose state was told to the log: {inventories.log_rounds()}.")
        self.stdout.write(f"Deleted {pace.tidy()} files with the times of what may not be done too often.")
        for step in hooks.get_hooks(STEP):
            self.stdout.write(step())
