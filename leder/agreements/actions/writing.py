"""Writing the agreement: sections, comments, goals carried over from last year."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.utils import timezone

from leder.agreements import answers, rules
from leder.agreements.access.pairs import pair_of, withheld_sections
from leder.agreements.actions.base import (
    RuleBroken,
    lock_as,
    require,
    require_form,
    require_pair,
    section_of,
    store_entry,
)
from leder.agreements.actions.voiding import void_standing_seal
from leder.agreements.models import Access, Agreement, Comment, Entry, Reading, Seal
from leder.agreements.models.acts import one_act
from leder.agreements.models.agreement import held_by
from leder.agreements.reading.current import open_texts, texts_for_work
from leder.agreements.reading.texts import Texts
from leder.agreements.vault.bindings import comment_binding
from leder.agreements.vault.cipher import cipher_or_none
from leder.pages.editions import Section


@one_act()
def save_section(
    access: Access,
    *,
    section_id: str,
    version: int,
    payload: answers.Payload,
) -> Entry:
    """Save what the two write in a section. Returns the entry with its new version.

    A change after one signature voids that signature (R7). Raises VersionConflict, and RuleBroken also where form or
    superior changed after the access was loaded: the text was meant for what stood then.
    """
    here = lock_as(access)
    actor, locked = here.reader, here.agreement
    require_form(access, locked)
    require_pair(access, locked, section_id, Entry.Kind.ANSWER)
    section = section_of(locked, section_id)
    require(rules.may_write(here, section))
    entry, changed = store_entry(
        here,
        section_id=section_id,
        kind=Entry.Kind.ANSWER,
        role="",
        version=version,
        payload=payload,
    )
    if changed:
        kind = Seal.Kind.FOLLOW_UP if section.is_follow_up else Seal.Kind.AGREEMENT
        void_standing_seal(actor=actor, agreement=locked, kind=kind, section_id=section_id)
    return entry


@one_act()
def add_comment(access: Access, *, section_id: str, text: str) -> Comment:
    """Add a remark on a section for the other party. Raises RuleBroken.

    What was meant for another superior is not said to this one.
    """
    here = lock_as(access)
    actor, locked = here.reader, here.agreement
    require_pair(access, locked, section_id, Reading.Kind.COMMENT)
    section_of(locked, section_id)
    require(rules.may_comment(here))
    comment = Comment(
        uuid=uuid.uuid4(),
        agreement=locked,
        section_id=section_id,
        pair=pair_of(locked, section_id, Reading.Kind.COMMENT),
        author=actor,
        created_at=timezone.now(),
    )
    cipher = cipher_or_none(locked)
    if cipher is None:
        raise RuleBroken
    comment.ciphertext = cipher.seal({"text": text}, *comment_binding(comment))
    comment.save()
    return comment


@one_act()
def carry_over_goals(access: Access, *, section_id: str, version: int, chosen: Mapping[str, str]) -> int:
    """Copy chosen open goals of the same section of last year's agreement. Returns how many were added.

    `chosen` are their ids, each with the date it is due now (ISO text, "" for none): last year's goes no further.
    Reads last year's agreement as the actor: one who may not read it carries nothing over (R2). A goal that is
    already carried over is left alone. Raises RuleBroken or VersionConflict.
    """
    here = lock_as(access)
    section = section_of(here.agreement, section_id)
    require(rules.may_carry_over(here, section))
    current = texts_for_work(here).answers.get(section_id)
    payload = current.payload if current else answers.empty_payload()
    have = carried_from(payload)
    added = [
        answers.new_goal(
            **{**goal, "id": str(uuid.uuid4()), "carried_from": goal["id"], "due": chosen[goal["id"]]}
        )
        for goal in open_goals_of_previous(here, section)
        if goal["id"] in chosen and goal["id"] not in have
    ]
    if added:
        save_section(
            here,
            section_id=section_id,
            version=version,
            payload={**payload, "goals": [*payload["goals"], *added]},
        )
    return len(added)


def carried_from(payload: answers.Payload) -> set[str]:
    """The ids of last year's goals that a section has already."""
    return {goal["carried_from"] for goal in payload["goals"] if goal["carried_from"]}


def open_goals_of_previous(access: Access, section: Section) -> list[dict[str, str]]:
    """Return last year's unfinished goals from the section that corresponds to this one, if the actor may read them.

    Logged here: once copied they are the actor's own text, and nobody's reading of their own text is logged.
    """
    previous = access_to_previous(access)
    match = _alike_in(previous.agreement, access.agreement, section) if previous else None
    if previous is None or match is None:
        return []
    kinds = (Entry.Kind.ANSWER, Entry.Kind.PROGRESS)
    texts = open_texts(previous, kinds=kinds, section_id=match.id)
    return goals_to_carry(previous.agreement, texts, access.agreement, section)


def access_to_previous(access: Access) -> Access | None:
    """Return access to last year's agreement if the reader has it, with what is needed to open its texts."""
    previous_id = access.agreement.previous_id
    if previous_id is None:
        return None
    previous = held_by(access.reader).filter(pk=previous_id).select_related("form_edition", "data_key")
    return previous.access_for(access.reader, recent=access.recent, new_device=access.new_device)


def goals_to_carry(
    previous: Agreement, texts: Texts, agreement: Agreement, section: Section
) -> list[dict[str, str]]:
    """Return the unfinished goals of the section of last year's agreement that corresponds to this one.

    Sections correspond by their place among those with goals and the same kind of answer: next year's form is a
    copy of this year's, with ids of its own. Private goals come along only where both of the two can read them.
    """
    match = _alike_in(previous, agreement, section)
    written = texts.answers.get(match.id) if match else None
    if match is None or written is None:
        return []
    progress = texts.progress.get(match.id)
    return answers.unfinished_goals(written.payload, progress.payload if progress else None)


def _open_to_both(previous: Agreement, match: Section, agreement: Agreement) -> bool:
    """Whether this year's two both read what was private last year (R2): else it is the leader's to write again."""
    return previous.superior_id == agreement.superior_id and match.id not in withheld_sections(previous)


def _alike_in(previous: Agreement, agreement: Agreement, section: Section) -> Section | None:
    alike = [each.id for each in _alike(agreement, section)]
    match = dict(zip(alike, _alike(previous, section), strict=False)).get(section.id)
    if match is not None and match.private and not section.private:
        # What was for the two alone is not put in the open by a form that calls its like so, or counts otherwise.
        return None
    if (
        match is not None
        and (match.private or section.private)
        and not _open_to_both(previous, match, agreement)
    ):
        return None
    return match


def _alike(agreement: Agreement, section: Section) -> list[Section]:
    return [each for each in agreement.form_edition.sections if each.goals and each.answer == section.answer]
