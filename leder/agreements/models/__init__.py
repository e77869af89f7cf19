"""The agreement and all that hangs on it.

Three kinds of models stand here and never mix: *status* (people, dates, states), *text* (what the parties write, as
ciphertext) and *access* (who may read, and who has read).
"""

from leder.agreements.models.access import (
    AgreementUserObjectPermission,
    Reading,
    ReadingHead,
    Share,
)
from leder.agreements.models.account import AccountChange, AccountShut, KnownAccount
from leder.agreements.models.adoption import TextDecision
from leder.agreements.models.agreement import Access, Agreement
from leder.agreements.models.handover import Handover
from leder.agreements.models.inventory import Inventory, RoundCount
from leder.agreements.models.parties import Role
from leder.agreements.models.proposal import Proposal
from leder.agreements.models.reopening import Reopening
from leder.agreements.models.round import Round
from leder.agreements.models.sealing import LastWords, SealHead, SealLink
from leder.agreements.models.status import Event, SectionReview
from leder.agreements.models.text import Comment, DataKey, Entry, Seal, Signature, Version

__all__ = [
    "Access",
    "AccountChange",
    "AccountShut",
    "Agreement",
    "AgreementUserObjectPermission",
    "Comment",
    "DataKey",
    "Entry",
    "Event",
    "Handover",
    "Inventory",
    "KnownAccount",
    "LastWords",
    "Proposal",
    "Reading",
    "ReadingHead",
    "Reopening",
    "Role",
    "Round",
    "RoundCount",
    "Seal",
    "SealHead",
    "SealLink",
    "SectionReview",
    "Share",
    "Signature",
    "TextDecision",
    "Version",
]
