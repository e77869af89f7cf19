"""The chain of seals (kjede av forseglinger): what was signed in a round, in order, so that none of it can be changed.

Each link holds what it says as canonical JSON (RFC 8785), with the digest of the link before in it; its own digest is
the SHA-256 of that. No key is in these: an exchange of keys changes nothing but the signature of the head (`keyed`).
The place of a signature is covered by the hash of its ciphertext, which the link keeps, so deletion of text leaves the
chain whole. A head that does not fit is never signed again: the damage stays to be seen (`safekeeping.seals` names it).

Locks: the head of the round is the last lock that a transaction takes. First the agreements, newest first, then what
hangs on them, then the head. Only a second signature and a reopening take it, and hold it to the end.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import rfc8785
from django.db.models import Count, Max

from leder.agreements.models import Role, Round, Seal, SealHead, SealLink
from leder.keyed import moment

logger = logging.getLogger("leder.seals")

BATCH = 500


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
        return {"number": self.length, "said": text, "digest": self.digest}


def append(seal: Seal, kind: SealLink.Kind) -> SealLink:
    """Add a seal to the chain of its round: signed by both, or reopened (then its `voided_at` says when).

    Call it at the end of the transaction, with the agreement locked and nothing else left to lock. Five queries.
    Raises ValueError for a seal that is not what the link would say.
    """
    agreement = seal.agreement
    if kind == SealLink.Kind.SEALED:
        if not seal.is_signed_by_both():
            raise ValueError("both sign before a seal is chained")
        said = sealed(seal, seal.signatures.all(), agreement=agreement, year=agreement.year)
    else:
        if seal.voided_at is None:
            raise ValueError("a seal is voided before it is chained as reopened")
        said = reopened(seal, agreement=agreement, year=agreement.year)
    head = _locked_head(agreement.round)
    last = SealLink.objects.filter(round=agreement.round).order_by("number").last()
    end = End(last.number, last.digest) if last else End()
    sound = (head.length, head.digest) == (end.length, end.digest) and head.is_genuine
    link = SealLink.objects.create(round=agreement.round, kind=kind, seal=seal, **end.add(said))
    head.length, head.digest = end.length, end.digest
    if sound:
        head.sign()
    else:
        logger.error("chain of seals does not fit: round %s", agreement.year)
    head.save()
    # The same outside the database, for an operator's log server: a database set back to an earlier day shows there.
    logger.info("seal: round %s, links %s, digest %s", agreement.year, end.length, end.digest)
    return link


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
    """Chain what both have signed in a round that has no chain yet, in the order it was signed. Returns how many.

    For the example, which writes many rows at once: nothing is locked.
    """
    signed = (
        Seal.objects.filter(agreement__round=year_round)
        .annotate(given=Count("signatures"), last=Max("signatures__signed_at"))
        .filter(given=len(Role))
        .select_related("agreement")
        .only("uuid", "kind", "pair", "sha256", "created_at", "agreement__uuid")
        .order_by("last", "pk")
        .prefetch_related("signatures")
    )
    end = End()
    waiting = signed.iterator(chunk_size=BATCH)
    while some := list(islice(waiting, BATCH)):
        SealLink.objects.bulk_create(
            SealLink(
                round=year_round,
                seal=seal,
                kind=SealLink.Kind.SEALED,
                **end.add(
                    sealed(seal, seal.signatures.all(), agreement=seal.agreement, year=year_round.year)
                ),
            )
            for seal in some
        )
    if end.length:
        head = SealHead(round=year_round, length=end.length, digest=end.digest)
        head.sign()
        head.save()
    return end.length


def sealed(seal: Any, signatures: Iterable[Any], *, agreement: Any, year: int) -> dict[str, Any]:
    """What a link says of a seal that both have signed."""
    return {
        "link": SealLink.Kind.SEALED.value,
        "year": year,
        "agreement": str(agreement.uuid),
        "seal": str(seal.uuid),
        "kind": seal.kind,
        "pair": seal.pair,
        "sha256": seal.sha256,
        "created_at": moment(seal.created_at),
        "signatures": {
            signature.role: {
                "signer": str(signature.signer_id),
                "signed_at": moment(signature.signed_at),
                "place": hashlib.sha256(bytes(signature.place)).hexdigest(),
            }
            for signature in signatures
        },
    }


def reopened(seal: Any, *, agreement: Any, year: int) -> dict[str, Any]:
    """What a link says of a seal that was reopened."""
    return {
        "link": SealLink.Kind.REOPENED.value,
        "year": year,
        "agreement": str(agreement.uuid),
        "seal": str(seal.uuid),
        "at": moment(seal.voided_at),
    }


def canonical(said: dict[str, Any]) -> str:
    """Return what a link says as the text that its digest is of."""
    return rfc8785.dumps(said).decode()


def digest_of(said: str) -> str:
    """Return the digest of a link."""
    return hashlib.sha256(said.encode()).hexdigest()
