"""Taking over last year's open goals: which of them, each with a date of this year."""

from __future__ import annotations

import uuid as uuids
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from leder.agreements import actions, rules
from leder.agreements.actions.writing import carried_from, open_goals_of_previous
from leder.agreements.answers import empty_payload
from leder.agreements.forms import CarryOverForm
from leder.agreements.models import Access
from leder.agreements.reading.current import texts_for_work
from leder.agreements.sections.words import WrittenGoal, goal_in_words
from leder.agreements.views.agreement import section_url
from leder.agreements.views.guard.access import access_or_404, allow_if, for_parties, section_or_404
from leder.agreements.views.guard.recent import confirm_first
from leder.agreements.views.guard.saving import posted_version
from leder.pages.editions import Section


@dataclass(frozen=True)
class OpenGoal:
    """One of last year's open goals, with the field for when it is due now."""

    goal: WrittenGoal
    due: forms.BoundField
    is_chosen: bool


@require_http_methods(["GET", "HEAD", "POST"])
@for_parties
def carry_over(request: HttpRequest, uuid: uuids.UUID, sid: str) -> HttpResponse:
    """Show last year's open goals; on POST, copy those that were chosen. A recent sign-in is asked for."""
    access = access_or_404(request, uuid)
    section = section_or_404(access.agreement, sid)
    allow_if(rules.may_carry_over(access, section))
    if not access.recent:
        return confirm_first(request)
    if request.method != "POST":
        return _page(request, access, section)
    form = CarryOverForm(request.POST, goals=dict.fromkeys(request.POST.getlist("goal")))
    if not form.is_valid():
        return _page(request, access, section, is_posted=True)
    chosen = form.chosen()
    if not chosen:
        messages.warning(request, _("Choose at least one goal."))
        return redirect(request.path)
    return _carry(request, access, section, chosen)


def _carry(request: HttpRequest, access: Access, section: Section, chosen: dict[str, str]) -> HttpResponse:
    version = posted_version(request)
    try:
        added = actions.carry_over_goals(access, section_id=section.id, version=version, chosen=chosen)
    except actions.VersionConflict:
        messages.warning(
            request, _("The section was changed in the meantime. Nothing was carried over. Try again.")
        )
        return redirect(request.path)
    words = ngettext("%(count)d goal was carried over.", "%(count)d goals were carried over.", added)
    messages.success(request, words % {"count": added})
    return redirect(section_url(access.agreement, section))


def _page(request: HttpRequest, access: Access, section: Section, *, is_posted: bool = False) -> HttpResponse:
    """The goals to choose from, none of them chosen; as they were posted where something is wrong (422)."""
    text = texts_for_work(access).answers.get(section.id)
    have = carried_from(text.payload if text else empty_payload())
    goals = [goal for goal in open_goals_of_previous(access, section) if goal["id"] not in have]
    form = CarryOverForm(request.POST if is_posted else None, goals=[goal["id"] for goal in goals])
    context: dict[str, Any] = {
        "agreement": access.agreement,
        "section": section,
        "section_url": section_url(access.agreement, section),
        "version": text.version if text else 0,
        "form": form,
        "goals": [
            OpenGoal(goal_in_words(goal), form[f"due-{goal['id']}"], goal["id"] in form.chosen_ids)
            for goal in goals
        ],
    }
    return render(request, "leder/agreements/carry_over.html", context, status=422 if is_posted else 200)
