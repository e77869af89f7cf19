"""The agreement as one of its parties sees it: view models for templates, made with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.agreements import rules
from leder.agreements.access.handovers import HandedOver, handed_over
from leder.agreements.access.shares import sharing_of
from leder.agreements.actions.writing import access_to_previous, carried_from, goals_to_carry
from leder.agreements.editions.newer import KINDS, pinned, undecided
from leder.agreements.models import Access, Agreement, Event, Reopening, Role, Seal, Signature
from leder.agreements.presenting.next_step import NextStep, next_step
from leder.agreements.presenting.section import SectionView, Shown, section_view
from leder.agreements.reading.current import ON_THE_PAGE, open_texts, texts_for_work
from leder.agreements.reading.sealed import open_place
from leder.agreements.reading.texts import Texts
from leder.agreements.sections.outstanding import changes_asked
from leder.agreements.states import BEFORE_SIGNED, State
from leder.pages.editions import Edition, Section
from leder.people import Person


@dataclass(frozen=True)
class PartView:
    """A part of the form in its order: text, the box of the parties, or a section."""

    part: dict[str, Any]
    section: SectionView | None = None


@dataclass(frozen=True)
class HistoryLine:
    """Something that happened, with the heading of the section it happened in."""

    event: Event
    heading: str


@dataclass(frozen=True)
class SignatureView:
    """A party with the signature on the standing seal, if there is one."""

    role: str
    person: Person
    title: str
    signature: Signature | None
    place: str


@dataclass
class Standing:
    """Who has signed the seals that stand. One query; none before anybody can have signed."""

    agreement: dict[str, Signature] = field(default_factory=dict)
    follow_up: dict[str, Signature] = field(default_factory=dict)

    @classmethod
    def of(cls, agreement: Agreement) -> Standing:
        """Read the signatures on the agreement's standing seals."""
        standing = cls()
        if agreement.state in BEFORE_SIGNED and agreement.state != State.SIGNING:
            # A signature leads to another state, and one that no longer counts leads back.
            return standing
        rows = Signature.objects.filter(seal__agreement=agreement, seal__voided_at=None)
        for signature in rows.select_related("seal__agreement", "signer").given():
            kind = standing.agreement if signature.seal.kind == Seal.Kind.AGREEMENT else standing.follow_up
            kind[signature.role] = signature
        return standing


@dataclass
class AgreementView:
    """The whole agreement page. Made by `present`."""

    access: Access
    texts: Texts
    standing: Standing
    conversation: Any
    step: NextStep
    events: list[Event]
    sections: dict[str, SectionView]
    is_asked_to_share: bool = False
    # Whether a section waits for a change that the superior has asked for.
    changes_asked: bool = False
    handed: HandedOver | None = None
    # Published anew since, and not decided on.
    newer: list[Edition] = field(default_factory=list)

    @property
    def agreement(self) -> Agreement:
        """What is shown."""
        return self.access.agreement

    @property
    def role(self) -> str:
        """Which of the two they are."""
        return self.access.role

    @property
    def parts(self) -> list[PartView]:
        """The parts of the pinned form in order."""
        return [PartView(part, self.sections.get(part["id"])) for part in self.agreement.form_edition.parts]

    @property
    def other(self) -> Any:
        """The other party."""
        return self.access.other

    @property
    def signatures(self) -> list[SignatureView]:
        """The two parties with their signatures, the leader first."""
        return signature_views(self.access, self.standing.agreement)

    @property
    def done(self) -> int:
        """How many of the sections written before signing have something in them."""
        return sum(each.mark.key not in ("empty", "later", "damaged") for each in self._before_signing)

    @property
    def total(self) -> int:
        """How many sections are written before signing."""
        return len(self._before_signing)

    @property
    def reopening(self) -> str | Promise:
        """The words of the link to the page of reopening; "" where nothing can be reopened, nor ever was."""
        if rules.may_propose_reopening(self.access):
            return _("Reopen the agreement")
        return _("What you have signed before") if self.agreement.reopened_at else ""

    @property
    def _before_signing(self) -> list[SectionView]:
        return [each for each in self.sections.values() if not each.section.is_follow_up]

    @property
    def history(self) -> list[HistoryLine]:
        """What has happened, the latest first."""
        headings = {section.id: section.heading for section in self.agreement.form_edition.sections}
        headings |= {kind: pinned(self.agreement, kind).title for kind in KINDS}
        return [HistoryLine(event, headings.get(event.section_id, "")) for event in reversed(self.events)]

    @property
    def has_decided(self) -> bool:
        """Whether one of them has decided on a text that was published anew."""
        return any(event.kind in (Event.Kind.ADOPTED, Event.Kind.RETAINED) for event in self.events)

    @property
    def first_section(self) -> str:
        """The id of the section where the meeting begins."""
        after = self.agreement.state not in BEFORE_SIGNED
        return next((key for key, each in self.sections.items() if each.section.is_follow_up == after), "")

    @property
    def first_to_do(self) -> str:
        """The anchor of the first section that waits for this reader's words, "" when none does."""
        waiting = (
            ("changes",) if any(each.mark.key == "changes" for each in self._before_signing) else ("empty",)
        )
        writable = (each for each in self.sections.values() if each.form is not None)
        return next((each.anchor for each in writable if each.mark.key in waiting), "")

    @property
    def is_writable(self) -> bool:
        """Whether some section can be written on the page."""
        return any(each.form is not None for each in self.sections.values())

    @property
    def waits_for_signature(self) -> bool:
        """Whether one has signed, so that a change undoes a signature."""
        return self.agreement.state == State.SIGNING


def present(
    access: Access,
    *,
    kinds: Collection[str] = ON_THE_PAGE,
    change: str = "",
    blank_goal: str = "",
    bound: Mapping[str, Any] | None = None,
    kept: bool = False,
) -> AgreementView:
    """Return the agreement page for a party.

    `kinds` is what the page shows; without a recent sign-in private sections are closed.
    `kept` shows what is kept from before a handover, too.
    `change` is the section opened for change after a first signature. `blank_goal` is the number of the section
    that offers an empty goal. `bound` holds forms to show again with
    what was typed, by kind and section: {("section", id): SectionForm, ("comment", id): CommentForm}.
    """
    agreement, reader = access.agreement, access.reader
    texts = open_texts(access, kinds=kinds, kept=kept)
    standing = Standing.of(agreement)
    reviews = {review.section_id: review for review in agreement.reviews.all()}
    conversation = _called(agreement)
    sections = agreement.form_edition.sections
    handed = handed_over(agreement)
    sharing = sharing_of(agreement)
    carry = _carry_over(access, sections, texts)
    shown = Shown(access, texts, handed, sharing.readers, bound or {}, blank_goal)
    views = {
        section.id: section_view(shown, section, review=reviews.get(section.id), change=change == section.id)
        for section in sections
        if section.takes_answers
    }
    for section_id, count in carry.items():
        views[section_id].carry_over = count
    # Most agreements have no review, and cost no query more.
    asked = bool(reviews) and changes_asked(agreement)
    return AgreementView(
        access=access,
        texts=texts,
        standing=standing,
        conversation=conversation,
        step=next_step(
            reader,
            agreement,
            signed_roles=standing.agreement,
            confirmed_roles=standing.follow_up,
            meets_on=conversation.day if conversation else None,
            changes_asked=asked,
            reopening_by=reopening_by(agreement),
        ),
        events=list(agreement.events.select_related("actor")),
        is_asked_to_share=sharing.waits_for(reader),
        changes_asked=asked,
        handed=handed,
        sections=views,
        newer=undecided(agreement) if rules.may_decide_on_text(access) else [],
    )


def _called(agreement: Agreement) -> Any:
    """The next called conversation of the kind that comes now. One of the other kind is from before the signing."""
    kind = "follow_up" if agreement.state == State.SIGNED else "first"
    called = [each for each in agreement.conversations.all() if (each.status, each.kind) == ("called", kind)]
    return min(called, key=lambda each: each.starts_at, default=None)


def reopening_by(agreement: Agreement) -> str:
    """Which party has proposed to open the signed agreement again; "" for none. One query, none unless it is signed."""
    if agreement.state != State.SIGNED:
        return ""
    proposed = agreement.reopenings.filter(status=Reopening.Status.PROPOSED)
    proposers = proposed.values_list("proposed_by_id", flat=True)
    return next((Role.LEADER if pk == agreement.leader_id else Role.SUPERIOR for pk in proposers), "")


def signature_views(access: Access, signatures: Mapping[str, Signature]) -> list[SignatureView]:
    """Return the two parties with their signatures, the leader first.

    Who has signed stands there, whoever is superior now.
    """
    agreement = access.agreement
    parties = (
        (Role.LEADER, agreement.leader, agreement.leader_title),
        (Role.SUPERIOR, agreement.superior, agreement.superior_title),
    )
    views = []
    for role, person, title in parties:
        signature = signatures.get(role)
        place = open_place(access, signature) if signature else ""
        if signature and signature.signer_id != person.pk:
            views.append(SignatureView(role, signature.signer, "", signature, place))
        else:
            views.append(SignatureView(role, person, title, signature, place))
    return views


def _carry_over(access: Access, sections: list[Section], texts: Texts) -> dict[str, int]:
    """How many of last year's open goals each section can still take over."""
    agreement = access.agreement
    able = [section for section in sections if rules.may_carry_over(access, section)]
    if not able or agreement.state == State.SIGNING:
        return {}
    previous = access_to_previous(access)
    if previous is None:
        return {}
    old_texts = texts_for_work(previous)
    counts = {}
    for section in able:
        text = texts.answers.get(section.id)
        have = carried_from(text.payload) if text else set()
        goals = goals_to_carry(previous.agreement, old_texts, agreement, section)
        counts[section.id] = sum(goal["id"] not in have for goal in goals)
    return counts
