"""Tell which accounts are shut, and take the present state of all over where nothing has changed (after a restore)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from leder.agreements.access import accounts
from leder.agreements.models import KnownAccount


class Command(BaseCommand):
    """Without an option lists the accounts that are shut, by key. Changes nothing then."""

    help = "Lists accounts that are shut to the texts of agreements; --take-over knows all accounts as they stand now."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--take-over`, `--know-method`."""
        parser.add_argument(
            "--take-over",
            action="store_true",
            help=(
                "Know the account of everybody who can read agreements as it stands now. For an upgrade or a restore, "
                "which are no changes. Nobody is told; it stands in the log. What is shut stays shut."
            ),
        )

        parser.add_argument(
            "--know-method",
            metavar="BACKEND",
            default="",
            help="Know a way to sign in, by the backend's dotted name, of everybody: before the site brings another.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many, and whose by key, never a name."""
        if options["take_over"]:
            done = accounts.take_over(list(accounts.everybody().order_by("pk")))
            self.stdout.write(f"Accounts known as they stand now: {done}.")
        if options["know_method"]:
            done = accounts.know_method(options["know_method"])
            self.stdout.write(f"Accounts of which the way to sign in is known: {done}.")
        at = timezone.now()
        rows = KnownAccount.objects.filter(shut_at__isnull=False).order_by("shut_at", "pk")
        shut = [row for row in rows if row.is_shut_by_note(at)]
        self.stdout.write(f"Accounts that are shut: {len(shut)}.")
        for row in shut:
            self.stdout.write(f"user {row.pk}: {', '.join(row.lines('changes'))}; {self._until(row)}")

    def _until(self, row: KnownAccount) -> str:
        if row.refused_at is not None:
            return f"refused by user {row.refused_by_id}"
        opens_at = row.opens_at()
        if opens_at is not None:
            return f"opens at {timezone.localtime(opens_at):%Y-%m-%d %H:%M}"
        untold = [
            who
            for who, told in (("the person", row.person_told_at), ("the parties", row.parties_told_at))
            if told is None
        ]
        return f"not told yet: {', '.join(untold)}"
