"""Meeting mode: the two at one screen, one section at a time, and nothing but the matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from leder.agreements import rules
from leder.agreements.access.pairs import withheld_sections
from leder.agreements.access.shares import sharing_of
from leder.agreements.editions.decisions import made_for
from leder.agreements.models import Access, Agreement, Entry, Role, Seal, Signature
from leder.agreements.reading.current import open_texts
from leder.agreements.reading.texts import Texts
from leder.agreements.sections.cited import cited_editions
from leder.agreements.sections.form import SectionForm
from leder.agreements.sections.kinds.follow_up import ProgressForm
from leder.agreements.states import State
from leder.agreements.views.guard.access import access_or_404, for_parties
from leder.agreements.views.guard.recent import confirm_first
from leder.conversations.agenda import agenda
from leder.conversations.models import Conversation
from leder.conversations.views.calling import may_hold
from leder.pages.editions import Section


@dataclass(frozen=True)
class Writing:
    """The one form of a section in a meeting: where it is posted, and what is stored."""

    form: Any
    url: str
    version: int
    updated_at: Any


@dataclass(frozen=True)
class Asked:
    """What is asked, with what each prepared for it, and the field for what the two write, if it has one."""

    question: Any
    leader: str
    superior: str
    field: Any


@for_parties
@require_safe
def meeting_start(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Begin at the first section. 403 when there is nothing more to write."""
    access = _access(request, uuid)
    agreement = access.agreement
    steps = meeting_sections(access)
    if not steps:
        return redirect("leder:meeting_end", uuid=agreement.uuid)
    return redirect("leder:meeting", uuid=agreement.uuid, sid=steps[0].id)


@for_parties
@require_safe
def meeting(request: HttpRequest, uuid: Any, sid: str) -> HttpResponse:
    """One section: its questions, both preparations when they are open, and the text the two write together.

    404 for an unknown section, 403 when nothing more can be written. A section that this conversation does not pass
    leads to its first.
    """
    access = _access(request, uuid)
    agreement = access.agreement
    if _signed_roles(agreement):
        # A word changed here would undo a signature: that is done on the agreement, where it says so.
        return redirect("leder:meeting_end", uuid=agreement.uuid)
    steps = meeting_sections(access)
    place = next((number for number, one in enumerate(steps) if one.id == sid), None)
    if place is None:
        if agreement.form_edition.section(sid) is None:
            raise Http404
        return redirect("leder:meeting_start", uuid=agreement.uuid)
    section = steps[place]
    if section.private and not access.recent:
        return confirm_first(request)
    texts = open_texts(access, kinds=Entry.Kind.values, section_id=section.id)
    if not rules.preparations_are_open(agreement):
        # One's own preparation is readable too; on a shared screen it would be shown to the other.
        texts.preparations.clear()
    context: dict[str, Any] = {
        "agreement": agreement,
        "section": section,
        "number": place + 1,
        "steps": steps,
        "previous": steps[place - 1] if place else None,
        "following": steps[place + 1] if place + 1 < len(steps) else None,
        "writing": _writing(agreement, section, texts, blank_goal="new" in request.GET),
        "is_damaged": section.id in texts.damaged,
        "is_shared": section.id in sharing_of(agreement).readers,
        "is_progress": _is_progress(agreement, section),
    }
    if not context["is_progress"]:
        context.update(_asked(section, texts, context["writing"].form))
    return render(request, "leder/conversations/meeting.html", context)


@for_parties
@require_safe
def meeting_end(request: HttpRequest, uuid: Any) -> HttpResponse:
    """What remains after the last section: note the conversation as held, and sign or confirm, and by when."""
    access = _access(request, uuid)
    agreement = access.agreement
    steps = meeting_sections(access)
    is_follow_up = agreement.state == State.SIGNED
    signed_roles = _signed_roles(agreement)
    called = agreement.conversations.filter(status=Conversation.Status.CALLED).order_by("starts_at").first()
    context = {
        "agreement": agreement,
        "last": steps[-1] if steps and not signed_roles else None,
        "is_follow_up": is_follow_up,
        "is_held": agreement.follow_up_on is not None if is_follow_up else agreement.discussed_on is not None,
        "may_hold": may_hold(access),
        "called": called,
        "due": agreement.round.follow_up_due if is_follow_up else agreement.round.conversation_due,
        "signed_roles": signed_roles,
        "has_signed": access.role in signed_roles,
    }
    return render(request, "leder/conversations/meeting_end.html", context)


def meeting_sections(access: Access) -> list[Section]:
    """Return the sections the conversation goes through: those that can be written now, goals' progress included."""
    agreement = access.agreement
    if agreement.state != State.SIGNED:
        return agenda(agreement, Conversation.Kind.FIRST)
    # What is not open to both has no place on a screen that both look at.
    withheld = withheld_sections(agreement)
    with_goals = [
        one
        for one in agreement.form_edition.sections
        if rules.may_write_progress(access, one) and one.id not in withheld
    ]
    return [*with_goals, *agenda(agreement, Conversation.Kind.FOLLOW_UP)]


def _access(request: HttpRequest, uuid: Any) -> Access:
    access = access_or_404(request, uuid)
    if not rules.may_meet(access):
        raise PermissionDenied
    return access


def _is_progress(agreement: Agreement, section: Section) -> bool:
    return agreement.state == State.SIGNED and not section.is_follow_up


def _asked(section: Section, texts: Texts, form: SectionForm) -> dict[str, Any]:
    """Return the questions with what each prepared (`asked`), and the two notes (`notes`)."""
    prepared = {role: texts.preparation(role, section.id) for role in Role.values}

    def written(role: str, question_id: str) -> str:
        text = prepared[role]
        return text.payload.get("answers", {}).get(question_id, "") if text else ""

    fields = {answer.id: answer.field for answer in form.answers}
    # The guiding questions first, whether or not they have a field; then what the kind alone asks.
    asked: dict[str, Any] = {question.id: question.text for question in section.questions}
    asked |= {answer.id: answer.label for answer in form.answers if answer.id not in asked}
    return {
        "asked": [
            Asked(
                question=label,
                leader=written(Role.LEADER, key),
                superior=written(Role.SUPERIOR, key),
                field=fields.get(key),
            )
            for key, label in asked.items()
        ],
        "notes": {role: text.payload.get("note", "") for role, text in prepared.items() if text is not None},
    }


def _writing(agreement: Agreement, section: Section, texts: Texts, *, blank_goal: bool) -> Writing:
    answer = texts.answers.get(section.id)
    if _is_progress(agreement, section):
        progress = texts.progress.get(section.id)
        return Writing(
            form=ProgressForm(
                section=section,
                signed=answer.payload["goals"] if answer else [],
                payload=progress.payload if progress else None,
            ),
            url=reverse("leder:follow_up_progress", args=[agreement.uuid, section.id]) + made_for(agreement),
            version=progress.version if progress else 0,
            updated_at=progress.updated_at if progress else None,
        )
    return Writing(
        form=SectionForm(
            section=section,
            cited=cited_editions(agreement, section),
            payload=answer.payload if answer else None,
            blank_goal=blank_goal,
        ),
        url=reverse("leder:section", args=[agreement.uuid, section.id]) + made_for(agreement),
        version=answer.version if answer else 0,
        updated_at=answer.updated_at if answer else None,
    )


def _signed_roles(agreement: Agreement) -> set[str]:
    """Who has signed what stands now: the agreement, or after that the follow-up."""
    kind = Seal.Kind.FOLLOW_UP if agreement.state == State.SIGNED else Seal.Kind.AGREEMENT
    rows = Signature.objects.filter(seal__agreement=agreement, seal__kind=kind, seal__voided_at=None)
    return {each.role for each in rows.select_related("seal__agreement").given()}
