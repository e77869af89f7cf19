"""What the chain says last of each agreement (siste ord): asked where the second signs, however long the chain is.

To follow a chain from a first signature to its signed end takes as long as the chain is. So the digest of the last link
on each agreement, and on its follow-up, stands in rows of its own, each a 256th of the agreements of a round. The head
says the digest of each row, and is signed: one that was changed, taken away or set back does not fit, and then it
says nothing of anybody.

Written by `chain` alone, under the lock of the head.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from leder.agreements.models import Agreement, LastWords, Round, Seal, SealHead
from leder.canonical import canonical, digest_of

# By agreement and kind of seal, the digest of the last link on it.
Words = dict[str, str]


def part_of(agreement: Agreement) -> str:
    """Return in which part an agreement's stand: they are spread by its identity, which is random."""
    return agreement.uuid.hex[:2]


def key_of(seal: Seal) -> str:
    """Return what the last word on a seal stands under: its agreement and kind, as of every other seal of these."""
    return f"{seal.agreement.uuid} {seal.kind}"


def words_in(said: str | None, digest: str | None) -> Words | None:
    """Return the words of a part; none where the head says no digest of it, None where it has another than that."""
    if digest is None:
        return {}
    if said is None or digest_of(said.encode()) != digest:
        return None
    found: Words = json.loads(said)
    return found


def write(head: SealHead, parts: Mapping[str, Words], others: Mapping[str, str]) -> None:
    """Write parts, and set what the head says of them, beside what it says of others; it is not saved. One query."""
    rows = [
        LastWords(round=head.round, part=part, said=canonical(words).decode())
        for part, words in parts.items()
    ]
    LastWords.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["round", "part"], update_fields=["said"]
    )
    head.parts = canonical({**others, **{row.part: digest_of(row.said.encode()) for row in rows}}).decode()


def forget(year_round: Round) -> None:
    """Say nothing more of any agreement: what stands may be of another day than the chain. One query."""
    LastWords.objects.filter(round=year_round).delete()


def parts_of(head: SealHead) -> dict[str, str]:
    """Return what a head says of each part. One changed by hand may hold anything: then nothing."""
    try:
        found = json.loads(head.parts)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def of_round(year_round: Round) -> dict[str, str]:
    """Return the parts of a round as they stand. One query."""
    return dict(LastWords.objects.filter(round=year_round).values_list("part", "said"))
