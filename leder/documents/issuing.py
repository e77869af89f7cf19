"""What a reader is given as a document: opened by `agreements.reading`, set, and once signed issued and kept.

A signed document is set at the first fetch; each later one gives what was issued then, and is decided and logged alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from leder import conf
from leder.agreements.actions.signing import standing_seal
from leder.agreements.models import Access, Agreement, Reading, Role, Seal, Share
from leder.agreements.models.agreement import held_by
from leder.agreements.reading.current import open_shared, open_texts
from leder.agreements.reading.earlier import open_earlier_seal
from leder.agreements.reading.sealed import (
    open_place,
    open_seal,
    open_seal_without_private,
    open_shared_seal,
    open_signed_record,
)
from leder.agreements.rules import may_read_share
from leder.agreements.seals.record import agreement_record
from leder.agreements.vault.cipher import DamagedText
from leder.canonical import digest
from leder.documents.checking import MOST_BYTES
from leder.documents.document import NoDocument, render, require_form, without_private_goals
from leder.documents.facts import Agreed, Facts, SignedBy
from leder.documents.register import Copy, issue, issued_before
from leder.documents.sealing import with_seal
from leder.documents.typesetting import NotSet
from leder.documents.variants import Variant
from leder.languages import find
from leder.mail.sending import link
from leder.pages.editions import Edition
from leder.people import Person


@dataclass(frozen=True)
class Opened:
    """A record that a reader may read, with its seal and the signatures on it."""

    record: dict[str, Any]
    seal: Seal
    signatures: tuple[SignedBy, ...]

    @property
    def is_as_signed(self) -> bool:
        """Whether both have signed it, and the seal is of this record."""
        signed_by_both = {each.role for each in self.signatures} == set(Role.values)
        return signed_by_both and self.seal.sha256 == (
            self.record["whole_sha256"] if "variant" in self.record else digest(self.record)
        )

    @property
    def as_of(self) -> dt.datetime:
        """When the second has signed."""
        return max(each.at for each in self.signatures).replace(microsecond=0)


def document_for_party(access: Access, variant: Variant) -> bytes:
    """Return the document as it stands for a party with a recent sign-in: a draft until both have signed. Logged.

    A superior who has not signed it themselves is given it without private sections, whatever is asked for.
    Raises NoDocument, FormChanged and NotSet.
    """
    agreement = access.agreement
    if agreement.text_deleted_at is not None:
        raise NoDocument
    seal = standing_seal(agreement, Seal.Kind.AGREEMENT)
    if agreement.signed_at is not None:
        if seal is None:
            raise NoDocument
        if is_of_another_pair(access, seal):
            return signed_pdf(agreement, without_private_of(access, seal), Variant.WITHOUT_PRIVATE)
    texts = open_texts(as_asked(access, variant), kinds=(Reading.Kind.ANSWER,))
    if seal is None or agreement.signed_at is None:
        if texts.damaged:
            raise NoDocument
        signatures = signatures_on(access, seal)
        return draft_pdf(agreement, agreement_record(agreement, texts), signatures, variant)
    return signed_pdf(agreement, opened_by_party(access, seal), variant)


def document_for_former(*, reader: Person, agreement: Agreement, variant: Variant) -> bytes:
    """Return the document that a former superior has signed, as it was signed, without the places. Logged.

    The agreement comes from `signed_by_former`. Raises NoDocument, FormChanged and NotSet.
    """
    seal = standing_seal(agreement, Seal.Kind.AGREEMENT)
    record = _readable(partial(open_signed_record, reader=reader, agreement=agreement))
    if seal is None:
        raise NoDocument
    # The record is theirs to read; where the two were when they signed it never was in it.
    return signed_pdf(agreement, Opened(record, seal, _without_places(seal)), variant)


def document_for_earlier(*, reader: Person, agreement: Agreement, variant: Variant, seal: Seal) -> bytes:
    """Return what both signed before the agreement was opened again: the same bytes as then. Logged.

    The seal is of `earlier_seals_for`. Raises NoDocument, FormChanged and NotSet.
    """
    seal.agreement = agreement
    record = _readable(partial(open_earlier_seal, reader=reader, seal=seal))
    access = held_by(reader).filter(pk=agreement.pk).access_for(reader, recent=True)
    signatures = signatures_on(access, seal) if access else _without_places(seal)
    return signed_pdf(agreement, Opened(record, seal, signatures), variant)


def document_for_shared(*, reader: Person, share: Share) -> bytes:
    """Return the document without private sections, for one whom the whole is shared with. Logged with the share.

    The share comes from `Share.objects.visible_to`, and is of the whole. Raises PermissionError where it was withdrawn
    in the meantime, NoDocument, FormChanged and NotSet.
    """
    agreement = share.agreement
    if agreement.text_deleted_at is not None:
        raise NoDocument
    if agreement.signed_at is not None:
        seal = standing_seal(agreement, Seal.Kind.AGREEMENT)
        if seal is None:
            raise NoDocument
        record = _readable(partial(open_shared_seal, reader=reader, share=share, seal=seal))
        opened = Opened(record, seal, _without_places(seal))
        return signed_pdf(agreement, opened, Variant.WITHOUT_PRIVATE)
    texts = open_shared(reader=reader, share=share)
    if not may_read_share(reader, share):
        raise PermissionError
    if texts.damaged:
        raise NoDocument
    return draft_pdf(agreement, agreement_record(agreement, texts), (), Variant.WITHOUT_PRIVATE)


def as_asked(access: Access, variant: Variant) -> Access:
    """Return the access to open a document by; what the variant leaves out is then neither opened nor logged."""
    return access if variant == Variant.WHOLE else access.without_private()


def is_of_another_pair(access: Access, seal: Seal) -> bool:
    """Whether the reader is the superior of today, and what is sealed was signed with an earlier one."""
    return access.role != Role.LEADER and seal.pair != access.agreement.pair


def opened_by_party(access: Access, seal: Seal) -> Opened:
    """Return what a party has signed. Raises NoDocument."""
    try:
        record = _readable(partial(open_seal, access, seal))
    except PermissionError as error:
        raise NoDocument from error
    return Opened(record, seal, signatures_on(access, seal))


def without_private_of(access: Access, seal: Seal) -> Opened:
    """Return what others have signed, without what is private. Logged. Raises NoDocument; PermissionError."""
    record = _readable(partial(open_seal_without_private, access, seal))
    return Opened(record, seal, _without_places(seal))


def _readable(open_record: Callable[[], dict[str, Any] | None]) -> dict[str, Any]:
    """Return the record that a reader asks for. Raises NoDocument where it does not open, or there is none."""
    try:
        record = open_record()
    except DamagedText as error:
        raise NoDocument from error
    if record is None:
        raise NoDocument
    return record


def signatures_on(access: Access, seal: Seal | None) -> tuple[SignedBy, ...]:
    """The signatures on a seal, for a party to it. One put in by hand does not count."""
    if seal is None:
        return ()
    given = sorted(seal.given_signatures().items())
    return tuple(SignedBy(role, each.signed_at, open_place(access, each)) for role, each in given)


def _without_places(seal: Seal) -> tuple[SignedBy, ...]:
    given = sorted(seal.given_signatures().items())
    return tuple(SignedBy(role, each.signed_at, "") for role, each in given)


def draft_pdf(
    agreement: Agreement,
    record: dict[str, Any],
    signatures: tuple[SignedBy, ...],
    variant: Variant,
    agreed: Agreed | None = None,
) -> bytes:
    """Return a draft of a record that not both have signed. It is not noted."""
    facts = _facts(as_of=timezone.now().replace(microsecond=0), signatures=signatures, agreed=agreed)
    return render(record, agreement.form_edition.content, facts, variant)


def signed_pdf(agreement: Agreement, opened: Opened, variant: Variant, agreed: Agreed | None = None) -> bytes:
    """Return the document of a record that both have signed, as it was issued; else issue it now, sealed and kept."""
    # A seal that is not of its record, or that one of them has not signed, gives no document that looks signed.
    if not opened.is_as_signed:
        raise NoDocument
    facts = _facts(
        as_of=opened.as_of,
        signatures=opened.signatures,
        sha256=opened.seal.sha256,
        check_url=link(reverse("leder:check_seal", args=[opened.seal.uuid])),
        agreed=agreed,
    )
    form = form_of(agreement, opened.record)
    # Asked of what was issued, too: who keeps the texts is told at once that one of them was changed.
    require_form(opened.record, form)
    if variant == Variant.WITHOUT_PRIVATE:
        facts = without_private_goals(facts, form)
    copy = Copy(opened.seal, variant, facts.language, extent_of(facts))
    if (issued := issued_before(agreement, copy)) is not None:
        return issued
    pdf = with_seal(render(opened.record, form, facts, variant), language=facts.language)
    # What is larger could not be checked.
    if len(pdf) > MOST_BYTES:
        raise NotSet
    return issue(agreement, copy, pdf)


def extent_of(facts: Facts) -> str:
    """Return the digest of what a document shows that readers of the same variant may not all read.

    Whether the places of the signatures, which are the two's own; and of a follow-up, the goals of which sections.
    """
    goals = sorted(facts.agreed.goals) if facts.agreed else []
    return digest({"places": any(each.place for each in facts.signatures), "goals": goals})


def form_of(agreement: Agreement, record: dict[str, Any]) -> dict[str, Any]:
    """Return the content of the form that a record names: after a reopening the two may have adopted another text."""
    named = record.get("editions", {}).get("form", {}).get("sha256")
    edition = agreement.form_edition
    if named != edition.sha256:
        edition = Edition.objects.filter(kind=edition.kind, sha256=named).first() or edition
    content: dict[str, Any] = edition.content
    return content


def language_of_document() -> str:
    """Return the reader's language where documents are set in it, else the site's."""
    wanted = find(get_language())
    return wanted.code if wanted else text_language()


def text_language() -> str:
    """Return the language that pages and answers are written in."""
    return settings.LANGUAGE_CODE.split("-")[0]


def _facts(
    *,
    as_of: dt.datetime,
    signatures: tuple[SignedBy, ...],
    sha256: str = "",
    check_url: str = "",
    agreed: Agreed | None = None,
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
        agreed=agreed,
    )
