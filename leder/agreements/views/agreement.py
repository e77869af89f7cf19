"""The agreement page: the published form with what the two have written in it."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from leder.agreements import rules
from leder.agreements.models import Access, Agreement
from leder.agreements.presenting.agreement import present
from leder.agreements.views.guard.access import access_or_404, for_parties
from leder.agreements.views.guard.recent import confirm_url
from leder.pages.editions import Section


@require_safe
@for_parties
def agreement(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show the agreement.

    `?change=<section id>` opens a section for change after the first signature, `?new=<section number>` offers an
    empty goal in a section.
    """
    access = access_or_404(request, uuid)
    return agreement_page(
        request, access, change=request.GET.get("change", ""), blank_goal=request.GET.get("new", "")
    )


def agreement_page(
    request: HttpRequest,
    access: Access,
    *,
    change: str = "",
    blank_goal: str = "",
    bound: Mapping[Any, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the agreement page; `bound` are forms to show again with what was typed (see `present`)."""
    agreement = access.agreement
    view = present(access, change=change, blank_goal=blank_goal, bound=bound, kept=True)
    context = {
        "view": view,
        "agreement": agreement,
        "faulty": next(iter((bound or {}).values()), None),
        "may_prepare": rules.may_prepare(access) or rules.preparations_are_open(agreement),
        "may_meet": rules.may_meet(access),
        "may_follow_up": rules.may_follow_up(access),
        "signs": agreement.state in ("discussed", "signing") and view.role not in view.standing.agreement,
        "confirm_url": confirm_url(reverse("leder:agreement", args=[agreement.uuid])),
    }
    return render(request, "leder/agreements/agreement.html", context, status=status)


def section_url(agreement: Agreement, section: Section, query: Mapping[str, Any] | None = None) -> str:
    """Return the address of a section where it is written: on the agreement, or on the follow-up."""
    name = "leder:follow_up" if section.is_follow_up else "leder:agreement"
    return reverse(name, args=[agreement.uuid], query=query, fragment=f"s-{section.id}")
