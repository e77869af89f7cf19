"""How far a section has come: empty, written, approved, changed since …"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.agreements.answers import is_blank
from leder.agreements.models import SectionReview
from leder.agreements.states import BEFORE_SIGNED
from leder.pages.editions import Section

if TYPE_CHECKING:
    from leder.agreements.reading.texts import Text

Words = str | Promise


@dataclass(frozen=True)
class Mark:
    """How far a section has come, as text, symbol and the look of a state tag."""

    key: str
    label: Words
    icon: str
    look: str


MARKS = {
    mark.key: mark
    for mark in (
        Mark("empty", _("Nothing written yet"), "circle", "open"),
        Mark("written", _("Written"), "pen", "draft"),
        Mark("approved", _("Approved"), "check", "approved"),
        Mark("changes", _("Changes asked for"), "warning", "changes"),
        Mark("changed", _("Changed since it was approved"), "history", "waiting"),
        Mark("answered", _("Changed since a change was asked for"), "history", "waiting"),
        Mark("damaged", _("The text does not open"), "warning", "missing"),
        Mark("withheld", _("Signed with an earlier superior"), "lock", "private"),
        Mark("later", _("Written at the follow-up"), "clock", "planned"),
    )
}


def mark_of(
    section: Section,
    text: Text | None,
    review: SectionReview | None,
    *,
    damaged: bool,
    unread: int = 0,
    state: str,
) -> Mark:
    """Return how far a section has come. `unread` is the version of a text that is there and was not opened."""
    if damaged:
        return MARKS["damaged"]
    if section.is_follow_up and state in BEFORE_SIGNED:
        return MARKS["later"]
    version = text.version if text else unread
    if review is not None and review.version == version:
        approved = review.verdict == SectionReview.Verdict.APPROVED
        return MARKS["approved" if approved else "changes"]
    if review is not None:
        approved = review.verdict == SectionReview.Verdict.APPROVED
        return MARKS["changed" if approved else "answered"]
    is_empty = not unread if text is None else is_blank(text.payload)
    return MARKS["empty" if is_empty else "written"]
