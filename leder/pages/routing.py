"""Finding the page of an address, and whether it may be read, with few queries: Wagtail's own way costs two a step."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from wagtail.models import PageViewRestriction


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


def restrictions_on(page: Any) -> Any:
    """The view restrictions on a page and those above it, in one query; Wagtail's own way costs two.

    As in Wagtail, an alias is restricted as its source is.
    """
    above = page.get_ancestors(inclusive=True).order_by()
    return PageViewRestriction.objects.filter(
        Q(page__in=above.filter(alias_of=None)) | Q(page__aliases__in=above)
    )


def may_read(page: Any, request: HttpRequest) -> bool:
    """Whether the page is published and its view restrictions let this reader in; None is a page that is gone."""
    return (
        page is not None
        and page.live
        and all(restriction.accept_request(request) for restriction in restrictions_on(page))
    )
