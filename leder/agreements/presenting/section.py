"""One section of an agreement as one of its parties sees it: the view model for its pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from leder.agreements import rules
from leder.agreements.access.handovers import HandedOver
from leder.agreements.access.shares import SectionReader
from leder.agreements.answers import empty_payload
from leder.agreements.editions.decisions import find_all, made_for
from leder.agreements.forms import CommentForm
from leder.agreements.models import Access, Entry, Role, SectionReview
from leder.agreements.presenting.marks import MARKS, Mark, mark_of
from leder.agreements.reading.texts import CommentText, Text, Texts
from leder.agreements.sections.cited import cited_editions
from leder.agreements.sections.form import SectionForm
from leder.agreements.sections.kinds import follow_up, kind_of
from leder.agreements.sections.kinds.follow_up import ProgressForm
from leder.agreements.sections.words import Written
from leder.agreements.states import ACTIVE, State
from leder.pages.editions import Edition, Section, Statement
from leder.people import Person


@dataclass(frozen=True)
class Source:
    """A chosen statement, with the way to where it stands in the text; `kept` where that is an earlier edition."""

    statement: Statement
    url: str
    edition_note: str = ""


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


@dataclass(frozen=True)
class Shown:
    """What a page shows of an agreement's sections, and to whom.

    `bound` holds forms to show again with what was typed, by kind and section, as for `presenting.agreement.present`;
    `blank_goal` is the number of the section that offers an empty goal; `shared` says with whom sections are shared.
    """

    access: Access
    texts: Texts
    handed: HandedOver | None = None
    shared: Mapping[str, list[SectionReader]] = field(default_factory=dict)
    bound: Mapping[Any, Any] = field(default_factory=dict)
    blank_goal: str = ""


@dataclass
class SectionView:
    """One section on the page of the agreement, or on that of the follow-up."""

    section: Section
    url: str
    mark: Mark
    text: Text | None
    written: Written
    form: SectionForm | ProgressForm | None
    readers: list[SectionReader]
    sources: list[Source] = field(default_factory=list)
    edition: Edition | None = None
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
    # Whether earlier versions of it are there to be looked for.
    has_versions: bool = False

    @property
    def anchor(self) -> str:
        """The id of the section's element."""
        return f"s-{self.section.id}"

    @property
    def version(self) -> int:
        """The version that the form begins from."""
        return self.text.version if self.text else 0

    @property
    def is_shared(self) -> bool:
        """Whether others than the two parties can read it."""
        return any(reader.until is not None for reader in self.readers)

    @property
    def is_damaged(self) -> bool:
        """Whether what is stored does not open."""
        return self.mark.key == "damaged"

    @property
    def is_counted(self) -> bool:
        """Whether what is chosen is counted by sector (`counting`)."""
        return kind_of(self.section).is_counted and not self.section.private


def section_view(
    shown: Shown, section: Section, *, review: SectionReview | None = None, change: bool = False
) -> SectionView:
    """Return a section for the page of the agreement; with `change` it is opened after a first signature."""
    access, agreement, texts = shown.access, shown.access.agreement, shown.texts
    hidden = _is_hidden(shown, section)
    text = texts.answers.get(section.id)
    damaged = section.id in texts.damaged and text is None
    closed = section.id in texts.closed
    cited = cited_editions(agreement, section)
    payload = text.payload if text else None
    writable = rules.may_write(access, section) and not damaged and not closed and not section.is_follow_up
    waits = agreement.state == State.SIGNING
    may_review = rules.may_review(access, section) and not damaged and not closed
    return SectionView(
        section=section,
        url=_address("leder:section", shown, section),
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
        text=text,
        written=kind_of(section).in_words(section, payload, cited, _progress(texts, section)),
        form=_form(shown, section, is_open=writable and (not waits or change)),
        readers=[*_readers(shown, section), *shown.shared.get(section.id, [])],
        sources=sources_of(payload, cited),
        edition=cited[0] if cited else None,
        autosaves=not waits,
        can_reopen=writable and waits,
        comments=texts.comments.get(section.id, []),
        comment_form=(
            shown.bound.get(("comment", section.id)) or CommentForm(section=section)
            if rules.may_comment(access) and not closed
            else None
        ),
        may_review=may_review,
        may_approve=may_review and text is not None and not (review and _approves(review, text)),
        review=review,
        is_closed=closed,
        is_altered=section.id in texts.altered,
        seen=_seen_by(shown, section),
        has_versions=_has_versions(access, section, text),
        **_of_pair(shown, section),
    )


def follow_up_view(shown: Shown, section: Section, *, is_open: bool) -> SectionView:
    """Return a section for the page of the follow-up: how its goals stand, or prompts to answer."""
    texts, is_prompts = shown.texts, section.is_follow_up
    text = (texts.answers if is_prompts else texts.progress).get(section.id)
    payload, signed = text.payload if text else None, signed_goals(texts, section)
    if is_prompts:
        form: Any = _form(shown, section, is_open=is_open and section.id not in texts.damaged)
        written = kind_of(section).in_words(section, payload, cited_editions(shown.access.agreement, section))
    else:
        form = shown.bound.get(("section", section.id))
        if form is None and is_open and section.id not in texts.withheld:
            form = ProgressForm(section=section, signed=signed, payload=payload)
        written = kind_of(section).in_words(section, {"goals": signed}, progress=payload)
    return SectionView(
        section=section,
        url=_address("leder:section" if is_prompts else "leder:follow_up_progress", shown, section),
        mark=mark_of(
            section, text, None, damaged=section.id in texts.damaged, state=shown.access.agreement.state
        ),
        text=text,
        written=written,
        form=form,
        readers=list(shown.shared.get(section.id, [])),
        has_versions=is_prompts and _has_versions(shown.access, section, text),
        **_of_pair(shown, section),
    )


def _has_versions(access: Access, section: Section, text: Text | None) -> bool:
    """No query: one that was saved twice may have some, and its page says where none was kept."""
    return text is not None and text.version > 1 and rules.may_read_versions(access, section)


def signed_goals(texts: Texts, section: Section) -> list[dict[str, str]]:
    """Return the goals of a section that are followed up."""
    text = texts.answers.get(section.id)
    return text.payload["goals"] if text else []


def _address(name: str, shown: Shown, section: Section) -> str:
    return reverse(name, args=[shown.access.agreement.uuid, section.id]) + made_for(shown.access.agreement)


def _form(shown: Shown, section: Section, *, is_open: bool) -> SectionForm | None:
    bound: SectionForm | None = shown.bound.get(("section", section.id))
    if bound is not None or not is_open:
        return bound
    text = shown.texts.answers.get(section.id)
    return SectionForm(
        section=section,
        cited=cited_editions(shown.access.agreement, section),
        payload=text.payload if text else None,
        blank_goal=shown.blank_goal == str(section.number),
    )


def _is_hidden(shown: Shown, section: Section) -> bool:
    return section.id in shown.texts.withheld and shown.access.role != Role.LEADER


def _of_pair(shown: Shown, section: Section) -> dict[str, Any]:
    """What there is from before the superior of today, and what the leader can do about it."""
    return {
        "is_withheld": section.id in shown.texts.withheld,
        "is_hidden": _is_hidden(shown, section),
        "kept": [] if section.id in shown.texts.closed else _kept(shown, section),
        "may_let": may_let(shown, section),
    }


def _kept(shown: Shown, section: Section) -> list[KeptView]:
    """What a section held with another superior, as far as it is open to the reader of the texts."""
    if shown.handed is None:
        return []
    cited = cited_editions(shown.access.agreement, section)
    return [
        KeptView(
            shown.handed.superior_of(each.pair),
            each.text.updated_at,
            Written()
            if each.kind == Entry.Kind.PROGRESS
            else kind_of(section).in_words(section, each.text.payload, cited),
            each.text.payload.get("note", "") if each.kind == Entry.Kind.PROGRESS else "",
        )
        for each in shown.texts.kept
        if each.section_id == section.id and each.kind != Entry.Kind.PREPARATION
    ]


def may_let(shown: Shown, section: Section) -> bool:
    """Whether there is something that the leader can let the superior of today read (`handover.rules` asks again)."""
    access, agreement, texts, handed = shown.access, shown.access.agreement, shown.texts, shown.handed
    if handed is None or handed.is_acting or access.role != Role.LEADER:
        return False
    if agreement.state not in ACTIVE or agreement.text_deleted_at is not None or section.id in texts.closed:
        return False
    if section.id in texts.withheld:
        return True
    old = texts.last_kept(section.id, Entry.Kind.ANSWER)
    if old and rules.may_write(access, section):
        text = texts.answers.get(section.id)
        here = text.payload if text else empty_payload()
        return kind_of(section).merge(here, old.text.payload) != here
    old = texts.last_kept(section.id, Entry.Kind.PROGRESS)
    if old and rules.may_write_progress(access, section):
        there = _progress(texts, section) or {"note": "", "goals": {}}
        return follow_up.merge(there, old.text.payload) != there
    return False


def _readers(shown: Shown, section: Section) -> list[SectionReader]:
    agreement, handed = shown.access.agreement, shown.handed
    readers = [SectionReader(agreement.leader)]
    if section.id not in shown.texts.withheld:
        readers.append(SectionReader(agreement.superior))
    signer = handed.signer_of(agreement) if handed and not section.is_follow_up else None
    if signer is not None and signer.pk != agreement.superior_id:
        readers.append(SectionReader(signer, as_signed=True))
    return readers


def _seen_by(shown: Shown, section: Section) -> list[SeenBy]:
    """When each party last read what the other has written in a section. Shares have their own page.

    Who read what in private before the superior of today is not theirs to see.
    """
    agreement = shown.access.agreement
    is_old_news = section.private and shown.access.role != Role.LEADER
    since = agreement.handed_over_at if is_old_news else None
    people = {agreement.leader_id: agreement.leader, agreement.superior_id: agreement.superior}
    last: dict[int, dt.datetime] = {}
    for seen in shown.texts.seen:
        if seen.line.section_id != section.id or seen.line.own:
            continue
        if seen.share_id is None and (not since or seen.at >= since):
            last[seen.reader_id] = max(seen.at, last.get(seen.reader_id, seen.at))
    return [SeenBy(people[pk], at) for pk, at in last.items() if pk in people]


def sources_of(payload: dict[str, Any] | None, cited: list[Edition]) -> list[Source]:
    """Return the chosen statements, each with its address in the text it stands in."""
    return [
        Source(each.statement, f"{edition_url(each.edition)}#s-{each.statement.id}", each.edition_note)
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
