"""Reopening (gjenåpning): the page where the two agree to open what they signed, and what was signed before (R7)."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leder.agreements import actions, rules
from leder.agreements.access.reopenings import standing_proposal
from leder.agreements.actions.signing import standing_seal
from leder.agreements.forms import ReopeningForm
from leder.agreements.models import Access, Agreement, Reopening, Role, Seal
from leder.agreements.models.agreement import held_by
from leder.agreements.presenting.agreement import Standing
from leder.agreements.reading.earlier import (
    EarlierSeal,
    earlier_seals,
    earlier_seals_for,
    open_earlier_seal,
)
from leder.agreements.reading.sealed import open_place
from leder.agreements.reading.why import open_why
from leder.agreements.sections.as_signed import sections_of
from leder.agreements.states import BEFORE_SIGNED, State
from leder.agreements.vault.cipher import DamagedText
from leder.agreements.views.guard.access import for_parties, log_denied
from leder.agreements.views.guard.keeping import keeps_text
from leder.agreements.views.guard.recent import confirm_first, is_recent
from leder.agreements.views.proposals import ProposalPage, ProposalView, Words

# Why it is not there to be opened again, by state.
REASONS: dict[str, Words] = {
    **dict.fromkeys(
        BEFORE_SIGNED, gettext_lazy("Both have not signed yet, so everything can be changed as it is.")
    ),
    State.FOLLOWED_UP: gettext_lazy(
        "Both have confirmed the follow-up. What has changed belongs in next year's agreement."
    ),
    State.REPLACED: gettext_lazy("A newer agreement has replaced this one."),
    State.ENDED: gettext_lazy("The agreement has ended."),
}
OTHERS = gettext_lazy(
    "It was signed with an earlier superior. Only the two who signed it can reopen it; what has changed belongs in "
    "the follow-up, or in next year's agreement."
)


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def reopening(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """GET: what reopening means, what is proposed, and what was signed before. POST: propose it, with a reason."""
    return _ReopeningPage(request, uuid).answer()


@for_parties
@require_POST
def consent(request: HttpRequest, uuid: uuids.UUID, row: uuids.UUID) -> HttpResponse:
    """Agree to open it again. 403 for the one who proposed it."""
    said = _("The agreement is reopened. Change what you want, and sign it anew, both of you.")
    return _ReopeningPage(request, uuid).act(row, actions.consent_to_reopening, said, to="leder:agreement")


@for_parties
@require_POST
def decline(request: HttpRequest, uuid: uuids.UUID, row: uuids.UUID) -> HttpResponse:
    """Say no. 403 for the one who proposed it."""
    said = _("You have said no. What you both signed stands.")
    return _ReopeningPage(request, uuid).act(row, actions.decline_reopening, said)


@for_parties
@require_POST
def withdraw(request: HttpRequest, uuid: uuids.UUID, row: uuids.UUID) -> HttpResponse:
    """Take one's own proposal back. 403 for another's: say no to it instead."""
    said = _("Your proposal is taken back. What you both signed stands.")
    return _ReopeningPage(request, uuid).act(row, actions.withdraw_reopening, said)


@for_parties
@require_safe
def earlier_seal(request: HttpRequest, uuid: uuids.UUID, seal: uuids.UUID) -> HttpResponse:
    """Show what was signed before it was opened again, as it was signed. 404 for all but those who may read it."""
    agreement, found = earlier_seal_or_404(request, uuid, seal)
    if not is_recent(request):
        return confirm_first(request)
    access = held_by(request.user).filter(pk=agreement.pk).access_for(request.user, recent=True)
    context: dict[str, Any] = {
        "agreement": agreement,
        "earlier": found,
        "signatures": [(each, open_place(access, each) if access else "") for each in found.signatures],
        # Others have no way to the agreement's own pages.
        "is_party": access is not None,
    }
    found.seal.agreement = agreement
    try:
        record = open_earlier_seal(reader=request.user, seal=found.seal)
    except DamagedText:
        context["is_damaged"] = True
    else:
        if record is None:
            raise Http404
        context |= {"record": record, "sections": sections_of(record)}
    return render(request, "leder/agreements/earlier_seal.html", context)


def earlier_seal_or_404(
    request: HttpRequest, uuid: uuids.UUID, seal: uuids.UUID
) -> tuple[Agreement, EarlierSeal]:
    """Return what was signed before the agreement was opened again. Raises Http404 for all who may not read it."""
    agreement = Agreement.objects.with_status().select_related("data_key").filter(uuid=uuid).first()
    seals = earlier_seals_for(reader=request.user, agreement=agreement) if agreement else []
    found = next((each for each in seals if each.seal.uuid == seal), None)
    if agreement is None or found is None:
        log_denied(request, uuid)
        raise Http404
    return agreement, found


class _ReopeningPage(ProposalPage[ReopeningForm]):
    url_name = "leder:reopening"
    template = "leder/agreements/reopening.html"
    said = gettext_lazy("The proposal waits for %(other)s. What you both signed stands until then.")
    refused = {
        actions.AlreadyProposed: (
            None,
            gettext_lazy("This is proposed already. Nothing more was proposed: answer what waits here."),
        ),
        actions.AnotherSeal: (
            None,
            gettext_lazy(
                "Something else is signed now than when you opened the page. Read it, and propose again."
            ),
        ),
    }

    def may_propose(self) -> bool:
        return rules.may_propose_reopening(self.access)

    def form(self) -> ReopeningForm:
        return ReopeningForm(self.request.POST)

    def propose(self, form: ReopeningForm) -> None:
        actions.propose_reopening(
            self.access,
            seal_uuid=form.cleaned_data["seal"],
            reason=form.cleaned_data["reason"],
        )

    def act(
        self, uuid: uuids.UUID, act: Callable[..., Reopening], said: str, *, to: str = ""
    ) -> HttpResponse:
        rows = self.agreement.reopenings.all()
        if self.access.role != Role.LEADER:
            # Of an earlier superior's they know nothing.
            rows = rows.filter(pair=self.agreement.pair)
        row = get_object_or_404(rows, uuid=uuid)
        return self.settle(row, act, said, to=to)

    def context(self, form: ReopeningForm | None) -> dict[str, Any]:
        agreement = self.agreement
        agreement.refresh_from_db(fields=["state", "signed_at", "signed_pair"])
        proposal = standing_proposal(agreement)
        may_propose = self.may_propose()
        if form is None and may_propose and proposal is None:
            form = ReopeningForm()
        return {
            "form": form,
            # What the person sees signed now; an old page names another.
            "seal": _standing(agreement),
            "proposal": _proposal(self.access, proposal) if proposal else None,
            "why_not": "" if may_propose else _why_not(agreement),
            "is_confirmed": bool(may_propose and Standing.of(agreement).follow_up),
            "earlier": _earlier(self.access),
            "refused": _refused(self.access),
        }


def _proposal(access: Access, row: Reopening) -> ProposalView[Reopening]:
    reason = open_why(access, row)
    return ProposalView(
        row=row,
        text=reason or "",
        may_consent=reason is not None and rules.may_consent_to_reopening(access, row),
        may_decline=rules.may_answer(access, row),
        may_withdraw=rules.may_take_back(access, row),
    )


def _earlier(access: Access) -> list[tuple[EarlierSeal, str]]:
    """What was signed before, with why it was opened again, the latest first."""
    found = []
    for each in reversed(earlier_seals(access)):
        each.reopening.agreement = access.agreement
        found.append((each, open_why(access, each.reopening) or ""))
    return found


def _refused(access: Access) -> list[tuple[Reopening, str]]:
    """What was proposed and came to nothing, with why it was proposed, as far as this party may read it."""
    ended = (Reopening.Status.DECLINED, Reopening.Status.WITHDRAWN)
    found = []
    for row in access.agreement.reopenings.filter(status__in=ended).select_related(
        "seal", "proposed_by", "ended_by"
    ):
        row.agreement = access.agreement
        if rules.may_read_why(access, row):
            found.append((row, open_why(access, row) or ""))
    return found


def _standing(agreement: Agreement) -> str:
    seal = standing_seal(agreement, Seal.Kind.AGREEMENT)
    return str(seal.uuid) if seal else ""


def _why_not(agreement: Agreement) -> Words:
    if agreement.state in BEFORE_SIGNED and agreement.reopened_at is not None:
        return _("You have both agreed to reopen it. Change what you want, and sign it anew.")
    return REASONS.get(agreement.state, OTHERS)
