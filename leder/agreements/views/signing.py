"""Signing: the whole content to read, what signing means, and the signature itself (R7)."""

from __future__ import annotations

import uuid as uuids
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from leder import conf
from leder.agreements import actions, rules
from leder.agreements.forms import SignForm
from leder.agreements.models import Access, Reading, Role
from leder.agreements.presenting.agreement import AgreementView, present
from leder.agreements.presenting.section import SectionView
from leder.agreements.seals.record import agreement_record
from leder.agreements.sections.kinds import kind_of
from leder.agreements.states import AFTER_SIGNED, BEFORE_SIGNED, State
from leder.agreements.views.guard.access import access_or_404, allow_if, for_parties, never_store
from leder.agreements.views.guard.recent import confirm_first
from leder.agreements.views.guard.resend import CONFIRM, resend, signed_out_or_other
from leder.canonical import digest


@dataclass(frozen=True)
class Obstacle:
    """Something to do, or to consider, before signing, with the place to do it."""

    text: str | Promise
    url: str


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_store
def sign(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show what is signed; on POST, sign it. Content changed in the meantime is shown instead of signed."""
    if reason := signed_out_or_other(request):
        return (
            resend(request, reason)
            if request.method == "POST"
            else redirect_to_login(request.get_full_path())
        )
    access = access_or_404(request, uuid)
    agreement = access.agreement
    if not access.recent:
        return resend(request, CONFIRM) if request.method == "POST" else confirm_first(request)
    if request.method != "POST":
        return _page(request, access)
    allow_if(rules.is_time_to_sign(agreement))
    form = SignForm(request.POST)
    if not form.is_valid():
        return _page(request, access, form, status=422)
    try:
        actions.sign(
            access,
            place=form.cleaned_data["place"],
            content_hash=form.cleaned_data["content_hash"],
        )
    except actions.ContentChanged:
        return _page(request, access, form, refused="changed", status=409)
    except actions.SignatureInDoubt:
        return _page(request, access, form, refused="in_doubt", status=409)
    agreement.refresh_from_db(fields=["state"])
    if agreement.state == State.SIGNED:
        messages.success(
            request, _("The agreement is signed by both. It stands until the next one is signed.")
        )
    else:
        messages.success(request, _("You have signed. The agreement counts when the other has signed too."))
    return redirect("leder:sign" if agreement.state == State.SIGNING else "leder:agreement", uuid=uuid)


@require_POST
@for_parties
def withdraw(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Take one's own signature back. 403 where the other has signed too, or they have not signed."""
    access = access_or_404(request, uuid)
    if not access.recent:
        return confirm_first(request, back=reverse("leder:sign", args=[uuid]))
    actions.withdraw_signature(access)
    messages.success(request, _("You have withdrawn your signature. The agreement can be signed anew."))
    return redirect("leder:sign", uuid=uuid)


def _page(
    request: HttpRequest,
    access: Access,
    form: SignForm | None = None,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; `refused` is why nothing was signed: the content was "changed", or a signature is "in_doubt".

    Where the other has signed is the place put in for this one, else the usual one there.
    """
    agreement = access.agreement
    agreement.refresh_from_db(fields=["state"])
    view = present(access, kinds=(Reading.Kind.ANSWER,))
    obstacles = _obstacles(view)
    signed_at = (party.place for party in view.signatures if party.place)
    may_sign = not view.texts.damaged and rules.may_sign(
        access,
        signed_roles=set(view.standing.agreement),
        changes_asked=view.changes_asked,
    )
    context: dict[str, Any] = {
        "view": view,
        "agreement": agreement,
        "form": form or SignForm(initial={"place": next(signed_at, conf.place())}),
        "refused": refused,
        "may_sign": may_sign,
        "obstacles": obstacles,
        "considerations": _considerations(view) if may_sign else [],
        "content_hash": digest(agreement_record(agreement, view.texts)),
        "has_signed": view.role in view.standing.agreement,
        # One who has signed, or whose agreement is past it, comes to read who has.
        "is_to_sign": agreement.state in BEFORE_SIGNED and view.role not in view.standing.agreement,
        "may_withdraw": rules.may_withdraw_signature(access, signed_roles=view.standing.agreement),
        # Signed with an earlier superior: the one of today reads what is not private.
        "only_partly": view.role != Role.LEADER
        and agreement.signed_at is not None
        and agreement.signed_pair != agreement.pair,
        "is_closed": agreement.state in (*AFTER_SIGNED, State.REPLACED),
    }
    return render(request, "leder/agreements/sign.html", context, status=status)


def _obstacles(view: AgreementView) -> list[Obstacle]:
    """What must be done before anyone can sign."""
    obstacles = []
    if view.agreement.state in (State.OPENED, State.PREPARED):
        obstacles.append(
            Obstacle(
                gettext_lazy("The conversation is not held yet."),
                reverse("leder:conversations", args=[view.agreement.uuid]),
            )
        )
    for each in view.sections.values():
        if view.agreement.state in BEFORE_SIGNED and each.mark.key == "changes":
            obstacles.append(
                Obstacle(
                    _("A change is asked for in “%(section)s”.") % {"section": each.section.heading},
                    _address(view, each),
                )
            )
        if each.is_damaged:
            obstacles.append(
                Obstacle(
                    _("What is written in “%(section)s” does not open.") % {"section": each.section.heading},
                    _address(view, each),
                )
            )
    return obstacles


def _considerations(view: AgreementView) -> list[Obstacle]:
    """What looks unfinished. It does not stop anyone from signing."""
    found = []
    previous = view.agreement.previous
    if previous is not None and previous.state == State.SIGNED:
        words = _(
            "The follow-up of %(year)s is not confirmed. This agreement replaces that one when both have signed."
        )
        here = reverse("leder:conversations", args=[view.agreement.uuid])
        found.append(Obstacle(words % {"year": previous.year}, here))
    for edition in view.newer:
        words = _("A newer edition of “%(title)s” is published. See what has changed.")
        where = reverse("leder:newer_text", args=[view.agreement.uuid])
        found.append(Obstacle(words % {"title": edition.title}, where))
    for each in view.sections.values():
        if each.section.is_follow_up:
            continue
        if each.mark.key == "empty":
            words = _("Nothing is written in “%(section)s”.") % {"section": each.section.heading}
            found.append(Obstacle(words, _address(view, each)))
        elif words := kind_of(each.section).unfinished(each.section, each.written):
            found.append(Obstacle(words, _address(view, each)))
    return found


def _address(view: AgreementView, each: SectionView) -> str:
    return f"{reverse('leder:agreement', args=[view.agreement.uuid])}#{each.anchor}"
