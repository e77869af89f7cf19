"""The suite finds what it looks for: each guard is broken once, and the finder of that channel sees what came out."""

from __future__ import annotations

import base64
import gzip
import json
import logging
import sys
import types
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path, reverse
from django_tasks import task
from wagtail.admin.menu import admin_menu
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin

from leder import conf, errors
from leder.agreements import actions, rules
from leder.agreements.access import pairs
from leder.agreements.actions import base
from leder.agreements.models import Access, Agreement, Comment
from leder.agreements.models.agreement import AgreementQuerySet, held_by
from leder.agreements.reading import current as reading
from leder.agreements.vault import cipher as vault
from leder.agreements.vault.bindings import comment_binding
from leder.agreements.views import agreement as agreement_view
from leder.agreements.views import comment as comment_view
from leder.management.commands import leder_tidy
from lorenskog_intranet import urls as site_urls
from lorenskog_intranet.errors import ContentFreeFormatter
from tests.canary import channels
from tests.canary.crawling import Crawl
from tests.canary.evidence import Evidence, open_doors, tells
from tests.canary.marking import Marker
from tests.canary.planting import Planting
from tests.canary.visiting import Sighting, Visitor
from tests.databases import copied_database

Leak = Callable[[HttpRequest, str], object]


@pytest.fixture
def broken(planting: Planting) -> Iterator[Planting]:
    """The planting in one more copy of the database, which a leak may be written to, with nothing seen yet."""
    visitor = Visitor(planting.register, planting.rights, planting.cast.clients)
    with copied_database():
        yield Planting(planting.cast, planting.register, visitor, planting.agreements, planting.lives)


def crawled(planting: Planting, persona: str, agreement: Agreement) -> list[Sighting]:
    """What a persona's way through an agreement's pages shows."""
    Crawl(planting.visitor, persona, instances=4).run(
        [f"/leder/avtale/{agreement.uuid}/"], within="/leder/avtale/"
    )
    return planting.visitor.sightings


def channels_of(sightings: list[Sighting]) -> set[str]:
    return {each.channel for each in sightings}


# -- Who reads what --------------------------------------------------------------------------------------


def test_a_stranger_for_whom_agreements_exist(broken: Planting, monkeypatch: pytest.MonkeyPatch) -> None:
    let_everybody_in(monkeypatch)
    paths = [f"/leder/avtale/{key}/" for key in broken.agreements]
    for persona in ("superuser", "employee"):
        assert len(open_doors(broken.visitor, persona, paths)) == len(paths)


def test_a_stranger_who_counts_as_a_party(broken: Planting, monkeypatch: pytest.MonkeyPatch) -> None:
    let_everybody_in(monkeypatch)
    monkeypatch.setattr(Agreement, "role_of", lambda self, user: "leader")
    agreement = broken.in_each_state()["discussed"]
    assert "page" in channels_of(crawled(broken, "superuser", agreement))


def test_a_new_superior_who_is_of_the_former_pair(broken: Planting, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if what is private were nobody's in particular: each kind of it is seen where it should not be."""
    for module in (pairs, reading, rules, base):
        monkeypatch.setattr(module, "pair_of", lambda *given: pairs.FIRST)
    key = next(key for key in broken.rights.before if broken.agreements[key].state == "discussed")
    agreement = broken.agreements[key]
    seen = crawled(broken, broken.party(agreement, "superior"), agreement)
    assert any("address='leder:comment'" in each.mark and "private=True" in each.mark for each in seen)


def test_a_document_that_a_stranger_gets(broken: Planting, monkeypatch: pytest.MonkeyPatch) -> None:
    let_everybody_in(monkeypatch)
    monkeypatch.setattr(Agreement, "role_of", lambda self, user: "leader")
    for state in ("discussed", "signed"):
        broken.visitor.sightings.clear()
        broken.visitor.get("superuser", f"/leder/avtale/{broken.in_each_state()[state].uuid}/dokument.pdf")
        assert "page" in channels_of(broken.visitor.sightings), state


def test_a_document_that_shows_private_parts_unasked(
    broken: Planting, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = broken.in_each_state()["signed"]
    party = broken.party(agreement, "leader")
    broken.visitor.clients = {**broken.visitor.clients, f"stale_{party}": broken.visitor.clients[party]}
    broken.visitor.get(f"stale_{party}", f"/leder/avtale/{agreement.uuid}/dokument.pdf")
    assert any("private=True" in each.mark for each in broken.visitor.sightings)


def let_everybody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if agreements existed for everybody."""

    def anybodys(
        agreements: AgreementQuerySet, user: Any, *, recent: bool, new_device: bool = False
    ) -> Access | None:
        found = agreements.first()
        return Access(found, user, "leader", recent) if found else None

    monkeypatch.setattr(AgreementQuerySet, "access_for", anybodys)
    # Whoever asks has it under this name.
    for module in [each for each in sys.modules.values() if vars(each).get("held_by") is held_by]:
        monkeypatch.setattr(module, "held_by", lambda user, **_what: Agreement.objects.all())


def test_a_version_that_another_reads(broken: Planting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "may_read_version", lambda access, version: True)
    key = next(key for key in broken.rights.before if broken.agreements[key].state == "discussed")
    agreement = broken.agreements[key]
    seen = crawled(broken, broken.party(agreement, "superior"), agreement)
    assert any("kind='alone'" in each.mark for each in seen)


def test_a_preparation_that_opens_too_early(broken: Planting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "preparations_are_open", lambda agreement: True)
    agreement = broken.in_each_state()["opened"]
    seen = crawled(broken, broken.party(agreement, "leader"), agreement)
    assert any("kind='preparation'" in each.mark for each in seen)


def test_a_private_part_without_a_recent_sign_in(broken: Planting, monkeypatch: pytest.MonkeyPatch) -> None:
    agreement = broken.in_each_state()["discussed"]
    stale = f"stale_{broken.party(agreement, 'leader')}"
    broken.visitor.clients = {
        **broken.visitor.clients,
        stale: broken.visitor.clients[stale.removeprefix("stale_")],
    }
    monkeypatch.setattr(conf, "reauth_minutes", lambda: 10**9)
    assert any("private=True" in each.mark for each in crawled(broken, stale, agreement))


def test_a_share_that_shows_what_is_not_shared(broken: Planting, monkeypatch: pytest.MonkeyPatch) -> None:
    rights = broken.rights
    monkeypatch.setattr(
        rights, "shared", {("reader", key, "") for _who, key, part in rights.shared if not part}
    )
    Crawl(broken.visitor, "reader", instances=4).run(["/leder/delt/"], within="/leder/delt/")
    assert "page" in channels_of(broken.visitor.sightings)


# -- What goes out beside the page -----------------------------------------------------------------------


@task()
def remember(text: str) -> None:
    """A task that is given what somebody wrote."""


def mail_it(request: HttpRequest, text: str) -> None:
    message = EmailMultiAlternatives("Ny kommentar", "Se avtalen.", to=["a@example.org"])
    message.attach_alternative(f"<p>{text}</p>", "text/html")
    message.send()


def attach_it(request: HttpRequest, text: str) -> None:
    message = EmailMultiAlternatives("Innkalling", "Se avtalen.", to=["a@example.org"])
    message.attach("innkalling.ics", f"DESCRIPTION:{text}".encode(), "application/ics")
    message.send()


def complain(request: HttpRequest, text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError:
        logging.getLogger("leder.agreements").warning("A comment failed", exc_info=True)


def index_it(request: HttpRequest, text: str) -> None:
    page = Page.objects.get(slug="ledelse").specific
    page.title = text
    get_search_backend().add(page)


def note_in_history(request: HttpRequest, text: str) -> None:
    log(instance=Page.objects.get(slug="ledelse"), action="wagtail.edit", data={"text": text})


LEAKS: dict[str, tuple[str, Leak]] = {
    "a log line": (
        "log",
        lambda request, text: logging.getLogger("leder.agreements").debug("Saves %s", text),
    ),
    "a log line of another": ("log", lambda request, text: logging.getLogger("django.server").info(text)),
    "an argument of a log line": (
        "log record",
        lambda request, text: logging.getLogger("x").info("a %.0s", text),
    ),
    "an error in the log": ("log record", complain),
    "a mail": ("mail", mail_it),
    "an attachment of a mail": ("mail", attach_it),
    "a task": ("task", lambda request, text: remember.enqueue(text)),
    "a session": ("session", lambda request, text: request.session.__setitem__("draft", text)),
    "a cache": ("cache", lambda request, text: cache.set("draft", {"text": text})),
    "a key of a cache": ("cache", lambda request, text: cache.set(text.split()[0], 1)),
    "an uploaded file": (
        "file",
        lambda request, text: default_storage.save("a.txt", ContentFile(text.encode())),
    ),
    "a file": (
        "file",
        lambda request, text: (Path(settings.VAR) / "canary.csv.gz").write_bytes(packed(text)),
    ),
    "a message": ("cookie", lambda request, text: messages.info(request, text * 20)),
    "a history": ("table", note_in_history),
    "a search index": ("table", index_it),
}


def packed(text: str) -> bytes:
    return gzip.compress(text.encode())


@pytest.mark.parametrize("name", LEAKS)
def test_a_text_that_goes_elsewhere(broken: Planting, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    channel, leak = LEAKS[name]

    def leaking(request: HttpRequest) -> None:
        leak(request, request.POST["text"])

    monkeypatch.setattr(comment_view, "signed_out_or_other", leaking)
    files = set(channels.all_files())
    try:
        with channels.listening() as heard:
            marker = comment(broken)
        found = [*heard.sightings, *broken.visitor.sightings]
        found += [*channels.sessions(), *channels.cached(), *channels.files(), *channels.tables()]
        assert (channel, marker.text) in {(each.channel, each.mark) for each in found}
    finally:
        for added in set(channels.all_files()) - files:
            added.unlink()


@pytest.mark.parametrize("leak", ["header", "cookie", "address"])
def test_an_answer_that_says_more(broken: Planting, leak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def talking(*args: Any, **kwargs: Any) -> Any:
        typed = next(reversed(broken.register.markers))
        answer = redirect(f"/leder/min-side/?draft={typed}" if leak == "address" else "/")
        if leak == "header":
            answer["X-Draft"] = typed
        if leak == "cookie":
            answer.set_cookie("draft", base64.b64encode(zlib.compress(typed.encode() * 5)).decode())
        return answer

    monkeypatch.setattr(comment_view, "redirect", talking)
    comment(broken)
    assert ("header" if leak == "address" else leak) in channels_of(broken.visitor.sightings)


def rewritten(monkeypatch: pytest.MonkeyPatch, words: str, others: str) -> None:
    """Let the agreement page come with other words in the place of some."""

    def page(*args: Any, **kwargs: Any) -> HttpResponse:
        response = render(*args, **kwargs)
        response.content = response.content.decode().replace(words, others)
        return response

    monkeypatch.setattr(agreement_view, "render", page)


@pytest.mark.parametrize(
    ("channel", "markup"), [("title", "<title>{}"), ("address", '<a href="/leder/min-side/?draft={}">a</a>')]
)
def test_a_page_that_says_it_in_the_wrong_place(
    broken: Planting, channel: str, markup: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = next(iter(broken.register.markers))
    rewritten(monkeypatch, "<title>", markup.format(mark) + "<title>"[:-7])
    agreement = broken.in_each_state()["discussed"]
    Crawl(broken.visitor, broken.party(agreement, "leader")).run([f"/leder/avtale/{agreement.uuid}/"])
    assert channel in channels_of(broken.visitor.sightings)


def comment(planting: Planting, status: int = 302) -> Marker:
    """Let a leader write a comment by the form; returns its mark."""
    agreement = planting.in_each_state()["discussed"]
    persona = planting.party(agreement, "leader")
    marker = planting.register.mark(
        agreement=str(agreement.uuid), kind="posted", author="leader", address="leder:comment", field="proof"
    )
    address = reverse("leder:comment", args=[agreement.uuid, agreement.form_edition.sections[0].id])
    answer = planting.visitor.post(persona, address, {"text": marker.written()})
    assert answer.status == status
    return marker


# -- Errors ----------------------------------------------------------------------------------------------


def fails(_access: Access, **given: Any) -> None:
    raise ValueError(f"can't store {given['text']}")


@pytest.mark.parametrize("channel", ["mail", "log"])
def test_an_error_that_quotes(
    broken: Planting, channel: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(actions, "add_comment", fails)
    # The plugin's own guard, and then the site's.
    monkeypatch.setattr(errors, "_told", lambda error: error)
    if channel == "mail":
        settings.DEFAULT_EXCEPTION_REPORTER = "django.views.debug.ExceptionReporter"
    else:
        monkeypatch.setattr(ContentFreeFormatter, "formatException", logging.Formatter.formatException)
    with channels.listening() as heard:
        marker = comment(broken, status=500)
    assert (channel, marker.text) in {(each.channel, each.mark) for each in heard.sightings}


# -- What is stored --------------------------------------------------------------------------------------


def test_a_text_that_is_not_sealed(broken: Planting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault.Cipher, "seal", lambda self, payload, *place: json.dumps(payload).encode())
    marker = comment(broken)
    assert ("leder_comment.ciphertext", marker.text) in {
        (each.where, each.mark) for each in channels.tables()
    }
    # Binary columns are written out in hexadecimal and base64.
    assert channels.said_by("dumpdata")
    if channels.can_dump():
        assert channels.database_dump()
    if channels.database_files():
        assert marker.text in {each.mark for each in channels.database_files()}
    else:
        assert settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3"


def test_a_name_that_tells(broken: Planting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Comment, "__str__", opened)
    assert channels.names()


def opened(thing: Comment) -> str:
    return str(vault.cipher_of(thing.agreement).open(thing.ciphertext, *comment_binding(thing))["text"])


def test_a_command_that_tells(broken: Planting, monkeypatch: pytest.MonkeyPatch) -> None:
    def tell(self: Any, **_options: Any) -> None:
        self.stdout.write(opened(Comment.objects.first()))

    monkeypatch.setattr(leder_tidy.Command, "handle", tell)
    assert channels.said_by("leder_tidy")
    assert "leder_tidy" in channels.own_commands()


# -- Searching and administration ------------------------------------------------------------------------


class ForSuperusers(PermissionHelper):
    """As if the texts had permissions to hand out."""

    def user_can_list(self, user: Any) -> bool:
        return bool(user.is_superuser)


class CommentAdmin(ModelAdmin):
    """An administration of what people have written."""

    model = Comment
    list_display = ("words",)
    permission_helper_class = ForSuperusers

    def words(self, thing: Comment) -> str:
        return opened(thing)


def test_an_administration_of_what_is_written(
    broken: Planting, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    admin = CommentAdmin()
    urlconf = types.ModuleType("with_administration")
    addresses = path("cms/", include(list(admin.get_admin_urls_for_registration())))
    urlconf.urlpatterns = [addresses, *site_urls.urlpatterns]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = urlconf
    menu = [*admin_menu.registered_menu_items, admin.get_menu_item()]
    monkeypatch.setitem(admin_menu.__dict__, "registered_menu_items", menu)
    # The menu of any page leads there.
    Crawl(broken.visitor, "superuser").run(["/cms/leder/units/"], within="/cms/leder/")
    assert "page" in channels_of(broken.visitor.sightings)


def test_a_search_that_knows(broken: Planting) -> None:
    evidence, marker = Evidence(broken), next(iter(broken.register.markers.values()))
    assert not tells(evidence, "employee", "/sok/", "q", marker.word)
    index_it(HttpRequest(), marker.written())
    assert tells(evidence, "employee", "/sok/", "q", marker.word)


def test_a_form_that_only_the_page_has(broken: Planting, monkeypatch: pytest.MonkeyPatch) -> None:
    form = '<form method="post" action="kommentar/"><textarea name="overlooked"></textarea></form></body>'
    rewritten(monkeypatch, "</body>", form)
    agreement = broken.in_each_state()["discussed"]
    crawl = Crawl(broken.visitor, broken.party(agreement, "leader")).run([f"/leder/avtale/{agreement.uuid}/"])
    assert {name for _address, name in crawl.writable} >= {"overlooked"}
