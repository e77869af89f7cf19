"""What Min side says of changed accounts: one's own that is shut, and those that wait for one's word."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from leder.agreements.access import accounts
from leder.agreements.models import Agreement, Handover, KnownAccount, Share
from leder.agreements.models.account import Standing, Stored, standing_of
from leder.identity import rules
from leder.identity.links import confirm_address
from leder.identity.parties import parties_of
from leder.people import Person


@dataclass(frozen=True)
class Waiting:
    """A shut account of another: whether the reader can say whose it is, or why not."""

    account: KnownAccount
    why_not: rules.WhyNot | None

    @property
    def address(self) -> str:
        """Where the reader says it, or sees what they can do instead."""
        return confirm_address(self.account.pk, self.account.uuid)


@dataclass(frozen=True)
class Banner:
    """What there is to say. `own` is None where the reader's account is open; `account` is what is known of it."""

    own: Standing | None = None
    account: KnownAccount | None = None
    others: list[Waiting] = field(default_factory=list)


def banner_for(user: Person) -> Banner:
    """Return what Min side says of accounts to one person. One query, and those of `parties_of` where some wait."""
    own, account, shut = None, None, []
    at = timezone.now()
    for row in _concerned(user):
        known = getattr(row, "leder_account", None)
        if row.pk == user.pk:
            standing = standing_of(known, Stored.of(row), at=at)
            own = None if standing.is_open or not row.opens else standing
            # What nobody has noted yet is not told of by what stands there.
            account = known if own and not own.found else None
        elif known is not None and known.is_genuine and known.is_shut_by_note(at):
            shut.append(known)
    return Banner(own, account, _waiting(user, shut) if shut else [])


def _waiting(user: Person, shut: list[KnownAccount]) -> list[Waiting]:
    at = timezone.now()
    parties = parties_of([row.pk for row in shut])
    found = []
    for row in shut:
        mine = next((each for each in parties[row.pk] if each.person.pk == user.pk), None)
        if mine is not None:
            found.append(Waiting(row, rules.why_not(mine, row, at=at)))
    return found


def _concerned(user: Person) -> QuerySet[Any]:
    """The reader's own row, and those of people with a shut account that opens an agreement of the reader's."""
    mine = Agreement.objects.filter(Q(leader=user.pk) | Q(superior=user.pk), text_deleted_at=None)
    shares = Share.objects.running().filter(agreement__in=mine)
    former = Handover.objects.filter(agreement__in=mine, status=Handover.Status.CARRIED_OUT)
    theirs = (
        Q(pk__in=mine.values("leader"))
        | Q(pk__in=mine.values("superior"))
        | Q(pk__in=shares.values("reader"))
        | Q(pk__in=former.values("former"))
    )
    return (
        get_user_model()
        ._base_manager.filter(Q(pk=user.pk) | Q(leder_account__shut_at__isnull=False) & theirs)
        .annotate(opens=Case(When(accounts.opens_text(), then=Value(True)), default=Value(False)))
        .select_related("leder_account__refused_by")
        .order_by("pk")
    )
