"""The editions an agreement has stood on: where statements that were chosen keep their words (R6).

A text that is published anew may leave out what the two have chosen from it. When they take the new edition into use,
what they chose is looked up in the edition it was chosen from, and the pages say so in words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from leder.agreements.models import Agreement, TextDecision
from leder.pages.editions import Edition, Statement
from leder.signed import genuine


@dataclass(frozen=True)
class Cited:
    """A chosen statement and the edition its words stand in; `is_earlier` when that edition is no longer pinned."""

    statement: Statement
    edition: Edition
    is_earlier: bool

    @property
    def edition_note(self) -> str:
        """What to say of it beside its words; "" for one that stands in the pinned text."""
        return edition_note(self.edition.number) if self.is_earlier else ""


def decisions_of(agreement: Agreement) -> list[TextDecision]:
    """Return what the two have decided on their texts, the latest first. One query.

    A row that the plugin has not signed is left out, and logged.
    """
    rows = agreement.text_decisions.select_related("by", "old_edition", "new_edition").order_by("-at", "-pk")
    return rows.genuine()


def earlier_editions(agreement: Agreement) -> list[Edition]:
    """Return the editions that the agreement stood on before, the latest first.

    No query unless another has been taken into use, and then one for each object of the agreement.
    """
    if agreement.adopted_at is None:
        return []
    if agreement.stood_on is None:
        remember(agreement, decisions_of(agreement))
    return agreement.stood_on or []


def load_earlier(agreements: Iterable[Agreement]) -> None:
    """Load the same for many agreements, and set it on each. Two queries, or none where no text was exchanged."""
    moved = {each.pk: each for each in agreements if each.adopted_at is not None}
    if not moved:
        return
    rows = list(TextDecision.objects.filter(agreement__in=moved).order_by("-at", "-pk"))
    editions = Edition.objects.in_bulk({row.old_edition_id for row in rows})
    by_agreement: dict[int, list[TextDecision]] = {pk: [] for pk in moved}
    for row in rows:
        row.agreement = moved[row.agreement_id]
        row.old_edition = editions[row.old_edition_id]
    for row in genuine(rows):
        by_agreement[row.agreement_id].append(row)
    for pk, decisions in by_agreement.items():
        remember(moved[pk], decisions)


def remember(agreement: Agreement, decisions: Iterable[TextDecision]) -> None:
    """Keep on the object which editions it stood on before, where its decisions have been read."""
    now = {agreement.platform_edition_id, agreement.letter_edition_id, agreement.form_edition_id}
    left = {row.old_edition_id: row.old_edition for row in decisions if row.is_adopted}
    agreement.stood_on = [edition for pk, edition in left.items() if pk not in now]


def find(statement_id: str, editions: Sequence[Edition]) -> Cited | None:
    """Return a chosen statement from the first of the editions that has it; the first one is pinned now."""
    for number, edition in enumerate(editions):
        if (statement := edition.statement(statement_id)) is not None:
            return Cited(statement, edition, is_earlier=number > 0)
    return None


def find_all(choices: Iterable[Mapping[str, Any]], editions: Sequence[Edition]) -> dict[str, Cited]:
    """Return those of the chosen statements that stand in one of the editions, by id, in the order of the choices."""
    found = ((choice["id"], find(choice["id"], editions)) for choice in choices)
    return {statement_id: cited for statement_id, cited in found if cited is not None}


def edition_note(number: int) -> str:
    """Return the sentence shown beside a statement whose words come from an edition that was pinned before."""
    return _("Not in the edition this agreement builds on. The wording is kept from edition %(number)s.") % {
        "number": number
    }


# -- Pages that were made before a form was exchanged ---------------------------------------------------------
def forms_of(agreement: Agreement) -> list[Edition]:
    """Return the forms that the agreement stands on and has stood on, the pinned one first."""
    return [
        agreement.form_edition,
        *(each for each in earlier_editions(agreement) if each.kind == Edition.Kind.FORM),
    ]


def form_at(agreement: Agreement, at: dt.datetime | None) -> Edition:
    """Return the form that the agreement stood on at a moment. No query unless another text was taken into use."""
    if agreement.adopted_at is None or at is None or agreement.adopted_at < at:
        return agreement.form_edition
    # The latest first: the last that came after it tells what stood before.
    later = [row for row in decisions_of(agreement) if row.is_adopted and row.at > at]
    forms = [row.old_edition for row in later if row.old_edition.kind == Edition.Kind.FORM]
    return forms[-1] if forms else agreement.form_edition


def made_for(agreement: Agreement) -> str:
    """Return the query string that tells which form and which pair a page was made for; it ends the addresses of forms.

    "" as long as the agreement has its first form and its first superior.
    """
    named = {"f": str(agreement.form_edition_id)} if len(forms_of(agreement)) > 1 else {}
    if agreement.pair:
        named["p"] = agreement.pair
    return f"?{urlencode(named)}" if named else ""


def form_asked(agreement: Agreement, named: str) -> Edition:
    """Return the form that a page was made for, by the id in its query string (`made_for`); without one, the first."""
    forms = forms_of(agreement)
    first = min(forms, key=lambda each: each.number)
    return next((each for each in forms if str(each.pk) == named), first)
