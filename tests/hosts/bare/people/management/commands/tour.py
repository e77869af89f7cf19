"""Set the site up by its commands, sign in, and open Min side. Prints what came of each as JSON, for the tests."""

import datetime as dt
import importlib.util
import io
import json
import re
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from leder.agreements.models import Round
from leder.organisation.models import Appointment, Position, Unit
from people.models import Person

PASSWORD = "til å logge inn med"  # noqa: S105


def command(name: str, **options: Any) -> str:
    """What a command says; it ends the tour when it fails."""
    said = io.StringIO()
    call_command(name, stdout=said, **options)
    return said.getvalue()


def begin(position: Position, name: str) -> Person:
    """A new person who has a position."""
    person = Person.objects.create_user(f"{name}@nabokommunen.example".lower(), PASSWORD, first_name=name)
    Appointment.objects.create(position=position, person=person, starts=dt.date(2020, 1, 1))
    return person


def open_round() -> None:
    """This year's, so that Min side lists those who report to one."""
    page, year = Page.get_first_root_node(), timezone.localdate().year
    last = dt.date(year, 12, 31)
    Round.objects.create(
        year=year,
        platform_page=page,
        letter_page=page,
        form_page=page,
        opened_at=timezone.now(),
        conversation_due=dt.date(year, 3, 31),
        follow_up_from=dt.date(year, 8, 1),
        follow_up_due=last,
        unshared_deleted_on=last,
        text_deleted_on=last,
    )


def visit(superior: Person) -> dict[str, Any]:
    """Min side before and after signing in, and the files that it links."""
    browser = Client()
    my_page = reverse("leder:my_page")
    before = browser.get(my_page)
    form = {"username": superior.email, "password": PASSWORD, "next": my_page}
    sent_to = browser.post(reverse("wagtailadmin_login"), form).headers["Location"]
    page = browser.get(my_page)
    text = page.content.decode()
    linked = re.findall(rf'(?:href|src)="{re.escape(settings.STATIC_URL)}([^"#]+)[^"]*"', text)
    return {
        "before": before.status_code,
        "sent_to": sent_to,
        "status": page.status_code,
        "text": text,
        "linked": linked,
        "missing": [name for name in linked if finders.find(name) is None],
    }


class Command(BaseCommand):
    """`manage.py tour`."""

    def handle(self, *args: Any, **options: Any) -> None:
        commands = {
            "check": command("check", fail_level="WARNING"),
            "migrate": command("migrate", verbosity=1),
            "makemigrations": command("makemigrations", check_changes=True, dry_run=True),
            "showmigrations": command("showmigrations"),
            "leder_roles": command("leder_roles"),
        }
        unit = Unit.objects.create(code="1", name="Nabokommunen", kind="municipality")
        post = {"unit": unit, "group": 1, "hta_chapter": "3.4.1"}
        above = Position.objects.create(code="1", title="Kommunedirektør", **post)
        below = Position.objects.create(code="2", title="Kommunalsjef", reports_to=above, **post)
        open_round()
        superior, _leader = begin(above, "Siri"), begin(below, "Torbjørg")
        found = {name: importlib.util.find_spec(name) for name in ("leder", "lorenskog_intranet", "axes")}
        modules = {name: spec.origin if spec else None for name, spec in found.items()}
        self.stdout.write(json.dumps({"commands": commands, "visit": visit(superior), "modules": modules}))
