"""See that nobody but the plugin has decided who may read."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from leder.safekeeping.verification import findings


class Command(BaseCommand):
    """`manage.py leder_verify [--texts]`: names every forged or broken row, and fails if there is one."""

    help = "Check grants, shares, ready dates, reading logs and data keys; with --texts also texts and seals."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--texts", action="store_true", help="open every text and compare every seal")

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for finding in findings(with_texts=options["texts"]):
            count += 1
            self.stdout.write(finding)
        if count:
            raise CommandError(f"{count} faults.")
        self.stdout.write("Everything is as the plugin wrote it.")
