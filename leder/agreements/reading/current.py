"""The one way to what the parties have written: for a reader and an agreement, by the rules, and logged."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from leder.agreements import rules
from leder.agreements.access.pairs import (
    Shown,
    confirmed_pair,
    is_private,
    pair_of,
    shown,
    stands,
    withheld_among,
)
from leder.agreements.access.shares import shared_sections
from leder.agreements.answers import empty_payload
from leder.agreements.models import Access, Agreement, Entry, Reading, Role, Seal, Share
from leder.agreements.reading import log as reading_log
from leder.agreements.reading.own import own_lines
from leder.agreements.reading.texts import CommentText, KeptText, Text, Texts
from leder.agreements.reading.versions import keep_shown
from leder.agreements.vault.bindings import comment_binding, entry_binding, seal_binding
from leder.agreements.vault.cipher import Cipher, cipher_or_none, open_or_none
from leder.people import Person

logger = logging.getLogger("leder.agreements")

# What says of goals.
OF_GOALS = (Entry.Kind.ANSWER, Entry.Kind.PROGRESS, Entry.Kind.CONSENTED)

# What the agreement's own page shows.
ON_THE_PAGE = (Reading.Kind.ANSWER, Reading.Kind.PROGRESS, Reading.Kind.COMMENT)


def open_texts(
    access: Access,
    *,
    kinds: Collection[str] = ON_THE_PAGE,
    section_id: str = "",
    kept: bool = False,
) -> Texts:
    """Open what this party is shown now, and write in the reading log what another has written of it.

    From a new device what they wrote themself, too (`own`).

    `kinds` (of `Reading`) and `section_id` say what the page shows: what it does not show is not opened, nor logged.
    `kept` opens what stands from before a handover, too.
    Private sections stay closed without a recent sign-in. What the reader may not read is never decrypted. A text that
    does not open is named in `damaged` and logged without content.
    Queries: three for the texts at most, one for the log, and four more when there is something to add to it, two of
    which the other has never been shown before (`versions`).
    """
    texts = Texts()
    agreement, reader = access.agreement, access.reader
    sections = agreement.form_edition.sections
    if not access.recent:
        texts.closed = {section.id: 0 for section in sections if section.private}
    asked = {section.id for section in sections if section_id in ("", section.id)} - texts.closed.keys()
    _put_entries(texts, access, kinds=kinds, only=asked, kept=kept)
    if Reading.Kind.ANSWER in kinds and agreement.signed_at is not None:
        _put_as_signed(texts, agreement, only=asked, role=access.role)
    if Reading.Kind.COMMENT in kinds:
        _put_comments(texts, access, only=asked)
    lines = [*_lines(texts, reader), *own_lines(texts, access, kinds)]
    seen = reading_log.summary(agreement)
    # Before it is logged: what locks the agreement and the end of its log locks them in this order.
    keep_shown(texts, access, seen)
    texts.seen = reading_log.log_readings(reader=reader, agreement=agreement, lines=lines, seen=seen)
    return texts


def open_goals(accesses: Collection[Access]) -> dict[int, Texts]:
    """Open the sections with goals of several agreements, and how the goals stood; logged in each. By their ids.

    By the rules of `open_texts`. Queries: three at any number of agreements, and those of the log for each where it
    was read just now or has something to add.
    """
    agreements = [access.agreement for access in accesses]
    entries = _by_agreement(
        Entry.objects.filter(agreement__in=agreements, kind__in=OF_GOALS).select_related("author")
    )
    seals = _by_agreement(_signed_seals(Seal.objects.filter(agreement__in=agreements)))
    seen = reading_log.summaries(agreements)
    opened = {}
    for access in accesses:
        agreement, reader = access.agreement, access.reader
        texts = opened[agreement.pk] = Texts()
        asked = {section.id for section in agreement.form_edition.sections if section.goals}
        if not access.recent:
            closed = {each.id for each in agreement.form_edition.sections if each.private} & asked
            texts.closed = dict.fromkeys(closed, 0)
        only = asked - texts.closed.keys()
        _put_entries(texts, access, kinds=OF_GOALS, only=only, entries=entries[agreement.pk])
        if agreement.signed_at is not None:
            _put_as_signed(texts, agreement, only=only, role=access.role, seals=seals[agreement.pk])
        lines = [*_lines(texts, reader), *own_lines(texts, access, OF_GOALS)]
        keep_shown(texts, access, seen[agreement.pk])
        if lines:
            reading_log.log_readings(reader=reader, agreement=agreement, lines=lines, seen=seen[agreement.pk])
    return opened


def texts_for_work(access: Access) -> Texts:
    """Open the same without comments, for an act (hash, count, copy). Nothing is shown, so nothing is logged."""
    texts = Texts()
    _put_entries(texts, access, kinds=Entry.Kind.values, only=None)
    return texts


@transaction.atomic
def open_shared(*, reader: Person, share: Share) -> Texts:
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
    cipher = cipher_or_none(agreement)
    entries = list(
        agreement.entries.select_related("author").exclude(kind=Entry.Kind.PREPARATION).order_by("pk")
    )
    only = shared_sections(agreement, share)
    for entry in entries:
        # What both can read: the superior of today is one of the two who agreed.
        is_theirs = entry.pair == pair_of(agreement, entry.section_id, entry.kind)
        if entry.section_id in only and is_theirs and stands(entry, agreement, Role.SUPERIOR, frozenset()):
            _put_entry(texts, agreement, cipher, entry)
    if agreement.signed_at is not None:
        _put_as_signed(texts, agreement, only=only, role=Role.SUPERIOR)
    reading_log.log_readings(reader=reader, agreement=agreement, lines=_lines(texts, reader), share=share)
    return texts


def open_entry(access: Access, entry: Entry) -> dict[str, Any] | None:
    """Open one entry; None where the reader may not read it, or it does not open. For what needs no more."""
    agreement = access.agreement
    if not _may_read(access, entry):
        return None
    return open_or_none(
        cipher_or_none(agreement), entry.ciphertext, *entry_binding(entry), agreement=agreement
    )


def _may_read(access: Access, entry: Entry) -> bool:
    return rules.may_read_entry(
        access, section_id=entry.section_id, kind=entry.kind, role=entry.role, pair=entry.pair
    )


def _put_entries(
    texts: Texts,
    access: Access,
    *,
    kinds: Collection[str],
    only: set[str] | None,
    kept: bool = False,
    entries: Collection[Entry] | None = None,
) -> None:
    agreement, role = access.agreement, access.role
    if agreement.text_deleted_at is not None:
        return
    cipher = cipher_or_none(agreement)
    if entries is None:
        entries = list(agreement.entries.select_related("author").order_by("pk"))
    texts.withheld = withheld_among(agreement, entries)
    confirmed = confirmed_pair(agreement, texts.withheld) if role == Role.LEADER else None
    for entry in entries:
        kind = Entry.Kind.ANSWER if entry.kind == Entry.Kind.CONSENTED else entry.kind
        if not _may_read(access, entry):
            continue
        becomes = shown(
            stands=stands(entry, agreement, role, texts.withheld, confirmed),
            asked=only is None or entry.section_id in only,
            closed=kind == Entry.Kind.ANSWER and entry.section_id in texts.closed,
            wanted=kind in kinds,
            # A copy that stands no longer is of what is kept anyway.
            kept=kept and entry.kind != Entry.Kind.CONSENTED,
        )
        if becomes is Shown.STANDS:
            _put_entry(texts, agreement, cipher, entry)
        elif becomes is Shown.KEPT:
            _put_kept(texts, agreement, cipher, entry)
        elif becomes is Shown.CLOSED:
            texts.closed[entry.section_id] = entry.version


def _put_as_signed(
    texts: Texts,
    agreement: Agreement,
    *,
    only: set[str],
    role: str,
    seals: Collection[Seal] | None = None,
) -> None:
    """Compare with what both have signed (R7): where the stored text is another, what was signed takes its place.

    A superior who has not signed it is shown no private section from it: what the leader lets them read is a copy.
    """
    cipher = cipher_or_none(agreement)
    if cipher is None:
        return
    seal = next(iter(_signed_seals(agreement.seals.all()) if seals is None else seals), None)
    record = open_or_none(cipher, seal.ciphertext, *seal_binding(seal), agreement=agreement) if seal else None
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


def _put_comments(texts: Texts, access: Access, *, only: set[str]) -> None:
    agreement = access.agreement
    if agreement.text_deleted_at is not None:
        return
    cipher = cipher_or_none(agreement)
    for comment in agreement.comments.select_related("author"):
        section_id, pair = comment.section_id, comment.pair
        if section_id not in only or not rules.may_read_comment(access, section_id=section_id, pair=pair):
            continue
        payload = open_or_none(cipher, comment.ciphertext, *comment_binding(comment), agreement=agreement)
        if payload is None:
            texts.damaged.add(comment.section_id)
            continue
        is_kept = pair != pair_of(agreement, section_id, Reading.Kind.COMMENT)
        opened = CommentText(comment.author, payload["text"], comment.created_at, is_kept)
        texts.comments.setdefault(section_id, []).append(opened)


def _lines(texts: Texts, reader: Person) -> Iterator[reading_log.Line]:
    """The lines for the reading log: each of these texts that another than the reader has written."""
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
    text = _opened(texts, agreement, cipher, entry)
    if text is None:
        return
    if entry.kind in (Entry.Kind.ANSWER, Entry.Kind.CONSENTED):
        texts.answers[entry.section_id] = text
    elif entry.kind == Entry.Kind.PROGRESS:
        texts.progress[entry.section_id] = text
    else:
        texts.preparations[(entry.role, entry.section_id)] = text


def _put_kept(texts: Texts, agreement: Agreement, cipher: Cipher | None, entry: Entry) -> None:
    text = _opened(texts, agreement, cipher, entry)
    if text is not None:
        texts.kept.append(KeptText(entry.section_id, entry.kind, entry.role, entry.pair, text))


def _opened(texts: Texts, agreement: Agreement, cipher: Cipher | None, entry: Entry) -> Text | None:
    """What an entry says; None where it does not open, and its section is noted as damaged."""
    payload = open_or_none(cipher, entry.ciphertext, *entry_binding(entry), agreement=agreement)
    if payload is None:
        texts.damaged.add(entry.section_id)
        return None
    return Text(payload, entry.version, entry.author, entry.updated_at)
