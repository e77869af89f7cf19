"""A leader's agreements through the years, as far as one reader reaches: who, when, and on which editions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from leder.agreements import rules
from leder.agreements.access.grants import signed_by_former
from leder.agreements.access.handovers import HandedOver, handed_over
from leder.agreements.models import Access, Agreement
from leder.agreements.models.agreement import held_by
from leder.agreements.reading.earlier import EarlierSeal, earlier_seals, earlier_seals_of_former
from leder.agreements.reading.texts import Texts
from leder.pages.editions import Edition
from leder.people import Person

KINDS = ("platform", "letter", "form")


@dataclass(frozen=True)
class EditionLine:
    """A text that an agreement stands on; `before` is the edition of the agreement before it, if that is another."""

    edition: Edition
    before: Edition | None
    is_same: bool


@dataclass
class Year:
    """One agreement in the history."""

    agreement: Agreement
    editions: list[EditionLine]
    # What both had signed before it was opened again, as far as the reader may read it.
    earlier: list[EarlierSeal]
    handed: HandedOver | None
    may_follow_up: bool
    texts: Texts = field(default_factory=Texts)

    @property
    def is_withheld(self) -> bool:
        """Whether goals in it are from before the superior who reads, and not for them."""
        return bool(
            self.texts.withheld & {each.id for each in self.agreement.form_edition.sections if each.goals}
        )


def accesses_to(leader_id: int, reader: Person, *, recent: bool, new_device: bool = False) -> list[Access]:
    """Return the reader's access to each of the leader's agreements that exists for them, oldest first. One query.

    Without the content of platform and letter, which nobody is shown here.
    """
    unread = [f"{kind}_edition__{name}" for kind in ("platform", "letter") for name in ("content", "origins")]
    return (
        held_by(reader)
        .with_status()
        .select_related("data_key", *(f"{kind}_edition" for kind in KINDS))
        .defer(*unread)
        .filter(leader_id=leader_id)
        .order_by("round__year", "pk")
        .accesses_for(reader, recent=recent, new_device=new_device)
    )


def signed_before(leader_id: int, reader: Person, reached: Collection[int]) -> list[Agreement]:
    """Return what the reader has signed as an earlier superior of this leader, the newest first. Three queries."""
    found = signed_by_former(reader).filter(leader_id=leader_id).exclude(pk__in=reached)
    return list(found.with_status().order_by("-round__year", "-pk"))


def reopened_before(leader_id: int, reader: Person, reached: Collection[int]) -> list[EarlierSeal]:
    """Return what the reader signed as an earlier superior of this leader and was reopened. At most four queries."""
    return [
        each
        for each in earlier_seals_of_former(reader)
        if each.reopening.agreement.leader_id == leader_id and each.reopening.agreement_id not in reached
    ]


def years_of(accesses: Sequence[Access], texts: dict[int, Texts]) -> list[Year]:
    """Return the years of these agreements (oldest first), the newest first.

    No query, but for each agreement that has been handed over (one) or opened again (four).
    """
    years = []
    before: Agreement | None = None
    for access in accesses:
        agreement = access.agreement
        years.append(
            Year(
                agreement=agreement,
                editions=[_edition_line(agreement, before, kind) for kind in KINDS],
                earlier=earlier_seals(access) if agreement.reopened_at else [],
                handed=handed_over(agreement),
                may_follow_up=rules.may_follow_up(access),
                texts=texts[agreement.pk],
            )
        )
        before = agreement
    return years[::-1]


def _edition_line(agreement: Agreement, before: Agreement | None, kind: str) -> EditionLine:
    edition: Edition = getattr(agreement, f"{kind}_edition")
    earlier: Edition | None = getattr(before, f"{kind}_edition") if before else None
    is_same = earlier is not None and earlier.pk == edition.pk
    return EditionLine(edition, None if is_same else earlier, is_same)
