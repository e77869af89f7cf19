"""A leader's agreements through the years, as far as one reader reaches: who, when, and on which editions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max

from leder.agreements import rules
from leder.agreements.handed import HandedOver, handed_over
from leder.agreements.models import Agreement, Role, Seal
from leder.agreements.reading import Texts
from leder.pages.editions import Edition

KINDS = ("platform", "letter", "form")


@dataclass(frozen=True)
class EditionLine:
    """A text that an agreement stands on; `before` is the edition of the agreement before it, if that is another."""

    edition: Edition
    before: Edition | None
    is_same: bool


@dataclass(frozen=True)
class EarlierSignature:
    """When both had signed an agreement that was opened again later, and when it was."""

    signed_at: dt.datetime
    reopened_at: dt.datetime


@dataclass
class Year:
    """One agreement in the history."""

    agreement: Agreement
    editions: list[EditionLine]
    reopened: list[EarlierSignature]
    handed: HandedOver | None
    may_follow_up: bool
    texts: Texts = field(default_factory=Texts)

    @property
    def is_withheld(self) -> bool:
        """Whether goals in it are from before the superior who reads, and not for them."""
        return bool(
            self.texts.withheld & {each.id for each in self.agreement.form_edition.sections if each.goals}
        )


def agreements_of(leader_id: int, reader: Any, reached: frozenset[int]) -> list[Agreement]:
    """Return the leader's agreements among those that the reader reaches, oldest first. One query.

    Without the content of platform and letter, which nobody is shown here.
    """
    unread = [f"{kind}_edition__{name}" for kind in ("platform", "letter") for name in ("content", "origins")]
    return list(
        Agreement.objects.among(reached, reader)
        .with_status()
        .select_related("data_key", *(f"{kind}_edition" for kind in KINDS))
        .defer(*unread, "form_edition__origins")
        .filter(leader_id=leader_id)
        .order_by("round__year", "pk")
    )


def signed_before(leader_id: int, reader: Any, reached: frozenset[int]) -> list[Agreement]:
    """Return what the reader has signed as an earlier superior of this leader, the newest first. Three queries."""
    found = Agreement.objects.signed_by_former(reader).filter(leader_id=leader_id).exclude(pk__in=reached)
    return list(found.with_status().order_by("-round__year", "-pk"))


def years_of(agreements: Sequence[Agreement], reader: Any, texts: dict[int, Texts]) -> list[Year]:
    """Return the years of these agreements (oldest first), the newest first.

    One query, and one for each agreement that has been handed over.
    """
    reopened = _reopened(agreements)
    years = []
    before: Agreement | None = None
    for agreement in agreements:
        years.append(
            Year(
                agreement=agreement,
                editions=[_edition_line(agreement, before, kind) for kind in KINDS],
                reopened=reopened[agreement.pk],
                handed=handed_over(agreement),
                may_follow_up=rules.may_follow_up(reader, agreement),
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


def _reopened(agreements: Sequence[Agreement]) -> dict[int, list[EarlierSignature]]:
    """Seals that both had signed and that no longer stand, by agreement, the first of them first."""
    found: dict[int, list[EarlierSignature]] = defaultdict(list)
    rows = (
        Seal.objects.filter(agreement__in=agreements, kind=Seal.Kind.AGREEMENT, voided_at__isnull=False)
        .annotate(signed=Count("signatures"), signed_at=Max("signatures__signed_at"))
        .filter(signed=len(Role))
        .order_by("created_at", "pk")
        .values_list("agreement_id", "signed_at", "voided_at")
    )
    for agreement_id, signed_at, voided_at in rows:
        if signed_at is not None and voided_at is not None:
            found[agreement_id].append(EarlierSignature(signed_at, voided_at))
    return found
