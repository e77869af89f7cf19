"""What both have signed, opened for one who may read it, by the rules, and logged where another has written it.

Beside `reading`, which opens what is written; what was signed before a reopening is opened by `reading_earlier`.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from leder.agreements import reading_log, rules
from leder.agreements.models import Agreement, Reading, Role, Seal, Share, Signature
from leder.agreements.places import seal_place
from leder.agreements.record import digest
from leder.agreements.vault import DamagedText, cipher_of, cipher_or_none, open_or_none
from leder.agreements.visibility import reaches
from leder.agreements.without_private import private_sections, without_private


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
        may_read = rules.is_superior(reader, agreement) and reaches(reader, agreement)
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
    return open_or_none(cipher_or_none(agreement), signature.place, *place, agreement=agreement) is not None


def open_place(*, reader: Any, agreement: Agreement, signature: Signature) -> str:
    """Return the place a party signed at; "" for one who is not a party or where it does not open."""
    if not rules.is_party(reader, agreement):
        return ""
    place = ("signature", signature.seal_id, signature.role)
    payload = open_or_none(cipher_or_none(agreement), signature.place, *place, agreement=agreement)
    return payload["place"] if payload else ""
