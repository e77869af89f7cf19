"""The pages of an account that was changed: what its person sees, and where a party says whose it is."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leder.agreements.models import AccountChange, KnownAccount
from leder.agreements.models.account import Stored, changes
from leder.agreements.views.guard.access import allow_if, for_parties
from leder.agreements.views.guard.recent import confirm_first, is_recent
from leder.identity import actions, confirming, rules
from leder.identity.parties import Party, parties_of
from leder.words import full_name


@require_safe
@for_parties
def account_shut(request: HttpRequest) -> HttpResponse:
    """Say why the texts are shut to the reader's account, and how they open. To Min side where they are not."""
    actions.look_at([request.user.pk])
    account = KnownAccount.objects.filter(pk=request.user.pk).first()
    at = timezone.now()
    if account is None or not account.is_shut_by_note(at):
        return redirect("leder:my_page")
    parties = parties_of([account.pk])[account.pk]
    context = {
        "account": account,
        "changes": _labels(account),
        "parties": rules.who_may(parties, account, at=at),
        "opens_at": account.opens_at(),
    }
    return render(request, "leder/identity/shut.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_parties
def account_confirm(request: HttpRequest, change: uuids.UUID) -> HttpResponse:
    """Ask a party whose account it is that was changed. 404 for all but the parties of today, and for another change.

    A party who can't say is told why; 403 if they post all the same.
    """
    account, party = _asked_or_404(request, change)
    if not is_recent(request):
        return confirm_first(request)
    why_not = rules.why_not(party, account, at=timezone.now())
    answer = request.POST.get("answer", "")
    if request.method == "POST":
        allow_if(why_not is None)
    if answer == "yes":
        confirming.confirm(actor=request.user, account=account)
        messages.success(request, _("The texts are open to %(name)s again.") % _name(account))
        return redirect("leder:my_page")
    if answer == "no" and account.refused_at is None:
        confirming.refuse(actor=request.user, account=account)
        return redirect("leder:account_confirm", change=account.uuid)
    context = {"account": account, "changes": _labels(account), "why_not": why_not}
    return render(request, "leder/identity/confirm.html", context)


def _asked_or_404(request: HttpRequest, change: uuids.UUID) -> tuple[KnownAccount, Party]:
    account = KnownAccount.objects.filter(uuid=change).select_related("user").first()
    if account is None or account.pk == request.user.pk or not account.is_genuine:
        raise Http404
    party = next((each for each in parties_of([account.pk])[account.pk] if each.person == request.user), None)
    if party is None or not account.is_shut_by_note(timezone.now()):
        raise Http404
    if changes(account, Stored.of(account.user)):
        # Changed since: that is another question, with an address of its own.
        actions.look_at([account.pk])
        raise Http404
    return account, party


def _labels(account: KnownAccount) -> list[Any]:
    return [each.label for each in AccountChange if each in account.lines("changes")]


def _name(account: KnownAccount) -> dict[str, str]:
    return {"name": full_name(account.user)}
