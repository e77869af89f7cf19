"""See that nobody but the plugin has decided who may read, and that what was signed stands as it was."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from leder.safekeeping import heads
from leder.safekeeping.seals import Tally
from leder.safekeeping.taking_over import take_over
from leder.safekeeping.verification import findings


class Command(BaseCommand):
    """`manage.py leder_verify`: names every forged or broken row, and fails if there is one.

    `--texts` opens every text too. `--heads` prints where the chains of seals end, how many agreements each round has,
    and how many acts have changed each of them, and does nothing else; `--since FILE` compares with what it printed
    another day. `--take-over` signs the organisation and the deadlines as they stand, and does nothing else.
    """

    help = "Check all that is signed, and that it fits together; with --texts all texts too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--texts", action="store_true", help="open every text")
        parser.add_argument(
            "--heads",
            action="store_true",
            help="print where each chain of seals ends, and how inventories stand",
        )
        parser.add_argument(
            "--since",
            type=Path,
            metavar="FILE",
            help="what --heads printed, to see that nothing was set back",
        )

        parser.add_argument(
            "--take-over",
            action="store_true",
            help=(
                "sign positions, appointments and rounds as they stand now, and name each: after a script or a restore "
                "wrote them past the plugin. Look through what is named without it first: until then such an "
                "appointment gives no office"
            ),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["heads"]:
            for head in heads.heads():
                self.stdout.write(str(head))
            return
        if options["take_over"]:
            for line in take_over():
                self.stdout.write(line)
            return
        noted = self._noted(options["since"]) if options["since"] else []
        tally = Tally()
        count = 0
        for found in (findings(with_texts=options["texts"], tally=tally), heads.set_back(noted)):
            for finding in found:
                count += 1
                self.stdout.write(finding)
        if count:
            raise CommandError(f"{count} faults. {tally}")
        self.stdout.write(f"Everything is as the plugin wrote it. {tally}")

    def _noted(self, file: Path) -> list[heads.Noted]:
        try:
            return heads.parse(file.read_text(encoding="utf-8").splitlines())
        except heads.NotHeads as error:
            raise CommandError(f"{file}: line {error} is not one that --heads printed.") from error
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} can't be read.") from error
