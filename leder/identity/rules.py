"""Who may say whose account it is: pure predicates of a party and of the account that was changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from leder import conf
from leder.agreements.models import KnownAccount
from leder.identity.parties import Party


class WhyNot(models.TextChoices):
    """Why a party can't say whose account it is."""

    SHUT = "shut", _("Your own account was changed too, and is shut.")
    LATELY = "lately", _("Your own account was changed, or was new here, less than a few days ago.")
    SINCE = "since", _("You became a party to the agreement after the account was changed.")
    MAKER = "maker", _("You changed the account yourself.")


def why_not(party: Party, account: KnownAccount, *, at: dt.datetime) -> WhyNot | None:
    """Return why a current party can't say whose account it is; None for one who can.

    Else one who keeps the users could change two accounts and let each confirm the other, or become a party first.
    """
    if not party.is_open:
        return WhyNot.SHUT
    if party.unchanged_since is None or party.unchanged_since > at - conf.quarantine():
        return WhyNot.LATELY
    if party.since is None or account.shut_at is None or not _is_early_enough(party.since, account, at):
        return WhyNot.SINCE
    if str(party.person.pk) in account.lines("changed_by"):
        return WhyNot.MAKER
    return None


def _is_early_enough(since: dt.datetime, account: KnownAccount, at: dt.datetime) -> bool:
    """A party before the change; or, where one has refused who may have left since, as long as an account waits."""
    if account.shut_at is not None and since < account.shut_at:
        return True
    return account.refused_at is not None and since <= at - conf.quarantine()


def may_answer(party: Party | None, account: KnownAccount, *, at: dt.datetime) -> bool:
    """Whether one may say whose account it is: a current party who can, while it is shut."""
    return party is not None and account.is_shut_by_note(at) and why_not(party, account, at=at) is None


def who_may(parties: Iterable[Party], account: KnownAccount, *, at: dt.datetime) -> list[Party]:
    """Return those of the parties who can say whose account it is."""
    return [each for each in parties if may_answer(each, account, at=at)]
