"""What a party who can't say whose account it is can do instead."""

from __future__ import annotations

import datetime as dt

from leder import conf
from leder.identity.parties import Party
from leder.identity.rules import WhyNot

# What passes by itself: the party's own account was changed.
PASSES = frozenset({WhyNot.SHUT, WhyNot.LATELY})


def may_answer_from(party: Party, why_not: WhyNot | None) -> dt.datetime | None:
    """Return when a party can answer for the sake of their own account; None where time changes nothing."""
    if why_not not in PASSES or party.unchanged_since is None:
        return None
    return party.unchanged_since + conf.quarantine()
