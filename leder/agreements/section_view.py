"""One section of an agreement as one of its parties sees it: a view model for the templates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from leder.agreements import rules
from leder.agreements.answers import empty_payload
from leder.agreements.capability import Access
from leder.agreements.conflicts import merge_progress, merge_sections
from leder.agreements.forms import CommentForm, SectionForm
from leder.agreements.handed import HandedOver
from leder.agreements.marks import MARKS, Mark, mark_of
from leder.agreements.models import Agreement, Entry, SectionReview
from leder.agreements.readers import SectionReader
from leder.agreements.record import cited_editions
from leder.agreements.states import ACTIVE, State
from leder.agreements.text_decisions import find_all, made_for
from leder.agreements.texts import CommentText, Text, Texts
from leder.agreements.written import Written, in_words
from leder.pages.editions import Edition, Section, Statement
from leder.people import Person


@dataclass(frozen=True)
class Source:
    """A chosen statement, with the way to where it stands in the text; `kept` where that is an earlier edition."""

    statement: Statement
    url: str
    kept: str = ""


@dataclass(frozen=True)
class SeenBy:
    """Who was last shown a section by another's hand, and when."""

    person: Person
    at: dt.datetime


@dataclass(frozen=True)
class KeptView:
    """What a section held with another superior: who that was, until when, and what it says."""

    person: Person
    at: dt.datetime
    written: Written
    note: str = ""


@dataclass
class SectionView:
    """One section on the agreement page."""

    section: Section
    url: str
    mark: Mark
    version: int
    text: Text | None
    written: Written
    readers: list[SectionReader]
    sources: list[Source]
    edition: Edition | None
    form: SectionForm | None = None
    autosaves: bool = True
    can_reopen: bool = False
    comments: list[CommentText] = field(default_factory=list)
    comment_form: CommentForm | None = None
    may_review: bool = False
    may_approve: bool = False
    review: SectionReview | None = None
    carry_over: int = 0
    is_closed: bool = False
    is_altered: bool = False
    seen: list[SeenBy] = field(default_factory=list)
    # Signed with an earlier superior: the superior of today is not shown it (`is_hidden`), unless the leader lets them.
    is_withheld: bool = False
    is_hidden: bool = False
    kept: list[KeptView] = field(default_factory=list)
    may_let: bool = False

    @property
    def anchor(self) -> str:
        """The id of the section's element."""
        return f"s-{self.section.id}"

    @property
    def is_shared(self) -> bool:
        """Whether others than the two parties can read it."""
        return any(reader.until is not None for reader in self.readers)

    @property
    def is_damaged(self) -> bool:
        """Whether what is stored does not open."""
        return self.mark.key == "damaged"


def section_view(
    access: Access,
    section: Section,
    texts: Texts,
    review: SectionReview | None,
    change: str,
    blank_goal: str,
    bound: dict[Any, Any],
    handed: HandedOver | None,
) -> SectionView:
    """Return a section; `change`, `blank_goal` and `bound` are those of `presenting.present`."""
    agreement, reader = access.agreement, access.reader
    withheld = section.id in texts.withheld
    hidden = withheld and not rules.is_leader(reader, agreement)
    text = texts.answers.get(section.id)
    damaged = section.id in texts.damaged and text is None
    closed = section.id in texts.closed
    cited = cited_editions(agreement, section)
    payload = text.payload if text else None
    writable = (
        rules.may_write(reader, agreement, section)
        and not damaged
        and not closed
        and not section.is_follow_up
    )
    waits = agreement.state == State.SIGNING
    form = bound.get(("section", section.id))
    if form is None and writable and (not waits or change == section.id):
        form = SectionForm(
            section=section, cited=cited, payload=payload, blank_goal=blank_goal == str(section.number)
        )
    may_review = rules.may_review(reader, agreement, section) and not damaged and not closed
    return SectionView(
        section=section,
        url=reverse("leder:section", args=[agreement.uuid, section.id]) + made_for(agreement),
        mark=MARKS["withheld"]
        if hidden
        else mark_of(
            section,
            text,
            review,
            damaged=damaged,
            unread=texts.closed.get(section.id, 0),
            state=agreement.state,
        ),
        version=text.version if text else 0,
        text=text,
        written=in_words(section, payload, cited, _progress(texts, section)),
        readers=_readers(agreement, section, handed, withheld=withheld),
        sources=sources_of(payload, cited),
        edition=cited[0] if cited else None,
        form=form,
        autosaves=not waits,
        can_reopen=writable and waits,
        comments=texts.comments.get(section.id, []),
        comment_form=(
            bound.get(("comment", section.id)) or CommentForm(section=section)
            if rules.may_comment(reader, agreement) and not closed
            else None
        ),
        may_review=may_review,
        may_approve=may_review and text is not None and not (review and _approves(review, text)),
        review=review,
        is_closed=closed,
        is_altered=section.id in texts.altered,
        seen=_seen_by(agreement, texts, section, reader),
        is_withheld=withheld,
        is_hidden=hidden,
        kept=[] if handed is None or closed else kept_in(agreement, section, texts, handed),
        may_let=may_let(agreement, reader, section, texts, handed),
    )


def kept_in(agreement: Agreement, section: Section, texts: Texts, handed: HandedOver) -> list[KeptView]:
    """Return what a section held with another superior, as far as it is open to the reader of the texts."""
    cited = cited_editions(agreement, section)
    return [
        KeptView(
            handed.superior_of(each.pair),
            each.text.updated_at,
            Written() if each.kind == Entry.Kind.PROGRESS else in_words(section, each.text.payload, cited),
            each.text.payload.get("note", "") if each.kind == Entry.Kind.PROGRESS else "",
        )
        for each in texts.kept
        if each.section_id == section.id and each.kind != Entry.Kind.PREPARATION
    ]


def may_let(
    agreement: Agreement, reader: Person, section: Section, texts: Texts, handed: HandedOver | None
) -> bool:
    """Whether there is something that the leader can let the superior of today read (`handover.rules` asks again)."""
    if handed is None or handed.is_acting or not rules.is_leader(reader, agreement):
        return False
    if agreement.state not in ACTIVE or agreement.text_deleted_at is not None or section.id in texts.closed:
        return False
    if section.id in texts.withheld:
        return True
    old = texts.last_kept(section.id, Entry.Kind.ANSWER)
    if old and rules.may_write(reader, agreement, section):
        text = texts.answers.get(section.id)
        here = text.payload if text else empty_payload()
        return merge_sections(here, old.text.payload) != here
    old = texts.last_kept(section.id, Entry.Kind.PROGRESS)
    if old and rules.may_write_progress(reader, agreement, section):
        text = texts.progress.get(section.id)
        there = text.payload if text else {"note": "", "goals": {}}
        return merge_progress(there, old.text.payload) != there
    return False


def _readers(
    agreement: Agreement, section: Section, handed: HandedOver | None, *, withheld: bool
) -> list[SectionReader]:
    readers = [SectionReader(agreement.leader)]
    if not withheld:
        readers.append(SectionReader(agreement.superior))
    signer = handed.signer_of(agreement) if handed and not section.is_follow_up else None
    if signer is not None and signer.pk != agreement.superior_id:
        readers.append(SectionReader(signer, as_signed=True))
    return readers


def _seen_by(agreement: Agreement, texts: Texts, section: Section, reader: Person) -> list[SeenBy]:
    """When each party last read what the other has written in a section. Shares have their own page.

    Who read what in private before the superior of today is not theirs to see.
    """
    is_old_news = section.private and not rules.is_leader(reader, agreement)
    since = agreement.handed_over_at if is_old_news else None
    people = {agreement.leader_id: agreement.leader, agreement.superior_id: agreement.superior}
    last: dict[int, dt.datetime] = {}
    for seen in texts.seen:
        if seen.line.section_id == section.id and seen.share_id is None and (not since or seen.at >= since):
            last[seen.reader_id] = max(seen.at, last.get(seen.reader_id, seen.at))
    return [SeenBy(people[pk], at) for pk, at in last.items() if pk in people]


def sources_of(payload: dict[str, Any] | None, cited: list[Edition]) -> list[Source]:
    """Return the chosen statements, each with its address in the text it stands in."""
    return [
        Source(each.statement, f"{edition_url(each.edition)}#s-{each.statement.id}", each.note)
        for each in find_all((payload or {}).get("choices", []), cited).values()
    ]


def edition_url(edition: Edition) -> str:
    """The address of a text as it stood."""
    return reverse("leder:edition", args=[edition.pk])


def _approves(review: SectionReview, text: Text) -> bool:
    return review.verdict == SectionReview.Verdict.APPROVED and review.version == text.version


def _progress(texts: Texts, section: Section) -> dict[str, Any] | None:
    text = texts.progress.get(section.id)
    return text.payload if text else None
