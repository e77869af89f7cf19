"""Search in the site's text (søk): published pages, nothing else."""

import re

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Page

PAGE_SIZE = 20


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Live pages that the reader may see and that match `q`, best first, twenty at a time."""
    query = request.GET.get("q", "").strip()[:200]
    # Only words reach the database's search, whose own language has quotes and operators.
    words = " ".join(re.findall(r"\w+", query))
    hits = Page.objects.live().public().specific().search(words) if words else Page.objects.none()
    page = Paginator(hits, PAGE_SIZE).get_page(request.GET.get("side"))
    return render(request, "search/search.html", {"query": query, "hits": page})
