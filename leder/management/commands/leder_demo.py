"""Make the example: texts, an invented organisation, and its leaders' agreements through the years."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from leder.demo.scenario import OtherOrganisationError, Size, build, is_there

LEAST_LEADERS = 12
MOST_YEARS = 3


class Command(BaseCommand):
    """`manage.py leder_demo`: the same example for the same seed and day. Does nothing when it is there
    already.
    """

    help = "Make the example: texts, an invented organisation of any size, and three years of agreements."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--leaders", type=int, default=250, help="number of leader positions (250)")
        parser.add_argument("--years", type=int, default=MOST_YEARS, help="years of agreements, 1 to 3 (3)")
        parser.add_argument("--seed", type=int, default=1, help="another number gives other people (1)")
        parser.add_argument("--text", type=Path, default=Path("fixtures/text"), help="folder of the texts")
        parser.add_argument(
            "--organisation",
            type=Path,
            default=Path("fixtures/organisation"),
            help="folder of the names, the shape of the organisation and the sentences",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        size = Size(options["leaders"], options["years"], options["seed"])
        if size.leaders < LEAST_LEADERS or not 1 <= size.years <= MOST_YEARS:
            raise CommandError(
                _("Give at least %(leaders)s leaders, and from 1 to %(years)s years.")
                % {"leaders": LEAST_LEADERS, "years": MOST_YEARS}
            )
        try:
            if is_there():
                self._say(_("The example is already there. Nothing was changed."))
                return
            build(size=size, text=options["text"], organisation=options["organisation"], say=self._say)
        except OtherOrganisationError as error:
            raise CommandError(
                _("There is an organisation here that is not the example. Use an empty database.")
            ) from error
        except FileNotFoundError as error:
            raise CommandError(_("%(path)s is missing.") % {"path": error.filename}) from error

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
