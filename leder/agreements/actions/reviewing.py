"""Review: the superior approves or asks for changes, section by section (R3)."""

from __future__ import annotations

from django.utils import timezone

from leder.agreements import notices, rules
from leder.agreements.access.pairs import pair_of
from leder.agreements.actions.base import VersionConflict, lock_as, note_event, require, section_of
from leder.agreements.actions.voiding import void_standing_seal
from leder.agreements.actions.writing import add_comment
from leder.agreements.models import Access, Entry, Event, Seal, SectionReview
from leder.agreements.models.acts import one_act
from leder.mail.notices import tell


def approve_section(access: Access, *, section_id: str, version: int) -> SectionReview:
    """Approve a section as it stood in `version`. Raises RuleBroken, or VersionConflict if it has changed since."""
    return _review(
        access,
        section_id=section_id,
        version=version,
        verdict=SectionReview.Verdict.APPROVED,
        comment="",
    )


def ask_for_changes(access: Access, *, section_id: str, version: int, comment: str) -> SectionReview:
    """Ask the leader to change a section, with a comment that says what. Voids a first signature.

    Raises RuleBroken or VersionConflict.
    """
    return _review(
        access,
        section_id=section_id,
        version=version,
        verdict=SectionReview.Verdict.CHANGES,
        comment=comment,
    )


@one_act()
def _review(access: Access, *, section_id: str, version: int, verdict: str, comment: str) -> SectionReview:
    here = lock_as(access)
    actor, locked = here.reader, here.agreement
    section = section_of(locked, section_id)
    require(rules.may_review(here, section))
    pair = pair_of(locked, section_id, Entry.Kind.ANSWER)
    entry = locked.entries.filter(section_id=section_id, kind=Entry.Kind.ANSWER, pair=pair).first()
    current = entry.version if entry else 0
    if version != current:
        raise VersionConflict(current)
    review, _created = SectionReview.objects.update_or_create(
        agreement=locked,
        section_id=section_id,
        defaults={"verdict": verdict, "version": current, "pair": pair, "by": actor, "at": timezone.now()},
    )
    if verdict == SectionReview.Verdict.CHANGES:
        note_event(locked, Event.Kind.CHANGES, actor, section_id)
        if comment:
            add_comment(here, section_id=section_id, text=comment)
        void_standing_seal(actor=actor, agreement=locked, kind=Seal.Kind.AGREEMENT, section_id=section_id)
        tell(notices.CHANGES_ASKED, review)
    else:
        note_event(locked, Event.Kind.APPROVED, actor, section_id)
    return review
