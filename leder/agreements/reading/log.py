"""The reading log (leselogg): who was shown what another had written, and when. Only ever added to.

What somebody wrote themself stands in it where they opened it after a sign-in from a new device (`Access`).

Changed accounts of those who can read stand in it, too: who reads as somebody is known by them alone.

Each line carries a digest of itself and the line before (SHA-256 of canonical JSON, RFC 8785), and the head of the log
is signed (`keyed`): a line changed, removed or added by hand in the database no longer fits. A head that does not fit
is never signed again, so the damage stays to be seen.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Case, Max, When
from django.utils import timezone

from leder.agreements.models import AccountChange, Agreement, Reading, ReadingHead, Share
from leder.canonical import digest
from leder.keyed import moment

logger = logging.getLogger("leder.access")

# The same text opened again within this time is the same reading: a page is loaded anew with every save.
ONE_READING = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Line:
    """A text that a reader was shown: where it stands and which version of it. `own` says that they wrote it."""

    section_id: str
    kind: str
    role: str
    version: int
    own: bool = False


@dataclass(frozen=True)
class Seen:
    """When a reader was last shown a text; `line` names its newest version among these."""

    line: Line
    reader_id: int
    share_id: int | None
    at: dt.datetime

    def is_of(self, reader_id: int, share_id: int | None) -> bool:
        """Whether it was this person who read, and by the same share (None: as a party)."""
        return (self.reader_id, self.share_id) == (reader_id, share_id)


def signed_head(agreement: Agreement) -> ReadingHead:
    """Return the head of an empty log, unsaved. Every agreement begins with one; one missing was removed by hand."""
    head = ReadingHead(agreement=agreement)
    head.sign()
    return head


def log_readings(
    *,
    reader: Any,
    agreement: Agreement,
    lines: Iterable[Line],
    share: Share | None = None,
    seen: list[Seen] | None = None,
) -> list[Seen]:
    """Add what a reader is shown now to the log, unless it stands there from a few minutes ago.

    Call it before the text leaves the server: no reading without a line. Returns who had read before this (`Seen`).
    One query, up to three more where it was read just now, and five more when there is something to add. `seen` is
    the agreement's own of `summaries`, for one who reads several.
    """
    seen = summary(agreement) if seen is None else seen
    now = timezone.now()
    share_id = share.pk if share else None
    since = now - ONE_READING
    lately = {each.line for each in seen if each.is_of(reader.pk, share_id) and each.at > since}
    wanted = list(dict.fromkeys(lines))
    if not lately.isdisjoint(wanted) and not _tail_is_genuine(agreement, since):
        lately = set()
    if added := [line for line in wanted if line not in lately]:
        _append(reader, agreement, added, share, now)
    return seen


def _tail_is_genuine(agreement: Agreement, since: dt.datetime) -> bool:
    """Whether the lines since a moment are the last of the log: one put in by hand would say that this was read."""
    rows = list(agreement.readings.filter(at__gt=since).select_related("share").order_by("number"))
    head = _head_of(agreement)
    if not rows or head is None or not head.is_genuine:
        return False
    earlier = agreement.readings.filter(number=rows[0].number - 1)
    digest = earlier.values_list("digest", flat=True).first() or ""
    for row in rows:
        digest = digest_of(row, digest, agreement, row.share)
    return (rows[-1].number, digest) == (head.length, head.digest)


def summary(agreement: Agreement) -> list[Seen]:
    """Return who has read which text, each time summed up. One query."""
    return summaries([agreement])[agreement.pk]


def summaries(agreements: Collection[Agreement]) -> dict[int, list[Seen]]:
    """Return the same of several agreements, by their ids. One query."""
    # What was signed, and what stood before, has no newer version: the number names it, each a text of its own.
    seal = Case(When(kind__in=(Reading.Kind.RECORD, Reading.Kind.VERSION), then="version"), default=0)
    groups = (
        Reading.objects.filter(agreement__in=agreements)
        .exclude(kind__in=AccountChange.values)
        .order_by()
        .annotate(seal=seal)
        .values("agreement_id", "reader_id", "share_id", "section_id", "kind", "role", "own", "seal")
        .annotate(version=Max("version"), last=Max("at"))
    )
    seen: dict[int, list[Seen]] = {agreement.pk: [] for agreement in agreements}
    for row in groups:
        line = Line(row["section_id"], row["kind"], row["role"], row["version"], row["own"])
        seen[row["agreement_id"]].append(Seen(line, row["reader_id"], row["share_id"], row["last"]))
    return seen


@transaction.atomic
def log_changes(found: Iterable[tuple[Any, Agreement, Collection[AccountChange]]]) -> None:
    """Add how the accounts of people who can read agreements were changed: (person, agreement, changes) of each.

    Three queries for any number, more only where a head was removed by hand.
    """
    now = timezone.now()
    agreements: dict[int, Agreement] = {}
    rows: dict[int, list[Reading]] = {}
    for person, agreement, changes in found:
        agreements[agreement.pk] = agreement
        rows.setdefault(agreement.pk, []).extend(
            Reading(agreement=agreement, reader=person, kind=change, version=0, at=now)
            for change in AccountChange
            if change in changes
        )
    # Newest first, as when keys are exchanged: one order of locks.
    locked = ReadingHead.objects.select_for_update().filter(agreement__in=rows).order_by("-pk")
    heads = {head.pk: head for head in locked}
    ends = [_extend(heads.get(pk), agreements[pk], each) for pk, each in rows.items()]
    Reading.objects.bulk_create([row for each in rows.values() for row in each])
    ReadingHead.objects.bulk_create(
        ends,
        update_conflicts=True,
        unique_fields=["agreement"],
        update_fields=["length", "digest", "mac"],
    )


@transaction.atomic
def _append(
    reader: Any, agreement: Agreement, lines: list[Line], share: Share | None, at: dt.datetime
) -> None:
    head = ReadingHead.objects.select_for_update().filter(agreement=agreement).first()
    rows = [
        Reading(
            agreement=agreement,
            reader=reader,
            section_id=line.section_id,
            kind=line.kind,
            role=line.role,
            version=line.version,
            own=line.own,
            share=share,
            at=at,
        )
        for line in lines
    ]
    head = _extend(head, agreement, rows)
    Reading.objects.bulk_create(rows)
    head.save()


def _extend(head: ReadingHead | None, agreement: Agreement, rows: list[Reading]) -> ReadingHead:
    """Number new lines and chain them after a locked head. Returns the head, moved on; saves nothing."""
    if head is not None:
        head.agreement = agreement
    sound = head is not None and head.is_genuine
    if head is None:
        # Removed by hand: go on after what is left, unsigned.
        last = agreement.readings.order_by("number").last()
        head = ReadingHead(
            agreement=agreement, length=last.number if last else 0, digest=last.digest if last else ""
        )
    for row in rows:
        row.number = head.length + 1
        row.digest = digest_of(row, head.digest, agreement, row.share)
        head.length, head.digest = row.number, row.digest
    if sound:
        head.sign()
    else:
        logger.error("reading log does not fit: agreement %s", agreement.uuid)
    # The same outside the database, for an operator's log server: a log set back to an earlier day shows there.
    logger.info("reading: agreement %s, lines %s, digest %s", agreement.uuid, head.length, head.digest)
    return head


def first_fault(agreement: Agreement) -> int | None:
    """Return the number of the first line that does not fit, 0 for the head, None when the log is whole."""
    head = _head_of(agreement)
    if head is None:
        return 0
    before = ""
    number = 0
    for number, row in enumerate(agreement.readings.select_related("share").order_by("number"), 1):
        if row.number != number or row.digest != digest_of(row, before, agreement, row.share):
            return number
        before = row.digest
    if (number, before) != (head.length, head.digest) or not head.is_genuine:
        return 0
    return None


def digest_of(row: Reading, before: str, agreement: Agreement, share: Share | None) -> str:
    """Return the digest of a line that stands after the line with the digest `before`."""
    said: list[str | int] = [
        before,
        str(agreement.uuid),
        row.number,
        str(row.reader_id),
        row.section_id,
        row.kind,
        row.role,
        row.version,
        str(share.uuid) if share else "",
        moment(row.at),
    ]
    return digest([*said, "own"] if row.own else said)


def _head_of(agreement: Agreement) -> ReadingHead | None:
    head = ReadingHead.objects.filter(agreement=agreement).first()
    if head is not None:
        head.agreement = agreement
    return head
