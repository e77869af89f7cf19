"""Who may say whose account it is: pure predicates of a party and of the account that was changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from leder import conf
from leder.agreements.models import KnownAccount
from leder.agreements.models.account import Stored, standing_of
from leder.identity.parties import Party


class WhyNot(models.TextChoices):
    """Why a party can't say whose account it is."""

    SHUT = "shut", _("Your own account was changed too, and is shut.")
    LATELY = "lately", _("Your own account was changed, or was new here, less than a few days ago.")
    SINCE = "since", _("You became a party to the agreement after the account was changed.")
    STRANGER = (
        "stranger",
        _(
            "The person had not written or signed anything in an agreement with you when the account was changed."
        ),
    )
    MAKER = "maker", _("You changed the account yourself.")


# What passes by itself: the party's own account was changed.
PASSES = frozenset({WhyNot.SHUT, WhyNot.LATELY})


def why_not(party: Party, account: KnownAccount, *, at: dt.datetime) -> WhyNot | None:
    """Return why a current party can't say whose account it is; None for one who can.

    Else one who keeps the users could change two accounts and let each confirm the other, or become a party first.
    """
    if not party.is_open:
        return WhyNot.SHUT
    if party.unchanged_since is None or party.unchanged_since > at - conf.quarantine():
        return WhyNot.LATELY
    if party.since is None or account.shut_at is None:
        return WhyNot.SINCE
    if not _knows_them(party, account, at):
        return WhyNot.SINCE if party.since >= account.shut_at else WhyNot.STRANGER
    if str(party.person.pk) in account.lines("changed_by"):
        return WhyNot.MAKER
    return None


def may_answer_from(party: Party, why_not: WhyNot | None) -> dt.datetime | None:
    """Return when a party can answer for the sake of their own account; None where time changes nothing."""
    if why_not not in PASSES or party.unchanged_since is None:
        return None
    return party.unchanged_since + conf.quarantine()


def _knows_them(party: Party, account: KnownAccount, at: dt.datetime) -> bool:
    """A party with whom the person has done something before the change: being named superior is nobody's word.

    Or, where one has refused who may have left since, the next one, when they have been that as long as an account
    waits.
    """
    if party.acted_at is not None and account.shut_at is not None and party.acted_at < account.shut_at:
        return True
    so_long = party.since is not None and party.since <= at - conf.quarantine()
    return account.refused_at is not None and party.is_next and so_long


def may_answer(party: Party | None, account: KnownAccount, *, at: dt.datetime) -> bool:
    """Whether one may say whose account it is: a current party who can, while it is shut."""
    return party is not None and account.is_shut_by_note(at) and why_not(party, account, at=at) is None


def who_may(parties: Iterable[Party], account: KnownAccount, *, at: dt.datetime) -> list[Party]:
    """Return those of the parties who can say whose account it is."""
    return [each for each in parties if may_answer(each, account, at=at)]


def is_settled(known: KnownAccount, now: Stored, *, at: dt.datetime) -> bool:
    """Whether one in HR is a second person for others: in HR, and with an account that is open and as it is, so long.

    So long that the others have been told, and could object.
    """
    so_long = at - conf.quarantine()
    return (
        standing_of(known, now, at=at).is_open
        and known.in_hr_since is not None
        and known.in_hr_since <= so_long
        and known.unchanged_since <= so_long
    )
