"""Changes that the superior has asked for and that are not made yet: one answer for signing, steps and reminders."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from leder.agreements.models import Agreement, Entry, SectionReview


def outstanding_changes(agreements: Collection[int]) -> QuerySet[SectionReview]:
    """Return the requests for changes (endringsønsker) on text that has not been changed since. By agreements' ids."""
    written = Entry.objects.filter(
        agreement=OuterRef("agreement_id"),
        section_id=OuterRef("section_id"),
        kind=Entry.Kind.ANSWER,
        pair=OuterRef("pair"),
    )
    return (
        SectionReview.objects.filter(agreement__in=agreements, verdict=SectionReview.Verdict.CHANGES)
        .annotate(current=Coalesce(Subquery(written.values("version")[:1]), 0))
        .filter(version=F("current"))
    )


def changes_asked(agreement: Agreement) -> bool:
    """Whether a section of the agreement waits for a change. One query."""
    return outstanding_changes([agreement.pk]).exists()
