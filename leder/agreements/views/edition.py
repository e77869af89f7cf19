"""A text as it stood when agreements were pinned to it (R6), from plain data of ours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from leder.agreements.views.access import for_parties
from leder.pages.editions import Edition


@require_safe
@for_parties
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an edition to anyone who is signed in: it is published text."""
    found = get_object_or_404(Edition, pk=pk)
    context = {"edition": found, "short_hash": found.sha256[:12]}
    return render(request, "leder/agreements/edition.html", context)
