"""What lists need to know beside the rows of agreements, read for all of them at once. Status only, no text."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Case, CharField, DateTimeField, F, Q, Value, When
from django.db.models.functions import Cast

from leder.agreements.models import Agreement, Reopening, Role, Seal, Signature
from leder.agreements.sections.outstanding import outstanding_changes
from leder.agreements.states import BEFORE_SIGNED, State
from leder.conversations.actions.calling import next_kind
from leder.conversations.models import Conversation

CALLED, CHANGES, REOPENING = "called", "changes", "reopening"


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
    keys = list(kinds)
    for agreement_id, what, which, at in _called(keys).union(
        _changes_asked(keys), _proposed_reopenings(keys), all=True
    ):
        if what == CHANGES:
            facts[agreement_id].changes_asked = True
        elif what == REOPENING:
            facts[agreement_id].reopening_by = which
        # One of the other kind is left from before the signing.
        elif which == kinds[agreement_id]:
            facts[agreement_id].conversation = Conversation(
                agreement_id=agreement_id, kind=which, starts_at=at, status=Conversation.Status.CALLED
            )
    for signature in _signatures(unfinished):
        of = facts[signature.seal.agreement_id]
        is_follow_up = signature.seal.kind == Seal.Kind.FOLLOW_UP
        (of.confirmed_roles if is_follow_up else of.signed_roles).add(signature.role)
    return facts


def _signatures(agreements: Collection[Agreement]) -> list[Signature]:
    """Those that count of what one may have signed, or confirmed, alone. One query, none where nothing is so far."""
    signing = [agreement.pk for agreement in agreements if agreement.state == State.SIGNING]
    held = [
        agreement.pk for agreement in agreements if agreement.state == State.SIGNED and agreement.follow_up_on
    ]
    if not signing and not held:
        return []
    waiting = Q(seal__agreement__in=signing, seal__kind=Seal.Kind.AGREEMENT) | Q(
        seal__agreement__in=held, seal__kind=Seal.Kind.FOLLOW_UP
    )
    return Signature.objects.filter(waiting, seal__voided_at=None).with_whose().given()


def _called(agreement_ids: list[int]):  # type: ignore[no-untyped-def]
    """The conversations that are called: of which kind, and when. One of a kind at most."""
    rows = Conversation.objects.filter(agreement__in=agreement_ids, status=Conversation.Status.CALLED)
    return rows.order_by().values_list("agreement_id", Value(CALLED), "kind", "starts_at")


def _changes_asked(agreement_ids: list[int]):  # type: ignore[no-untyped-def]
    """Agreements where a section waits for a change, as rows of the same shape."""
    rows = outstanding_changes(agreement_ids)
    return rows.values_list("agreement_id", Value(CHANGES), "verdict", NEVER)


def _proposed_reopenings(agreement_ids: list[int]):  # type: ignore[no-untyped-def]
    """Proposals to open it again that wait for an answer, with who made them, as rows of the same shape."""
    by_leader = When(proposed_by=F("agreement__leader"), then=Value(Role.LEADER.value))
    return (
        Reopening.objects.filter(agreement__in=agreement_ids, status=Reopening.Status.PROPOSED)
        .order_by()
        .annotate(by=Case(by_leader, default=Value(Role.SUPERIOR.value), output_field=CharField()))
        .values_list("agreement_id", Value(REOPENING), "by", NEVER)
    )


UNFINISHED = (*BEFORE_SIGNED, State.SIGNED)
NEVER = Cast(Value(None), DateTimeField())
