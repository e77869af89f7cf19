"""Verification of seals: the chain of each round from end to end, what its links say, and every record that is sealed.

The rows are compared with the last link of a seal that tells of its signatures: the first one, or both.

Names each fault with round, link, seal and agreement, and what differs; never what is written. Reads a few hundred rows
at a time, so that a million agreements need no more memory than one. A seal whose text is deleted is checked by the
chain alone: its record is gone, its hash and its signatures are not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from leder.agreements.models import Agreement, Role, Round, Seal, SealHead, SealLink, Signature
from leder.agreements.models.text import LinkKind, parse_said
from leder.agreements.seals import chain, words
from leder.agreements.seals.chain import End
from leder.agreements.states import AFTER_SIGNED, BEFORE_SIGNED, State
from leder.agreements.vault.bindings import seal_binding
from leder.agreements.vault.cipher import DamagedText, cipher_of
from leder.canonical import digest_of
from leder.keyed import moment
from leder.pages.editions import Edition

BATCH = 500
CHUNK = 2000
# What is compared otherwise, or as a link of the chain.
STANDS_IN = ("previous", "number", "link", "signatures", "at")
# What a link calls otherwise than the row.
COLUMNS = {"seal": "uuid"}


@dataclass
class Tally:
    """What was looked at: links, seals opened, and seals known by the chain alone since their text is deleted."""

    links: int = 0
    opened: int = 0
    deleted: int = 0

    def __str__(self) -> str:
        return (
            f"{self.links} links of seals; {self.opened} records opened, "
            f"{self.deleted} by their seal alone: the text is deleted."
        )


@dataclass
class Known:
    """What the database holds of the seals that some links are about."""

    seals: dict[int, Seal]
    signatures: dict[int, list[Signature]] = field(default_factory=dict)
    # Which of them both have signed, and which have ended, by what the chain says.
    sealed: set[int] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)


@dataclass
class Waiting:
    """The first signatures that wait for their second as a chain is walked: the seal, by agreement and kind."""

    seals: dict[tuple[Any, Any], Any] = field(default_factory=dict)

    def faults(self, said: dict[str, Any]) -> Iterator[str]:
        """Go on by one link; name what can't follow what was said before of the agreement."""
        about, seal, link = (said.get("agreement"), said.get("kind")), said.get("seal"), said.get("link")
        if link == LinkKind.REOPENED:
            return
        waits = self.seals.pop(about, None)
        if link == LinkKind.FIRST:
            self.seals[about] = seal
            if waits is not None:
                yield f"the first signature on seal {waits} waited still"
        elif waits != seal:
            yield f"it is {link}, and the last that was said of the agreement is no first signature on this seal"


def chain_faults(tally: Tally) -> Iterator[str]:
    """Walk the chain of each round; then name what both have signed and no chain holds."""
    for year_round in Round.objects.order_by("year"):
        yield from _walk(year_round, tally)
    linked = SealLink.objects.filter(seal=OuterRef("pk"), kind=LinkKind.SEALED)
    signed = Seal.objects.filter(*(Exists(_signature_of(role)) for role in Role))
    for uuid, agreement in _identities(signed.filter(~Exists(linked))):
        yield f"seal: signed by both, and stands in no chain (seal {uuid}, agreement {agreement})"
    first = SealLink.objects.filter(seal=OuterRef("seal"), kind=LinkKind.FIRST)
    unchained = Signature.objects.filter(~Exists(first)).values_list(
        "pk", "seal__uuid", "seal__agreement__uuid"
    )
    for pk, uuid, agreement in unchained.iterator(chunk_size=CHUNK):
        yield f"signature: row {pk} stands in no chain (seal {uuid}, agreement {agreement})"
    twice = SealLink.objects.values("seal_id", "kind").annotate(times=Count("pk")).filter(times__gt=1)
    for uuid, agreement in _identities(Seal.objects.filter(pk__in=twice.values("seal_id"))):
        yield f"seal: stands in the chain more than once (seal {uuid}, agreement {agreement})"


def record_faults(tally: Tally) -> Iterator[str]:
    """Open every record, compare it with the hash of its seal, and its editions with what the agreement refers to."""
    editions = dict(Edition.objects.values_list("pk", "sha256"))
    seals = Seal.objects.select_related("agreement__data_key").order_by("pk")
    for seal in seals.iterator(chunk_size=BATCH):
        agreement = seal.agreement
        if agreement.text_deleted_at is not None:
            tally.deleted += 1
            continue
        tally.opened += 1
        text = _opened(seal)
        if text is None or digest_of(text) != seal.sha256:
            yield f"seal: {seal.pk} does not fit its record (seal {seal.uuid}, agreement {agreement.uuid})"
        elif seal.kind == Seal.Kind.AGREEMENT and seal.voided_at is None and agreement.signed_at is not None:
            yield from _unlike_record(json.loads(text), seal, editions)


def _unlike_record(record: dict[str, Any], seal: Seal, editions: dict[int, str]) -> Iterator[str]:
    """What the agreement's own row says otherwise than what was signed."""
    agreement = seal.agreement
    signed = record["editions"]
    pinned = {kind: editions.get(getattr(agreement, f"{kind}_edition_id")) for kind in signed}
    if any(signed[kind]["sha256"] != sha256 for kind, sha256 in pinned.items()):
        yield f"edition: another than what was signed (agreement {agreement.uuid})"
    leader, superior = record["leader"], record["superior"]
    rows = {
        "leader_title": (leader["title"], agreement.leader_title),
        "unit_name": (leader["unit"], agreement.unit_name),
        "opened_at": (record["opened_at"], moment(agreement.opened_at)),
        "discussed_on": (
            record["held_on"],
            agreement.discussed_on.isoformat() if agreement.discussed_on else "",
        ),
    }
    # The same superior in another position has another title since.
    is_since = (
        agreement.handed_over_at and agreement.signed_at and agreement.handed_over_at > agreement.signed_at
    )
    if seal.pair == agreement.pair and not is_since:
        rows["superior_title"] = (superior["title"], agreement.superior_title)
    for name, (said, stands) in rows.items():
        if said != stands:
            yield f"agreement: {name} is not what was signed (agreement {agreement.uuid})"


def date_faults() -> Iterator[str]:
    """Name agreements that say they are signed and have no seal, or the reverse, or a state that does not fit."""
    unsigned = Q(signed_at=None, state__in=(*AFTER_SIGNED, State.REPLACED))
    signed = Q(signed_at__isnull=False, state__in=BEFORE_SIGNED)
    for uuid, state in Agreement.objects.filter(unsigned | signed).values_list("uuid", "state"):
        yield f"agreement: it is said to be {state}, and its date of signing says otherwise (agreement {uuid})"
    standing = Seal.objects.filter(agreement=OuterRef("pk"), kind=Seal.Kind.AGREEMENT, voided_at=None)
    unsealed = Agreement.objects.exclude(signed_at=None).filter(~Exists(standing))
    for uuid in unsealed.values_list("uuid", flat=True).iterator(chunk_size=CHUNK):
        yield f"seal: missing for the signed agreement {uuid}"
    by_both = standing.filter(*(Exists(_signature_of(role)) for role in Role))
    untold = Agreement.objects.filter(Exists(by_both), signed_at=None)
    for uuid in untold.values_list("uuid", flat=True).iterator(chunk_size=CHUNK):
        yield f"seal: both have signed, and the date of it is missing (agreement {uuid})"


def _walk(year_round: Round, tally: Tally) -> Iterator[str]:
    """One chain, link by link. After a fault it goes on from the link as it stands, to name the others too."""
    name = f"chain of {year_round.year}"
    end, waiting = End(), Waiting()
    links = SealLink.objects.filter(round=year_round).order_by("number").iterator(chunk_size=BATCH)
    while some := list(islice(links, BATCH)):
        known = _known(some)
        for link in some:
            tally.links += 1
            first, last = end.length + 1, link.number - 1
            if first < last:
                yield f"{name}: links {first} to {last} are missing"
            elif first == last:
                yield f"{name}: link {first} is missing"
            said = parse_said(link.said)
            where = f"seal {said.get('seal', link.seal_id)}, agreement {said.get('agreement', 'unknown')}"
            faults = (
                *_out_of_place(link, said, end),
                *waiting.faults(said),
                *_unlike(link, said, known, year_round.year),
            )
            for what in faults:
                yield f"{name}, link {link.number}: {what} ({where})"
            end = End(link.number, link.digest)
    head = SealHead.objects.filter(round=year_round).first()
    if head is None and end.length:
        yield f"{name}: its head is missing"
    elif head is not None and (head.length, head.digest) != (end.length, end.digest):
        yield f"{name}: its head says {head.length} links, and it ends with link {end.length}"
    if head is not None:
        yield from _words_faults(name, head)
    if head is not None and head.whole_from != 1:
        yield f"{name}: what stands before link {head.whole_from} did not fit when that was added"


def _words_faults(name: str, head: SealHead) -> Iterator[str]:
    """Parts of what is said last of agreements that are not as the head says. One query."""
    stand, told = words.of_round(head.round), words.parts_of(head)
    for part in sorted(stand.keys() | told.keys()):
        if part not in stand or digest_of(stand[part].encode()) != told.get(part):
            yield f"{name}: what is said last of agreements (part {part}) is not as its head says"


def _out_of_place(link: SealLink, said: dict[str, Any], end: End) -> Iterator[str]:
    """What is wrong with a link as a link of the chain."""
    if digest_of(link.said.encode()) != link.digest:
        yield "what it says is not what its digest is of"
    if said.get("number") != link.number:
        yield "it has another place in the order than it was given"
    elif said.get("previous") != end.digest and end.length == link.number - 1:
        yield "it does not follow the link before it"
    if said.get("link") != link.kind:
        yield f"it is said to be {link.kind}, and was not"


def _unlike(link: SealLink, said: dict[str, Any], known: Known, year: int) -> Iterator[str]:
    """What differs between what a link says and what the database holds of its seal."""
    seal = known.seals.get(link.seal_id)
    if seal is None:
        yield "its seal is missing"
        return
    agreement = seal.agreement
    if agreement.round_id != link.round_id:
        yield "the agreement is of another round"
    signatures = known.signatures.get(seal.pk, [])
    stands = chain.said_of(seal, link.kind, signatures, year=year)
    if link.kind == LinkKind.FIRST and seal.pk in known.sealed:
        # What both have signed is compared with the link that says so.
        return
    yield from _differing(said, stands)
    if link.kind in chain.SIGNERS:
        yield from _unlike_signed(link, said["signatures"], stands["signatures"], known)
    elif seal.voided_at is None:
        yield f"the seal is {link.kind}, and stands again"
    elif said.get("at") != stands["at"]:
        yield "voided_at of the seal differs"


def _unlike_signed(
    link: SealLink, given: dict[str, Any], stands: dict[str, Any], known: Known
) -> Iterator[str]:
    """What differs between the signatures that a link tells of and those of the database, and what follows of them."""
    seal = known.seals[link.seal_id]
    agreement = seal.agreement
    for role in Role.values if link.kind == LinkKind.SEALED else given:
        yield from _unlike_signature(role, given.get(role), stands.get(role))
    if seal.voided_at is not None and seal.pk not in known.ended:
        yield "the seal's voided_at is set, and no link says so"
    if link.kind == LinkKind.SEALED and seal.kind == Seal.Kind.AGREEMENT and seal.voided_at is None:
        last = max((each["signed_at"] for each in stands.values()), default="")
        if agreement.signed_at is not None and moment(agreement.signed_at) != last:
            yield "the agreement's signed_at is not when it was signed"
        if agreement.signed_pair != seal.pair:
            yield "the agreement's signed_pair is not who signed it"


def _unlike_signature(
    role: str, given: dict[str, str] | None, stands: dict[str, str] | None
) -> Iterator[str]:
    if given is None:
        yield f"the signature of the {role} was not there"
    elif stands is None:
        yield f"the signature of the {role} is missing"
    else:
        for key in stands:
            if given.get(key) != stands[key]:
                yield f"{key} of the signature of the {role} differs"


def _differing(said: dict[str, Any], stands: dict[str, Any]) -> Iterator[str]:
    for key, value in stands.items():
        if key not in STANDS_IN and said.get(key) != value:
            yield f"{COLUMNS.get(key, key)} of the seal differs"


def _known(links: list[SealLink]) -> Known:
    """What the database holds of the seals of some links. Three queries."""
    ids = {link.seal_id for link in links}
    seals = Seal.objects.select_related("agreement").only(
        "uuid",
        "kind",
        "pair",
        "sha256",
        "created_at",
        "voided_at",
        "agreement__uuid",
        "agreement__round_id",
        "agreement__signed_at",
        "agreement__signed_pair",
    )
    known = Known(seals.in_bulk(ids))
    told = SealLink.objects.filter(seal__in=ids).exclude(kind=LinkKind.FIRST)
    for seal_id, kind in told.values_list("seal_id", "kind"):
        (known.sealed if kind == LinkKind.SEALED else known.ended).add(seal_id)
    for signature in Signature.objects.filter(seal__in=ids).defer("place"):
        known.signatures.setdefault(signature.seal_id, []).append(signature)
    return known


def _opened(seal: Seal) -> bytes | None:
    try:
        return cipher_of(seal.agreement).open_text(seal.ciphertext, *seal_binding(seal))
    except DamagedText:
        return None


def _signature_of(role: Role) -> QuerySet:
    return Signature.objects.filter(seal=OuterRef("pk"), role=role)


def _identities(seals: QuerySet) -> Iterator[tuple[Any, Any]]:
    return seals.values_list("uuid", "agreement__uuid").iterator(chunk_size=CHUNK)
