"""The chain of seals (kjede av forseglinger): what was signed in a round, in order, so that none of it can be changed.

A seal has a link when one has signed it, when both have, and when that no longer counts: voided by a change, withdrawn
by the one who signed, reopened by both. Each link holds what it says as canonical JSON (RFC 8785), with the digest of
the link before in it; its own digest is the SHA-256 of that. No key is in these: an exchange of keys changes nothing
but the signature of the head (`keyed`). The place of a signature is covered by the digest of what is sealed, with its
salt, so exchange of data keys and deletion of text leave the chain whole. Where the end does not fit, the head tells
the next link as the one that the chain is whole from: the damage stays to be seen (`safekeeping.seals` names it), and
signing goes on behind it. What is said last of each agreement stands beside the chain (`words`), so that the second
signature need not follow it.

Locks: the head of the round is the last lock that a transaction takes. First the agreements, newest first, then what
hangs on them, then the head. Every signature, and whatever ends one, takes it and holds it to the end.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Subquery

from leder.agreements.models import LastWords, Role, Round, Seal, SealHead, SealLink, Signature
from leder.agreements.models.text import LinkKind, parse_said
from leder.agreements.seals import words
from leder.canonical import canonical, digest_of
from leder.keyed import moment

logger = logging.getLogger("leder.seals")

BATCH = 500
# How many have signed what is chained so; what ends a seal is chained with as many as there are.
SIGNERS = {LinkKind.FIRST: 1, LinkKind.SEALED: len(Role)}


class NotFirst(Exception):
    """The chain does not end, for this agreement, with the first signature that the second would be added to."""


@dataclass
class End:
    """Where a chain ends: how many links, and the digest of the last."""

    length: int = 0
    digest: str = ""

    def add(self, said: dict[str, Any]) -> dict[str, Any]:
        """Add a link that says this, and make it the end. Returns number, text and digest of the link."""
        self.length += 1
        text = canonical({"previous": self.digest, "number": self.length, **said})
        self.digest = digest_of(text)
        return {"number": self.length, "said": text.decode(), "digest": self.digest}


def append(seal: Seal, kind: LinkKind) -> SealLink:
    """Add a seal to the chain of its round: signed by one or both, or ended (then its `voided_at` says when).

    Call it at the end of the transaction, with the agreement locked and nothing else left to lock. Six queries. Raises
    ValueError for a seal that is not what the link would say, and NotFirst for a second signature where the chain does
    not say last that the first was given to this very seal.
    """
    agreement = seal.agreement
    signatures = seal.signatures.genuine()
    if kind in SIGNERS:
        if len(signatures) != SIGNERS[kind]:
            raise ValueError("a first signature is one, and both sign before a seal is chained as sealed")
    elif seal.voided_at is None:
        raise ValueError("a seal is voided before it is chained as ended")
    head = _locked_head(agreement.round)
    part = words.part_of(agreement)
    last = _last_link(seal, part)
    end = End(last.number, last.digest) if last else End()
    sound = (head.length, head.digest) == (end.length, end.digest) and head.is_genuine
    # One that does not end as its links do may be of another day: nothing that it says was said last is believed.
    parts = words.parts_of(head) if sound else {}
    known = words.words_in(last.words if last else None, parts.get(part))
    first = (last and last.first) or ""
    if kind == LinkKind.SEALED and not _waits_for_second(seal, signatures, first, known or {}):
        logger.error("second signature without the first: round %s, %s", agreement.year, signatures[0].whose)
        raise NotFirst
    said = said_of(seal, kind, signatures, year=agreement.year)
    link = SealLink.objects.create(round=agreement.round, kind=kind, seal=seal, **end.add(said))
    head.length, head.digest = end.length, end.digest
    if not sound:
        words.forget(agreement.round)
    words.write(head, {part: {**(known or {}), words.key_of(seal): link.digest}}, parts)
    if not sound or known is None:
        logger.error("chain of seals does not fit: round %s, before link %s", agreement.year, end.length)
        head.whole_from = end.length
    head.sign()
    head.save()
    # The same outside the database, for an operator's log server: a database set back to an earlier day shows there.
    logger.info("seal: round %s, links %s, digest %s", agreement.year, end.length, end.digest)
    return link


def _last_link(seal: Seal, part: str) -> Any:
    """The last link of the round, with what that of a first signature on a seal says, and the words of a part, or None.

    One query, behind the lock of the head: joined to that, what was waited for would not be seen.
    """
    links = SealLink.objects.filter(round=seal.agreement.round).order_by("-number")
    # One at most; in the order of the round, a database would look through all of it.
    first = SealLink.objects.filter(seal=seal, kind=LinkKind.FIRST).values("said")[:1]
    said = LastWords.objects.filter(round=seal.agreement.round, part=part).values("said")
    return links.annotate(first=Subquery(first), words=Subquery(said)).first()


def _waits_for_second(seal: Seal, signatures: Collection[Signature], first: str, known: words.Words) -> bool:
    """Whether the last word on the agreement, of this kind, is that one of these was given first to this very seal."""
    said, year = parse_said(first), seal.agreement.year
    # Where it stands in the chain is its own word.
    given = {key: said[key] for key in said.keys() - {"number", "previous"}}
    expected = [said_of(seal, LinkKind.FIRST, [each], year=year) for each in signatures]
    return known.get(words.key_of(seal)) == digest_of(first.encode()) and given in expected


def _locked_head(year_round: Round) -> SealHead:
    heads = SealHead.objects.select_for_update().filter(round=year_round)
    head = heads.first()
    if head is None:
        # The first of the round, or removed by hand; then it does not fit the links that are there.
        first = SealHead(round=year_round)
        first.sign()
        SealHead.objects.bulk_create([first], ignore_conflicts=True)
        head = heads.get()
    head.round = year_round
    return head


def begin(year_round: Round) -> int:
    """Chain what is signed in a round that has no chain yet, in the order it was signed. Returns how many links.

    For the example, which writes many rows at once, and voids none: nothing is locked.
    """
    signatures = (
        Signature.objects.filter(seal__agreement__round=year_round)
        .select_related("seal__agreement")
        .defer("seal__ciphertext", "place")
        .order_by("signed_at", "pk")
    )
    end, spoken = End(), defaultdict[str, words.Words](dict)
    waiting: dict[int, Signature] = {}
    rows = signatures.iterator(chunk_size=BATCH)
    while some := list(islice(rows, BATCH)):
        links = []
        for signature in some:
            seal = signature.seal
            first = waiting.pop(seal.pk, None)
            if first is None:
                waiting[seal.pk] = signature
            kind, given = (
                (LinkKind.FIRST, [signature]) if first is None else (LinkKind.SEALED, [first, signature])
            )
            said = said_of(seal, kind, given, year=year_round.year)
            links.append(SealLink(round=year_round, seal=seal, kind=kind, **end.add(said)))
            spoken[words.part_of(seal.agreement)][words.key_of(seal)] = end.digest
        SealLink.objects.bulk_create(links)
    if end.length:
        head = SealHead(round=year_round, length=end.length, digest=end.digest)
        words.write(head, spoken, {})
        head.sign()
        head.save()
    return end.length


def said_of(seal: Seal, kind: str, signatures: Iterable[Signature], *, year: int) -> dict[str, Any]:
    """What a link says of a seal with these signatures; of one that is ended, since when."""
    said = {
        "link": str(kind),
        "year": year,
        **seal.in_chain(),
        "signatures": {signature.role: signature.in_chain() for signature in signatures},
    }
    return said if kind in SIGNERS else {**said, "at": moment(seal.voided_at)}
