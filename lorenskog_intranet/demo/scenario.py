"""The whole example, step by step: texts, roles, organisation, agreements."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from leder.organisation.models import Unit
from leder.oversight.coverage.actions import refresh_counts
from lorenskog_intranet.demo.agreements import make_rounds, write_agreements
from lorenskog_intranet.demo.example_text import load_example_text
from lorenskog_intranet.demo.organisation import Plan, plan_organisation, save_organisation
from lorenskog_intranet.demo.shape import Slot
from lorenskog_intranet.demo.sign_ins import write_sign_ins
from lorenskog_intranet.demo.writing import Sentences

# From this number of leaders on, only the first municipality is written in full.
LARGE = 2000
# A new year's work begins when so many days are left of the old one.
DAYS_BEFORE_NEW_YEAR = 61


class OtherOrganisationError(Exception):
    """There already is an organisation, and it is not the example."""


@dataclass(frozen=True)
class Size:
    """How large the example is, and the seed it is drawn from."""

    leaders: int
    years: int
    seed: int


def is_there() -> bool:
    """Whether the example has been made. Raises OtherOrganisationError when there is a real organisation."""
    if not Unit.objects.exists():
        return False
    if Unit.objects.filter(code="1-0").exists():
        return True
    raise OtherOrganisationError


def work_year(today: dt.date) -> int:
    """The year whose agreements are being made: next year's from November on."""
    return (today + dt.timedelta(days=DAYS_BEFORE_NEW_YEAR)).year


@transaction.atomic
def build(*, size: Size, text: Path, organisation: Path, say: Callable[[str], None]) -> None:
    """Make the example, all or nothing; `say` is told how it goes.

    `text` holds the example text and `organisation` the lists of names, the shape and the sentences; raises
    FileNotFoundError where one is missing.
    """
    now = timezone.now()
    today = timezone.localdate(now)
    shape, names = (_load(organisation / f"{name}.json") for name in ("shape", "names"))
    sentences = Sentences.load(organisation)
    # Editions hold words in the language of the moment; the example is in the language of the site.
    with translation.override(settings.LANGUAGE_CODE):
        say(_("Texts …"))
        pages = load_example_text(text, parent=None, work_year=work_year(today))
        call_command("leder_roles", verbosity=0, stdout=_Silence())
        plan = plan_organisation(shape, names, leaders=size.leaders, seed=size.seed, today=today)
        say(
            _("Organisation: %(units)s units, %(positions)s positions, %(people)s people …")
            % {"units": len(plan.units), "positions": len(plan.slots), "people": len(plan.people)}
        )
        save_organisation(plan)
        _put_in_groups(plan)
        rounds = make_rounds(pages, work_year=work_year(today), years=size.years, today=today)
        count = write_agreements(
            rounds=rounds,
            slots=plan.slot_of,
            sentences=sentences,
            seed=size.seed,
            now=now,
            in_full=lambda slot: size.leaders <= LARGE or _is_first(slot),
            report=_Progress(say).tell,
        )
        write_sign_ins(seed=size.seed, now=now)
        refresh_counts()
    say(_("%(count)s agreements in %(years)s years.") % {"count": count, "years": len(rounds)})


def _is_first(slot: Slot) -> bool:
    """Whether the position is in the first municipality, where the people one signs in as are."""
    return slot.code.startswith("1-")


def _put_in_groups(plan: Plan) -> None:
    users: Any = get_user_model()._default_manager
    for person in plan.people:
        if person.groups:
            users.get(username=person.username).groups.set(Group.objects.filter(name__in=person.groups))


def _load(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return read


class _Silence:
    """Where a command's own words go when it is a step of another."""

    def write(self, text: str) -> None:
        """Drop the text."""


class _Progress:
    """Says how far the writing has come, at every tenth."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.told = 0

    def tell(self, done: int, total: int) -> None:
        """Take note of how many are done."""
        tenth = done * 10 // total
        if tenth > self.told:
            self.told = tenth
            self.say(_("Agreements: %(percent)s %% …") % {"percent": tenth * 10})
