"""The pages of an account that was changed: what its person sees, and where a party says whose it is."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leder.agreements.actions import RuleBroken
from leder.agreements.models import AccountChange, Agreement, KnownAccount
from leder.agreements.models.account import Stored, changes
from leder.agreements.models.agreement import held_by, reached
from leder.agreements.views.guard.access import allow_if, for_parties
from leder.agreements.views.guard.recent import confirm_first, is_recent
from leder.identity import actions, confirming, rules
from leder.identity.links import ACCOUNT, confirm_address
from leder.identity.outcome import Outcome, outcome_of
from leder.identity.parties import Party, parties_of
from leder.people import Person
from leder.words import full_name


@require_safe
@for_parties
def account_shut(request: HttpRequest) -> HttpResponse:
    """Say why the texts are shut to the reader's account, and how they open. To Min side where they are not."""
    actions.look_at([request.user.pk])
    account = _rows().filter(pk=request.user.pk).first()
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
    """Ask a party whose account it is that was changed. 404 for all but the parties of today.

    A party who can't say is told why, and what to do instead; 403 if they post all the same. One who comes late is told
    what became of it; where the account was changed once more, they are led to that question.
    """
    at = timezone.now()
    account, parties, party = _asked_or_404(request, change)
    if not account.is_shut_by_note(at):
        return _what_became_of_it(request, account, party, change)
    if account.uuid != change:
        said = _("The account was changed once more since then. This is about all of it.")
        messages.info(request, said, fail_silently=True)
        return redirect(confirm_address(account.pk, account.uuid))
    if not is_recent(request):
        return confirm_first(request)
    why_not = rules.why_not(party, account, at=at)
    if request.method == "POST":
        allow_if(why_not is None)
        return _answered(request, account)
    context = {
        "account": account,
        "changes": _labels(account),
        "why_not": why_not,
        "may_from": rules.may_answer_from(party, why_not),
        "others": rules.who_may(parties, account, at=at),
        "agreement": _agreement_of_the_two(request.user, account),
    }
    return render(request, "leder/identity/confirm.html", context)


def _answered(request: HttpRequest, account: KnownAccount) -> HttpResponse:
    answer = request.POST.get("answer", "")
    try:
        if answer == "yes":
            confirming.confirm(actor=request.user, account=account)
            messages.success(request, _("The texts are open to %(name)s again.") % _name(account))
            return redirect("leder:my_page")
        if answer == "no":
            confirming.refuse(actor=request.user, account=account)
    except RuleBroken:
        # Somebody was quicker, or said so before: the page tells it.
        pass
    return redirect(confirm_address(account.pk, account.uuid))


def _asked_or_404(request: HttpRequest, change: uuids.UUID) -> tuple[KnownAccount, list[Party], Party]:
    """The account that a link asks about as it stands now, its parties of today, and the reader among them."""
    account = _found(request, change)
    if account is None or account.pk == request.user.pk or not account.is_genuine:
        raise Http404
    parties = parties_of([account.pk])[account.pk]
    party = next((each for each in parties if each.person == request.user), None)
    if party is None:
        raise Http404
    if changes(account, Stored.of(account.user)):
        # Changed since: that is another question, with an address of its own.
        actions.look_at([account.pk])
        account = _rows().get(pk=account.pk)
    return account, parties, party


def _rows() -> QuerySet[KnownAccount]:
    return KnownAccount.objects.select_related("user", "confirmed_by", "refused_by")


def _found(request: HttpRequest, change: uuids.UUID) -> KnownAccount | None:
    """The account that stands under the name of a change; else the one that the link is about, changed since."""
    named = _rows().filter(uuid=change).first()
    if named is not None:
        return named
    try:
        key = KnownAccount._meta.pk.to_python(request.GET.get(ACCOUNT, ""))
    except ValidationError:
        return None
    # Asked of the table of users, which knows how large a key can be.
    return _rows().filter(user__in=get_user_model()._base_manager.filter(pk=key)).first()


def _what_became_of_it(
    request: HttpRequest, account: KnownAccount, party: Party, change: uuids.UUID
) -> HttpResponse:
    """Say how an account was opened, to one who was a party then. 404 where nothing had shut it."""
    outcome = outcome_of(account, at=timezone.now())
    if outcome is None or party.since is None or party.since > outcome.at:
        raise Http404
    if request.method == "POST":
        # Somebody was quicker.
        return redirect(confirm_address(account.pk, account.uuid))
    context = {
        "account": account,
        "outcome": outcome,
        "agreement": _agreement_of_the_two(request.user, account),
        **_once_more(account, outcome, change),
    }
    return render(request, "leder/identity/outcome.html", context)


def _agreement_of_the_two(reader: Person, account: KnownAccount) -> Agreement | None:
    """The newest agreement of a party with the account's person, whose log says what was read; None for none.

    One query.
    """
    with_them = Q(leader=account.pk) | Q(superior=account.pk)
    held = held_by(reader, with_account=False).filter(with_them).order_by("-round__year", "-pk")
    return next(iter(reached(held)), None)


def _once_more(account: KnownAccount, outcome: Outcome, change: uuids.UUID) -> dict[str, Any]:
    """When the account was changed after the change that a link is about, and whether the answer was to that too."""
    changed = account.changed_at if account.uuid != change else None
    return {"changed_again": changed, "answer_is_of_all": changed is not None and changed <= outcome.at}


def _labels(account: KnownAccount) -> list[Any]:
    return [each.label for each in AccountChange if each in account.lines("changes")]


def _name(account: KnownAccount) -> dict[str, str]:
    return {"name": full_name(account.user)}
