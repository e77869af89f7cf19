"""Answers in the page editor before a page that something still needs is deleted.

Rounds (avtaleår) refer to their pages with PROTECT. Without these answers Wagtail's own deletion ends in a server
error, and `page.delete()` outside a transaction leaves the page tree damaged.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import PROTECT, RESTRICT
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from wagtail.admin import messages


def protecting(page: Any) -> Counter[str]:
    """How many objects of each kind keep the page or one below it from being deleted; empty when nothing does.

    Only the kind and the number are told: the page editor is not to learn whose they are.
    """
    found: Counter[str] = Counter()
    for below in page.get_descendants(inclusive=True).specific():
        # Relations without a name backwards ("+") are hidden, and just as protecting.
        for relation in below._meta.get_fields(include_hidden=True):
            if getattr(relation, "on_delete", None) not in (PROTECT, RESTRICT) or relation.concrete:
                continue
            count = relation.related_model._base_manager.filter(**{relation.field.name: below.pk}).count()
            if count:
                found[str(relation.related_model._meta.verbose_name_plural)] += count
    return found


def before_delete_page(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Stop at a page that is needed: say why and return to its editor."""
    if not _refused(request, [page]):
        return None
    return redirect("wagtailadmin_pages:edit", page.pk)


def before_bulk_action(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Stop a bulk deletion with a needed page in it: say which and why, delete none, return to the list."""
    pages = [item for item in objects if hasattr(item, "get_descendants") and hasattr(item, "specific")]
    if action_type != "delete" or not _refused(request, pages):
        return None
    return redirect(action.next_url)


def _refused(request: HttpRequest, pages: Iterable[Any]) -> bool:
    refused = False
    for page in pages:
        if needed_by := protecting(page):
            refused = True
            kinds = get_text_list([f"{kind} ({count})" for kind, count in needed_by.items()], str(_("and")))
            messages.error(
                request,
                _(
                    "“%(title)s” can't be deleted: %(kinds)s refer to it or to a page below it. "
                    "Unpublish it instead; what was agreed stands."
                )
                % {"title": page.get_admin_display_title(), "kinds": kinds},
            )
    return refused
