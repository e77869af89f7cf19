"""A text as it stood when agreements were pinned to it (R6), from plain data of ours."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from leder.agreements.models import Agreement
from leder.agreements.views.access import for_parties
from leder.pages.editions import Edition
from leder.pages.routing import may_read


@require_safe
@for_parties
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an edition to those who may read its page now, and to the parties of agreements that stand on it.

    To everybody else it is not there (404): the page may have been withdrawn, or be for some only.
    """
    found = get_object_or_404(Edition.objects.select_related("page"), pk=pk)
    is_open = may_read(found.page, request)
    if not is_open and not _is_party(request.user, found):
        raise Http404
    context = {
        "edition": found,
        "short_hash": found.sha256[:12],
        "page_now": found.page if is_open else None,
    }
    return render(request, "leder/agreements/edition.html", context)


def _is_party(reader: Any, edition: Edition) -> bool:
    pinned = Q(platform_edition=edition) | Q(letter_edition=edition) | Q(form_edition=edition)
    return Agreement.objects.visible_to(reader).filter(pinned).exists()
