"""Make the demo of the site: the front page, then the plugin's example below it."""

import json
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from wagtail.models import Page, Site

from leder.pages.rich_text import as_stored_by_editor
from lorenskog_intranet.home.models import HomePage


class Command(BaseCommand):
    """`manage.py site_demo`: takes what `leder_demo` takes; safe to run again."""

    help = "Make the front page and the plugin's example (texts, organisation, agreements)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--leaders", type=int, default=250, help="number of leader positions (250)")
        parser.add_argument("--years", type=int, default=3, help="years of agreements, 1 to 3 (3)")
        parser.add_argument("--seed", type=int, default=1, help="another number gives other people (1)")
        parser.add_argument("--text", type=Path, default=Path("fixtures/text"), help="folder of the texts")

    def handle(self, *args: Any, **options: Any) -> None:
        make_front_page(options["text"])
        given = {name: options[name] for name in ("leaders", "years", "seed", "text")}
        call_command("leder_demo", stdout=self.stdout, **given)


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
