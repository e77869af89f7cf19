"""A leader's agreements through the years, as rows.

What the actions would have done one by one (`agreements.actions`, `conversations.actions`) is done here for
hundreds at a time and with times in the past: the same rows, the same ciphertext, the same records under the
seals.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.auth.models import Permission

from leder.agreements.actions.signing import SALT_BYTES
from leder.agreements.answers import Payload, unfinished_goals
from leder.agreements.models import (
    Agreement,
    AgreementUserObjectPermission,
    Comment,
    Entry,
    Event,
    Role,
    Round,
    Seal,
    SectionReview,
)
from leder.agreements.reading import Text, Texts, comment_place, entry_place, seal_place
from leder.agreements.record import agreement_record, cited_editions, digest, follow_up_record
from leder.agreements.states import State
from leder.agreements.vault import Cipher, new_data_key
from leder.conversations.models import Conversation
from leder.demo.lives import Life, cut, draw_life, draw_scene, opens, with_follow_up_ahead
from leder.demo.organisation import Slot
from leder.demo.people import draw
from leder.demo.rows import Rows
from leder.demo.writing import Sentences, Writer
from leder.pages.editions import Edition, Section

Goals = dict[str, list[dict[str, str]]]


@dataclass(frozen=True)
class Seat:
    """Whom someone has an agreement with in a round, and for which position."""

    round: Round
    position_id: int
    code: str
    title: str
    unit: str
    superior_id: int
    superior_title: str
    left: dt.datetime | None = None


@dataclass
class Biographer:
    """Writes leaders' agreements into rows. `editions` are the pinned texts by round, `newest` the newest
    year.
    """

    people: Mapping[int, Any]
    editions: Mapping[int, Mapping[str, Edition]]
    newest: int
    permission: Permission
    sentences: Sentences
    slots: Mapping[str, Slot]
    seed: int
    now: dt.datetime

    def write(self, person_id: int, seats: list[Seat], rows: Rows, *, in_full: bool) -> None:
        """Add a leader's agreements, earlier years first."""
        previous: Agreement | None = None
        unfinished: Goals = {}
        for seat, life in zip(seats, self._lives(seats), strict=True):
            if life is None:
                continue
            random = draw("agreement", self.seed, seat.round.year, seat.code)
            chapter = Chapter(
                self, seat, life, Writer(self.sentences, random, self.slots[seat.code], seat.round.year)
            )
            previous = chapter.open(self.people[person_id], previous, rows)
            unfinished = chapter.write(rows, unfinished, in_full=in_full)

    def _lives(self, seats: list[Seat]) -> list[Life | None]:
        """The lives as they stand now. The signature of one year's agreement replaces the one before."""
        lives: list[Life | None] = []
        replaced: dt.datetime | None = None
        for seat in reversed(seats):
            life = self._whole_life(seat)
            if life is not None:
                life = cut(replace(life, replaced=replaced, ended=None if replaced else seat.left), self.now)
            replaced = life.signed if life else None
            lives.insert(0, life)
        return lives

    def _whole_life(self, seat: Seat) -> Life | None:
        slot = self.slots[seat.code]
        random = draw("life", self.seed, seat.round.year, seat.code)
        if slot.scene and seat.round.year == self.newest:
            return draw_scene(random, slot.scene, self.now)
        life = draw_life(random, seat.round.year, opens(seat.round.year, self.now.date()))
        if slot.scene == "untouched" and seat.round.year == self.newest - 1:
            # Last year's follow-up is still to be held: something to do besides the new agreement.
            life = with_follow_up_ahead(random, life, self.now)
        return life


@dataclass
class Chapter:
    """One agreement: what was written in it, said about it and signed, as far as its life has come."""

    book: Biographer
    seat: Seat
    life: Life
    writer: Writer
    texts: Texts = field(default_factory=Texts)
    agreement: Agreement = field(init=False)
    cipher: Cipher = field(init=False)

    def open(self, leader: Any, previous: Agreement | None, rows: Rows) -> Agreement:
        """Add the agreement itself, its key, its grants and its history; return it."""
        seat, life = self.seat, self.life
        self.agreement = agreement = Agreement(
            uuid=uuid.UUID(self.writer.new_id()),
            round=seat.round,
            leader=leader,
            superior=self.book.people[seat.superior_id],
            position_id=seat.position_id,
            leader_title=seat.title,
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
            **self.book.editions[seat.round.pk],
        )
        data_key, self.cipher = new_data_key(agreement)
        rows.agreements.append(agreement)
        rows.add(data_key)
        for user_id in (agreement.leader_id, agreement.superior_id):
            rows.add(
                AgreementUserObjectPermission(
                    user_id=user_id, permission=self.book.permission, content_object=agreement
                )
            )
        for kind, actor_id, at in self._history():
            if at is not None:
                rows.add(Event(agreement=agreement, kind=kind, actor_id=actor_id, at=at))
        return agreement

    def write(self, rows: Rows, carried: Goals, *, in_full: bool) -> Goals:
        """Add what was written, said and signed; return the goals left unfinished, by kind of section."""
        sections = [section for section in self.agreement.form_edition.sections if section.takes_answers]
        first = [section for section in sections if not section.is_follow_up]
        self._prepare(rows, first, in_full=in_full)
        self._converse(rows)
        if self.life.written:
            for section in first:
                self._write_section(rows, section, carried.get(section.answer, [])[:1])
            self._discuss(rows, first, in_full=in_full)
        if self.life.held_again:
            self._follow_up(rows, sections)
        self._sign(rows, in_full=in_full)
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

    def _prepare(self, rows: Rows, sections: list[Section], *, in_full: bool) -> None:
        """Each one's preparation; begun by some who have not said ready. Short examples keep those still in
        use.
        """
        slot = self.writer.slot
        if slot.scene == "untouched" and self.life.state == State.OPENED:
            return
        if not in_full and self.life.state not in (State.OPENED, State.PREPARED):
            return
        for role, ready in ((Role.LEADER, self.life.leader_ready), (Role.SUPERIOR, self.life.superior_ready)):
            if ready is None and (self.life.held or self.writer.random.random() < 0.6):
                continue
            for section in sections if ready else sections[:1]:
                payload = self.writer.preparation(section, superior=role == Role.SUPERIOR)
                at = ready or self.life.opened + dt.timedelta(hours=2)
                self._entry(rows, section, Entry.Kind.PREPARATION, payload, at, role=role)

    def _converse(self, rows: Rows) -> None:
        for kind, called, starts, held in (
            (Conversation.Kind.FIRST, self.life.called, self.life.starts, self.life.held),
            (
                Conversation.Kind.FOLLOW_UP,
                self.life.called_again,
                self.life.starts_again,
                self.life.held_again,
            ),
        ):
            if called is None or starts is None:
                continue
            conversation = Conversation(
                uuid=uuid.UUID(self.writer.new_id()),
                agreement=self.agreement,
                kind=kind,
                status=Conversation.Status.HELD if held else Conversation.Status.CALLED,
                starts_at=starts,
                minutes=self.writer.random.choice((60, 90)),
                called_by_id=self.agreement.superior_id,
                created_at=called,
            )
            conversation.details = self.cipher.seal(
                self.writer.invitation(), "conversation", conversation.uuid
            )
            rows.add(conversation)

    def _write_section(self, rows: Rows, section: Section, carried: list[dict[str, str]]) -> None:
        cited = next(iter(cited_editions(self.agreement, section)), None)
        payload = self.writer.answer(section, cited, carried)
        at = self.life.written or self.life.opened
        self.texts.answers[section.id] = self._entry(rows, section, Entry.Kind.ANSWER, payload, at)

    def _discuss(self, rows: Rows, sections: list[Section], *, in_full: bool) -> None:
        """Remarks and the superior's approval. Where no one has signed, a section may wait for its review."""
        agreement, random, at = self.agreement, self.writer.random, self.life.written or self.life.opened
        signed = self.life.leader_signed or self.life.superior_signed
        for section in sections:
            for superior in (True, False)[: random.randint(0, 2 if in_full else 1)]:
                author_id = agreement.superior_id if superior else agreement.leader_id
                comment = Comment(
                    uuid=uuid.UUID(self.writer.new_id()),
                    agreement=agreement,
                    section_id=section.id,
                    author_id=author_id,
                    created_at=at + dt.timedelta(minutes=random.randint(1, 50) + (0 if superior else 60)),
                )
                text = self.writer.comment(superior=superior)
                comment.ciphertext = self.cipher.seal({"text": text}, *comment_place(comment))
                rows.add(comment)
            if signed or random.random() < 0.5:
                rows.add(
                    SectionReview(
                        agreement=agreement,
                        section_id=section.id,
                        verdict=SectionReview.Verdict.APPROVED,
                        version=self.texts.answers[section.id].version,
                        by_id=agreement.superior_id,
                        at=at + dt.timedelta(minutes=55),
                    )
                )

    def _follow_up(self, rows: Rows, sections: list[Section]) -> None:
        at = self.life.held_again or self.life.opened
        for section in sections:
            if section.is_follow_up:
                payload = self.writer.follow_up(section)
                self.texts.answers[section.id] = self._entry(rows, section, Entry.Kind.ANSWER, payload, at)
            elif section.goals:
                payload = self.writer.progress(self.texts.answers[section.id].payload["goals"])
                self.texts.progress[section.id] = self._entry(rows, section, Entry.Kind.PROGRESS, payload, at)

    def _sign(self, rows: Rows, *, in_full: bool) -> None:
        life = self.life
        for kind, leader_at, superior_at, record_of in (
            (Seal.Kind.AGREEMENT, life.leader_signed, life.superior_signed, agreement_record),
            (Seal.Kind.FOLLOW_UP, life.leader_confirmed, life.superior_confirmed, follow_up_record),
        ):
            at = {role: at for role, at in ((Role.LEADER, leader_at), (Role.SUPERIOR, superior_at)) if at}
            if not at:
                continue
            record = record_of(self.agreement, self.texts) if in_full else self._short_record(kind)
            salted = {**record, "salt": secrets.token_hex(SALT_BYTES)}
            seal = Seal(
                uuid=uuid.UUID(self.writer.new_id()),
                agreement=self.agreement,
                kind=kind,
                sha256=digest(salted),
                created_at=min(at.values()),
            )
            seal.ciphertext = self.cipher.seal(salted, *seal_place(seal))
            rows.add(seal)
            for role, signed_at in at.items():
                signer = self.agreement.leader_id if role == Role.LEADER else self.agreement.superior_id
                place = self.writer.signed_at() if kind == Seal.Kind.AGREEMENT else ""
                rows.add_signature(seal, role, signer, signed_at, self.cipher, place)

    def _short_record(self, kind: Seal.Kind) -> dict[str, Any]:
        """A record that names the agreement and holds no text: an example of the size, not of the content."""
        return {"format": 1, "kind": kind.value, "agreement": str(self.agreement.uuid), "sections": []}

    def _entry(
        self,
        rows: Rows,
        section: Section,
        kind: Entry.Kind,
        payload: Payload,
        at: dt.datetime,
        role: str = "",
    ) -> Text:
        superior_wrote = role == Role.SUPERIOR
        entry = Entry(
            agreement=self.agreement,
            section_id=section.id,
            kind=kind,
            role=role,
            version=self.writer.random.randint(1, 9),
            author=self.agreement.superior if superior_wrote else self.agreement.leader,
            updated_at=at,
        )
        entry.ciphertext = self.cipher.seal(payload, *entry_place(entry))
        rows.add(entry)
        return Text(payload, entry.version, entry.author, at)
