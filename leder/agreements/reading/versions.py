"""Earlier versions (tidligere versjoner) of a section: which are kept, who is shown which, and opening one.

A text is kept when it is first shown to the other, or when another saves over it. What nobody else was shown is its
author's alone: autosave shows nobody half a thought. The rules say who reads what; each is of the pair that had it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from leder.agreements import rules
from leder.agreements.access.pairs import pair_of
from leder.agreements.answers import Payload, is_blank
from leder.agreements.models import Access, Agreement, Entry, Reading, Version
from leder.agreements.reading import log as reading_log
from leder.agreements.reading.own import OWN_PAGES
from leder.agreements.reading.texts import Text, Texts
from leder.agreements.vault.bindings import version_binding
from leder.agreements.vault.cipher import Cipher, cipher_of, cipher_or_none, open_or_none
from leder.pages.editions import Section

# Of a section and pair.
MOST = 20
ONCE = ("agreement", "section_id", "pair", "number")


@dataclass(frozen=True)
class OpenedVersion:
    """An earlier version and what it says; None where it does not open."""

    row: Version
    payload: dict[str, Any] | None


# -- Keeping ---------------------------------------------------------------------------------------------------
def keep_shown(texts: Texts, access: Access, seen: Iterable[reading_log.Seen]) -> None:
    """Keep what a party is shown of another's for the first time, where it can still be written over.

    `seen` is what was read before. No query unless there is something to keep, then two; one or two more in a section
    that was saved more often than MOST.
    """
    agreement, reader = access.agreement, access.reader
    last = _last_seen(seen, access)
    new = [
        (section, text)
        for section_id, text in texts.answers.items()
        if text.author.pk != reader.pk and text.version > last.get(section_id, 0)
        if (section := _written(agreement, section_id)) and not is_blank(text.payload)
    ]
    if new:
        _keep_all(agreement, new)


def keep_version(agreement: Agreement, section: Section, entry: Entry, payload: Payload) -> None:
    """Keep what stands in a section of a locked agreement, for its author unless the other was shown it before.

    One query; one or two more as for `keep_shown`.
    """
    if is_blank(payload):
        return
    row = _version(agreement, section, entry.version, entry.author_id, entry.updated_at, shown=False)
    _seal(row, payload, cipher_of(agreement))
    Version.objects.bulk_create([row], ignore_conflicts=True)
    _make_room([row])


def _last_seen(seen: Iterable[reading_log.Seen], access: Access) -> dict[str, int]:
    """The newest version of each section that a party has been shown of another's, since it was opened again."""
    last: dict[str, int] = {}
    since = access.agreement.reopened_at
    for each in seen:
        line = each.line
        # What was kept before both signed may be deleted.
        is_new = since is None or each.at > since
        if (
            is_new
            and line.kind == Reading.Kind.ANSWER
            and not line.own
            and each.is_of(access.reader.pk, None)
        ):
            last[line.section_id] = max(line.version, last.get(line.section_id, 0))
    return last


def _written(agreement: Agreement, section_id: str) -> Section | None:
    section = agreement.form_edition.section(section_id)
    return section if section is not None and rules.is_written(agreement, section) else None


@transaction.atomic
def _keep_all(agreement: Agreement, shown: Collection[tuple[Section, Text]]) -> None:
    # Locked, so that the key is the one of today, and nothing is kept of a text that is being deleted.
    locked = Agreement.objects.select_for_update(of=("self",), no_key=True).select_related("data_key")
    cipher = cipher_or_none(locked.get(pk=agreement.pk))
    if cipher is None:
        return
    rows = []
    for section, text in shown:
        row = _version(agreement, section, text.version, text.author.pk, text.updated_at, shown=True)
        _seal(row, text.payload, cipher)
        rows.append(row)
    Version.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=ONCE, update_fields=["shown", "ciphertext"]
    )
    _make_room(rows)


def _version(
    agreement: Agreement, section: Section, number: int, author_id: Any, at: Any, *, shown: bool
) -> Version:
    return Version(
        agreement=agreement,
        section_id=section.id,
        stage=section.stage,
        pair=agreement.pair,
        number=number,
        shown=shown,
        author_id=author_id,
        written_at=at,
    )


def _seal(row: Version, payload: Payload, cipher: Cipher) -> None:
    row.ciphertext = cipher.seal(payload, *version_binding(row))


def _make_room(added: Iterable[Version]) -> None:
    """Delete the oldest of whoever has most, where there are too many: nobody pushes out what another has written."""
    for row in added:
        # A number for each save: before there are more of those there are no more versions.
        if row.number <= MOST:
            continue
        place = {"agreement": row.agreement, "section_id": row.section_id, "pair": row.pair}
        kept = list(Version.objects.filter(**place).order_by("-number").values_list("pk", "author_id"))
        if gone := list(_too_many(kept)):
            Version.objects.filter(pk__in=gone).delete()


def _too_many(kept: list[tuple[int, Any]]) -> Iterator[int]:
    while len(kept) > MOST:
        [(author_id, _count)] = Counter(author for _pk, author in kept).most_common(1)
        oldest = next(each for each in reversed(kept) if each[1] == author_id)
        kept.remove(oldest)
        yield oldest[0]


# -- Reading ---------------------------------------------------------------------------------------------------
def earlier_versions(access: Access, section: Section) -> list[Version]:
    """Return the earlier versions that this party may read, the latest first, unopened. Two queries.

    What stands now is none of them. None of a private section without a recent sign-in.
    """
    if not rules.may_read_versions(access, section) or (section.private and not access.recent):
        return []
    agreement = access.agreement
    rows = agreement.versions.filter(section_id=section.id).exclude(number=standing_number(access, section))
    found = {}
    # The same text may have been had by two pairs: that of today then stands for both.
    for row in sorted(
        rows.select_related("author").defer("ciphertext"), key=lambda row: row.pair == agreement.pair
    ):
        if rules.may_read_version(access, row):
            found[row.number] = row
    return [found[number] for number in sorted(found, reverse=True)]


def standing_number(access: Access, section: Section) -> int:
    """Return the version of what stands in a section now, 0 for nothing. One query."""
    pair = pair_of(access.agreement, section.id, Entry.Kind.ANSWER)
    standing = access.agreement.entries.filter(section_id=section.id, kind=Entry.Kind.ANSWER, pair=pair)
    return standing.values_list("version", flat=True).first() or 0


def open_version(access: Access, section: Section, number: int) -> OpenedVersion | None:
    """Open one of `earlier_versions` for its reader, and log it; None where there is no such. Logs nothing unopened."""
    found = version_for_work(access, section, number)
    if found is not None and found.payload is not None:
        log_version(access, found.row)
    return found


def version_for_work(access: Access, section: Section, number: int) -> OpenedVersion | None:
    """Open the same for an act, which logs it when it is done."""
    row = next((each for each in earlier_versions(access, section) if each.number == number), None)
    if row is None:
        return None
    agreement = access.agreement
    cipher = cipher_or_none(agreement)
    return OpenedVersion(
        row, open_or_none(cipher, row.ciphertext, *version_binding(row), agreement=agreement)
    )


def log_version(access: Access, row: Version) -> None:
    """Write in the reading log that a version was opened: another's, or one's own by a new device."""
    line = reading_log.Line(row.section_id, Reading.Kind.VERSION, "", row.number)
    if row.author_id == access.reader.pk:
        if not access.new_device:
            return
        # The other party sees the line: of what they were not shown it does not tell.
        is_told = row.shown and row.pair == access.agreement.pair
        line = (
            reading_log.Line(line.section_id, line.kind, "", line.version, own=True) if is_told else OWN_PAGES
        )
    reading_log.log_readings(reader=access.reader, agreement=access.agreement, lines=[line])
