"""A first signature that no longer counts: voided by a change before the second, visibly (R7)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from leder.agreements import notices
from leder.agreements.actions.base import note_event
from leder.agreements.models import Agreement, Event, Seal, SealLink, Signature
from leder.agreements.models.text import LinkKind
from leder.agreements.seals import chain
from leder.agreements.states import State, Step, advance
from leder.mail.notices import tell


def void_standing_seal(*, actor: Any, agreement: Agreement, kind: Seal.Kind, section_id: str = "") -> None:
    """Void the seal that waits for its second signature, if there is one, and tell those who had signed.

    Call it inside a transaction with the agreement locked. A seal with both signatures never gets here: the rules
    close the content for change.
    """
    seal = agreement.seals.filter(kind=kind, voided_at=None).first()
    if seal is None:
        return
    given = end_seal(seal, SealLink.Kind.VOIDED)
    if agreement.state == State.SIGNING:
        advance(agreement, Step.VOID)
    note_event(agreement, Event.Kind.VOIDED, actor, section_id)
    for signature in given.values():
        if signature.signer != actor:
            tell(notices.SIGNATURE_VOIDED, signature)


def end_seal(seal: Seal, kind: LinkKind) -> dict[str, Signature]:
    """End a seal that waits for its second signature, and chain it so. Returns the signatures that counted until now.

    Call it with the agreement locked: after it, nothing is locked that others lock before the chain.
    """
    given = seal.given_signatures()
    seal.voided_at = timezone.now()
    seal.save(update_fields=["voided_at"])
    chain.append(seal, kind)
    return given
