"""Verification (kontroll): names what decides who may read, or tells who has, and was not written by the plugin.

Every seal is opened to compare it with its hash (`seals`); other texts only `with_texts`, and then only to see that
they open and are what was signed. Reads row by row, so that a million agreements need no more memory than one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q

from leder.agreements.access import accounts
from leder.agreements.access.pairs import FIRST, is_private
from leder.agreements.answers import empty_payload
from leder.agreements.models import (
    Agreement,
    AgreementUserObjectPermission,
    DataKey,
    Entry,
    KnownAccount,
    Reading,
    ReadingHead,
    Reopening,
    Role,
    Seal,
)
from leder.agreements.reading import log as reading_log
from leder.agreements.vault.bindings import entry_binding, seal_binding
from leder.agreements.vault.cipher import Buffer, DamagedText, cipher_of
from leder.documents.models import IssuedFile
from leder.pages.editions import Edition
from leder.safekeeping import deletion, documents, inventories, seals, superiors
from leder.safekeeping.texts import TEXTS, Store
from leder.signed import signed_models

CHUNK = 2000
SEALS = 500


def findings(*, with_texts: bool = False, tally: seals.Tally | None = None) -> Iterator[str]:
    """Yield a line for each fault, naming row and agreement, never what is written.

    `tally` is told how many seals were looked at, and how.
    """
    tally = tally or seals.Tally()
    yield from _signatures()
    yield from _grants_out_of_place()
    yield from superiors.faults()
    yield from _missing()
    yield from _reading_logs()
    yield from data_key_faults()
    yield from seals.chain_faults(tally)
    yield from seals.record_faults(tally)
    yield from seals.date_faults()
    yield from _voided()
    yield from inventories.inventory_faults()
    yield from documents.missing()
    yield from deletion.remains()
    if with_texts:
        yield from _texts()


def _signatures() -> Iterator[str]:
    for model in signed_models():
        for field in model.signatures:
            if (model, field) == (KnownAccount, "password_mac"):
                # A changed password is told at the next sign-in; it says nothing of forgery.
                continue
            for row in model.to_be_signed(field).iterator(chunk_size=CHUNK):
                if not row.stands(field):
                    yield f"{model.named(field)}: row {row.pk} is not genuine ({row.whose})"


def _grants_out_of_place() -> Iterator[str]:
    """Grants that are genuine, but the agreement now names another person in that role."""
    agreement = "content_object__"
    fits = Q(role=Role.LEADER, user_id=F(f"{agreement}leader_id")) | Q(
        role=Role.SUPERIOR, user_id=F(f"{agreement}superior_id")
    )
    fits &= Q(role=Role.LEADER, pair="") | Q(role=Role.SUPERIOR, pair=F(f"{agreement}pair"))
    rows = AgreementUserObjectPermission.objects.exclude(fits).values_list(
        "pk", "user_id", f"{agreement}uuid"
    )
    for pk, user_id, uuid in rows.iterator(chunk_size=CHUNK):
        yield f"grants: row {pk} is of one who is no party (user {user_id}, agreement {uuid})"


def _missing() -> Iterator[str]:
    for name, rows in (
        ("reading log", Agreement.objects.filter(reading_head=None)),
        ("data key", Agreement.objects.filter(data_key=None, text_deleted_at=None)),
    ):
        for uuid in rows.values_list("uuid", flat=True).iterator(chunk_size=CHUNK):
            yield f"{name}: missing for agreement {uuid}"
    grants = AgreementUserObjectPermission.objects.filter(content_object=OuterRef("pk"))
    for role in Role.values:
        without = Agreement.objects.filter(~Exists(grants.filter(role=role)))
        for uuid in without.values_list("uuid", flat=True).iterator(chunk_size=CHUNK):
            yield f"grants: the {role} has none (agreement {uuid})"
    unknown = accounts.everybody().filter(leder_account=None).order_by("pk")
    for pk in unknown.values_list("pk", flat=True).iterator(chunk_size=CHUNK):
        yield f"known account: missing for user {pk}"


def _reading_logs() -> Iterator[str]:
    rows = Reading.objects.select_related("agreement", "share").order_by("agreement_id", "number")
    ends: dict[int, tuple[int, str]] = {}
    for pk, log in groupby(rows.iterator(chunk_size=CHUNK), key=lambda row: row.agreement_id):
        number, before = 0, ""
        for row in log:
            number += 1
            if row.number != number or row.digest != reading_log.digest_of(
                row, before, row.agreement, row.share
            ):
                yield f"reading log: line {row.number} does not fit (agreement {row.agreement.uuid})"
                break
            before = row.digest
        ends[pk] = (number, before)
    heads = ReadingHead.objects.select_related("agreement").only("length", "digest", "agreement__uuid")
    for head in heads.iterator(chunk_size=CHUNK):
        if (head.length, head.digest) != ends.get(head.pk, (0, "")):
            yield f"reading log: it does not end where its head says (agreement {head.agreement.uuid})"


def data_key_faults() -> Iterator[str]:
    for row in DataKey.objects.select_related("agreement").iterator(chunk_size=CHUNK):
        try:
            row.agreement.data_key = row
            cipher_of(row.agreement)
        except DamagedText:
            yield f"data key: does not open (agreement {row.agreement.uuid}, wrapped by {row.wrapped_by})"


def _voided() -> Iterator[str]:
    """Seals that both have signed are voided by a reopening that both agreed to, and by nothing else."""
    agreed = Reopening.objects.filter(seal=OuterRef("pk"), status=Reopening.Status.AGREED)
    by_both = Seal.objects.annotate(signed=Count("signatures")).filter(signed=len(Role))
    for pk, uuid in (
        by_both.filter(~Exists(agreed), voided_at__isnull=False)
        .values_list("pk", "agreement__uuid")
        .iterator(chunk_size=CHUNK)
    ):
        yield f"seal: {pk} was signed by both, and voided without a reopening (agreement {uuid})"
    standing = Reopening.objects.filter(status=Reopening.Status.AGREED, seal__voided_at=None)
    for pk, uuid in standing.values_list("seal_id", "agreement__uuid").iterator(chunk_size=CHUNK):
        yield f"seal: {pk} was opened again by both, and is not voided (agreement {uuid})"


def _texts() -> Iterator[str]:
    for store in TEXTS:
        # Every record is opened by `seals`, and documents a few at a time.
        if store.model not in (Seal, IssuedFile):
            yield from _unopened(store)
    yield from documents.unopened()
    yield from _seals()


def _unopened(store: Store) -> Iterator[str]:
    """Texts of a kind that do not open."""
    way = store.agreement
    rows = store.model._default_manager.filter(
        **{f"{way}__text_deleted_at": None, f"{way}__data_key__isnull": False}
    )
    for row in rows.select_related(f"{way}__data_key", *store.joined).iterator(chunk_size=CHUNK):
        agreement = attrgetter(way.replace("__", "."))(row)
        if _opened(agreement, getattr(row, store.column), store.bound_to(row)) is None:
            yield f"{store.model._meta.model_name}: {row.pk} does not open (agreement {agreement.uuid})"


def _seals() -> Iterator[str]:
    """Sections of signed agreements that hold other words than what was signed."""
    forms = Edition.objects.in_bulk(set(Agreement.objects.values_list("form_edition", flat=True).distinct()))
    signed = Seal.objects.filter(
        kind=Seal.Kind.AGREEMENT,
        voided_at=None,
        agreement__signed_at__isnull=False,
        agreement__text_deleted_at=None,
    )
    rows = signed.select_related("agreement__data_key").iterator(chunk_size=SEALS)
    while some := list(islice(rows, SEALS)):
        written = _answers({seal.agreement_id for seal in some})
        for seal in some:
            # One form for all: its content is long.
            seal.agreement.form_edition = forms[seal.agreement.form_edition_id]
            record = _opened(seal.agreement, seal.ciphertext, seal_binding(seal))
            if record is not None:
                yield from _texts_unlike(seal, record, written.get(seal.agreement_id, {}))


def _answers(agreements: set[int]) -> dict[int, dict[tuple[str, str], Entry]]:
    """The answers of some agreements, by section and pair. One query."""
    found: dict[int, dict[tuple[str, str], Entry]] = {}
    for entry in Entry.objects.filter(agreement__in=agreements, kind=Entry.Kind.ANSWER):
        found.setdefault(entry.agreement_id, {})[entry.section_id, entry.pair] = entry
    return found


def _texts_unlike(seal: Seal, record: dict[str, Any], entries: dict[tuple[str, str], Entry]) -> Iterator[str]:
    agreement = seal.agreement
    for section in record["sections"]:
        pair = seal.pair if is_private(agreement, section["id"]) else FIRST
        entry = entries.get((section["id"], pair))
        written = _opened(agreement, entry.ciphertext, entry_binding(entry)) if entry else empty_payload()
        if written != section["written"]:
            yield f"text: section {section['id']} is not what was signed (agreement {agreement.uuid})"


def _opened(agreement: Agreement, ciphertext: Buffer, place: tuple[object, ...]) -> dict[str, Any] | None:
    try:
        return cipher_of(agreement).open(ciphertext, *place)
    except DamagedText:
        return None
