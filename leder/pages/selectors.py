"""Questions about the pages that others ask."""

from typing import Any

from leder.pages.models import LeadershipPage


def leadership_page(near: Any = None) -> LeadershipPage | None:
    """The first published landing page of leadership; without a query when `near` is it or was reached by it."""
    for page in (near, getattr(near, "_cached_parent_obj", None)):
        if isinstance(page, LeadershipPage) and page.live:
            return page
    return LeadershipPage.objects.live().order_by("path").first()
