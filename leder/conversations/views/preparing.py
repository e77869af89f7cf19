"""Preparation (forberedelse): each party's own, one section at a time; open to both when both are ready (R5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leder.agreements import rules
from leder.agreements.access.handovers import handed_over
from leder.agreements.answers import Payload, is_blank
from leder.agreements.editions.decisions import made_for
from leder.agreements.models import Access, Agreement, Entry, Role
from leder.agreements.reading.current import open_texts
from leder.agreements.reading.texts import Text, Texts
from leder.agreements.sections.form import SectionForm
from leder.agreements.views.guard.access import access_or_404, for_parties, is_exchanged, is_of_another_pair
from leder.agreements.views.guard.keeping import keeps_text
from leder.agreements.views.guard.recent import confirm_first
from leder.agreements.views.guard.resend import CLOSED, EXCHANGED, resend, shown_again
from leder.agreements.views.guard.saving import posted_version, save_posted
from leder.conversations import actions
from leder.conversations.agenda import agenda
from leder.conversations.models import Conversation
from leder.pages.editions import Section

CONFLICT = 409


@for_parties
@require_safe
def preparation(request: HttpRequest, uuid: Any) -> HttpResponse:
    """The way through one's own preparation, who is ready, and both preparations once they are open."""
    access = access_or_404(request, uuid)
    agreement = access.agreement
    if not access.recent:
        return confirm_first(request)
    role = access.role
    texts = open_texts(access, kinds=(Entry.Kind.PREPARATION,), kept=True)
    rows = [_row(texts, section, role) for section in prepared_sections(agreement)]
    context = {
        "agreement": agreement,
        "role": role,
        "other": access.other,
        "rows": rows,
        "written": sum(row["is_written"] for row in rows),
        "first": next((row["section"] for row in rows if not row["is_written"]), None),
        "is_ready": rules.ready_at(agreement, role) is not None,
        "other_is_ready": rules.ready_at(agreement, _other(role)) is not None,
        "is_open": rules.preparations_are_open(agreement),
        "may_prepare": rules.may_prepare(access),
        "may_edit": rules.may_edit_preparation(access),
        "may_meet": rules.may_meet(access),
        "kept": list(_kept(agreement, texts)),
    }
    return render(request, "leder/conversations/preparation.html", context)


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def preparation_section(request: HttpRequest, uuid: Any, sid: str) -> HttpResponse:
    """GET: the questions of one section. POST: save one's own preparation of it (data for the page's script).

    404 for an unknown section, 403 when the preparation is ready or over. Nothing typed is lost when the session
    has expired: such a post is shown again, to be sent by hand.
    """
    return _save(request, uuid, sid) if request.method == "POST" else _section(request, uuid, sid)


@for_parties
@require_POST
def preparation_ready(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Say that one's own preparation is ready, or (`act=take_back`) take that back. 403 when neither is possible."""
    access = access_or_404(request, uuid)
    agreement = access.agreement
    if request.POST.get("act") == "take_back":
        actions.take_back(access)
        messages.success(request, _("You can write on. Nobody else sees your preparation."))
    elif request.POST.get("pair", "") != agreement.pair:
        messages.warning(
            request, _("Another is the superior now than when you opened the page. See who reads this.")
        )
    elif actions.mark_ready(access):
        messages.success(request, _("You are both ready. Now you can read each other's preparation."))
    else:
        messages.success(
            request, _("You are ready. Your preparation opens when the other party is ready too.")
        )
    return redirect("leder:preparation", uuid=agreement.uuid)


def _section(request: HttpRequest, uuid: Any, sid: str) -> HttpResponse:
    access = access_or_404(request, uuid)
    agreement = access.agreement
    section = _prepared(agreement, sid)
    if not rules.may_edit_preparation(access):
        return redirect("leder:preparation", uuid=agreement.uuid)
    if section.private and not access.recent:
        return confirm_first(request)
    stored = _stored(access, section)
    form = SectionForm(section=section, payload=stored.payload if stored else None, preparation=True)
    return _section_page(request, agreement, form, version=stored.version if stored else 0, stored=stored)


def _save(request: HttpRequest, uuid: Any, sid: str) -> HttpResponse:
    access = access_or_404(request, uuid)
    agreement = access.agreement
    if is_exchanged(request, agreement, sid):
        return resend(request, EXCHANGED)
    if is_of_another_pair(request, agreement, sid, Entry.Kind.PREPARATION):
        return resend(request, CLOSED)
    section = _prepared(agreement, sid)
    form = SectionForm(request.POST, section=section, preparation=True)

    def save(version: int, payload: Payload) -> Entry:
        return actions.save_preparation(access, section_id=section.id, version=version, payload=payload)

    def conflict(version: int) -> HttpResponse:
        # Both are this person's own, from two tabs: what is typed stays in the fields, the saved text beside it.
        stored = _stored(access, section)
        return _section_page(request, agreement, form, version=version, stored=stored, status=409)

    back = _after(agreement, section, go_on=request.POST.get("go") == "next")
    answer = save_posted(
        request,
        form,
        save=save,
        conflict=lambda version: shown_again(request, lambda: conflict(version)),
        back=back,
    )
    if answer is not None:
        return answer
    # What comes back is what was typed, and nothing else.
    return _section_page(request, agreement, form, version=posted_version(request), stored=None, status=422)


def _section_page(
    request: HttpRequest,
    agreement: Agreement,
    form: SectionForm,
    *,
    version: int,
    stored: Text | None,
    status: int = 200,
) -> HttpResponse:
    sections = prepared_sections(agreement)
    place = sections.index(form.section)
    context = {
        "agreement": agreement,
        "form": form,
        "made_for": made_for(agreement),
        "section": form.section,
        "version": version,
        "stored": stored,
        "saved_text": _in_words(form.section, stored) if status == CONFLICT else None,
        "sections": sections,
        "number": place + 1,
        "previous": sections[place - 1] if place else None,
        "following": sections[place + 1] if place + 1 < len(sections) else None,
    }
    return render(request, "leder/conversations/preparation_section.html", context, status=status)


def _prepared(agreement: Agreement, sid: str) -> Section:
    section = next((one for one in prepared_sections(agreement) if one.id == sid), None)
    if section is None:
        raise Http404
    return section


def _stored(access: Access, section: Section) -> Text | None:
    texts = open_texts(access, kinds=(Entry.Kind.PREPARATION,), section_id=section.id)
    return texts.preparation(access.role, section.id)


def _after(agreement: Agreement, section: Section, *, go_on: bool) -> str:
    """Return where saving without script leads: the next section, or the overview after the last."""
    sections = prepared_sections(agreement)
    place = sections.index(section) + (1 if go_on else 0)
    if place < len(sections):
        return reverse("leder:preparation_section", args=[agreement.uuid, sections[place].id])
    return reverse("leder:preparation", args=[agreement.uuid])


def prepared_sections(agreement: Agreement) -> list[Section]:
    """Return the sections that each prepares: what the first conversation is about."""
    return agenda(agreement, Conversation.Kind.FIRST)


def both_preparations(texts: Texts, section: Section) -> dict[str, Any]:
    """Return what each wrote of a section, by role, as far as it is open to the reader of the texts."""
    by_role = {role: _in_words(section, texts.preparation(role, section.id)) for role in Role.values}
    return {"section": section, "is_damaged": section.id in texts.damaged, **by_role}


def _row(texts: Texts, section: Section, role: str | None) -> dict[str, Any]:
    own = texts.preparation(role or "", section.id)
    return {
        **both_preparations(texts, section),
        "own": own,
        "is_written": own is not None and not is_blank(own.payload),
        "mine": _in_words(section, own),
    }


def _in_words(section: Section, text: Text | None) -> dict[str, Any] | None:
    """Return a preparation as it is read: questions with their answers, and the note. None when nothing is written."""
    if text is None or is_blank(text.payload):
        return None
    answers = text.payload.get("answers", {})
    return {
        "answers": [(one.text, answers[one.id]) for one in section.questions if answers.get(one.id)],
        "note": text.payload.get("note", ""),
    }


def _kept(agreement: Agreement, texts: Texts) -> Iterator[dict[str, Any]]:
    """Preparations that had opened to the leader and an earlier superior, in words."""
    handed = handed_over(agreement)
    sections = {section.id: section for section in prepared_sections(agreement)}
    for each in texts.kept:
        section = sections.get(each.section_id)
        text = _in_words(section, each.text) if section else None
        if handed is not None and text is not None:
            person = agreement.leader if each.role == Role.LEADER else handed.superior_of(each.pair)
            yield {"section": section, "person": person, "text": text}


def _other(role: str | None) -> str:
    return Role.SUPERIOR if role == Role.LEADER else Role.LEADER
