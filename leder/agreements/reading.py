"""The one way to what the parties have written: for a reader and an agreement, by the rules, and logged."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from leder.agreements import reading_log, rules
from leder.agreements.answers import empty_payload, is_blank
from leder.agreements.models import Agreement, Comment, Entry, Reading, Role, Seal, Share, Signature
from leder.agreements.pairs import confirmed_pair, is_private, pair_of, stands, withheld_among
from leder.agreements.record import digest
from leder.agreements.vault import Buffer, Cipher, DamagedText, cipher_of
from leder.agreements.without_private import private_sections, without_private

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
    # From before the superior of today: only the leader is shown it.
    is_kept: bool = False


@dataclass(frozen=True)
class KeptText:
    """What a section held before the superior of today, or what they wrote in it before another signed."""

    section_id: str
    kind: str
    role: str
    pair: str
    text: Text


@dataclass
class Texts:
    """All that a reader may read of one agreement now.

    `damaged` names sections whose text did not open, `closed` private sections that ask for a recent sign-in
    first, with the version of what is written there (0 for nothing). `altered` names
    signed sections whose stored text is not what both signed; what was signed stands in its place. `seen` says who has
    read before. `withheld` names what was signed with an earlier superior, and the leader has not let the superior of
    today read; `kept` is what else the reader may read from before.
    """

    answers: dict[str, Text] = field(default_factory=dict)
    progress: dict[str, Text] = field(default_factory=dict)
    preparations: dict[tuple[str, str], Text] = field(default_factory=dict)
    comments: dict[str, list[CommentText]] = field(default_factory=dict)
    damaged: set[str] = field(default_factory=set)
    closed: dict[str, int] = field(default_factory=dict)
    altered: set[str] = field(default_factory=set)
    seen: list[reading_log.Seen] = field(default_factory=list)
    withheld: frozenset[str] = frozenset()
    kept: list[KeptText] = field(default_factory=list)

    def last_kept(self, section_id: str, kind: str) -> KeptText | None:
        """Return the latest that is kept of a section from before the pair of today, and says something."""
        kept = [
            each
            for each in self.kept
            if (each.section_id, each.kind) == (section_id, kind) and not is_blank(each.text.payload)
        ]
        return max(kept, key=lambda each: each.text.updated_at, default=None)

    def preparation(self, role: str, section_id: str) -> Text | None:
        """Return one party's preparation of a section, if it is open to the reader."""
        return self.preparations.get((role, section_id))


# What says of goals.
OF_GOALS = (Entry.Kind.ANSWER, Entry.Kind.PROGRESS, Entry.Kind.CONSENTED)

# What the agreement's own page shows.
ON_THE_PAGE = (Reading.Kind.ANSWER, Reading.Kind.PROGRESS, Reading.Kind.COMMENT)


def open_texts(
    *,
    reader: Any,
    agreement: Agreement,
    recent: bool,
    kinds: Collection[str] = ON_THE_PAGE,
    section_id: str = "",
    kept: bool = False,
) -> Texts:
    """Open what this party is shown now, and write in the reading log what another has written of it.

    `kinds` (of `Reading`) and `section_id` say what the page shows: what it does not show is not opened, nor logged.
    `kept` opens what stands from before a handover, too.
    `recent` says that the sign-in is recent (`views.recent`); without it private sections stay closed. What the reader
    may not read is never decrypted. A text that does not open is named in `damaged` and logged without content.
    Queries: three for the texts at most, one for the log, and four more when there is something to add to it.
    """
    texts = Texts()
    if not _reaches(reader, agreement):
        return texts
    sections = agreement.form_edition.sections
    if not recent:
        texts.closed = {section.id: 0 for section in sections if section.private}
    asked = {section.id for section in sections if section_id in ("", section.id)} - texts.closed.keys()
    _put_entries(texts, reader, agreement, kinds=kinds, only=asked, kept=kept)
    if Reading.Kind.ANSWER in kinds and agreement.signed_at is not None:
        _put_as_signed(texts, agreement, only=asked, role=agreement.role_of(reader))
    if Reading.Kind.COMMENT in kinds:
        _put_comments(texts, reader, agreement, only=asked)
    texts.seen = reading_log.record(reader=reader, agreement=agreement, lines=_lines(texts, reader))
    return texts


def open_goals(*, reader: Any, agreements: Collection[Agreement], recent: bool) -> dict[int, Texts]:
    """Open the sections with goals of several agreements, and how the goals stood; logged in each. By their ids.

    For those that were found through this reader's grants (`seen_by`), by the rules of `open_texts`. Queries: three at
    any number of agreements, and those of the log for each where it was read just now or has something to add.
    """
    entries = _by_agreement(
        Entry.objects.filter(agreement__in=agreements, kind__in=OF_GOALS).select_related("author")
    )
    seals = _by_agreement(_signed_seals(Seal.objects.filter(agreement__in=agreements)))
    seen = reading_log.summaries(agreements)
    opened = {}
    for agreement in agreements:
        texts = opened[agreement.pk] = Texts()
        if agreement.seen_by != reader.pk or not rules.is_party(reader, agreement):
            continue
        asked = {section.id for section in agreement.form_edition.sections if section.goals}
        if not recent:
            closed = {each.id for each in agreement.form_edition.sections if each.private} & asked
            texts.closed = dict.fromkeys(closed, 0)
        only = asked - texts.closed.keys()
        _put_entries(texts, reader, agreement, kinds=OF_GOALS, only=only, entries=entries[agreement.pk])
        if agreement.signed_at is not None:
            role = agreement.role_of(reader)
            _put_as_signed(texts, agreement, only=only, role=role, seals=seals[agreement.pk])
        lines = list(_lines(texts, reader))
        if lines:
            reading_log.record(reader=reader, agreement=agreement, lines=lines, seen=seen[agreement.pk])
    return opened


def texts_for_work(*, reader: Any, agreement: Agreement) -> Texts:
    """Open the same but comments for an act: a digest, a count, a copy. Nothing is shown, so nothing is logged."""
    texts = Texts()
    if _reaches(reader, agreement):
        _put_entries(texts, reader, agreement)
    return texts


@transaction.atomic
def open_shared(*, reader: Any, share: Share) -> Texts:
    """Open what is shared with this reader: what is written together, never preparations or comments. Logged.

    Everything here asks for a recent sign-in: the view sees to it before it calls.
    """
    texts = Texts()
    agreement = share.agreement
    # One who withdraws waits until this reading is logged, or has withdrawn before it is asked again here.
    # No key: lines of the log refer to the agreement, and other readers add theirs meanwhile.
    Agreement.objects.select_for_update(no_key=True).values_list("pk").get(pk=agreement.pk)
    share.refresh_from_db(fields=["status", "until", "mac"])
    if not rules.may_read_share(reader, share):
        return texts
    cipher = _cipher_or_none(agreement)
    entries = list(
        agreement.entries.select_related("author").exclude(kind=Entry.Kind.PREPARATION).order_by("pk")
    )
    only = {section.id for section in agreement.form_edition.sections if share.section_id in ("", section.id)}
    for entry in entries:
        # What both can read: the superior of today is one of the two who agreed.
        is_theirs = entry.pair == pair_of(agreement, entry.section_id, entry.kind)
        if entry.section_id in only and is_theirs and stands(entry, agreement, Role.SUPERIOR, frozenset()):
            _put_entry(texts, agreement, cipher, entry)
    if agreement.signed_at is not None:
        _put_as_signed(texts, agreement, only=only, role=Role.SUPERIOR)
    reading_log.record(reader=reader, agreement=agreement, lines=_lines(texts, reader), share=share)
    return texts


def open_signed_record(*, reader: Any, agreement: Agreement) -> dict[str, Any] | None:
    """Return the record that a former superior has signed, as it was signed; None where there is none. Logged.

    Raises DamagedText. The agreement comes from `signed_by_former(reader)`.
    """
    seal = agreement.seals.filter(kind=Seal.Kind.AGREEMENT, voided_at=None).first()
    if seal is None or not Agreement.objects.signed_by_former(reader).filter(pk=agreement.pk).exists():
        return None
    record = record_of_both(agreement, seal)
    if record is None:
        return None
    line = reading_log.Line("", Reading.Kind.RECORD, "", seal.pk)
    reading_log.record(reader=reader, agreement=agreement, lines=[line])
    return record


def record_of_both(agreement: Agreement, seal: Seal) -> dict[str, Any] | None:
    """Return a sealed record that both have signed; None where a signature is missing. Asks no rule, logs nothing.

    A date and a row put in by hand would tell of a signature that nobody gave: it has no place that opens.
    Raises DamagedText.
    """
    cipher = cipher_of(agreement)
    signatures = list(seal.signatures.all())
    if {signature.role for signature in signatures} != set(Role.values):
        return None
    for signature in signatures:
        cipher.open(signature.place, "signature", seal.pk, signature.role)
    return cipher.open(seal.ciphertext, *seal_place(seal))


def open_entry(*, reader: Any, agreement: Agreement, entry: Entry) -> dict[str, Any] | None:
    """Open one entry; None where the reader may not read it, or it does not open. For what needs no more."""
    if not _may_read(reader, agreement, entry):
        return None
    return _opened(_cipher_or_none(agreement), entry.ciphertext, *entry_place(entry), agreement=agreement)


def open_seal(*, reader: Any, seal: Seal) -> dict[str, Any]:
    """Return the sealed record. Raises DamagedText; PermissionError for one who is not a party to it.

    A superior is to what their own pair has signed.
    """
    is_theirs = rules.is_superior(reader, seal.agreement) and seal.pair == seal.agreement.pair
    if not rules.is_leader(reader, seal.agreement) and not is_theirs:
        raise PermissionError
    return cipher_of(seal.agreement).open(seal.ciphertext, *seal_place(seal))


@transaction.atomic
def open_seal_without_private(*, reader: Any, seal: Seal, share: Share | None = None) -> dict[str, Any]:
    """Return a sealed record without what is private, for one who reads the rest and has not signed it. Logged.

    That is the superior of today, where an earlier one has signed, and one whom the whole is shared with. Nothing of
    the private part leaves this function. Raises DamagedText where seal, signatures or form are not as they were, and
    PermissionError for all others.
    """
    agreement = seal.agreement
    if share is not None:
        # As in `open_shared`: one who withdraws waits, or has withdrawn before it is asked again here.
        Agreement.objects.select_for_update(no_key=True).values_list("pk").get(pk=agreement.pk)
        share.refresh_from_db(fields=["status", "until", "mac"])
        may_read = rules.may_read_share(reader, share) and (share.agreement_id, share.section_id) == (
            agreement.pk,
            "",
        )
    else:
        may_read = rules.is_superior(reader, agreement) and _reaches(reader, agreement)
    if not may_read or seal.voided_at is not None:
        raise PermissionError
    record = record_of_both(agreement, seal)
    form = agreement.form_edition.content
    if record is None or digest(form) != record.get("editions", {}).get("form", {}).get("sha256"):
        raise DamagedText
    held = without_private(record, private=private_sections(form), whole_sha256=digest(record))
    lines = [
        reading_log.Line(part["id"], Reading.Kind.RECORD, "", seal.pk)
        for part in held["sections"]
        if "left_out" not in part
    ]
    reading_log.record(reader=reader, agreement=agreement, lines=lines, share=share)
    return held


def has_signed(*, reader: Any, signature: Signature) -> bool:
    """Whether a signature was given through the plugin: one put in by hand has no place that opens. For a party."""
    agreement, place = signature.seal.agreement, ("signature", signature.seal_id, signature.role)
    if not rules.is_party(reader, agreement):
        return False
    return _opened(_cipher_or_none(agreement), signature.place, *place, agreement=agreement) is not None


def open_place(*, reader: Any, agreement: Agreement, signature: Signature) -> str:
    """Return the place a party signed at; "" for one who is not a party or where it does not open."""
    if not rules.is_party(reader, agreement):
        return ""
    place = ("signature", signature.seal_id, signature.role)
    payload = _opened(_cipher_or_none(agreement), signature.place, *place, agreement=agreement)
    return payload["place"] if payload else ""


def entry_place(entry: Entry) -> tuple[object, ...]:
    """Where an entry's ciphertext belongs: kind, section, role, version, author (whose reading is not logged), pair."""
    place = (entry.kind, entry.section_id, entry.role, entry.version, entry.author_id)
    return _of_pair(place, entry.pair)


def comment_place(comment: Comment) -> tuple[object, ...]:
    """Where a comment's ciphertext belongs."""
    return _of_pair(("comment", comment.section_id, comment.uuid, comment.author_id), comment.pair)


def seal_place(seal: Seal) -> tuple[object, ...]:
    """Where a sealed record's ciphertext belongs."""
    return _of_pair(("seal", seal.kind, seal.uuid), seal.pair)


def _of_pair(place: tuple[object, ...], pair: str) -> tuple[object, ...]:
    # The pair that opened the agreement has no name.
    return (*place, pair) if pair else place


def _may_read(reader: Any, agreement: Agreement, entry: Entry) -> bool:
    return rules.may_read_entry(
        reader, agreement, section_id=entry.section_id, kind=entry.kind, role=entry.role, pair=entry.pair
    )


def _reaches(reader: Any, agreement: Agreement) -> bool:
    """Whether the agreement was found through this reader's grants, or else would be. Asks in the second case only."""
    if agreement.seen_by == reader.pk:
        return rules.is_party(reader, agreement)
    return Agreement.objects.visible_to(reader).filter(pk=agreement.pk).exists()


def _put_entries(
    texts: Texts,
    reader: Any,
    agreement: Agreement,
    *,
    kinds: Collection[str] = tuple(Entry.Kind.values),
    only: set[str] | None = None,
    kept: bool = False,
    entries: Collection[Entry] | None = None,
) -> None:
    if agreement.text_deleted_at is not None:
        return
    cipher = _cipher_or_none(agreement)
    role = agreement.role_of(reader) or ""
    if entries is None:
        entries = list(agreement.entries.select_related("author").order_by("pk"))
    texts.withheld = withheld_among(agreement, entries)
    confirmed = confirmed_pair(agreement, texts.withheld) if role == Role.LEADER else None
    for entry in entries:
        kind = Entry.Kind.ANSWER if entry.kind == Entry.Kind.CONSENTED else entry.kind
        if not _may_read(reader, agreement, entry):
            continue
        is_standing = stands(entry, agreement, role, texts.withheld, confirmed)
        if only is not None and entry.section_id not in only:
            if is_standing and kind == Entry.Kind.ANSWER and entry.section_id in texts.closed:
                texts.closed[entry.section_id] = entry.version
        elif kind in kinds and is_standing:
            _put_entry(texts, agreement, cipher, entry)
        elif kept and kind in kinds and entry.kind != Entry.Kind.CONSENTED:
            _put_kept(texts, agreement, cipher, entry)


def _put_as_signed(
    texts: Texts,
    agreement: Agreement,
    *,
    only: set[str],
    role: str | None,
    seals: Collection[Seal] | None = None,
) -> None:
    """Compare with what both have signed (R7): where the stored text is another, what was signed takes its place.

    A superior who has not signed it is shown no private section from it: what the leader lets them read is a copy.
    """
    cipher = _cipher_or_none(agreement)
    if cipher is None:
        return
    seal = next(iter(_signed_seals(agreement.seals.all()) if seals is None else seals), None)
    record = _opened(cipher, seal.ciphertext, *seal_place(seal), agreement=agreement) if seal else None
    if seal is None or record is None:
        logger.error("what was signed is missing: agreement %s", agreement.uuid)
        texts.altered |= only
        return
    for section in record["sections"]:
        section_id, signed = section["id"], section["written"]
        if seal.pair != agreement.pair and role != Role.LEADER and is_private(agreement, section_id):
            continue
        text = texts.answers.get(section_id)
        if section_id not in only or signed == (text.payload if text else empty_payload()):
            continue
        logger.error("text is not what was signed: agreement %s", agreement.uuid)
        texts.altered.add(section_id)
        texts.damaged.discard(section_id)
        author, at = (text.author, text.updated_at) if text else (agreement.leader, seal.created_at)
        texts.answers[section_id] = Text(signed, text.version if text else 0, author, at)


def _signed_seals(seals: QuerySet[Seal]) -> QuerySet[Seal]:
    """Those that stand for an agreement and that both have signed: one an agreement at most."""
    standing = seals.filter(kind=Seal.Kind.AGREEMENT, voided_at=None)
    return standing.annotate(signed=Count("signatures")).filter(signed=len(Role))


def _by_agreement(rows: QuerySet[Any]) -> dict[int, list[Any]]:
    """Sort rows by the agreement they are of, each in the order they were made. One query."""
    sorted_rows: dict[int, list[Any]] = defaultdict(list)
    for row in rows.order_by("pk"):
        sorted_rows[row.agreement_id].append(row)
    return sorted_rows


def _put_comments(texts: Texts, reader: Any, agreement: Agreement, *, only: set[str]) -> None:
    if agreement.text_deleted_at is not None:
        return
    cipher = _cipher_or_none(agreement)
    for comment in agreement.comments.select_related("author"):
        section_id, pair = comment.section_id, comment.pair
        if section_id not in only or not rules.may_read_comment(
            reader, agreement, section_id=section_id, pair=pair
        ):
            continue
        payload = _opened(cipher, comment.ciphertext, *comment_place(comment), agreement=agreement)
        if payload is None:
            texts.damaged.add(comment.section_id)
            continue
        is_kept = pair != pair_of(agreement, section_id)
        opened = CommentText(comment.author, payload["text"], comment.created_at, is_kept)
        texts.comments.setdefault(section_id, []).append(opened)


def _lines(texts: Texts, reader: Any) -> Iterator[reading_log.Line]:
    """What of these texts another than the reader has written."""
    for kind, written in ((Entry.Kind.ANSWER, texts.answers), (Entry.Kind.PROGRESS, texts.progress)):
        for section_id, text in written.items():
            if text.author.pk != reader.pk:
                yield reading_log.Line(section_id, kind, "", text.version)
    for (role, section_id), text in texts.preparations.items():
        if text.author.pk != reader.pk:
            yield reading_log.Line(section_id, Entry.Kind.PREPARATION, role, text.version)
    for kept in texts.kept:
        if kept.text.author.pk != reader.pk:
            yield reading_log.Line(kept.section_id, kept.kind, kept.role, kept.text.version)
    for section_id, comments in texts.comments.items():
        if others := sum(comment.author.pk != reader.pk for comment in comments):
            yield reading_log.Line(section_id, Reading.Kind.COMMENT, "", others)


def _put_entry(texts: Texts, agreement: Agreement, cipher: Cipher | None, entry: Entry) -> None:
    payload = _opened(cipher, entry.ciphertext, *entry_place(entry), agreement=agreement)
    if payload is None:
        texts.damaged.add(entry.section_id)
        return
    text = Text(payload, entry.version, entry.author, entry.updated_at)
    if entry.kind in (Entry.Kind.ANSWER, Entry.Kind.CONSENTED):
        texts.answers[entry.section_id] = text
    elif entry.kind == Entry.Kind.PROGRESS:
        texts.progress[entry.section_id] = text
    else:
        texts.preparations[(entry.role, entry.section_id)] = text


def _put_kept(texts: Texts, agreement: Agreement, cipher: Cipher | None, entry: Entry) -> None:
    payload = _opened(cipher, entry.ciphertext, *entry_place(entry), agreement=agreement)
    if payload is None:
        texts.damaged.add(entry.section_id)
        return
    text = Text(payload, entry.version, entry.author, entry.updated_at)
    texts.kept.append(KeptText(entry.section_id, entry.kind, entry.role, entry.pair, text))


def _cipher_or_none(agreement: Agreement) -> Cipher | None:
    if agreement.text_deleted_at is not None:
        return None
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
