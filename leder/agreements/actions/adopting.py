"""A text was published anew: one party takes it into use for both, or keeps the edition they have, visibly (R6)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from leder.agreements import notices, rules
from leder.agreements.actions.base import lock_as, note_event, require
from leder.agreements.actions.voiding import void_standing_seal
from leder.agreements.editions.decisions import decisions_of, remember
from leder.agreements.editions.newer import KINDS, misfits, newer_editions, pinned, written_sections
from leder.agreements.models import Access, Agreement, Event, Seal, TextDecision
from leder.agreements.models.acts import one_act
from leder.mail.notices import tell
from leder.pages.editions import Edition


class TextMovedOn(Exception):
    """Another edition stands, or is newest, or something was decided, since the person looked. Nothing was changed."""


@one_act()
def decide_on_text(access: Access, *, stands_on: int, edition: int, seen: int, choice: str) -> TextDecision:
    """Adopt an edition of a text for both, or keep the one the agreement stands on.

    `stands_on` and `edition` are the ids of the pinned edition and of the one that is decided on, as the person saw
    them: the newest one, or one that the agreement has stood on. `seen` is the id of the latest decision on the text
    that they saw, 0 for none. Raises TextMovedOn when one of the three is not so any more, and RuleBroken for one who
    may not, and for a form that does not fit what is written.
    """
    here = lock_as(access)
    actor, locked = here.reader, here.agreement
    require(rules.may_decide_on_text(here))
    kind = next((each for each in KINDS if pinned(locked, each).pk == stands_on), None)
    decisions = decisions_of(locked)
    remember(locked, decisions)
    if kind is None or seen != _latest(decisions, kind):
        raise TextMovedOn
    decided_on = _candidate(locked, kind, edition, choice)
    if choice == TextDecision.Choice.ADOPTED:
        _adopt(actor, locked, kind, decided_on)
    decision = TextDecision(
        agreement=locked,
        choice=choice,
        old_edition_id=stands_on,
        new_edition=decided_on,
        by=actor,
        at=timezone.now(),
    )
    decision.sign()
    decision.save()
    note_event(locked, Event.Kind.ADOPTED if decision.is_adopted else Event.Kind.RETAINED, actor, kind)
    tell(notices.TEXT_ADOPTED if decision.is_adopted else notices.TEXT_RETAINED, decision)
    return decision


def _latest(decisions: list[TextDecision], kind: str) -> int:
    return next((each.pk for each in decisions if each.new_edition.kind == kind), 0)


def _candidate(agreement: Agreement, kind: str, edition_id: int, choice: str) -> Edition:
    """The edition that is decided on, with its content. Raises TextMovedOn for one that is not offered."""
    newest = newer_editions(agreement).get(kind)
    if newest is not None and newest.pk == edition_id:
        return Edition.objects.get(pk=edition_id)
    # One that it has stood on can be taken back, not turned down.
    earlier = agreement.stood_on or [] if choice == TextDecision.Choice.ADOPTED else []
    for each in earlier:
        if each.pk == edition_id and each.kind == kind:
            return each
    raise TextMovedOn


def _adopt(actor: Any, agreement: Agreement, kind: str, edition: Edition) -> None:
    if kind == Edition.Kind.FORM:
        forms = [agreement.form_edition, *(each for each in agreement.stood_on or [] if each.kind == kind)]
        require(not misfits(forms, edition, written_sections(agreement)))
    setattr(agreement, f"{kind}_edition", edition)
    agreement.adopted_at = timezone.now()
    agreement.save(update_fields=[f"{kind}_edition", "adopted_at"])
    void_standing_seal(actor=actor, agreement=agreement, kind=Seal.Kind.AGREEMENT)
