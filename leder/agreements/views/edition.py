"""A text as it stood when it was published (R6), from plain data of ours, and two of them compared."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from leder.agreements.editions.decisions import earlier_editions
from leder.agreements.models import Agreement
from leder.agreements.views.guard.access import for_parties
from leder.pages.choosing import EditionsForm
from leder.pages.comparing import compare
from leder.pages.editions import Edition
from leder.pages.routing import may_read
from leder.pages.telling import summary
from leder.people import Person


@require_safe
@for_parties
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an edition to those who may read its page now, and to the parties of agreements that stand on it.

    To everybody else it is not there (404): the page may have been withdrawn, or be for some only.
    """
    found = edition_or_404(request, pk)
    is_open = may_read(found.page, request)
    editions = list(Edition.objects.of(found.page).listed()) if is_open else []
    context = {
        "edition": found,
        "short_hash": found.sha256[:12],
        "page_now": found.page if is_open else None,
        "newest": editions[0] if editions else None,
        "earlier": [each for each in editions if each.number < found.number],
    }
    return render(request, "leder/agreements/edition.html", context)


@require_safe
@for_parties
def comparison(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Show what differs between two editions of the same kind, for one who may read both (404 for others).

    Told from the older to the newer, in whichever order they stand in the address. `?view=side` sets them side by
    side; `?old=…&new=…` is the form on the page that chooses two others.
    """
    found = [edition_or_404(request, each) for each in (pk, other)]
    if found[0].kind != found[1].kind:
        raise Http404
    old, new = sorted(found, key=lambda each: (each.year or 0, each.published_at, each.pk))
    form = EditionsForm(_readable(request, old.kind), request.GET if "old" in request.GET else None, old, new)
    view = "side" if request.GET.get("view") == "side" else "inline"
    if form.is_valid():
        chosen = redirect("leder:comparison", form.cleaned_data["new"], form.cleaned_data["old"])
        chosen["Location"] += "?view=side" if view == "side" else ""
        return chosen
    compared = compare(old, new)
    context = {
        "comparison": compared,
        "summary": summary(compared),
        "old": old,
        "new": new,
        "same_page": old.page_id is not None and old.page_id == new.page_id,
        "view": view,
        "form": form,
    }
    return render(request, "leder/pages/comparison.html", context)


def edition_or_404(request: HttpRequest, pk: int) -> Edition:
    """Return an edition that the reader may read; see `edition`. Raises Http404."""
    found: Edition = get_object_or_404(Edition.objects.select_related("page"), pk=pk)
    if not may_read_edition(request, found):
        raise Http404
    return found


def may_read_edition(request: HttpRequest, edition: Edition) -> bool:
    """Whether a reader may read an edition; see `edition`. Three queries at most, and one more where it was adopted."""
    return (
        may_read(edition.page, request)
        or _pinned_for(request.user).filter(_pins(edition)).exists()
        or _has_stood(request.user, edition)
    )


def _has_stood(reader: Person, edition: Edition) -> bool:
    """Whether an agreement of the reader's has stood on the edition: what was chosen from it is kept."""
    moved = _pinned_for(reader).exclude(adopted_at=None).filter(text_decisions__old_edition=edition)
    return any(edition.pk in {each.pk for each in earlier_editions(found)} for found in moved.distinct())


def _readable(request: HttpRequest, kind: str) -> list[Edition]:
    """The editions of a kind that the reader may read, the newest first."""
    field = f"{kind}_edition"
    pinned = set(_pinned_for(request.user).values_list(field, flat=True))
    open_pages: dict[int | None, bool] = {None: False}
    readable = []
    for each in (
        Edition.objects.filter(kind=kind)
        .listed()
        .select_related("page")
        .order_by("-year", "-published_at", "-pk")
    ):
        if each.page_id not in open_pages:
            open_pages[each.page_id] = may_read(each.page, request)
        if open_pages[each.page_id] or each.pk in pinned:
            readable.append(each)
    return readable


def _pinned_for(reader: Person) -> Any:
    return Agreement.objects.visible_to(reader)


def _pins(edition: Edition) -> Q:
    return Q(platform_edition=edition) | Q(letter_edition=edition) | Q(form_edition=edition)
