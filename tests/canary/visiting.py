"""Requests whose answers are searched: body, headers, cookies, title. What should not be there becomes a sighting."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from tests.canary.html import title_of
from tests.canary.marking import ZIP_HEAD, Marker, Register, find, find_deep
from tests.pdf import PDF_HEAD, all_of

# Of what stands from before a handover, where it is not private: the new superior reads it as the one before did.
HANDED_OVER = frozenset(
    {"leder:section", "leder:follow_up_progress", "leder:comment", "leder:review", "leder:sign"}
)
SHARED_TEXT = frozenset({"leder:section", "leder:follow_up_progress"})


@dataclass(frozen=True)
class Sighting:
    """A mark that came out where it should not: by which channel, where, which."""

    channel: str
    where: str
    mark: str

    def __str__(self) -> str:
        return f"{self.channel}: {self.where}: {self.mark}"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    persona: str
    method: str
    path: str
    status: int
    kind: str
    location: str
    body: bytes
    marks: frozenset[str]

    @property
    def text(self) -> str:
        """The body of a page; "" of anything else."""
        return self.body.decode(errors="replace") if self.kind == "text/html" else ""


@dataclass(frozen=True)
class Before:
    """What stood in an agreement when it was handed over: every mark, and which roles had said ready."""

    marks: frozenset[str]
    ready: frozenset[str]


@dataclass
class Rights:
    """Whom each agreement is for: persona → role, and which roles have said ready. Kept beside the code, not by it."""

    parties: dict[str, dict[str, str]] = field(default_factory=dict)
    ready: dict[str, set[str]] = field(default_factory=dict)
    # Who is shown what: (persona, agreement, section), an empty section for the whole.
    shared: set[tuple[str, str, str]] = field(default_factory=set)
    # Who has signed an agreement in an office they have left.
    signed: set[tuple[str, str]] = field(default_factory=set)
    # What is from before a handover, by agreement.
    before: dict[str, Before] = field(default_factory=dict)

    def may_read(self, persona: str, marker: Marker, *, recent: bool) -> bool:
        """R2 and R5: the two parties; a preparation is its author's until both are ready.

        So is for ever an earlier version that the other was never shown. What is private, and what others than the
        two are shown, needs a recent sign-in. They are shown what is shared with them, never preparations or
        comments; and what they signed, as it was signed. A new superior reads of what stood before only what is not
        private, and no conversation or preparation.
        """
        role = self.parties.get(marker.agreement, {}).get(persona)
        if marker.kind == "posted" or (not recent and (marker.private or role is None)):
            return False
        if role is None:
            return self._is_shared(persona, marker) or self._has_signed(persona, marker)
        before = self.before.get(marker.agreement)
        is_from_before = before is not None and marker.text in before.marks
        if is_from_before and role == "superior":
            return marker.kind == "text" and not marker.private and marker.address in HANDED_OVER
        ready = before.ready if before and is_from_before else self.ready.get(marker.agreement, ())
        both_ready = len(ready) == 2
        if marker.kind == "alone":
            return marker.author == role
        return marker.kind != "preparation" or marker.author == role or both_ready

    def _is_shared(self, persona: str, marker: Marker) -> bool:
        parts = {part for who, key, part in self.shared if (who, key) == (persona, marker.agreement)}
        if marker.kind == "purpose":
            return marker.section in parts
        return marker.address in SHARED_TEXT and bool(parts & {"", marker.section})

    def _has_signed(self, persona: str, marker: Marker) -> bool:
        is_in_record = marker.address == "leder:section" and marker.kind == "text"
        return is_in_record and (persona, marker.agreement) in self.signed


@dataclass
class Visitor:
    """Sends requests as the personas, and keeps what was seen. `stale` personas signed in long ago."""

    register: Register
    rights: Rights
    clients: dict[str, Client]
    sightings: list[Sighting] = field(default_factory=list)
    read: dict[str, set[str]] = field(default_factory=dict)
    count: int = 0

    def get(self, persona: str, path: str, **headers: str) -> Answer:
        """GET as a persona."""
        return self._visit(persona, "GET", path, headers=headers)

    def post(
        self, persona: str, path: str, data: dict[str, Any], *, client: Client | None = None, **headers: str
    ) -> Answer:
        """POST as a persona, or from another browser of theirs. What was posted may be shown to them again."""
        return self._visit(persona, "POST", path, data=data, client=client, headers=headers)

    def _visit(
        self,
        persona: str,
        method: str,
        path: str,
        *,
        headers: dict[str, str],
        data: dict[str, Any] | None = None,
        client: Client | None = None,
    ) -> Answer:
        client = client or self.clients[persona]
        response = getattr(client, method.lower())(
            path, *([data] if data is not None else []), headers=headers
        )
        body = b"".join(response.streaming_content) if response.streaming else response.content
        answer = Answer(
            persona=persona,
            method=method,
            path=path,
            status=response.status_code,
            kind=response.get("Content-Type", "").partition(";")[0],
            location=response.get("Location", ""),
            body=body,
            marks=frozenset(_marks_in(body)),
        )
        self.count += 1
        self._look_at(answer, response, find(str(data)) if data else set())
        return answer

    def _look_at(self, answer: Answer, response: Any, posted: set[str]) -> None:
        where = f"{answer.persona}: {answer.method} {answer.path} ({answer.status})"
        recent = not answer.persona.startswith("stale_")
        who = answer.persona.removeprefix("stale_")
        for mark in answer.marks - posted:
            marker = self.register.markers.get(mark)
            if marker is None or not self.rights.may_read(who, marker, recent=recent):
                self.sightings.append(Sighting("page", where, f"{mark} {marker or ''}"))
        if recent:
            self.read.setdefault(who, set()).update(answer.marks - posted)
        # Nobody's, not even the parties' own: these stay in histories and logs along the way.
        for channel, data in (
            ("header", "\n".join(f"{name}: {value}" for name, value in response.items())),
            ("cookie", response.cookies.output()),
            ("title", title_of(answer.text)),
            ("address", answer.path),
        ):
            self.sightings += [Sighting(channel, where, mark) for mark in find_deep(data)]


def _marks_in(body: bytes) -> set[str]:
    """The marks in what came back: in files in an archive, and on the pages of a PDF, as who opens them reads them."""
    if body.startswith(PDF_HEAD):
        return find(all_of(body))
    return find_deep(body) if body.startswith(ZIP_HEAD) else find(body)
