"""Where a leader's own agreement builds on a page. The page is read by everybody, so this costs one query."""

from __future__ import annotations

from typing import Any

from django.db.models import F, FilteredRelation, Q

from leder.agreements.models import Agreement, Entry
from leder.agreements.reading import open_entry
from leder.agreements.states import ACTIVE
from leder.pages.editions import Statement

# Which editions a page may be pinned as; the form is built on as a whole, not by statement.
CITED = ("platform_edition", "letter_edition")


def own_citations(*, reader: Any, page: Any) -> tuple[Agreement, list[Statement]] | None:
    """Return the reader's latest standing agreement, as leader, on this page and the statements chosen from it.

    None when no agreement of the reader's stands on the page. The statements are those of the pinned edition.
    """
    pinned = Q(platform_edition__page_id=page.pk) | Q(letter_edition__page_id=page.pk)
    rows = list(
        Agreement.objects.visible_to(reader)
        .filter(pinned | Q(form_edition__page_id=page.pk), leader_id=reader.pk, state__in=ACTIVE)
        .alias(answer=FilteredRelation("entries", condition=Q(entries__kind=Entry.Kind.ANSWER)))
        .annotate(
            answer_section=F("answer__section_id"),
            answer_version=F("answer__version"),
            answer_ciphertext=F("answer__ciphertext"),
        )
        .select_related("round", "data_key", *CITED)
        .order_by("-round__year", "-pk")
    )
    if not rows:
        return None
    agreement = rows[0]
    editions = [getattr(agreement, name) for name in CITED]
    edition = next((each for each in editions if each.page_id == page.pk), None)
    if edition is None:
        return agreement, []
    chosen: set[str] = set()
    for row in rows:
        if row.pk == agreement.pk and row.answer_section is not None:
            payload = open_entry(reader=reader, agreement=agreement, entry=_entry_of(row))
            chosen.update(choice["id"] for choice in (payload or {}).get("choices", []))
    return agreement, [statement for key, statement in edition.statements.items() if key in chosen]


def _entry_of(row: Any) -> Entry:
    return Entry(
        agreement=row,
        kind=Entry.Kind.ANSWER,
        section_id=row.answer_section,
        version=row.answer_version,
        ciphertext=row.answer_ciphertext,
    )
