"""What both have signed, opened for one who may read it, by the rules, and logged where another has written it.

`reading.current` opens what is written now; what was signed before a reopening is opened by `reading.earlier`.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from leder.agreements import rules
from leder.agreements.access.grants import signed_by_former
from leder.agreements.models import Access, Agreement, Reading, Role, Seal, Share, Signature
from leder.agreements.reading import log as reading_log
from leder.agreements.reading.without_private import private_sections, without_private
from leder.agreements.vault.bindings import place_binding, seal_binding
from leder.agreements.vault.cipher import DamagedText, cipher_of, cipher_or_none, open_or_none
from leder.canonical import digest
from leder.people import Person


def open_signed_record(*, reader: Person, agreement: Agreement) -> dict[str, Any] | None:
    """Return the record that a former superior has signed, as it was signed; None where there is none. Logged.

    Raises DamagedText. The agreement comes from `signed_by_former(reader)`.
    """
    seal = agreement.seals.filter(kind=Seal.Kind.AGREEMENT, voided_at=None).first()
    if seal is None or not signed_by_former(reader).filter(pk=agreement.pk).exists():
        return None
    record = record_of_both(agreement, seal)
    if record is None:
        return None
    line = reading_log.Line("", Reading.Kind.RECORD, "", seal.pk)
    reading_log.log_readings(reader=reader, agreement=agreement, lines=[line])
    return record


def record_of_both(agreement: Agreement, seal: Seal) -> dict[str, Any] | None:
    """Return a sealed record that both have signed; None where a signature is missing. Asks no rule, logs nothing.

    Raises DamagedText.
    """
    cipher = cipher_of(agreement)
    seal.agreement = agreement
    if not seal.is_signed_by_both():
        return None
    return cipher.open(seal.ciphertext, *seal_binding(seal))


def open_seal(access: Access, seal: Seal) -> dict[str, Any]:
    """Return the sealed record. Raises DamagedText; PermissionError for one who is not a party to it.

    A superior counts as one for what their own pair has signed.
    """
    agreement = access.agreement
    if access.role != Role.LEADER and seal.pair != agreement.pair:
        raise PermissionError
    # By the agreement's own key: of no other agreement does a seal open.
    return cipher_of(agreement).open(seal.ciphertext, *seal_binding(seal))


def open_seal_without_private(access: Access, seal: Seal) -> dict[str, Any]:
    """Return a sealed record without what is private, for the superior of today, where an earlier one signed. Logged.

    Raises DamagedText where seal, signatures or form are not as they were, and PermissionError for the leader.
    """
    if access.role != Role.SUPERIOR:
        raise PermissionError
    return _without_private(access.agreement, seal, access.reader, share=None)


@transaction.atomic
def open_shared_seal(*, reader: Person, share: Share, seal: Seal) -> dict[str, Any]:
    """Return the same for one whom the whole is shared with. Raises PermissionError for all others. Logged."""
    agreement = share.agreement
    # As in `open_shared`: one who withdraws waits, or has withdrawn before it is asked again here.
    Agreement.objects.select_for_update(no_key=True).values_list("pk").get(pk=agreement.pk)
    share.refresh_from_db(fields=["status", "until", "mac"])
    if not rules.may_read_share(reader, share) or (share.agreement_id, share.section_id) != (
        seal.agreement_id,
        "",
    ):
        raise PermissionError
    return _without_private(agreement, seal, reader, share=share)


def _without_private(
    agreement: Agreement, seal: Seal, reader: Person, *, share: Share | None
) -> dict[str, Any]:
    """The record without what is private, logged. Nothing of the private part leaves this function."""
    if seal.voided_at is not None:
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
    reading_log.log_readings(reader=reader, agreement=agreement, lines=lines, share=share)
    return held


def open_place(access: Access, signature: Signature) -> str:
    """Return the place a party signed at; "" where it does not open."""
    agreement = access.agreement
    cipher, place = cipher_or_none(agreement), place_binding(signature)
    payload = open_or_none(cipher, signature.place, *place, agreement=agreement)
    return payload["place"] if payload else ""
