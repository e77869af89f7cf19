"""Requests as any persona, each one undone afterwards and searched for text the persona may not read.

The title of a page outside the CMS names no person and quotes nobody, whoever reads: it stays in the browser's history.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from django.db import connection, transaction
from django.test import Client

from leder.agreements.views.guard import recent
from tests.access.world import MARKER, World
from tests.clock import LONG_AGO
from tests.factories import FOLLOW_UP_SECTION, PRIVATE_SECTION
from tests.pdf import PDF_HEAD, all_of

PRIVATE_SECTIONS = {PRIVATE_SECTION, FOLLOW_UP_SECTION}

WRITE = re.compile(
    r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+"?(?P<table>\w+)', re.IGNORECASE
)
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
# What a request may write without anybody having changed anything.
BOOKKEEPING = {"django_session", "lorenskog_intranet_signintry", "wagtailadmin_editingsession"}

# What being shown a text writes, on a page or as a document, and nothing else does.
READING_LOG = {
    "leder_reading",
    "leder_readinghead",
    "leder_issueddocument",
    "leder_issuedfile",
    "leder_version",
}


@dataclass(frozen=True)
class Answer:
    """What came back: status, where to, which markers stand in it, and which tables the request wrote to."""

    persona: str
    method: str
    path: str
    status: int
    location: str
    markers: frozenset[str]
    changed: frozenset[str] = frozenset()
    title: str = ""

    @property
    def to_sign_in(self) -> bool:
        return self.status == 302 and self.location.startswith("/logg-inn/")

    @property
    def to_confirm(self) -> bool:
        return self.status == 302 and self.location.startswith("/logg-inn/bekreft/")

    def __str__(self) -> str:
        to = f" → {self.location}" if self.location else ""
        return f"{self.persona}: {self.method} {self.path} gave {self.status}{to}"


@dataclass
class Visitor:
    """Sends requests as the people of the world."""

    world: World
    seen: list[Answer] = field(default_factory=list)

    def get(self, persona: str, path: str, data: dict[str, Any] | None = None) -> Answer:
        """GET as a persona. Fails at once on a marker the persona may not read."""
        return self._visit(persona, "GET", path, data)

    def post(self, persona: str, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Answer:
        """POST as a persona. The answer says which tables were written to before it was undone."""
        return self._visit(persona, "POST", path, data, **kwargs)

    def ask(self, persona: str, method: str, path: str, data: Any, *, channel: str) -> Answer:
        """Ask as a browser does ("page"), as the page's script ("script"), or long after the sign-in ("stale")."""
        if channel == "script":
            return self._visit(persona, method, path, data, headers={"Accept": "application/json"})
        if channel == "page":
            return self._visit(persona, method, path, data)
        client = self.world.clients[persona]
        with transaction.atomic():
            if recent.SESSION_KEY in (session := client.session):
                session[recent.SESSION_KEY] = LONG_AGO
                session.save()
            answer = self._visit(persona, method, path, data)
            transaction.set_rollback(True)
        # Nothing private is shown then, whoever asks: neither text nor what is said about it.
        private = {m for m in answer.markers if self.world.markers[m].section in PRIVATE_SECTIONS}
        assert not private, f"{answer}, long after the sign-in, and showed {private}"
        return answer

    def _visit(self, persona: str, method: str, path: str, data: Any, **kwargs: Any) -> Answer:
        client: Client = self.world.clients[persona]
        cookies = client.cookies.copy()
        writes = Writes()
        with transaction.atomic():
            with connection.execute_wrapper(writes):
                response = getattr(client, method.lower())(path, data or {}, **kwargs)
                body = b"".join(response.streaming_content) if response.streaming else response.content
                text = all_of(body) if body.startswith(PDF_HEAD) else body.decode(errors="replace")
            transaction.set_rollback(True)
        client.cookies = SimpleCookie(cookies)
        answer = Answer(
            persona=persona,
            method=method,
            path=path,
            status=response.status_code,
            location=response.get("Location", ""),
            markers=frozenset(MARKER.findall(text)),
            changed=frozenset(writes.tables - BOOKKEEPING),
            title=html.unescape(found[1]).strip() if (found := TITLE.search(text)) else "",
        )
        self._must_be_readable(answer)
        if not path.startswith("/cms/"):
            self._title_must_tell_nothing(answer)
        return answer

    def _must_be_readable(self, answer: Answer) -> None:
        for text in answer.markers:
            marker = self.world.markers[text]
            assert self.world.may_read(answer.persona, marker, answer.path), f"{answer}, and showed {marker}"

    def _title_must_tell_nothing(self, answer: Answer) -> None:
        told = [words for words in self.world.private_words if words in answer.title]
        assert not told + MARKER.findall(answer.title), f"{answer}, with the title “{answer.title}”"


class Writes:
    """Notes the tables that statements write to."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := WRITE.match(sql):
            self.tables.add(found["table"])
        return execute(sql, params, many, context)
