"""Everything that comes out: every persona follows every link, asks for every agreement, searches for every word."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from leder.agreements.models import Agreement, Round
from leder.agreements.views.guard.recent import SESSION_KEY
from tests.access.addresses import every_address
from tests.access.world import CMS_GROUPS, OUTSIDERS
from tests.canary import channels
from tests.canary.attempts import attempt
from tests.canary.cast import HANDED, STRANGERS
from tests.canary.channels import Heard, visible_text
from tests.canary.crawling import Crawl
from tests.canary.marking import WORD, Marker
from tests.canary.planting import Planting
from tests.canary.visiting import Sighting, Visitor
from tests.clock import LONG_AGO
from tests.pages.editor import posted

CMS = ("superuser", *CMS_GROUPS)
# What stock administration answers to, and what it would export or list by.
HOSTILE = (
    "leader__password__startswith", "person__password__startswith", "agreements__entries__ciphertext__contains",
    "agreements__comments__ciphertext__contains", "q", "o", "e", "export", "format",
)  # fmt: skip
APIS = (
    "/api/v2/",
    "/api/v2/pages/",
    "/api/v3/",
    "/api/v3/pages/",
    "/api/",
    "/graphql/",
    "/admin/",
    "/django-admin/",
)
# As for an agreement that nobody has, and where the address takes no GET.
MISSING = frozenset({404, 405})
NONSENSE = f"{WORD}zzzz"


@dataclass
class Evidence:
    """What was found, by channel, and what was done to find it."""

    planting: Planting
    crawls: dict[str, Crawl] = field(default_factory=dict)
    attempted: dict[str, int] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    asked: int = 0
    previewed: int = 0
    reminded: int = 0
    heard: Heard = field(default_factory=Heard)
    silent: list[Sighting] = field(default_factory=list)

    @property
    def sightings(self) -> list[Sighting]:
        """All of them."""
        return [*self.planting.visitor.sightings, *self.heard.sightings, *self.silent]

    def by(self, channel: str) -> list[Sighting]:
        """What came out by one channel."""
        return [each for each in self.sightings if each.channel == channel]


def gather(planting: Planting) -> Evidence:
    """Do all of it."""
    evidence = Evidence(planting)
    evidence.heard.sightings += planting.heard.sightings
    with channels.listening() as heard:
        evidence.attempted = attempt(planting)
        crawl_all(evidence)
        ask_for_every_agreement(evidence)
        search_for_words(evidence)
        preview_pages(evidence)
        send_reminders(evidence)
    evidence.heard.sightings += heard.sightings
    evidence.heard.records = heard.records + planting.heard.records
    evidence.heard.mails = heard.mails + planting.heard.mails
    evidence.heard.tasks = heard.tasks + planting.heard.tasks
    evidence.heard.calendars = heard.calendars + planting.heard.calendars
    evidence.silent += [*channels.cached(), *channels.sessions()]
    return evidence


def send_reminders(evidence: Evidence) -> None:
    """The daily run before and after each deadline. That they were sent is undone."""
    newest = Round.objects.latest("year")
    deadlines = (newest.conversation_due, newest.follow_up_from, newest.follow_up_due)
    for due, days in itertools.product(deadlines, (-14, -3, 0, 7)):
        # Tuesday of that week: digests go out from Monday to Friday.
        day = due + dt.timedelta(days=days - due.weekday() + 1)
        before = len(mail.outbox)
        with (
            time_machine.travel(dt.datetime.combine(day, dt.time(7), dt.UTC), tick=False),
            transaction.atomic(),
        ):
            call_command("leder_remind", stdout=io.StringIO())
            transaction.set_rollback(True)
        evidence.reminded += len(mail.outbox) - before


def crawl_all(evidence: Evidence) -> None:
    """Everybody follows links; each leader those of their own agreement."""
    planting = evidence.planting
    superiors = ("superior", "former_superior", *HANDED, *HANDED.values())
    for persona in (*STRANGERS, *OUTSIDERS, *superiors, "reader"):
        # What the others reach of the administration, the superuser reaches too.
        crawl = Crawl(planting.visitor, persona, instances=1 if persona in CMS else 3)
        crawl.thorough = persona == "superuser"
        evidence.crawls[persona] = crawl.run()
    for persona, own in _own(planting, planting.agreements.values(), ["leader"]).items():
        evidence.crawls[persona] = Crawl(planting.visitor, persona, instances=4).run(own, within="/leder/")
    stale = _own(planting, planting.in_each_state().values(), ["leader", "superior"])
    for persona, own in {**stale, "former_superior": ["/leder/delt/"], "reader": ["/leder/delt/"]}.items():
        _crawl_stale(evidence, persona, own)


def _own(planting: Planting, agreements: Iterable[Agreement], roles: list[str]) -> dict[str, list[str]]:
    """The addresses of some agreements, by the persona who is party to them."""
    own: dict[str, list[str]] = {}
    for agreement in agreements:
        for role in roles:
            own.setdefault(planting.party(agreement, role), []).append(f"/leder/avtale/{agreement.uuid}/")
    own.pop("", None)
    return own


def _crawl_stale(evidence: Evidence, persona: str, own: list[str]) -> None:
    """As one who signed in long ago."""
    planting, stale = evidence.planting, f"stale_{persona}"
    client = planting.visitor.clients[stale] = Client(raise_request_exception=False)
    client.force_login(planting.cast.people[persona])
    session = client.session
    session[SESSION_KEY] = LONG_AGO
    session.save()
    evidence.crawls[stale] = Crawl(planting.visitor, stale, instances=8).run(own, within="/leder/")


def ask_for_every_agreement(evidence: Evidence) -> None:
    """Who is no party asks for the addresses that the parties were led to, and for those that can be guessed."""
    planting = evidence.planting
    led_to = {path for crawl in evidence.crawls.values() for path in crawl.seen}
    thorough = {str(agreement.uuid) for agreement in planting.in_each_state().values()}
    for persona in (*STRANGERS, *OUTSIDERS, "former_superior", *HANDED, "reader", "leder06"):
        for key, agreement in planting.agreements.items():
            if persona in planting.rights.parties[key]:
                continue
            paths = [f"/leder/avtale/{key}/"]
            if key in thorough:
                paths += sorted(path for path in led_to | set(_guessed(agreement)) if key in path)
            evidence.silent += open_doors(planting.visitor, persona, paths)
            evidence.asked += len(paths)


def open_doors(visitor: Visitor, persona: str, paths: Iterable[str]) -> list[Sighting]:
    """Ask for addresses of an agreement that this persona is no party to: each is missing, or asks them to sign in."""
    answers = [visitor.get(persona, path) for path in paths]
    return [
        Sighting("door", f"{each.persona}: {each.path}", str(each.status))
        for each in answers
        if each.status not in MISSING and not each.location.startswith("/logg-inn/")
    ]


def _guessed(agreement: Agreement) -> Iterable[str]:
    """The addresses that take an agreement, whether anything leads to them or not."""
    values = {
        "uuid": agreement.uuid,
        "sid": agreement.form_edition.sections[0].id,
        "pk": 1,
    }
    for address in every_address():
        if "uuid" in address.arguments and set(address.arguments) <= set(values):
            yield address.path(values)


def search_for_words(evidence: Evidence) -> None:
    """Ask for a word that stands beside marks, and for one that stands nowhere: the answers must be the same."""
    planting = evidence.planting
    words = [next(iter(_texts(planting, agreement))).word for agreement in planting.in_each_state().values()]
    for persona in (*CMS, "employee", "superior", "former_superior", "reader"):
        asked = {("/sok/", "q")}
        if persona in ("superuser", "superior"):
            asked |= evidence.crawls[persona].questions
        if persona == "superuser":
            asked |= {(path, key) for path in _lists() for key in HOSTILE}
        for path, key in sorted(asked):
            evidence.told += [
                f"{persona}: {path}?{key}= knows {word}"
                for word in (words if (path, key) == ("/sok/", "q") else words[-1:])
                if tells(evidence, persona, path, key, word)
            ]
    for persona in ("superuser", "employee", "anonymous"):
        for path in (*APIS, *_lists("/cms/api/main/")):
            planting.visitor.get(persona, path)
            planting.visitor.get(persona, f"{path}?{urlencode({'fields': '*', 'limit': 100})}")


def preview_pages(evidence: Evidence) -> None:
    """Look at the published texts as their editors do before they publish."""
    planting = evidence.planting
    for persona in ("superuser", "editor"):
        for kind in ("landing", "platform", "letter", "form"):
            page = planting.cast.pages[kind]
            address = f"/cms/pages/{page.pk}/edit/preview/"
            answer = planting.visitor.post(persona, address, posted(page))
            evidence.previewed += json.loads(answer.body).get("is_valid", False)
            planting.visitor.get(persona, f"{address}?mode=")


def _texts(planting: Planting, agreement: Agreement) -> list[Marker]:
    key = str(agreement.uuid)
    return [
        each for each in planting.register.markers.values() if each.agreement == key and each.kind == "text"
    ]


def tells(evidence: Evidence, persona: str, path: str, key: str, word: str) -> bool:
    """Whether the answers differ, and do so again: a minute may pass between two, or a message be shown once."""
    return all(
        _answer(evidence, persona, path, key, word) != _answer(evidence, persona, path, key, NONSENSE)
        for _again in range(3)
    )


def _answer(evidence: Evidence, persona: str, path: str, key: str, word: str) -> tuple[int, str]:
    """What a reader can tell from the answer: its status and its words, but for the word that was asked for."""
    evidence.asked += 1
    answer = evidence.planting.visitor.get(persona, f"{path}?{urlencode({key: word})}")
    words = visible_text(answer.text) if answer.text else answer.body.decode(errors="replace")
    return answer.status, (words + answer.location).replace(word, "…")


def _lists(prefix: str = "/cms/leder/") -> list[str]:
    """The addresses of the CMS that list something and take no argument."""
    found = {f"/{address.template}" for address in every_address() if not address.arguments}
    return sorted(path for path in found if path.startswith(prefix) and "%" not in path)
