"""Proposals (forslag): one of the two proposes, the other agrees or says no, and the first can take it back.

Sharing and reopening both go this way. Each says as a `Protocol` what the history and the mails tell of a step, and
adds what else its rules ask and its consent brings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.utils import timezone

from leder.agreements import rules
from leder.agreements.actions.base import RuleBroken, lock_as, note_event, require
from leder.agreements.models import Access, Event, Proposal
from leder.mail.notices import Notice, tell

P = TypeVar("P", bound=Proposal)
# What the history says of a step, and what is told the one who did not take it.
Said = tuple[Event.Kind, Notice[P] | None]


class AlreadyProposed(RuleBroken):
    """The same is proposed already, or agreed to. Nothing was changed."""


@dataclass(frozen=True)
class Protocol(Generic[P]):
    """How the two come to agree on one kind of thing. Every method is called within a transaction."""

    model: type[P]
    # What is read with a row.
    joined: tuple[str, ...]
    may_withdraw: Callable[[Access, P], bool]
    proposed: Said[P]
    agreed: Said[P]
    declined: Said[P]
    withdrawn: Said[P]

    def propose(self, row: P, *, standing: Iterable[P], is_same: Callable[[P], bool]) -> P:
        """Put an unsaved proposal before the other, under a locked agreement. What stood in its place gives way to it.

        Raises AlreadyProposed where one that stood is the same.
        """
        for each in standing:
            if is_same(each):
                raise AlreadyProposed
            end(each, Proposal.Status.WITHDRAWN, None)
        row.sign()
        row.save()
        _note(row, row.proposed_by, self.proposed)
        return row

    def locked(self, access: Access, row: P) -> tuple[Access, P]:
        """Return a fresh copy of a proposal, with access to its locked agreement. Raises RuleBroken."""
        here = lock_as(access)
        agreement = here.agreement
        rows = self.model._default_manager.filter(agreement=agreement).select_related(*self.joined)
        fresh: P = rows.get(pk=row.pk)
        fresh.agreement = agreement
        return here, fresh

    def agree(self, row: P, actor: Any) -> None:
        """Note that the other agrees to a locked proposal that they may agree to."""
        row.status, row.answered_by, row.answered_at = Proposal.Status.AGREED, actor, timezone.now()
        row.sign()
        row.save(update_fields=["status", "answered_by", "answered_at", "mac"])
        _note(row, actor, self.agreed)

    def decline(self, access: Access, row: P) -> P:
        """Say no to what the other has proposed. Raises RuleBroken."""
        return self._ended(access, row, rules.may_answer, Proposal.Status.DECLINED, self.declined)

    def withdraw(self, access: Access, row: P) -> P:
        """Take one's own proposal back, or end what may be ended by one alone. Raises RuleBroken."""
        return self._ended(access, row, self.may_withdraw, Proposal.Status.WITHDRAWN, self.withdrawn)

    def _ended(
        self, access: Access, row: P, may: Callable[[Access, P], bool], status: Proposal.Status, said: Said[P]
    ) -> P:
        here, fresh = self.locked(access, row)
        require(may(here, fresh))
        end(fresh, status, here.reader)
        _note(fresh, here.reader, said)
        return fresh


def end(row: Proposal, status: Proposal.Status, actor: Any) -> None:
    """Let a proposal come to nothing, or what was agreed on end."""
    row.status, row.ended_by, row.ended_at, row.mac = status, actor, timezone.now(), ""
    row.save(update_fields=["status", "ended_by", "ended_at", "mac"])


def _note(row: P, actor: Any, step: Said[P]) -> None:
    event, notice = step
    note_event(row.agreement, event, actor, row.section_id)
    if notice is not None:
        tell(notice, row)
