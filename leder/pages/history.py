"""What the foot of a text says of its editions: the one that stands, those before it, and last year's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from wagtail.models import PageViewRestriction

from leder.pages.editions import Edition


@dataclass(frozen=True)
class History:
    """The editions of a page, without their content. `last_year` is of the nearest earlier text beside it."""

    edition: Edition | None
    earlier: list[Edition]
    last_year: Edition | None


def history_of(page: Any) -> History:
    """Return the editions of a page. Two queries; the answer is the same for all who may read the page."""
    editions = list(Edition.objects.of(page).listed()) if page.pk else []
    if not editions or not page.live:
        return History(None, [], None)
    return History(editions[0], editions[1:], _last_year(page))


def _last_year(page: Any) -> Edition | None:
    """The newest edition of the published text of the nearest year before, if whoever reads `page` may read it."""
    if not hasattr(page, "year"):
        return None
    before = type(page)._default_manager.sibling_of(page, inclusive=False).live().filter(year__lt=page.year)
    open_to_all = before.exclude(Exists(PageViewRestriction.objects.filter(page=OuterRef("pk"))))
    return (
        Edition.objects.filter(page__in=open_to_all.values("pk"), kind=page.page_kind)
        .listed()
        .order_by("-year", "-number")
        .first()
    )
