"""Finding the page of an address with few queries: Wagtail's own way costs two a step."""

from typing import Any

from django.http import Http404, HttpRequest


def route_below(page: Any, request: HttpRequest, path_components: list[str], kinds: list[str]) -> Any:
    """Route to the page of one of the `kinds` (model names) below `page` that the address names, in one query.

    Returns None when the page there is of another kind: then Wagtail's own routing is to find it. Raises Http404
    when there is no page at all.
    """
    found = page.get_children().filter(slug=path_components[0]).select_related(*kinds).first()
    if found is None:
        raise Http404
    for kind in kinds:
        if below := getattr(found, kind, None):
            below._cached_parent_obj = page
            return below.route(request, path_components[1:])
    return None
