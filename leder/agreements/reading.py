"""The one way to what the parties have written: `open_texts`, for a reader and an agreement."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass, field
from typing import Any

from leder.agreements import rules
from leder.agreements.models import Agreement, Comment, Entry, Seal, Signature
from leder.agreements.vault import Buffer, Cipher, DamagedText, cipher_of

logger = logging.getLogger("leder.agreements")


@dataclass(frozen=True)
class Text:
    """An opened text: its payload (see `answers`), version, and who wrote it last and when."""

    payload: dict[str, Any]
    version: int
    author: Any
    updated_at: dt.datetime


@dataclass(frozen=True)
class CommentText:
    """An opened comment."""

    author: Any
    text: str
    created_at: dt.datetime


@dataclass
class Texts:
    """All that a reader may read of one agreement. `damaged` names sections whose text did not open."""

    answers: dict[str, Text] = field(default_factory=dict)
    progress: dict[str, Text] = field(default_factory=dict)
    preparations: dict[tuple[str, str], Text] = field(default_factory=dict)
    comments: dict[str, list[CommentText]] = field(default_factory=dict)
    damaged: set[str] = field(default_factory=set)

    def preparation(self, role: str, section_id: str) -> Text | None:
        """Return one party's preparation of a section, if it is open to the reader."""
        return self.preparations.get((role, section_id))


def open_texts(*, reader: Any, agreement: Agreement) -> Texts:
    """Open everything in the agreement that this reader may read now.

    Asks `rules.may_read_entry` for each entry; what the reader may not read is never decrypted. A text that does
    not open is named in `damaged` and logged without content. Three queries.
    """
    texts = Texts()
    if not rules.is_party(reader, agreement):
        return texts
    cipher = _cipher_or_none(agreement)
    for entry in agreement.entries.select_related("author"):
        if rules.may_read_entry(reader, agreement, kind=entry.kind, role=entry.role):
            _put_entry(texts, agreement, cipher, entry)
    for comment in agreement.comments.select_related("author"):
        payload = _opened(cipher, comment.ciphertext, *comment_place(comment), agreement=agreement)
        if payload is None:
            texts.damaged.add(comment.section_id)
            continue
        opened = CommentText(comment.author, payload["text"], comment.created_at)
        texts.comments.setdefault(comment.section_id, []).append(opened)
    return texts


def open_entry(*, reader: Any, agreement: Agreement, entry: Entry) -> dict[str, Any] | None:
    """Open one entry; None where the reader may not read it, or it does not open. For what needs no more."""
    if not rules.may_read_entry(reader, agreement, kind=entry.kind, role=entry.role):
        return None
    return _opened(_cipher_or_none(agreement), entry.ciphertext, *entry_place(entry), agreement=agreement)


def open_seal(*, reader: Any, seal: Seal) -> dict[str, Any]:
    """Return the sealed record. Raises DamagedText; PermissionError for one who is not a party."""
    if not rules.is_party(reader, seal.agreement):
        raise PermissionError
    return cipher_of(seal.agreement).open(seal.ciphertext, *seal_place(seal))


def open_place(*, reader: Any, agreement: Agreement, signature: Signature) -> str:
    """Return the place a party signed at; "" for one who is not a party or where it does not open."""
    if not rules.is_party(reader, agreement):
        return ""
    place = ("signature", signature.seal_id, signature.role)
    payload = _opened(_cipher_or_none(agreement), signature.place, *place, agreement=agreement)
    return payload["place"] if payload else ""


def entry_place(entry: Entry) -> tuple[object, ...]:
    """Where an entry's ciphertext belongs: kind, section, role, version."""
    return (entry.kind, entry.section_id, entry.role, entry.version)


def comment_place(comment: Comment) -> tuple[object, ...]:
    """Where a comment's ciphertext belongs."""
    return ("comment", comment.section_id, comment.uuid)


def seal_place(seal: Seal) -> tuple[object, ...]:
    """Where a sealed record's ciphertext belongs."""
    return ("seal", seal.kind, seal.uuid)


def _put_entry(texts: Texts, agreement: Agreement, cipher: Cipher | None, entry: Entry) -> None:
    payload = _opened(cipher, entry.ciphertext, *entry_place(entry), agreement=agreement)
    if payload is None:
        texts.damaged.add(entry.section_id)
        return
    text = Text(payload, entry.version, entry.author, entry.updated_at)
    if entry.kind == Entry.Kind.ANSWER:
        texts.answers[entry.section_id] = text
    elif entry.kind == Entry.Kind.PROGRESS:
        texts.progress[entry.section_id] = text
    else:
        texts.preparations[(entry.role, entry.section_id)] = text


def _cipher_or_none(agreement: Agreement) -> Cipher | None:
    try:
        return cipher_of(agreement)
    except DamagedText:
        logger.error("data key does not open: agreement %s", agreement.uuid)
        return None


def _opened(
    cipher: Cipher | None, ciphertext: Buffer, *place: object, agreement: Agreement
) -> dict[str, Any] | None:
    if cipher is None:
        return None
    try:
        return cipher.open(ciphertext, *place)
    except DamagedText:
        logger.error("text does not open: agreement %s, %s", agreement.uuid, place[0])
        return None
