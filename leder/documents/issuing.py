"""What a reader is given as a document: opened by `agreements.reading`, set, and noted in the register once signed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from leder import conf
from leder.agreements.models import Agreement, Reading, Role, Seal, Signature
from leder.agreements.reading import open_place, open_seal, open_signed_record, open_texts
from leder.agreements.record import agreement_record, digest
from leder.agreements.vault import DamagedText
from leder.documents.document import FormChanged, render
from leder.documents.facts import LANGUAGES, Facts, SignedBy
from leder.documents.register import note_issued
from leder.documents.variants import Variant
from leder.mail.sending import link


class NoDocument(Exception):
    """There is nothing to set: the text does not open, was deleted, or is not for this reader. Carries no content."""


@dataclass(frozen=True)
class Opened:
    """A record that a reader may read, with its seal and the signatures on it; no seal for a draft without one."""

    record: dict[str, Any]
    seal: Seal | None
    signatures: tuple[SignedBy, ...]

    @property
    def is_signed(self) -> bool:
        """Whether both have signed it."""
        return self.seal is not None and {each.role for each in self.signatures} == set(Role.values)


def document_for_party(*, reader: Any, agreement: Agreement, variant: Variant) -> bytes:
    """Return the document as it stands for a party with a recent sign-in: a draft until both have signed. Logged.

    The agreement comes from `agreement_or_404`. Raises NoDocument, FormChanged and NotSet.
    """
    if agreement.text_deleted_at is not None:
        raise NoDocument
    # What is left out is neither opened here nor logged.
    recent = variant == Variant.WHOLE
    texts = open_texts(reader=reader, agreement=agreement, recent=recent, kinds=(Reading.Kind.ANSWER,))
    seal = standing_seal(agreement)
    signatures = _signatures(reader, agreement, seal)
    if agreement.signed_at is None:
        if texts.damaged:
            raise NoDocument
        return _draft(agreement, agreement_record(agreement, texts), signatures, variant)
    if seal is None:
        raise NoDocument
    try:
        record = open_seal(reader=reader, seal=seal)
    except (DamagedText, PermissionError) as error:
        raise NoDocument from error
    return _signed(agreement, Opened(record, seal, signatures), variant)


def document_for_former(*, reader: Any, agreement: Agreement, variant: Variant) -> bytes:
    """Return the document that a former superior has signed, as it was signed, without the places. Logged.

    The agreement comes from `signed_by_former`. Raises NoDocument, FormChanged and NotSet.
    """
    seal = standing_seal(agreement)
    try:
        record = open_signed_record(reader=reader, agreement=agreement)
    except DamagedText as error:
        raise NoDocument from error
    if record is None or seal is None:
        raise NoDocument
    # The record is theirs to read; where the two were when they signed it never was in it.
    signatures = tuple(SignedBy(each.role, each.signed_at, "") for each in seal.signatures.order_by("role"))
    return _signed(agreement, Opened(record, seal, signatures), variant)


def standing_seal(agreement: Agreement) -> Seal | None:
    """Return the seal of the agreement that is not voided, if there is one."""
    return agreement.seals.filter(kind=Seal.Kind.AGREEMENT, voided_at=None).first()


def language_of_document() -> str:
    """Return the reader's language where documents are set in it, else the site's."""
    wanted = (get_language() or "").split("-")[0]
    return wanted if wanted in LANGUAGES else text_language()


def text_language() -> str:
    """Return the language that pages and answers are written in."""
    return settings.LANGUAGE_CODE.split("-")[0]


def _draft(
    agreement: Agreement, record: dict[str, Any], signatures: tuple[SignedBy, ...], variant: Variant
) -> bytes:
    facts = _facts(as_of=timezone.now().replace(microsecond=0), signatures=signatures)
    return render(record, agreement.form_edition.content, facts, variant)


def _signed(agreement: Agreement, opened: Opened, variant: Variant) -> bytes:
    seal = opened.seal
    # A seal that is not of its record, or that one of them has not signed, gives no document that looks signed.
    if seal is None or not opened.is_signed or digest(opened.record) != seal.sha256:
        raise NoDocument
    facts = _facts(
        as_of=max(each.at for each in opened.signatures).replace(microsecond=0),
        signatures=opened.signatures,
        sha256=seal.sha256,
        check_url=link(reverse("leder:check_seal", args=[seal.uuid])),
    )
    pdf = render(opened.record, agreement.form_edition.content, facts, variant)
    note_issued(seal=seal, pdf=pdf, variant=variant, language=facts.language)
    return pdf


def _facts(
    *, as_of: dt.datetime, signatures: tuple[SignedBy, ...], sha256: str = "", check_url: str = ""
) -> Facts:
    return Facts(
        language=language_of_document(),
        text_language=text_language(),
        organisation=conf.organisation(),
        base_url=link("/"),
        as_of=as_of,
        signatures=signatures,
        sha256=sha256,
        check_url=check_url,
        mark=conf.document_mark(),
    )


def _signatures(reader: Any, agreement: Agreement, seal: Seal | None) -> tuple[SignedBy, ...]:
    """The signatures on a seal. Each has a place; a row put in by hand has none that opens, and does not count."""
    if seal is None:
        return ()
    given: list[Signature] = list(seal.signatures.order_by("role"))
    placed = [(each, open_place(reader=reader, agreement=agreement, signature=each)) for each in given]
    return tuple(SignedBy(each.role, each.signed_at, place) for each, place in placed if place)


__all__ = ["FormChanged", "NoDocument", "document_for_former", "document_for_party"]
