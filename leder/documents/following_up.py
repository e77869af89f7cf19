"""The document of the follow-up: how the goals stand and what is answered, a draft until both have confirmed it."""

from __future__ import annotations

from leder.agreements.actions.signing import standing_seal
from leder.agreements.models import Access, Reading, Seal
from leder.agreements.reading.current import open_texts
from leder.agreements.reading.texts import Texts
from leder.agreements.seals.record import follow_up_record
from leder.agreements.states import State
from leder.documents.document import NoDocument
from leder.documents.facts import Agreed
from leder.documents.issuing import (
    as_asked,
    draft_pdf,
    is_of_another_pair,
    opened_by_party,
    signatures_on,
    signed_pdf,
    without_private_of,
)
from leder.documents.variants import Variant

# The goals as signed, how they stand, and the prompts' answers.
SHOWN = (Reading.Kind.ANSWER, Reading.Kind.PROGRESS)


def follow_up_for_party(access: Access, variant: Variant) -> bytes:
    """Return the follow-up as it stands for a party with a recent sign-in: a draft until both have confirmed. Logged.

    A superior who has not confirmed it themselves is given it without private sections, whatever is asked for.
    The rules let the party follow up. Raises NoDocument, FormChanged and NotSet.
    """
    agreement = access.agreement
    seal = standing_seal(agreement, Seal.Kind.FOLLOW_UP)
    if agreement.text_deleted_at is not None:
        raise NoDocument
    confirmed = seal is not None and seal.is_signed_by_both()
    if agreement.state == State.FOLLOWED_UP and not confirmed:
        raise NoDocument
    if seal is not None and confirmed and is_of_another_pair(access, seal):
        opened = without_private_of(access, seal)
        agreed = _agreed(access, Texts())
        return signed_pdf(agreement, opened, Variant.WITHOUT_PRIVATE, agreed)
    texts = open_texts(as_asked(access, variant), kinds=SHOWN)
    agreed = _agreed(access, texts)
    if seal is not None and confirmed:
        return signed_pdf(agreement, opened_by_party(access, seal), variant, agreed)
    if texts.damaged:
        raise NoDocument
    record = follow_up_record(agreement, texts)
    return draft_pdf(agreement, record, signatures_on(access, seal), variant, agreed)


def _agreed(access: Access, texts: Texts) -> Agreed:
    """What was signed, of the goals what the reader may read. Raises NoDocument."""
    seal = standing_seal(access.agreement, Seal.Kind.AGREEMENT)
    if seal is None:
        raise NoDocument
    is_theirs = not is_of_another_pair(access, seal)
    opened = opened_by_party(access, seal) if is_theirs else without_private_of(access, seal)
    if not opened.is_as_signed:
        raise NoDocument
    goals = {
        part["id"]: part["written"]["goals"] for part in opened.record["sections"] if "left_out" not in part
    }
    for part in opened.record["sections"]:
        if part["id"] not in goals and part["id"] in texts.answers:
            # What the leader has let a new superior read is a copy of its own.
            goals[part["id"]] = texts.answers[part["id"]].payload["goals"]
    return Agreed(sha256=seal.sha256, at=opened.as_of, goals=goals)
