"""Saving a section, from the button, from autosave and from the page of a conflict."""

from __future__ import annotations

import uuid as uuids

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from leder.agreements import actions, rules
from leder.agreements.models import Access, Agreement, Entry, Seal
from leder.agreements.reading.current import open_texts
from leder.agreements.sections.form import SectionForm
from leder.agreements.states import State
from leder.agreements.views.agreement import agreement_page, section_url
from leder.agreements.views.conflict import conflict_page
from leder.agreements.views.follow_up import follow_up_page
from leder.agreements.views.guard.access import (
    access_or_404,
    editions_for,
    is_exchanged,
    is_of_another_pair,
    never_store,
    section_or_404,
)
from leder.agreements.views.guard.resend import CLOSED, EXCHANGED, resend, shown_again, signed_out_or_other
from leder.agreements.views.guard.saving import save_posted
from leder.pages.editions import Section


@login_not_required
@require_POST
@never_store
def section(request: HttpRequest, uuid: uuids.UUID, sid: str) -> HttpResponse:
    """Save what is written in a section. One who is signed out gets it back to send again, and learns nothing."""
    if reason := signed_out_or_other(request):
        return resend(request, reason)
    access = access_or_404(request, uuid)
    agreement = access.agreement
    if is_exchanged(request, agreement, sid):
        return resend(request, EXCHANGED)
    section = section_or_404(agreement, sid)
    if is_of_another_pair(request, agreement, sid, Entry.Kind.ANSWER) or not rules.may_write(access, section):
        return resend(request, CLOSED)
    form = SectionForm(request.POST, section=section, cited=editions_for(agreement, section))
    saved = save_posted(
        request,
        form,
        save=lambda version, payload: actions.save_section(
            access, section_id=sid, version=version, payload=payload
        ),
        conflict=lambda version: shown_again(
            request, lambda: _conflict(request, access, section, form, version)
        ),
        back=_back(request, agreement, section),
        voids=_voids(agreement, section),
    )
    return saved or shown_again(request, lambda: _again(request, access, section, form))


def _back(request: HttpRequest, agreement: Agreement, section: Section) -> str:
    # Without script a button saves and asks for one more row of goals.
    adds = {"new": section.number} if "add" in request.POST else {}
    if request.POST.get("back") == "meeting":
        return reverse("leder:meeting", args=[agreement.uuid, section.id], query=adds)
    return section_url(agreement, section, query=adds)


def _voids(agreement: Agreement, section: Section) -> bool:
    if section.is_follow_up:
        kind = Seal.Kind.FOLLOW_UP
        return agreement.seals.filter(kind=kind, voided_at=None).exists()
    return agreement.state == State.SIGNING


def _again(request: HttpRequest, access: Access, section: Section, form: SectionForm) -> HttpResponse:
    page = follow_up_page if section.is_follow_up else agreement_page
    return page(request, access, bound={("section", section.id): form}, status=422)


def _conflict(
    request: HttpRequest, access: Access, section: Section, form: SectionForm, version: int
) -> HttpResponse:
    agreement, texts = access.agreement, open_texts(access, kinds=(Entry.Kind.ANSWER,), section_id=section.id)
    return conflict_page(
        request,
        agreement=agreement,
        form=form,
        stored=texts.answers[section.id],
        version=version,
        back=_back(request, agreement, section),
    )
