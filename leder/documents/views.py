"""The document of an agreement, for those who may read it; and the check of a document, for everybody signed in."""

from __future__ import annotations

import logging
import uuid as uuids
from collections.abc import Callable
from functools import partial
from http.client import CONFLICT, GONE, TOO_MANY_REQUESTS
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from leder import pace
from leder.agreements import rules
from leder.agreements.models import Agreement, Seal
from leder.agreements.views.guard.access import access_or_404, allow_if, for_parties
from leder.agreements.views.guard.recent import confirm_first, is_recent
from leder.agreements.views.reopening import earlier_seal_or_404
from leder.documents import checking
from leder.documents.document import FormChanged, NoDocument
from leder.documents.following_up import follow_up_for_party
from leder.documents.forms import CheckForm, InMemory
from leder.documents.issuing import (
    document_for_earlier,
    document_for_former,
    document_for_party,
    document_for_shared,
)
from leder.documents.register import NotAsIssued
from leder.documents.turns import turn_of
from leder.documents.typesetting import NotSet
from leder.documents.variants import Variant
from leder.sharing.views.shared import share_or_404, signed_or_404

logger = logging.getLogger("leder.documents")

SECONDS_TO_WAIT = 5


@require_safe
@for_parties
def document(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Give the agreement as a PDF to its parties, a draft until both have signed. 404 for all others.

    `?uten-private=1` leaves out private sections.
    """
    access = access_or_404(request, uuid)
    return _given(request, access.agreement, partial(document_for_party, access))


@require_safe
@for_parties
def follow_up_document(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Give the follow-up as a PDF to the parties, a draft until both have confirmed it. 404 for all others."""
    access = access_or_404(request, uuid)
    allow_if(rules.may_follow_up(access))
    give = partial(follow_up_for_party, access)
    return _given(request, access.agreement, give, name="oppfolging")


@require_safe
@for_parties
def earlier_document(request: HttpRequest, uuid: uuids.UUID, seal: uuids.UUID) -> HttpResponse:
    """Give what was signed before the agreement was opened again, as a PDF. 404 for all but those who may read it."""
    agreement, found = earlier_seal_or_404(request, uuid, seal)
    give = partial(document_for_earlier, reader=request.user, agreement=agreement, seal=found.seal)
    return _given(request, agreement, give, back=reverse("leder:earlier_seal", args=[uuid, seal]))


@require_safe
@for_parties
def shared_document(request: HttpRequest, share: uuids.UUID) -> HttpResponse:
    """Give one whom the whole is shared with the agreement as a PDF, without private sections. 404 for all others."""
    found = share_or_404(request, share, section_id="")

    def give(*, variant: Variant) -> bytes:
        return document_for_shared(reader=request.user, share=found)

    return _given(request, found.agreement, give, back=reverse("leder:shared", args=[found.uuid]))


@require_safe
@for_parties
def signed_document(request: HttpRequest, agreement: uuids.UUID) -> HttpResponse:
    """Give a former superior the agreement as a PDF, as it was signed. 404 for all others."""
    found = signed_or_404(request, agreement)
    back = reverse("leder:signed_record", args=[found.uuid])
    give = partial(document_for_former, reader=request.user, agreement=found)
    return _given(request, found, give, back=back)


@csrf_exempt  # where the file goes must be said before anything of the request is read; checked below
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Tell of a file whether it is a document of ours, and unchanged."""
    request.upload_handlers = [InMemory(request)]
    return _check(request)


@require_safe
@for_parties
def check_seal(request: HttpRequest, seal: uuids.UUID) -> HttpResponse:
    """Tell what a document on paper can be compared with; the address stands on it. 404 where there is no seal."""
    found = checking.seal_on_paper(seal)
    if found is None:
        raise Http404
    context = {
        "form": CheckForm(),
        "seal": found,
        "status": checking.seal_status(found),
        "reopened_at": checking.reopened_at(found),
    }
    return render(request, "leder/documents/check.html", {**context, **_opens_for(request, found)})


@csrf_protect
@for_parties
def _check(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "leder/documents/check.html", {"form": CheckForm()})
    form = CheckForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "leder/documents/check.html", {"form": form}, status=422)
    if wait := pace.too_early(request, "check"):
        return _later(request, form, pace.words(wait), wait)
    with turn_of(request.user.pk) as is_free:
        if not is_free:
            words = _("Another file of yours is being checked. Wait until it is done, and try again.")
            return _later(request, form, words, SECONDS_TO_WAIT)
        finding = checking.check(form.cleaned_data["file"].read())
    logger.info("checked: user %s, %s", request.user.pk, finding.verdict.value)
    context: dict[str, Any] = {"form": CheckForm(), "finding": finding}
    if finding.seal is not None:
        context |= _opens_for(request, finding.seal)
    return render(request, "leder/documents/check.html", context)


def _later(request: HttpRequest, form: CheckForm, words: str, seconds: int) -> HttpResponse:
    """Say that the file is not checked now, and when it can be."""
    form.add_error(None, words)
    response = render(request, "leder/documents/check.html", {"form": form}, status=TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(seconds)
    return response


def _opens_for(request: HttpRequest, seal: Seal) -> dict[str, bool]:
    """Whether the agreement of a seal exists for this person, so that the page may lead there."""
    return {"is_theirs": Agreement.objects.visible_to(request.user).filter(pk=seal.agreement_id).exists()}


def _given(
    request: HttpRequest,
    agreement: Agreement,
    give: Callable[..., bytes],
    *,
    back: str = "",
    name: str = "lederavtale",
) -> HttpResponse:
    """Give a document, or say why there is none. `back` leads there, if not to the agreement."""
    if not is_recent(request):
        return confirm_first(request)
    variant = Variant.WITHOUT_PRIVATE if request.GET.get("uten-private") else Variant.WHOLE
    try:
        pdf = give(variant=variant)
    except PermissionError:
        # Withdrawn while this was on its way.
        raise Http404 from None
    except (NoDocument, FormChanged, NotSet) as error:
        logger.error("no document: agreement %s, %s", agreement.uuid, type(error).__name__)
        is_deleted = agreement.text_deleted_at is not None
        context = {
            "agreement": agreement,
            "is_deleted": is_deleted,
            "is_not_as_issued": isinstance(error, NotAsIssued),
            "back": back or reverse("leder:agreement", args=[agreement.uuid]),
        }
        return render(
            request, "leder/documents/unavailable.html", context, status=GONE if is_deleted else CONFLICT
        )
    response = HttpResponse(pdf, content_type="application/pdf")
    # The name of the file tells no more than what it is.
    response["Content-Disposition"] = f'attachment; filename="{name}-{agreement.year}.pdf"'
    return response
