"""Texts that were published anew after an agreement was pinned to them: what differs, and whether it can be adopted.

An agreement follows a page only as long as both have not signed, and only within the year and the kind of text that it
was opened on: a page that has become next year's letter is not an edition of this year's.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Agreement, TextDecision
from leder.agreements.states import BEFORE_SIGNED, State
from leder.pages.comparing import Comparison, PartChange, StatementChange
from leder.pages.editions import Edition, Section

Words = str | Promise

# In the order they are told of. The value of a TextDecision's edition, too.
KINDS = ("letter", "platform", "form")


@dataclass(frozen=True)
class Misfit:
    """Why a form can't be taken into use: a section of the pinned one, and what the new one does to it."""

    section: Section
    reason: Words


REASONS: dict[str, Words] = {
    "public": _("It is for you two alone, and in the new edition it would not be."),
    "private": _("It is open to others than you two, and in the new edition it would not be."),
    "gone": _("Something is written in it, and the new edition does not have it."),
    "answer": _("Something is written in it, and in the new edition it is answered in another way."),
    "stage": _("Something is written in it, and in the new edition it is written at another time."),
    "questions": _("Something is written in it, and the new edition does not ask all the same questions."),
}


@dataclass
class TextChanges:
    """One text of an agreement that was published anew, as one of the parties sees it.

    `chosen` are the changes of what the two have chosen from it, `sections` those of what they write in;
    `same` is how many chosen statements stand as they stood.
    """

    comparison: Comparison
    chosen: list[StatementChange] = field(default_factory=list)
    sections: list[PartChange] = field(default_factory=list)
    same: int = 0
    misfits: list[Misfit] = field(default_factory=list)

    @property
    def touches(self) -> bool:
        """Whether anything differs in what this agreement has taken from the text."""
        return bool(self.chosen or self.sections)


def pinned(agreement: Agreement, kind: str) -> Edition:
    """Return the edition of a kind of text that the agreement stands on."""
    edition: Edition = getattr(agreement, f"{kind}_edition")
    return edition


def agreements_by_edition(page: Any) -> dict[int, int]:
    """Return how many agreements build on each edition of a page, by the edition's id. One query.

    Agreements whose text is deleted, and those that have ended, are left out.
    """
    field = f"{page.page_kind}_edition"
    rows = (
        Agreement.objects.filter(**{f"{field}__page_id": page.pk}, text_deleted_at=None)
        .exclude(state=State.ENDED)
        .values_list(field)
        .annotate(count=Count("pk"))
        .order_by()
    )
    return dict(rows)


def newer_editions(agreement: Agreement) -> dict[str, Edition]:
    """Return the newest edition of each pinned text that was published anew, without its content, by kind.

    Each is annotated `decided`: whether the two have chosen to keep what they have rather than this one. Empty for an
    agreement that both have signed. One query; none where no page is left to publish anew.
    """
    if agreement.state not in BEFORE_SIGNED:
        return {}
    followed = Q()
    for kind in KINDS:
        edition = pinned(agreement, kind)
        if edition.page_id is not None:
            followed |= Q(page_id=edition.page_id, kind=kind, year=edition.year, number__gt=edition.number)
    if not followed:
        return {}
    rows = (
        Edition.objects.listed()
        .filter(followed, page__live=True)
        .annotate(decided=Exists(_retaining(agreement)))
        .order_by("number")
    )
    return {row.kind: row for row in rows}


def _retaining(agreement: Agreement) -> Any:
    """The decisions to rather have the pinned edition: by keeping it, or by going back to it."""
    now = [pinned(agreement, kind).pk for kind in KINDS]
    retained = Q(choice=TextDecision.Choice.RETAINED, old_edition__in=now, new_edition=OuterRef("pk"))
    back = Q(choice=TextDecision.Choice.ADOPTED, new_edition__in=now, old_edition=OuterRef("pk"))
    return TextDecision.objects.filter(retained | back, agreement=agreement.pk)


def undecided(agreement: Agreement) -> list[Edition]:
    """Return the newer editions that nobody has decided on, in the order they are told of. One query at most."""
    newer = newer_editions(agreement)
    return [newer[kind] for kind in KINDS if kind in newer and not newer[kind].decided]  # type: ignore[attr-defined]


# -- What touches an agreement --------------------------------------------------------------------------------
def changes_of(
    comparison: Comparison,
    *,
    chosen: Collection[str] = (),
    written: Collection[str] = (),
    earlier: Collection[Edition] = (),
) -> TextChanges:
    """Sort a comparison by what touches the agreement: statements that are `chosen`, sections that are `written` in.

    `earlier` are the forms that it stood on before.
    """
    changes = TextChanges(comparison)
    for statement_id in dict.fromkeys(chosen):
        found = comparison.statement_of(statement_id)
        if found is None:
            continue
        if found.is_changed or found.new is None or found.new.id != statement_id:
            changes.chosen.append(found)
        else:
            changes.same += 1
    changes.sections = [
        part
        for part in comparison.parts
        if part.old is not None and part.is_changed and part.old["id"] in written
    ]
    if comparison.new.kind == Edition.Kind.FORM:
        changes.misfits = misfits([comparison.old, *earlier], comparison.new, written)
    return changes


# -- Whether a form fits ---------------------------------------------------------------------------------------
def written_sections(agreement: Agreement) -> frozenset[str]:
    """Return the ids of the sections that anybody has written in, reviewed or shared. Opens nothing. Four queries."""
    rows: tuple[Any, ...] = (agreement.entries, agreement.comments, agreement.reviews, agreement.shares)
    return frozenset(pk for each in rows for pk in each.values_list("section_id", flat=True) if pk)


def misfits(forms: Sequence[Edition], new: Edition, written: Collection[str]) -> list[Misfit]:
    """Return what keeps an agreement from taking the form `new` into use; [] when nothing does.

    `forms` are those that it stands on and has stood on, the pinned one first. What was private in any of them never
    becomes another, written in or not: one who writes in it at this moment has been promised that it is for the two
    alone. A section that is written in stays what it is, with all that it asks; all else may change, and so may every
    word.
    """
    found: dict[str, Misfit] = {}
    for number, form in enumerate(forms):
        for section in form.sections:
            is_written = number == 0 and section.id in written
            reason = _misfit(section, new.section(section.id), is_written=is_written)
            if reason and (number == 0 or reason == "public"):
                found.setdefault(section.id, Misfit(section, REASONS[reason]))
    return list(found.values())


def receives(section: Section | None, typed_in: Section) -> bool:
    """Whether what was typed in a section of an earlier form can be received by the section as it is now."""
    return not _misfit(typed_in, section, is_written=True)


def _misfit(section: Section, following: Section | None, *, is_written: bool) -> str:
    if following is None:
        return "gone" if is_written else ""
    if section.private and not following.private:
        return "public"
    if not is_written:
        return ""
    if section.private != following.private:
        return "private"
    if (section.answer, section.goals) != (following.answer, following.goals):
        return "answer"
    if section.stage != following.stage:
        return "stage"
    asked = {question.id for question in following.questions}
    return "" if all(question.id in asked for question in section.questions) else "questions"
