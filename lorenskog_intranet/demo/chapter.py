"""One agreement of the example, as rows.

What the actions would have done one by one (`agreements.actions`, `conversations.actions`) is done here for
hundreds at a time and with times in the past: the same rows, the same ciphertext, the same records under the
seals.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from leder.agreements.access.grants import party_grant
from leder.agreements.answers import Payload, unfinished_goals
from leder.agreements.models import (
    Agreement,
    Comment,
    Entry,
    Event,
    Role,
    Round,
    Seal,
    SectionReview,
    Signature,
)
from leder.agreements.reading import log as reading_log
from leder.agreements.reading.texts import Text, Texts
from leder.agreements.seals.record import agreement_record, follow_up_record
from leder.agreements.sections.cited import cited_editions
from leder.agreements.states import State
from leder.agreements.vault.bindings import (
    SALT_BYTES,
    comment_binding,
    entry_binding,
    seal_binding,
    seal_place,
)
from leder.agreements.vault.cipher import Cipher, new_data_key
from leder.canonical import canonical, digest_of
from leder.conversations.models import Conversation
from leder.organisation.models import Position
from leder.pages.editions import Edition, Section
from lorenskog_intranet.demo.lives import Life
from lorenskog_intranet.demo.rows import Rows
from lorenskog_intranet.demo.writing import Writer

Goals = dict[str, list[dict[str, str]]]
SHORT_HISTORY = (Event.Kind.OPENED, Event.Kind.HELD, Event.Kind.SIGNED)


@dataclass(frozen=True)
class Seat:
    """Whom someone has an agreement with in a round, and for which position; `left` is when they left it."""

    round: Round
    position_id: int
    code: str
    title: str
    unit: str
    superior_id: int
    superior_position_id: int
    superior_title: str
    left: dt.datetime | None = None


@dataclass(frozen=True)
class World:
    """What all agreements share: people and positions by id, pinned texts by round, the permission of a grant."""

    people: Mapping[int, Any]
    positions: Mapping[int, Position]
    editions: Mapping[int, Mapping[str, Edition]]
    permission_id: int


@dataclass
class Chapter:
    """An agreement: what was written in it, said about it and signed, as far as its life has come.

    Unless `in_full` it has no remarks, fewer preparations and a short history; and what was replaced keeps its
    sections and signatures, but not its conversations and follow-up.
    """

    world: World
    rows: Rows
    seat: Seat
    life: Life
    writer: Writer
    in_full: bool
    texts: Texts = field(default_factory=Texts)
    agreement: Agreement = field(init=False)
    cipher: Cipher = field(init=False)

    def open(self, leader_id: int, previous: Agreement | None) -> Agreement:
        """Write the agreement itself, its key, its grants and its history; return it."""
        seat, life = self.seat, self.life
        self.agreement = agreement = self.rows.add(
            Agreement(
                uuid=self._new_uuid(),
                round=seat.round,
                leader=self.world.people[leader_id],
                superior=self.world.people[seat.superior_id],
                position=self.world.positions[seat.position_id],
                leader_title=seat.title,
                superior_position=self.world.positions[seat.superior_position_id],
                superior_title=seat.superior_title,
                unit_name=seat.unit,
                previous=previous,
                state=life.state,
                state_changed_at=life.state_changed,
                opened_at=life.opened,
                leader_ready_at=life.leader_ready,
                superior_ready_at=life.superior_ready,
                discussed_on=life.held.date() if life.held else None,
                signed_at=life.signed,
                follow_up_on=life.held_again.date() if life.held_again else None,
                **self.world.editions[seat.round.pk],
            )
        )
        for role in Role.values:
            if getattr(agreement, f"{role}_ready_at"):
                agreement.sign(f"{role}_ready_mac")
        data_key, self.cipher = new_data_key(agreement)
        self.rows.add(data_key)
        self.rows.add(reading_log.signed_head(agreement))
        for role, user_id in ((Role.LEADER, leader_id), (Role.SUPERIOR, seat.superior_id)):
            self.rows.add(party_grant(agreement, user_id, role, self.world.permission_id))
        for kind, actor_id, at in self._history():
            if at is not None and (self.in_full or kind in SHORT_HISTORY):
                self.rows.add(Event(agreement_id=agreement.pk, kind=kind, actor_id=actor_id, at=at))
        return agreement

    def write(self, carried: Goals) -> Goals:
        """Write what was written, said and signed; return the goals left unfinished, by kind of section."""
        sections = [section for section in self.agreement.form_edition.sections if section.takes_answers]
        first = [section for section in sections if not section.is_follow_up]
        life = self.life
        self._prepare(first)
        if life.written:
            self._agree(first, carried)
        self._sign(Seal.Kind.AGREEMENT, life.leader_signed, life.superior_signed)
        if self.in_full or life.state != State.REPLACED:
            self._converse()
            if life.held_again:
                self._follow_up(sections)
            self._sign(Seal.Kind.FOLLOW_UP, life.leader_confirmed, life.superior_confirmed)
        return {
            section.answer: unfinished_goals(
                self.texts.answers[section.id].payload,
                self.texts.progress[section.id].payload if section.id in self.texts.progress else None,
            )
            for section in first
            if section.goals and section.id in self.texts.answers
        }

    # -- Steps -----------------------------------------------------------------------------------------------

    def _history(self) -> list[tuple[Event.Kind, int | None, dt.datetime | None]]:
        life, leader, superior = self.life, self.agreement.leader_id, self.agreement.superior_id
        return [
            (Event.Kind.OPENED, superior, life.opened),
            (Event.Kind.CALLED, superior, life.called),
            (Event.Kind.READY, leader, life.leader_ready),
            (Event.Kind.READY, superior, life.superior_ready),
            (Event.Kind.PREPARED, None, life.prepared),
            (Event.Kind.HELD, superior, life.held),
            (Event.Kind.SIGNED, leader, life.leader_signed),
            (Event.Kind.SIGNED, superior, life.superior_signed),
            (Event.Kind.CALLED, superior, life.called_again),
            (Event.Kind.HELD, superior, life.held_again),
            (Event.Kind.CONFIRMED, leader, life.leader_confirmed),
            (Event.Kind.CONFIRMED, superior, life.superior_confirmed),
            (Event.Kind.REPLACED, None, life.replaced),
            (Event.Kind.ENDED, None, life.ended),
        ]

    def _prepare(self, sections: list[Section]) -> None:
        """Each one's preparation; begun by some of those who have not said ready."""
        state = self.life.state
        if self.writer.slot.scene == "untouched" and state == State.OPENED:
            return
        if not self.in_full and state not in (State.OPENED, State.PREPARED):
            return
        for role, ready in (
            (Role.LEADER, self.life.leader_ready),
            (Role.SUPERIOR, self.life.superior_ready),
        ):
            if ready is None and (self.life.held or self.writer.random.random() < 0.6):
                continue
            for section in sections if ready else sections[:1]:
                payload = self.writer.preparation(section, superior=role == Role.SUPERIOR)
                at = ready or self.life.opened + dt.timedelta(hours=2)
                self._entry(section, Entry.Kind.PREPARATION, payload, at, role)

    def _converse(self) -> None:
        life, first, again = self.life, Conversation.Kind.FIRST, Conversation.Kind.FOLLOW_UP
        self._conversation(first, life.called, life.starts, is_held=life.held is not None)
        self._conversation(again, life.called_again, life.starts_again, is_held=life.held_again is not None)

    def _conversation(
        self, kind: str, called: dt.datetime | None, starts: dt.datetime | None, *, is_held: bool
    ) -> None:
        if called is None or starts is None:
            return
        identity = self._new_uuid()
        details = self.cipher.seal(self.writer.invitation(), "conversation", identity)
        self.rows.add(
            Conversation(
                uuid=identity,
                agreement_id=self.agreement.pk,
                kind=kind,
                status=Conversation.Status.HELD if is_held else Conversation.Status.CALLED,
                starts_at=starts,
                minutes=self.writer.random.choice((60, 90)),
                details=details,
                called_by_id=self.agreement.superior_id,
                created_at=called,
            )
        )

    def _agree(self, sections: list[Section], carried: Goals) -> None:
        """What the two write in the sections, their remarks, and the superior's approval."""
        at = self.life.written or self.life.opened
        signed = self.life.leader_signed or self.life.superior_signed
        for section in sections:
            cited = next(iter(cited_editions(self.agreement, section)), None)
            payload = self.writer.answer(section, cited, carried.get(section.answer, [])[:1])
            self.texts.answers[section.id] = self._entry(section, Entry.Kind.ANSWER, payload, at)
            if not self.in_full:
                continue
            for superior in (True, False)[: self.writer.random.randint(0, 2)]:
                self._comment(section, at, superior=superior)
            if signed or self.writer.random.random() < 0.5:
                self._approve(section, at + dt.timedelta(minutes=55))

    def _comment(self, section: Section, at: dt.datetime, *, superior: bool) -> None:
        minutes = self.writer.random.randint(1, 50) + (0 if superior else 60)
        comment = Comment(
            uuid=self._new_uuid(),
            agreement_id=self.agreement.pk,
            section_id=section.id,
            author_id=self.agreement.superior_id if superior else self.agreement.leader_id,
            created_at=at + dt.timedelta(minutes=minutes),
        )
        text = self.writer.comment(superior=superior)
        comment.ciphertext = self.cipher.seal({"text": text}, *comment_binding(comment))
        self.rows.add(comment)

    def _approve(self, section: Section, at: dt.datetime) -> None:
        self.rows.add(
            SectionReview(
                agreement_id=self.agreement.pk,
                section_id=section.id,
                verdict=SectionReview.Verdict.APPROVED,
                version=self.texts.answers[section.id].version,
                by_id=self.agreement.superior_id,
                at=at,
            )
        )

    def _follow_up(self, sections: list[Section]) -> None:
        """How the goals stand, and the answers to the prompts."""
        at = self.life.held_again or self.life.opened
        for section in sections:
            if section.is_follow_up:
                payload = self.writer.follow_up(section)
                self.texts.answers[section.id] = self._entry(section, Entry.Kind.ANSWER, payload, at)
            elif section.goals and (self.in_full or section.private):
                payload = self.writer.progress(self.texts.answers[section.id].payload["goals"])
                self.texts.progress[section.id] = self._entry(section, Entry.Kind.PROGRESS, payload, at)

    def _sign(self, kind: Seal.Kind, leader_at: dt.datetime | None, superior_at: dt.datetime | None) -> None:
        """The seal that stands, and the signatures on it, by those who have signed."""
        signed = {Role.LEADER: leader_at, Role.SUPERIOR: superior_at}
        times = {role: at for role, at in signed.items() if at is not None}
        if not times:
            return
        record_of = agreement_record if kind == Seal.Kind.AGREEMENT else follow_up_record
        text = canonical({**record_of(self.agreement, self.texts), "salt": secrets.token_hex(SALT_BYTES)})
        seal = Seal(
            uuid=self._new_uuid(),
            agreement=self.agreement,
            kind=kind,
            sha256=digest_of(text),
            created_at=min(times.values()),
        )
        seal.ciphertext = self.cipher.seal_text(text, *seal_binding(seal))
        self.rows.add(seal)
        for role, at in times.items():
            place = self.writer.signed_at() if kind == Seal.Kind.AGREEMENT else ""
            signer_id = self.agreement.leader_id if role == Role.LEADER else self.agreement.superior_id
            signature = Signature(seal_id=seal.pk, role=role, signer_id=signer_id, signed_at=at)
            signature.seal = seal
            seal_place(signature, place, self.cipher)
            signature.sign()
            self.rows.add(signature)

    # -- Parts -----------------------------------------------------------------------------------------------

    def _entry(
        self, section: Section, kind: Entry.Kind, payload: Payload, at: dt.datetime, role: str = ""
    ) -> Text:
        author = self.agreement.superior if role == Role.SUPERIOR else self.agreement.leader
        entry = Entry(
            agreement_id=self.agreement.pk,
            section_id=section.id,
            kind=kind,
            role=role,
            version=self.writer.random.randint(1, 9),
            author_id=author.pk,
            updated_at=at,
        )
        entry.ciphertext = self.cipher.seal(payload, *entry_binding(entry))
        self.rows.add(entry)
        return Text(payload, entry.version, author, at)

    def _new_uuid(self) -> uuid.UUID:
        return uuid.UUID(self.writer.new_id())
