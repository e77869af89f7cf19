"""What is new in the texts that an agreement builds on: adopt or keep, and this year's letter beside last year's."""

from __future__ import annotations

import uuid as uuids
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leder.agreements import actions, rules
from leder.agreements.actions.writing import access_to_previous
from leder.agreements.editions.decisions import Cited, decisions_of, earlier_editions, find_all, remember
from leder.agreements.editions.newer import (
    KINDS,
    Misfit,
    TextChanges,
    changes_of,
    misfits,
    newer_editions,
    pinned,
    written_sections,
)
from leder.agreements.forms import DecisionForm
from leder.agreements.models import Access, Agreement, TextDecision
from leder.agreements.reading.citations import Chosen, chosen_from
from leder.agreements.views.edition import may_read_edition
from leder.agreements.views.guard.access import access_or_404, allow_if, for_parties
from leder.agreements.views.guard.recent import confirm_url
from leder.pages.comparing import Change, StatementChange, compare
from leder.pages.editions import Edition
from leder.pages.routing import may_read
from leder.pages.telling import Count, summary


@dataclass
class TextView:
    """One of the three texts: what the agreement stands on, what is newer, and what was decided last."""

    kind: str
    edition: Edition
    newest: Edition | None = None
    changes: TextChanges | None = None
    chosen: Chosen = Chosen()
    decision: TextDecision | None = None
    back: Edition | None = None
    back_misfits: tuple[Misfit, ...] = ()
    is_for_others: bool = False
    # The first that waits: the one thing to do on the page.
    is_next: bool = False

    @property
    def is_decided(self) -> bool:
        """Whether the newest edition is what the two last decided on."""
        latest, newest = self.decision, self.newest
        return bool(latest and newest and newest.pk in (latest.new_edition_id, latest.old_edition_id))

    @property
    def seen(self) -> int:
        """The id of the latest decision, which a new one is made in the knowledge of."""
        return self.decision.pk if self.decision else 0

    @property
    def counts(self) -> list[Count]:
        """How much differs in the whole text."""
        return summary(self.changes.comparison) if self.changes else []


@require_http_methods(["GET", "HEAD", "POST"])
@for_parties
def newer_text(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show what has changed in the texts of an unsigned agreement; on POST, decide on one of them.

    What has moved on since the person looked is shown again (409), and nothing is decided. 403 when both have signed.
    """
    access = access_or_404(request, uuid)
    agreement = access.agreement
    if request.method != "POST":
        return _page(request, access)
    allow_if(rules.may_decide_on_text(access))
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, access, status=422)
    values = form.cleaned_data
    try:
        if not _is_open(request, values["edition"], agreement):
            raise actions.TextMovedOn
        decision = actions.decide_on_text(access, **values)
    except actions.TextMovedOn:
        messages.warning(
            request,
            _(
                "Something has changed since you opened this page, so nothing was decided. Look at it once more."
            ),
        )
        return _page(request, access_or_404(request, uuid), status=409)
    if decision.is_adopted:
        messages.success(
            request,
            _("The agreement now builds on edition %(number)s of “%(title)s”.") % _of(decision.new_edition),
        )
    else:
        messages.success(
            request, _("The agreement keeps edition %(number)s of “%(title)s”.") % _of(decision.old_edition)
        )
    return redirect("leder:newer_text", uuid=uuid)


def _of(edition: Edition) -> dict[str, Any]:
    return {"number": edition.number, "title": edition.title}


def _is_open(request: HttpRequest, pk: int, agreement: Agreement) -> bool:
    """Whether the person may read an edition: one that they may not is not theirs to adopt."""
    found = Edition.objects.listed().select_related("page").filter(pk=pk).first()
    if found is None:
        return False
    return may_read(found.page, request) or found.pk in {each.pk for each in earlier_editions(agreement)}


def _page(request: HttpRequest, access: Access, status: int = 200) -> HttpResponse:
    agreement = access.agreement
    may_decide = rules.may_decide_on_text(access)
    decisions = decisions_of(agreement)
    remember(agreement, decisions)
    texts = [TextView(kind, pinned(agreement, kind)) for kind in KINDS]
    for text in texts:
        text.decision = next((each for each in decisions if each.new_edition.kind == text.kind), None)
    if may_decide:
        _put_newer(request, access, texts)
        undecided = (each for each in texts if each.newest is not None and not each.is_decided)
        for first in list(undecided)[:1]:
            first.is_next = True
    here = reverse("leder:newer_text", args=[agreement.uuid])
    context = {
        "agreement": agreement,
        "texts": texts,
        "decisions": decisions,
        "may_decide": may_decide,
        "one_has_signed": agreement.state == "signing",
        "confirm_url": confirm_url(here),
    }
    return render(request, "leder/agreements/newer_text.html", context, status=status)


def _put_newer(request: HttpRequest, access: Access, texts: list[TextView]) -> None:
    agreement = access.agreement
    newer = newer_editions(agreement)
    written = written_sections(agreement) if "form" in newer or agreement.adopted_at else frozenset()
    forms = [each for each in earlier_editions(agreement) if each.kind == Edition.Kind.FORM]
    for text in texts:
        if text.decision and text.decision.is_adopted:
            text.back = text.decision.old_edition
            if text.kind == Edition.Kind.FORM:
                text.back_misfits = tuple(misfits([text.edition, *forms], text.back, written))
        row = newer.get(text.kind)
        if row is None:
            continue
        found = Edition.objects.select_related("page").get(pk=row.pk)
        if not may_read(found.page, request):
            text.is_for_others = True
            continue
        if text.kind != Edition.Kind.FORM:
            text.chosen = chosen_from(access, text.kind)
        text.newest = found
        text.changes = changes_of(
            compare(text.edition, found),
            chosen=text.chosen.ids,
            written=written if text.kind == Edition.Kind.FORM else (),
            earlier=forms,
        )


# -- This year's letter beside last year's ------------------------------------------------------------------------
@dataclass(frozen=True)
class Fate:
    """What has become of an assignment that the leader answered for last year. None where this year's has nothing."""

    cited: Cited
    change: StatementChange | None


@require_safe
@for_parties
def letter_news(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show what is new in the letter since last year's agreement (404 where there was none).

    What the leader answered for is shown to one who may read that agreement; another superior sees the letters only,
    and nothing when last year's is not open to them.
    """
    access = access_or_404(request, uuid)
    agreement = access.agreement
    if agreement.previous_id is None:
        raise Http404
    old = (
        Edition.objects.select_related("page")
        .filter(pk__in=Agreement.objects.filter(pk=agreement.previous_id).values("letter_edition_id"))
        .get()
    )
    previous = access_to_previous(access)
    is_open = previous is not None or may_read_edition(request, old)
    comparison = compare(old, agreement.letter_edition) if is_open else None
    chosen, fates = Chosen(), []
    if comparison and previous:
        chosen = chosen_from(previous, "letter")
        stood_on = [each for each in earlier_editions(previous.agreement) if each.kind == Edition.Kind.LETTER]
        cited = find_all([{"id": pk} for pk in chosen.ids], [old, *stood_on])
        fates = [Fate(each, comparison.statement_of(pk)) for pk, each in cited.items()]
    context = {
        "agreement": agreement,
        "previous": previous.agreement if previous else None,
        "old": old,
        "new": agreement.letter_edition,
        "comparison": comparison,
        "counts": summary(comparison) if comparison else [],
        "chosen": chosen,
        "fates": fates,
        "added": [each for each in comparison.statements if each.change == Change.ADDED]
        if comparison
        else [],
        "confirm_url": confirm_url(request.path),
    }
    return render(request, "leder/agreements/letter_news.html", context)
