"""What can be done with an agreement: one function an act, keyword arguments, one transaction each."""

from leder.agreements.actions.adopting import TextMovedOn, decide_on_text
from leder.agreements.actions.base import ContentChanged, RuleBroken, VersionConflict
from leder.agreements.actions.ending import end_agreement
from leder.agreements.actions.following_up import confirm_follow_up, save_progress, withdraw_confirmation
from leder.agreements.actions.opening import Pair, open_agreement, open_agreements
from leder.agreements.actions.proposals import AlreadyProposed
from leder.agreements.actions.putting_back import put_back
from leder.agreements.actions.reopening import (
    AnotherSeal,
    consent_to_reopening,
    decline_reopening,
    propose_reopening,
    withdraw_reopening,
)
from leder.agreements.actions.reviewing import approve_section, ask_for_changes
from leder.agreements.actions.signing import SignatureInDoubt, sign, withdraw_signature
from leder.agreements.actions.writing import add_comment, carry_over_goals, save_section

__all__ = [
    "AlreadyProposed",
    "AnotherSeal",
    "ContentChanged",
    "Pair",
    "RuleBroken",
    "SignatureInDoubt",
    "TextMovedOn",
    "VersionConflict",
    "add_comment",
    "approve_section",
    "ask_for_changes",
    "carry_over_goals",
    "confirm_follow_up",
    "consent_to_reopening",
    "decline_reopening",
    "decide_on_text",
    "end_agreement",
    "open_agreement",
    "open_agreements",
    "propose_reopening",
    "put_back",
    "save_progress",
    "save_section",
    "sign",
    "withdraw_confirmation",
    "withdraw_reopening",
    "withdraw_signature",
]
