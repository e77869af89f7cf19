"""Make the demo of the site: the front page, then texts, an invented organisation, and its leaders' agreements."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from leder.pages.rich_text import as_stored_by_editor
from lorenskog_intranet.demo.scenario import OtherOrganisationError, Size, build, is_there
from lorenskog_intranet.home.models import HomePage

LEAST_LEADERS = 12
MOST_YEARS = 3


class Command(BaseCommand):
    """`manage.py site_demo`: the same example for the same seed and day. Does nothing when it is there already."""

    help = "Make the front page, texts, an invented organisation of any size, and three years of agreements."

    def add_arguments(self, parser: CommandParser) -> None:
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
            with transaction.atomic():
                make_front_page(options["text"])
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


@transaction.atomic
def make_front_page(folder: Path) -> None:
    """Publish the front page and let the default site begin there, unless it does already."""
    if HomePage.objects.exists():
        return
    text = json.loads((folder / "home.json").read_text(encoding="utf-8"))
    root = Page.get_first_root_node()
    welcome = root.get_children().first()
    introduction = as_stored_by_editor(
        text["introduction"], HomePage._meta.get_field("introduction").features, "home/introduction"
    )
    front = HomePage(title=text["title"], slug="forsiden", introduction=introduction)
    root.add_child(instance=front)
    front.save_revision(log_action=True).publish()
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": "localhost",
            "port": 80,
            "root_page": front,
            "site_name": "Lørenskog intranett",
        },
    )
    # Wagtail's own “Welcome” page, which the new front page takes the place of.
    if welcome is not None and not welcome.specific_class._meta.label.startswith("home."):
        welcome.refresh_from_db()
        welcome.delete()
