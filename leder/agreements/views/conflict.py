"""Both have changed the same text: the page that shows both and lets the person choose. Nothing is lost."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leder.agreements.conflicts import FieldPair
from leder.agreements.models import Agreement
from leder.agreements.texts import Text
from leder.pages.editions import Section


def conflict_page(  # noqa: PLR0913 (all that the page shows, each by its name)
    request: HttpRequest,
    *,
    agreement: Agreement,
    section: Section,
    pairs: list[FieldPair],
    stored: Text,
    version: int,
    merged: Any,
    fields: str,
    back: str,
) -> HttpResponse:
    """Return the page of a conflict (409).

    Its forms post to the same address with the version that stands now, so a third change in the meantime leads
    here again. `merged` is a form with both texts joined, `fields` the template of its fields, `back` where the
    text stands for one who keeps the other's.
    """
    posted = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {"csrfmiddlewaretoken", "version"}
    ]
    context = {
        "agreement": agreement,
        "section": section,
        "differing": [pair for pair in pairs if pair.differs],
        "same": [pair for pair in pairs if not pair.differs],
        "stored": stored,
        "version": version,
        "posted": posted,
        "form": merged,
        "fields": fields,
        "back": back,
        "keeps": request.POST.get("back", ""),
        "by_other": stored.author != request.user,
    }
    return render(request, "leder/agreements/conflict.html", context, status=409)
