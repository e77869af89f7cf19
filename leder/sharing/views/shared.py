"""What others than the two are shown: what is shared with them, and what a former superior has signed.

Nothing here leads into the agreement.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leder.agreements.access.grants import signed_by_former
from leder.agreements.access.shares import shared_sections
from leder.agreements.models import Agreement, Share
from leder.agreements.models.access import ShareQuerySet
from leder.agreements.reading.current import open_shared
from leder.agreements.reading.earlier import earlier_seals_of_former
from leder.agreements.reading.sealed import open_signed_record
from leder.agreements.reading.texts import Texts
from leder.agreements.reading.why import open_why
from leder.agreements.rules import may_read_share
from leder.agreements.sections.as_signed import SectionInWords, sections_of
from leder.agreements.sections.cited import cited_editions
from leder.agreements.sections.kinds import kind_of
from leder.agreements.vault.cipher import DamagedText
from leder.agreements.views.guard.access import for_parties, log_denied
from leder.agreements.views.guard.recent import confirm_first, is_recent


@for_parties
@require_safe
def shared_with_me(request: HttpRequest) -> HttpResponse:
    """What is shared with the user today, and the agreements signed in an office that the user has left."""
    shares = _shares(request).select_related("agreement__round", "agreement__leader", "agreement__superior")
    context = {
        "shares": [
            {"share": share, "section": share.agreement.form_edition.section(share.section_id)}
            for share in shares.prefetch_related("agreement__form_edition").order_by("until", "pk")
        ],
        "signed": signed_by_former(request.user).with_status().order_by("-round__year", "pk"),
        "earlier": earlier_seals_of_former(request.user),
    }
    return render(request, "leder/sharing/shared_with_me.html", context)


@for_parties
@require_safe
def shared(request: HttpRequest, share: uuids.UUID) -> HttpResponse:
    """Show what is shared with the user. 404 for all others, and when it is withdrawn or its date has passed."""
    found = share_or_404(request, share)
    if not is_recent(request):
        return confirm_first(request)
    texts = open_shared(reader=request.user, share=found)
    if not may_read_share(request.user, found):
        # Withdrawn while this was on its way.
        raise Http404
    context = {
        "share": found,
        "agreement": found.agreement,
        "whole": not found.section_id,
        "purpose": open_why(request.user, found) or "",
        "sections": list(_sections(found, texts)),
    }
    return render(request, "leder/sharing/shared.html", context)


@for_parties
@require_safe
def signed_record(request: HttpRequest, agreement: uuids.UUID) -> HttpResponse:
    """Show what a former superior has signed, as it was signed. 404 for all others."""
    found = signed_or_404(request, agreement)
    if not is_recent(request):
        return confirm_first(request)
    context: dict[str, Any] = {"agreement": found}
    try:
        record = open_signed_record(reader=request.user, agreement=found)
    except DamagedText:
        context["is_damaged"] = True
    else:
        if record is None:
            raise Http404
        context["record"] = record
        context["sections"] = sections_of(record)
    return render(request, "leder/sharing/signed_record.html", context)


def share_or_404(request: HttpRequest, uuid: uuids.UUID, **only: Any) -> Share:
    """Return a share that is open to the user today, with its agreement and texts. Raises Http404 for all others."""
    found = (
        _shares(request)
        .select_related(
            *(f"agreement__{name}" for name in ("round", "leader", "superior", "data_key")),
            *(f"agreement__{kind}_edition" for kind in ("form", "letter", "platform")),
        )
        .filter(uuid=uuid, **only)
        .first()
    )
    if found is None:
        for agreement in Share.objects.filter(uuid=uuid).values_list("agreement__uuid", flat=True):
            log_denied(request, agreement)
        raise Http404
    return found


def signed_or_404(request: HttpRequest, uuid: uuids.UUID) -> Agreement:
    """Return an agreement that the user signed as a superior that they no longer are. Raises Http404 for all others."""
    rows = signed_by_former(request.user).with_status().select_related("data_key")
    found: Agreement | None = rows.filter(uuid=uuid).first()
    if found is None:
        log_denied(request, uuid)
        raise Http404
    return found


def _shares(request: HttpRequest) -> ShareQuerySet:
    return Share.objects.visible_to(request.user).filter(agreement__text_deleted_at=None)


def _sections(share: Share, texts: Texts) -> Iterator[SectionInWords]:
    agreement = share.agreement
    reached = shared_sections(agreement, share)
    for section in agreement.form_edition.sections:
        if not section.takes_answers or section.id not in reached:
            continue
        text, progress = texts.answers.get(section.id), texts.progress.get(section.id)
        is_damaged = section.id in texts.damaged
        if section.is_follow_up and not share.section_id and text is None and not is_damaged:
            # Of the whole, what is written in the autumn shows when it is there.
            continue
        yield SectionInWords(
            section=section,
            written=kind_of(section).in_words(
                section,
                text.payload if text else None,
                cited_editions(agreement, section),
                progress.payload if progress else None,
            ),
            note=progress.payload.get("note", "") if progress else "",
            updated_at=max((each.updated_at for each in (text, progress) if each), default=None),
            is_damaged=is_damaged,
            is_altered=section.id in texts.altered,
        )
