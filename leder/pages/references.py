"""How many agreements build on a page, and on each of its paragraphs: numbers for the editors, never whose.

An agreement keeps the edition that it was opened on (R6), so nothing an editor does changes it. The numbers say how
many leaders will meet another text than the one they have agreed on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wagtail import hooks

from leder.pages.editions import Edition

# Agreements are made of pages, not the other way about: who builds on pages answers to this, by the edition's id.
COUNT_AGREEMENTS = "leder_count_agreements"
REMOVED, REWRITTEN = "removed", "rewritten"
LABEL_LENGTH = 120


@dataclass(frozen=True)
class ChangedParagraph:
    """A paragraph that agreements build on and that a draft removes or rewrites. `count` is how many agreements."""

    id: str
    label: str
    kind: str
    count: int


@dataclass(frozen=True)
class References:
    """How many agreements build on a page, and by the id of each paragraph."""

    agreements: int
    by_paragraph: dict[str, int]


def references_to(page: Any) -> References:
    """Return how many agreements build on some edition of this page. Two queries."""
    if page.pk is None:
        return References(0, {})
    counts = _agreements_by_edition(page)
    found: Counter[str] = Counter()
    for edition in Edition.objects.filter(pk__in=counts).only("content"):
        for identity in _paragraphs(edition.content):
            found[identity] += counts[edition.pk]
    return References(sum(counts.values()), dict(found))


def changed_paragraphs(draft: Any, references: References | None = None) -> list[ChangedParagraph]:
    """Return what a draft removes or rewrites of the published page that agreements build on, in the page's order.

    `draft` is the page as a revision has it. Nothing for a page that is not published. One query, and two where
    `references` are not handed in.
    """
    if draft.pk is None or not draft.live:
        return []
    references = references or references_to(draft)
    if not references.agreements:
        return []
    published = type(draft)._default_manager.get(pk=draft.pk)
    after = _paragraphs(draft.edition_content())
    return [
        ChangedParagraph(
            identity,
            _label(paragraph),
            REMOVED if identity not in after else REWRITTEN,
            references.by_paragraph[identity],
        )
        for identity, paragraph in _paragraphs(published.edition_content()).items()
        if references.by_paragraph.get(identity) and after.get(identity) != paragraph
    ]


def _agreements_by_edition(page: Any) -> Counter[int]:
    counts: Counter[int] = Counter()
    for count in hooks.get_hooks(COUNT_AGREEMENTS):
        counts.update(count(page))
    return counts


def _paragraphs(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The parts and citable statements of an edition's content by id, each without the other."""
    return dict(_each(content))


def _each(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in content["parts"]:
        yield part["id"], {key: value for key, value in part.items() if key != "statements"}
        for statement in part["statements"]:
            yield statement["id"], statement


def _label(paragraph: dict[str, Any]) -> str:
    words = paragraph.get("text") or paragraph.get("heading") or ""
    return words if len(words) <= LABEL_LENGTH else f"{words[:LABEL_LENGTH]}…"
