"""Template tags of agreements: statements of a text in groups, and where one's own agreement builds on a page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from wagtail.whitelist import Whitelister

from leder.agreements.reading.citations import own_citations
from leder.agreements.sections.words import day
from leder.agreements.views.guard.device import is_new_device
from leder.agreements.views.guard.recent import is_recent

register = template.Library()

# Statements that are the heading of those that follow: a value, an area of responsibility, a perspective.
HEADINGS = frozenset({"value", "area", "perspective"})


@dataclass
class StatementGroup:
    """Statements of a part under a heading of their own, or under none."""

    heading: str = ""
    id: str = ""
    text: str = ""
    statements: list[dict[str, Any]] = field(default_factory=list)


@register.filter
def statement_groups(part: dict[str, Any]) -> list[StatementGroup]:
    """Return the statements of a part of an edition, in groups, in the order of the text."""
    groups: list[StatementGroup] = []
    for statement in part.get("statements", []):
        if statement["kind"] in HEADINGS:
            text = statement.get("summary") or statement.get("description", "")
            groups.append(StatementGroup(statement["text"], statement["id"], text))
            continue
        heading = statement.get("group", "")
        if not groups or groups[-1].heading != heading:
            groups.append(StatementGroup(heading))
        groups[-1].statements.append(statement)
    return groups


@register.filter
@lru_cache(maxsize=512)
def prose(html: str) -> SafeString:
    """The text of an edition with the tags of set text only, each of them closed.

    Editors can write no others. One who writes to the database can, and an open tag or quote would take what the two
    have written, further down the page, along to another address.
    """
    return mark_safe(Whitelister().clean(html or ""))  # noqa: S308  cleaned


@register.filter
def iso_day(value: str) -> dt.date | None:
    """The date that ISO text stands for; None for none."""
    return day(value)


@register.inclusion_tag("leder/agreements/_marks.html", takes_context=True)
def my_agreement_marks(context: template.Context, page: Any) -> dict[str, Any]:
    """Where the reader's own agreement, as leader, builds on this page: links, never what is written. One query."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated or not page.pk:
        return {}
    found = own_citations(
        reader=user, page=page, recent=is_recent(request), new_device=is_new_device(request)
    )
    return {"agreement": found[0], "statements": found[1]} if found else {}
