"""Who has read what (leselogg), and whose account was changed, in plain words, for the two parties."""

from __future__ import annotations

import datetime as dt
import uuid as uuids
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leder.agreements.access.pairs import withheld_sections
from leder.agreements.models import AccountChange, Agreement, Reading, Role, Share
from leder.agreements.reading import log as reading_log
from leder.agreements.views.guard.access import access_or_404, for_parties

LINES_ON_A_PAGE = 50


@dataclass
class Visit:
    """What one person was shown at one moment: (heading, kind of text, whose if it is one's own) of each.

    Or how this person's account was changed then.
    """

    at: dt.datetime
    reader: Any
    share: Share | None
    is_change: bool
    # What they wrote themself, opened by a new device.
    is_own: bool = False
    texts: list[tuple[str, str, Any]] = field(default_factory=list)


@dataclass
class SectionReaders:
    """A section, and those besides the two who can read it now."""

    section: Any
    shares: list[Share] = field(default_factory=list)
    # From before the superior of today, who does not read it.
    is_withheld: bool = False


@require_safe
@for_parties
def readings(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show, for each section, who can read and who has read, and every line of the log, the latest first.

    Holds no text. Says so when a line of the log has been changed by hand.
    """
    access = access_or_404(request, uuid)
    agreement = access.agreement
    lines = agreement.readings.select_related("reader", "share").order_by("-number")
    if access.role == Role.SUPERIOR and agreement.handed_over_at is not None:
        # Who read what in private before the superior of today is not theirs to see.
        private = [each.id for each in agreement.form_edition.sections if each.private]
        whole = Q(kind__in=(Reading.Kind.PREPARATION, Reading.Kind.RECORD, Reading.Kind.OWN_PAGES))
        is_private = Q(section_id__in=private) | whole
        is_shared = Q(share__isnull=False)
        # It names those who could read then; of the leader it says the same now.
        is_change = Q(kind__in=AccountChange.values) & ~Q(reader=agreement.leader_id)
        lines = lines.exclude(is_private | is_shared | is_change, at__lt=agreement.handed_over_at)
    page = Paginator(lines, LINES_ON_A_PAGE).get_page(request.GET.get("side"))
    sections = {each.id: each for each in agreement.form_edition.sections}
    context = {
        "agreement": agreement,
        "page_obj": page,
        "visits": _visits(agreement, page, sections),
        "sections": _sections(agreement),
        "fault": reading_log.first_fault(agreement),
    }
    return render(request, "leder/agreements/readings.html", context)


def _sections(agreement: Agreement) -> list[SectionReaders]:
    shares = [
        share
        for share in agreement.shares.filter(status=Share.Status.AGREED).select_related("agreement", "reader")
        if share.is_genuine and share.is_running
    ]
    withheld = withheld_sections(agreement)
    return [
        SectionReaders(
            each, [share for share in shares if share.section_id in ("", each.id)], each.id in withheld
        )
        for each in agreement.form_edition.sections
        if each.takes_answers
    ]


def _visits(agreement: Agreement, lines: Iterable[Reading], sections: dict[str, Any]) -> list[Visit]:
    """Gather the lines that one page added."""
    visits = []

    def of_one(line: Reading) -> tuple[dt.datetime, Any, Share | None, bool, bool]:
        return line.at, line.reader, line.share, line.kind in AccountChange, line.own

    for key, group in groupby(lines, key=of_one):
        visit = Visit(*key)
        for line in sorted(group, key=lambda line: line.number):
            section = sections.get(line.section_id)
            owner = getattr(agreement, line.role) if line.role else None
            visit.texts.append((section.heading if section else "", line.get_kind_display(), owner))
        visits.append(visit)
    return visits
