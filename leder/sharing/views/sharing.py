"""The page where the two agree on what others can read (deling): propose, consent, decline, withdraw (R2)."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from leder.agreements.actions import RuleBroken
from leder.agreements.capability import Access
from leder.agreements.models import Agreement, Share
from leder.agreements.views.access import access_or_404, for_parties
from leder.agreements.views.keeping import keeps_text
from leder.agreements.views.recent import confirm_first
from leder.agreements.views.resend import CLOSED, CONFIRM, resend
from leder.sharing import actions, rules
from leder.sharing.forms import ProposalForm
from leder.sharing.people import titles_of
from leder.sharing.purposes import open_purpose
from leder.templatetags.leder_ui import full_name

WHOLE_AGREEMENT = gettext_lazy("The whole agreement")


@dataclass(frozen=True)
class ShareRow:
    """A share as the parties see it: what, for what, and what this party can do with it."""

    share: Share
    part: str | Promise
    title: str
    purpose: str
    other: Any
    may_consent: bool
    may_decline: bool
    may_withdraw: bool


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """GET: what is shared, proposed and ended; `?part=<section number>` chooses a part in the form. POST: propose."""
    access = access_or_404(request, uuid)
    agreement = access.agreement
    if request.method != "POST":
        return _page(request, access) if access.recent else confirm_first(request)
    if not access.recent:
        return resend(request, CONFIRM)
    if not rules.may_share(request.user, agreement):
        return resend(request, CLOSED)
    form = ProposalForm(request.POST, agreement=agreement)
    if not form.is_valid():
        return _page(request, access, form=form)
    try:
        actions.propose(access, **form.values())
    except actions.AlreadyShared:
        form.add_error(
            "reader",
            _(
                "This is shared with that person already, or proposed to be. Withdraw that first to change it."
            ),
        )
        return _page(request, access, form=form)
    messages.success(
        request,
        _("The proposal waits for %(other)s. Nothing is shared until then.")
        % {"other": full_name(access.other)},
    )
    return redirect("leder:sharing", uuid=uuid)


@for_parties
@require_POST
def consent(request: HttpRequest, uuid: uuids.UUID, share: uuids.UUID) -> HttpResponse:
    """Agree to what the other has proposed. 403 for the one who proposed it."""
    said = _("%(reader)s can read it now, and is told by e-mail. Either of you can withdraw it at any time.")
    return _act(request, uuid, share, actions.consent, said)


@for_parties
@require_POST
def decline(request: HttpRequest, uuid: uuids.UUID, share: uuids.UUID) -> HttpResponse:
    """Say no to what the other has proposed. 403 for the one who proposed it."""
    return _act(request, uuid, share, actions.decline, _("You have said no. Nothing is shared."))


@for_parties
@require_POST
def withdraw(request: HttpRequest, uuid: uuids.UUID, share: uuids.UUID) -> HttpResponse:
    """End what is shared, or take one's own proposal back. 403 for another's proposal: say no to it instead."""
    return _act(request, uuid, share, actions.withdraw, _("Withdrawn. %(reader)s can't read it."))


def _act(
    request: HttpRequest, uuid: uuids.UUID, share: uuids.UUID, act: Callable[..., Share], said: str
) -> HttpResponse:
    access = access_or_404(request, uuid)
    agreement = access.agreement
    found = get_object_or_404(agreement.shares.select_related("reader"), uuid=share)
    if not access.recent:
        return confirm_first(request, back=reverse("leder:sharing", args=[uuid]))
    try:
        act(access, found)
    except RuleBroken:
        found.refresh_from_db(fields=["status"])
        needs_answer = act is not actions.withdraw
        if rules.is_standing(found) and (found.status == Share.Status.PROPOSED or not needs_answer):
            raise
        messages.warning(request, _("This has changed since you opened the page. Here is how it stands now."))
    else:
        messages.success(request, said % {"reader": full_name(found.reader)})
    return redirect("leder:sharing", uuid=uuid)


def _page(request: HttpRequest, access: Access, *, form: ProposalForm | None = None) -> HttpResponse:
    agreement = access.agreement
    shares = [
        share
        for share in agreement.shares.select_related("reader", "proposed_by", "ended_by")
        if rules.may_see(request.user, agreement, share)
    ]
    standing = [share for share in shares if rules.is_standing(share)]
    titles = titles_of(share.reader for share in standing)
    rows = [_row(request, agreement, share, titles) for share in standing]
    may_share = rules.may_share(request.user, agreement)
    if form is None and may_share:
        form = ProposalForm(agreement=agreement, part=request.GET.get("part", ""))
    context = {
        "agreement": agreement,
        "other": access.other,
        "waiting": [row for row in rows if row.share.status == Share.Status.PROPOSED],
        # A row that the plugin has not signed opens nothing, and is not told as shared.
        "shared": [row for row in rows if row.share.status == Share.Status.ACTIVE and row.share.is_genuine],
        "ended": [
            {"share": share, "part": _part(agreement, share)} for share in shares if share not in standing
        ],
        "form": form,
    }
    faulty = form is not None and form.is_bound
    return render(request, "leder/sharing/sharing.html", context, status=422 if faulty else 200)


def _row(request: HttpRequest, agreement: Agreement, share: Share, titles: dict[Any, str]) -> ShareRow:
    user = request.user
    return ShareRow(
        share=share,
        part=_part(agreement, share),
        title=titles.get(share.reader_id, ""),
        purpose=open_purpose(reader=user, share=share),
        other=agreement.superior if share.proposed_by_id == agreement.leader_id else agreement.leader,
        may_consent=rules.may_consent(user, share),
        may_decline=rules.may_decline(user, share),
        may_withdraw=rules.may_withdraw(user, share),
    )


def _part(agreement: Agreement, share: Share) -> str | Promise:
    section = agreement.form_edition.section(share.section_id)
    return section.heading if section else WHOLE_AGREEMENT
