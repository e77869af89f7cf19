"""The texts of a year: which there are, what keeps them from being agreed on, and copying last year's to a draft."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.actions.copy_page import CopyPageAction

from leder.agreements.forms.round import PAGES
from leder.agreements.models import Round
from leder.pages.copying import years_taken

# What is written anew each year; the platform stands until it is changed.
YEARLY = ("letter_page", "form_page")


@dataclass(frozen=True)
class TextProblem:
    """A text that can't be agreed on as it is, or (`stops` is False) one that somebody is working on."""

    page: Any
    title: str
    message: str | Promise
    stops: bool


def problems_of(year_round: Round) -> list[TextProblem]:
    """Return what is wrong with the texts of a round, in the order of the texts. Four queries or so."""
    found = (_problem_of(year_round, name, model) for name, model in PAGES.items())
    return [problem for problem in found if problem is not None]


def stopping(problems: list[TextProblem]) -> list[TextProblem]:
    """Those that stand in the way of opening."""
    return [problem for problem in problems if problem.stops]


def _problem_of(year_round: Round, name: str, model: Any) -> TextProblem | None:
    page = model.objects.filter(pk=getattr(year_round, f"{name}_id")).first()
    if page is None:
        title = str(Round._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        return TextProblem(None, title, _("This is not a page of the right kind. Choose another."), True)
    title = page.get_admin_display_title()
    if not page.live:
        return TextProblem(
            page, title, _("It is not published. Agreements stand on published text only."), True
        )
    if getattr(page, "year", year_round.year) != year_round.year:
        return TextProblem(page, title, _("It is for another year than the round."), True)
    if page.has_unpublished_changes:
        message = _("It has changes that are not published. Agreements get the text as it is published.")
        return TextProblem(page, title, message, False)
    return None


@dataclass(frozen=True)
class Copyable:
    """Last year's text, where this year has none yet."""

    name: str
    source: Any
    allowed: bool


def copyable(user: Any, year: int) -> list[Copyable]:
    """Return last year's letter and form, for those of the two that the year has none of."""
    found = []
    for name in YEARLY:
        source = _source(name, year)
        if source is not None:
            may = source.permissions_for_user(user).can_copy_to(source.get_parent())
            found.append(Copyable(name, source, may))
    return found


@transaction.atomic
def copy_to_draft(*, actor: Any, name: str, year: int) -> Any | None:
    """Copy last year's letter or form ("letter_page", "form_page") to a draft for a year; return the new page.

    The draft is published through the workflow as any other page. Returns None where there is nothing to copy, or
    the year has its text already. Raises PermissionDenied where the actor may not add a page there.
    """
    source = _source(name, year)
    if source is None:
        return None
    old, new = str(source.year), str(year)
    action = CopyPageAction(
        source,
        to=source.get_parent(),
        update_attrs={
            "title": re.sub(rf"\b{old}\b", new, source.title),
            "slug": _free_slug(source, re.sub(rf"\b{old}\b", new, source.slug)),
        },
        copy_revisions=False,
        keep_live=False,
        user=actor,
    )
    return action.execute()


def _source(name: str, year: int) -> Any | None:
    model = PAGES[name]
    source = model.objects.filter(year=year - 1, alias_of=None).order_by("-live", "-pk").first()
    # A copy takes the first free year (`pages.copying`), so that of this page must be the one that is asked for.
    if source is None or year in years_taken(source) or model.objects.filter(year=year).exists():
        return None
    return source


def _free_slug(source: Any, wanted: str) -> str:
    taken = set(source.get_siblings(inclusive=True).values_list("slug", flat=True))
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug
