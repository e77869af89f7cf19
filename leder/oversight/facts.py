"""What lists need to know beside the rows of agreements, read for all of them at once. Status only, no text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Case, CharField, F, Value, When

from leder.agreements.models import Agreement, Reopening, Role, Seal, Signature
from leder.agreements.sections.outstanding import outstanding_changes
from leder.agreements.states import BEFORE_SIGNED, State
from leder.conversations.actions.calling import next_kind
from leder.conversations.models import Conversation

CHANGES, REOPENING = "changes", "reopening"


@dataclass
class Facts:
    """Who has signed the standing seals, whether a section waits for a change, and the conversation that is called.

    `reopening_by` is the party who has proposed to open a signed agreement again, "" for none.
    """

    signed_roles: set[str] = field(default_factory=set)
    confirmed_roles: set[str] = field(default_factory=set)
    changes_asked: bool = False
    reopening_by: str = ""
    conversation: Conversation | None = None


def facts_of(agreements: Iterable[Agreement]) -> dict[int, Facts]:
    """Return the facts of each agreement by its id. Two queries at any number of agreements, fewer for none.

    Hand in agreements that came from `visible_to`.
    """
    unfinished = [one for one in agreements if one.state in UNFINISHED]
    facts = {agreement.pk: Facts() for agreement in agreements}
    if not unfinished:
        return facts
    kinds = {agreement.pk: next_kind(agreement) for agreement in unfinished}
    for conversation in Conversation.objects.filter(
        agreement__in=unfinished, status=Conversation.Status.CALLED
    ).order_by("-starts_at"):
        # The nearest comes last, and counts; one of the other kind is left from before the signing.
        if conversation.kind == kinds[conversation.agreement_id]:
            facts[conversation.agreement_id].conversation = conversation
    keys = [agreement.pk for agreement in unfinished]
    signatures = Signature.objects.filter(seal__agreement__in=keys, seal__voided_at=None).values_list(
        "seal__agreement_id", "seal__kind", "role"
    )
    for agreement_id, kind, role in signatures.union(
        _changes_asked(keys), _proposed_reopenings(keys), all=True
    ):
        if kind == CHANGES:
            facts[agreement_id].changes_asked = True
        elif kind == REOPENING:
            facts[agreement_id].reopening_by = role
        elif kind == Seal.Kind.FOLLOW_UP:
            facts[agreement_id].confirmed_roles.add(role)
        else:
            facts[agreement_id].signed_roles.add(role)
    return facts


def _changes_asked(agreement_ids: list[int]):  # type: ignore[no-untyped-def]
    """Agreements where a section waits for a change, as rows of the same shape as signatures."""
    return outstanding_changes(agreement_ids).values_list("agreement_id", Value(CHANGES), "verdict")


def _proposed_reopenings(agreement_ids: list[int]):  # type: ignore[no-untyped-def]
    """Proposals to open it again that wait for an answer, with who made them, as rows of the same shape."""
    by_leader = When(proposed_by=F("agreement__leader"), then=Value(Role.LEADER.value))
    return (
        Reopening.objects.filter(agreement__in=agreement_ids, status=Reopening.Status.PROPOSED)
        .order_by()
        .annotate(by=Case(by_leader, default=Value(Role.SUPERIOR.value), output_field=CharField()))
        .values_list("agreement_id", Value(REOPENING), "by")
    )


UNFINISHED = (*BEFORE_SIGNED, State.SIGNED)
