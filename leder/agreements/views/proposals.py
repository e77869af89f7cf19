"""The page where the two agree on something (`actions.proposals`): proposing, and the answers to what stands there."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from leder.agreements.actions import RuleBroken
from leder.agreements.models import Proposal
from leder.agreements.vault.cipher import DamagedText
from leder.agreements.views.guard.access import access_or_404
from leder.agreements.views.guard.recent import confirm_first
from leder.agreements.views.guard.resend import CLOSED, CONFIRM, resend
from leder.words import full_name

P = TypeVar("P", bound=Proposal)
F = TypeVar("F", bound=BaseForm)
Words = str | Promise


@dataclass(frozen=True)
class ProposalView(Generic[P]):
    """A proposal as a party sees it: why or what for, and what this party can do with it."""

    row: P
    text: str
    may_consent: bool
    may_decline: bool
    may_withdraw: bool

    @property
    def other(self) -> Any:
        """The other than the one who proposed."""
        return self.row.agreement.other_than(self.row.proposed_by)


class ProposalPage(Generic[F]):
    """Such a page for one who asks for it. What is proposed, and when, is the page's own."""

    url_name: ClassVar[str]
    template: ClassVar[str]
    # Said when it is proposed, with `other`: whom it waits for.
    said: ClassVar[Words]
    # Where in the form, and how, it is said that it could not be proposed.
    refused: ClassVar[dict[type[RuleBroken], tuple[str | None, Words]]]

    def __init__(self, request: HttpRequest, uuid: uuids.UUID) -> None:
        self.request, self.user = request, request.user
        self.access = access_or_404(request, uuid)
        self.agreement = self.access.agreement

    def may_propose(self) -> bool:
        """Whether this party may propose anything now."""
        raise NotImplementedError

    def form(self) -> F:
        """Return the form as it was sent."""
        raise NotImplementedError

    def propose(self, form: F) -> None:
        """Propose what a valid form says. Raises RuleBroken, or one of `refused`."""
        raise NotImplementedError

    def context(self, form: F | None) -> dict[str, Any]:
        """Return what the page shows, an empty form included where one may propose."""
        raise NotImplementedError

    def answer(self) -> HttpResponse:
        """GET: the page. POST: propose; the form comes back where it is wrong, or it could not be proposed."""
        if self.request.method != "POST":
            return self._shown(None) if self.access.recent else confirm_first(self.request)
        if not self.access.recent:
            return resend(self.request, CONFIRM)
        if not self.may_propose():
            return resend(self.request, CLOSED)
        form = self.form()
        if form.is_valid() and self.request.POST.get("pair", "") != self.agreement.pair:
            # Why it is proposed was meant for another to read.
            form.add_error(
                None, _("Another is the superior now than when you opened the page. See who reads this.")
            )
        if not form.is_valid():
            return self._shown(form)
        try:
            self.propose(form)
        except tuple(self.refused) as error:
            field, words = self.refused[type(error)]
            form.add_error(field, str(words))
            return self._shown(form)
        except DamagedText:
            # The key of the agreement opens nothing, and so seals nothing.
            form.add_error(
                None, _("The agreement does not open now, so nothing was proposed. Tell those who run the intranet.")
            )  # fmt: skip
            return self._shown(form)
        other = full_name(self.access.other)
        messages.success(self.request, str(self.said) % {"other": other})
        return redirect(self.url_name, uuid=self.agreement.uuid)

    def settle(
        self,
        row: P,
        act: Callable[..., Any],
        said: str,
        *,
        to: str = "",
        can_be: Callable[[P], bool] = lambda row: row.is_waiting,
    ) -> HttpResponse:
        """Do with a proposal what a button says, and go to the page, or `to`. 403 for one who may not.

        One who comes too late, when it can be done by nobody any more, is told so.
        """
        uuid = self.agreement.uuid
        if not self.access.recent:
            return confirm_first(self.request, back=reverse(self.url_name, args=[uuid]))
        try:
            act(self.access, row)
        except RuleBroken:
            row.refresh_from_db(fields=["status"])
            if can_be(row):
                raise
            messages.warning(
                self.request, _("This has changed since you opened the page. Here is how it stands now.")
            )
            return redirect(self.url_name, uuid=uuid)
        messages.success(self.request, said)
        return redirect(to or self.url_name, uuid=uuid)

    def _shown(self, form: F | None) -> HttpResponse:
        context = {"agreement": self.agreement, "form": form, **self.context(form)}
        return render(self.request, self.template, context, status=200 if form is None else 422)
