"""Signing: both sign one record with one hash (R7).

The second signature closes the agreement and replaces last year's.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from leder.agreements import notices, rules
from leder.agreements.actions.base import ContentChanged, RuleBroken, lock, lock_as, note_event, require
from leder.agreements.actions.lapsing import lapse_reopening
from leder.agreements.actions.voiding import end_seal, void_standing_seal
from leder.agreements.models import Access, Agreement, Event, Seal, SealLink, Signature
from leder.agreements.models.acts import one_act
from leder.agreements.models.text import given
from leder.agreements.reading.current import texts_for_work
from leder.agreements.reading.sealed import open_seal
from leder.agreements.reading.texts import Texts
from leder.agreements.seals import chain
from leder.agreements.seals.record import agreement_record
from leder.agreements.sections.outstanding import changes_asked
from leder.agreements.states import AFTER_SIGNED, Step, advance
from leder.agreements.vault.bindings import SALT_BYTES, seal_binding, seal_place
from leder.agreements.vault.cipher import cipher_of
from leder.canonical import canonical, digest, digest_of
from leder.mail.notices import tell


class SignatureInDoubt(RuleBroken):
    """A signature that stands on the content is not as it was given, or the chain tells otherwise. Nothing was changed.

    A change of the content voids it; then both sign anew.
    """


@one_act()
def sign(access: Access, *, place: str, content_hash: str) -> Signature:
    """Sign the agreement at a place. `content_hash` is the digest of the record the person has read.

    Raises RuleBroken, SignatureInDoubt, or ContentChanged when the content is no longer that.
    """
    here = lock_as(access)
    actor, locked = here.reader, here.agreement
    changes = changes_asked(locked)
    signature, is_second = sign_record(
        here,
        kind=Seal.Kind.AGREEMENT,
        may_sign=lambda roles: rules.may_sign(here, signed_roles=roles, changes_asked=changes),
        record_of=agreement_record,
        content_hash=content_hash,
        place=place,
    )
    note_event(locked, Event.Kind.SIGNED, actor)
    if not is_second:
        advance(locked, Step.SIGN_FIRST)
        chain_signature(signature, is_second=False)
        return signature
    advance(locked, Step.SIGN_SECOND)
    locked.signed_at = signature.signed_at
    locked.signed_pair = locked.pair
    locked.save(update_fields=["signed_at", "signed_pair"])
    _replace_previous(locked)
    _give_way_to_next(locked)
    chain_signature(signature, is_second=True)
    return signature


@one_act()
def withdraw_signature(access: Access) -> None:
    """Take one's own signature back, as long as the other has not signed, and tell the other. Raises RuleBroken."""
    here = lock_as(access)
    signature = withdraw_from_record(
        here,
        kind=Seal.Kind.AGREEMENT,
        may_withdraw=lambda roles: rules.may_withdraw_signature(here, signed_roles=roles),
    )
    advance(here.agreement, Step.VOID)
    note_event(here.agreement, Event.Kind.UNSIGNED, here.reader)
    tell(notices.SIGNATURE_WITHDRAWN, signature)


def sign_record(
    access: Access,
    *,
    kind: Seal.Kind,
    may_sign: Callable[[set[str]], bool],
    record_of: Callable[[Agreement, Texts], dict[str, Any]],
    content_hash: str,
    place: str = "",
) -> tuple[Signature, bool]:
    """Sign a record of what the two have written, under a locked agreement. Returns whether it is the second too.

    `may_sign` is the rule, of the roles that have signed. `content_hash` is the digest of what the person has read; a
    first signature on something else than that is voided. Raises RuleBroken, or ContentChanged where it stands no more.
    """
    agreement = access.agreement
    seal = standing_seal(agreement, kind)
    signed_roles = _signed_roles(seal) if seal else set()
    require(may_sign(signed_roles))
    texts = texts_for_work(access)
    require(not texts.damaged)
    record = record_of(agreement, texts)
    if digest(record) != content_hash:
        raise ContentChanged
    # What is written can't differ: a change of it voids the seal. A name can, when a party has got a new one.
    if seal and _unsalted(open_seal(access, seal)) != record:
        void_standing_seal(actor=access.reader, agreement=agreement, kind=kind)
        seal, signed_roles = None, set()
    seal = seal or _sealed(agreement, kind, record)
    signature = Signature(seal=seal, role=access.role, signer=access.reader, signed_at=timezone.now())
    seal_place(signature, place, cipher_of(agreement))
    signature.sign()
    signature.save()
    return signature, bool(signed_roles)


def withdraw_from_record(
    access: Access, *, kind: Seal.Kind, may_withdraw: Callable[[set[str]], bool]
) -> Signature:
    """Take one's own signature on a record back, under a locked agreement, and return it as it was given.

    `may_withdraw` is the rule, of the roles that have signed. Raises RuleBroken.
    """
    seal = standing_seal(access.agreement, kind)
    signatures = seal.given_signatures() if seal else {}
    require(may_withdraw(set(signatures)))
    signature = signatures[access.role]
    require(signature.signer_id == access.reader.pk)
    end_seal(signature.seal, SealLink.Kind.WITHDRAWN)
    return signature


def _signed_roles(seal: Seal) -> set[str]:
    """Who has signed. Raises SignatureInDoubt where one of them does not count: nobody signs beside it."""
    rows = seal.signatures.with_last_word()
    signed = {signature.role for signature in given(rows)}
    if len(signed) != len(rows):
        raise SignatureInDoubt
    return signed


def chain_signature(signature: Signature, *, is_second: bool) -> None:
    """Add a signature to the chain, at the end of the transaction. Raises SignatureInDoubt."""
    try:
        chain.append(signature.seal, SealLink.Kind.SEALED if is_second else SealLink.Kind.FIRST)
    except chain.NotFirst as error:
        raise SignatureInDoubt from error


def standing_seal(agreement: Agreement, kind: Seal.Kind) -> Seal | None:
    """Return the seal that is not voided, if there is one."""
    return agreement.seals.filter(kind=kind, voided_at=None).first()


def _unsalted(sealed: dict[str, Any]) -> dict[str, Any]:
    """Return a sealed record as it was before the salt."""
    return {key: value for key, value in sealed.items() if key != "salt"}


def _sealed(agreement: Agreement, kind: Seal.Kind, record: dict[str, Any]) -> Seal:
    """Seal a record, with a random salt: so its hash tells nothing once the text is shredded."""
    salted = canonical({**record, "salt": secrets.token_hex(SALT_BYTES)})
    seal = Seal(
        uuid=uuid.uuid4(),
        agreement=agreement,
        kind=kind,
        pair=agreement.pair,
        sha256=digest_of(salted),
        created_at=timezone.now(),
    )
    seal.ciphertext = cipher_of(agreement).seal_text(salted, *seal_binding(seal))
    seal.save()
    return seal


def _give_way_to_next(agreement: Agreement) -> None:
    """Mark a reopened agreement that is signed anew as replaced where next year's is signed (R1)."""
    if Agreement.objects.filter(previous=agreement, signed_at__isnull=False).exists():
        advance(agreement, Step.REPLACE)
        note_event(agreement, Event.Kind.REPLACED, None)


def _replace_previous(agreement: Agreement) -> None:
    if agreement.previous is None:
        return
    previous = lock(agreement.previous)
    if previous.state in AFTER_SIGNED:
        lapse_reopening(previous)
        advance(previous, Step.REPLACE)
        note_event(previous, Event.Kind.REPLACED, None)
