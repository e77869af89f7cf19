"""The page where the two agree on what others can read (deling): propose, consent, decline, withdraw (R2)."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from leder.agreements.actions import AlreadyProposed
from leder.agreements.models import Share
from leder.agreements.reading.why import open_why
from leder.agreements.rules import may_answer
from leder.agreements.views.guard.access import for_parties
from leder.agreements.views.guard.keeping import keeps_text
from leder.agreements.views.proposals import ProposalPage, ProposalView
from leder.sharing import actions, rules
from leder.sharing.forms import ProposalForm
from leder.sharing.people import titles_of
from leder.words import full_name

WHOLE_AGREEMENT = gettext_lazy("The whole agreement")


@dataclass(frozen=True)
class ShareView(ProposalView[Share]):
    """A share as the parties see it: which part, and what the reader leads."""

    part: str | Promise
    title: str


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """GET: what is shared, proposed and ended; `?part=<section number>` chooses a part in the form. POST: propose."""
    return _SharingPage(request, uuid).answer()


@for_parties
@require_POST
def consent(request: HttpRequest, uuid: uuids.UUID, share: uuids.UUID) -> HttpResponse:
    """Agree to what the other has proposed. 403 for the one who proposed it."""
    said = _("%(reader)s can read it now, and is told by e-mail. Either of you can withdraw it at any time.")
    return _SharingPage(request, uuid).act(share, actions.consent, said)


@for_parties
@require_POST
def decline(request: HttpRequest, uuid: uuids.UUID, share: uuids.UUID) -> HttpResponse:
    """Say no to what the other has proposed. 403 for the one who proposed it."""
    said = _("You have said no. Nothing is shared.")
    return _SharingPage(request, uuid).act(share, actions.decline, said)


@for_parties
@require_POST
def withdraw(request: HttpRequest, uuid: uuids.UUID, share: uuids.UUID) -> HttpResponse:
    """End what is shared, or take one's own proposal back. 403 for another's proposal: say no to it instead."""
    said = _("Withdrawn. %(reader)s can't read it.")
    return _SharingPage(request, uuid).act(share, actions.withdraw, said, can_be=rules.is_standing)


class _SharingPage(ProposalPage[ProposalForm]):
    url_name = "leder:sharing"
    template = "leder/sharing/sharing.html"
    said = gettext_lazy("The proposal waits for %(other)s. Nothing is shared until then.")
    refused = {
        AlreadyProposed: (
            "reader",
            gettext_lazy(
                "This is shared with that person already, or proposed to be. Withdraw that first to change it."
            ),
        )
    }

    def may_propose(self) -> bool:
        return rules.may_share(self.access)

    def form(self) -> ProposalForm:
        return ProposalForm(self.request.POST, agreement=self.agreement)

    def propose(self, form: ProposalForm) -> None:
        actions.propose(self.access, **form.values())

    def act(self, uuid: uuids.UUID, act: Callable[..., Share], said: str, **options: Any) -> HttpResponse:
        share = get_object_or_404(self.agreement.shares.select_related("reader"), uuid=uuid)
        words = said % {"reader": full_name(share.reader)}
        return self.settle(share, act, words, **options)

    def context(self, form: ProposalForm | None) -> dict[str, Any]:
        shares = [
            share
            for share in self.agreement.shares.select_related("reader", "proposed_by", "ended_by")
            if rules.may_see(self.access, share)
        ]
        standing = [share for share in shares if rules.is_standing(share)]
        titles = titles_of(share.reader for share in standing)
        rows = [self._row(share, titles.get(share.reader_id, "")) for share in standing]
        if form is None and self.may_propose():
            form = ProposalForm(agreement=self.agreement, part=self.request.GET.get("part", ""))
        return {
            "other": self.access.other,
            "waiting": [each for each in rows if each.row.status == Share.Status.PROPOSED],
            # A row that the plugin has not signed opens nothing, and is not told as shared.
            "shared": [
                each for each in rows if each.row.status == Share.Status.AGREED and each.row.is_genuine
            ],
            "ended": [
                {"share": share, "part": self._part(share)} for share in shares if share not in standing
            ],
            "form": form,
        }

    def _row(self, share: Share, title: str) -> ShareView:
        return ShareView(
            row=share,
            text=open_why(self.access, share) or "",
            may_consent=rules.may_consent(self.access, share),
            may_decline=may_answer(self.access, share),
            may_withdraw=rules.may_withdraw(self.access, share),
            part=self._part(share),
            title=title,
        )

    def _part(self, share: Share) -> str | Promise:
        section = self.agreement.form_edition.section(share.section_id)
        return section.heading if section else WHOLE_AGREEMENT
