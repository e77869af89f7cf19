"""The leader lets a new superior have what stands in a private section from before (R2, "unless specially agreed").

A copy that the leader makes in the section of the new pair: nothing that decides who may read is kept beside the text.
"""

from __future__ import annotations

from django.utils import timezone

from leder.agreements.access.handovers import handed_over
from leder.agreements.actions.base import (
    lock_as,
    note_event,
    require,
    section_of,
    store_entry,
)
from leder.agreements.actions.following_up import save_progress
from leder.agreements.actions.writing import save_section
from leder.agreements.answers import Payload, empty_payload
from leder.agreements.models import Access, Entry, Event
from leder.agreements.models.acts import one_act
from leder.agreements.reading.current import open_texts
from leder.agreements.reading.texts import Texts
from leder.agreements.rules import may_write, may_write_progress
from leder.agreements.sections.kinds import follow_up, kind_of
from leder.handover import notices, rules
from leder.mail.notices import tell


@one_act()
def consent(access: Access, *, section_id: str) -> None:
    """Let the superior of today read what stands in a private section from before. Said once, it stands.

    What was signed is copied as it was signed; what still is written joins what the two have in the section, so that
    nothing of either is lost. Comments stay with those who wrote them. What was let to one superior is not let to
    another who came since, nor to the same one when they return to what was signed later. Asks for a recent sign-in.
    Raises RuleBroken.
    """
    here = lock_as(access)
    actor, locked = here.reader, here.agreement
    require(access.recent and access.agreement.handed_over_at == locked.handed_over_at)
    require(rules.may_consent(here, section_id, handed_over(locked)))
    kinds = (Entry.Kind.ANSWER, Entry.Kind.PROGRESS)
    texts = open_texts(here, kinds=kinds, section_id=section_id, kept=True)
    require(section_id not in texts.damaged)
    if section_id in texts.withheld:
        _copy_settled(here, section_id, texts)
    else:
        require(_take_in(here, section_id, texts))
    note_event(locked, Event.Kind.CONSENTED, actor, section_id)
    tell(notices.CONSENTED, locked)


def _copy_settled(access: Access, section_id: str, texts: Texts) -> None:
    """Copy what is settled, and how its goals stood."""
    pair = access.agreement.pair
    answer, progress = texts.answers.get(section_id), texts.progress.get(section_id)
    _store(access, section_id, Entry.Kind.CONSENTED, answer.payload if answer else empty_payload())
    if progress:
        # Of theirs there is some where they were let read before the agreement was opened again.
        kept = (each for each in texts.kept if each.kind == Entry.Kind.PROGRESS and each.pair == pair)
        theirs = next((each for each in kept if each.section_id == section_id), None)
        payload = follow_up.merge(progress.payload, theirs.text.payload) if theirs else progress.payload
        _store(access, section_id, Entry.Kind.PROGRESS, payload)


def _store(access: Access, section_id: str, kind: str, payload: Payload) -> None:
    agreement = access.agreement
    # Nobody writes in a section that is withheld: what is there is an earlier copy.
    earlier = agreement.entries.filter(section_id=section_id, kind=kind, role="", pair=agreement.pair).first()
    entry, changed = store_entry(
        access,
        section_id=section_id,
        kind=kind,
        role="",
        version=earlier.version if earlier else 0,
        payload=payload,
    )
    if not changed:
        # The same words, signed anew since: it is of those now.
        entry.updated_at = timezone.now()
        entry.save(update_fields=["updated_at"])


def _take_in(access: Access, section_id: str, texts: Texts) -> bool:
    """Join what is kept with what the two have written. Returns whether there was anything to join."""
    agreement = access.agreement
    answer, old_answer = texts.answers.get(section_id), texts.last_kept(section_id, Entry.Kind.ANSWER)
    progress, old_progress = texts.progress.get(section_id), texts.last_kept(section_id, Entry.Kind.PROGRESS)
    section = section_of(agreement, section_id)
    if old_answer and may_write(access, section):
        payload = kind_of(section).merge(
            answer.payload if answer else empty_payload(), old_answer.text.payload
        )
        save_section(access, section_id=section_id, version=answer.version if answer else 0, payload=payload)
    elif old_progress and may_write_progress(access, section):
        payload = follow_up.merge(progress.payload if progress else {}, old_progress.text.payload)
        save_progress(
            access, section_id=section_id, version=progress.version if progress else 0, payload=payload
        )
    else:
        return False
    return True
