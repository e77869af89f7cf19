"""The canonical record that both signatures cover: text and answers together (R6, R7; JSON by RFC 8785).

Canonical JSON sorts the keys of an object and keeps the order of a list. What stands in the order of the form is
therefore a list here: sections, questions, the goals' progress. An object by id is only ever looked up in.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import rfc8785

from leder.agreements.answers import empty_payload
from leder.agreements.keyed import moment
from leder.agreements.models import Agreement, Seal
from leder.agreements.text_decisions import earlier_editions, find_all
from leder.organisation.models import Position
from leder.pages.editions import Edition, Section

if TYPE_CHECKING:
    from leder.agreements.texts import Texts

# 3: questions and progress in the order of the form.
FORMAT = 3


def agreement_record(agreement: Agreement, texts: Texts) -> dict[str, Any]:
    """Return what the parties sign: who, on which text, and all they have written before signing."""
    sections = [section for section in agreement.form_edition.sections if not section.is_follow_up]
    return {
        **_head(agreement, Seal.Kind.AGREEMENT),
        "held_on": agreement.discussed_on.isoformat() if agreement.discussed_on else "",
        "sections": [
            _section(agreement, section, _payload(texts.answers, section.id)) for section in sections
        ],
    }


def follow_up_record(agreement: Agreement, texts: Texts) -> dict[str, Any]:
    """Return what the parties confirm at the follow-up: the eight prompts' answers and how the goals stand."""
    sections = agreement.form_edition.sections
    return {
        **_head(agreement, Seal.Kind.FOLLOW_UP),
        "held_on": agreement.follow_up_on.isoformat() if agreement.follow_up_on else "",
        # Of which signing: what is agreed anew after a reopening asks for a new reading.
        "agreement_signed_at": moment(agreement.signed_at),
        "sections": [
            _section(agreement, section, _payload(texts.answers, section.id))
            for section in sections
            if section.is_follow_up
        ],
        "progress": [
            {"id": section.id, **_progress(texts, section.id)}
            for section in sections
            if section.id in texts.progress and section.id not in texts.withheld
        ],
    }


def _progress(texts: Texts, section_id: str) -> dict[str, Any]:
    """How the goals of a section stand: those that are agreed, which are those that one is shown, in their order."""
    agreed = [goal["id"] for goal in _payload(texts.answers, section_id)["goals"]]
    written = texts.progress[section_id].payload
    told = written.get("goals", {})
    return {**written, "goals": [{"id": goal_id, **told[goal_id]} for goal_id in agreed if goal_id in told]}


def canonical(record: dict[str, Any]) -> bytes:
    """Return the record's canonical JSON: what is hashed, and what is sealed."""
    return rfc8785.dumps(record)


def digest(record: dict[str, Any]) -> str:
    """Return the SHA-256 of the record's canonical JSON, in hex."""
    return digest_of(canonical(record))


def digest_of(text: bytes) -> str:
    """Return the SHA-256 of canonical JSON, in hex."""
    return hashlib.sha256(text).hexdigest()


def _head(agreement: Agreement, kind: Seal.Kind) -> dict[str, Any]:
    offices = Position.objects.filter(pk__in=(agreement.position_id, agreement.superior_position_id))
    codes = dict(offices.values_list("pk", "code"))
    return {
        "format": FORMAT,
        "kind": kind.value,
        "agreement": str(agreement.uuid),
        "year": agreement.year,
        "leader": {
            "name": agreement.leader.get_full_name(),
            "title": agreement.leader_title,
            "unit": agreement.unit_name,
            "position": codes[agreement.position_id],
        },
        "superior": {
            "name": agreement.superior.get_full_name(),
            "title": agreement.superior_title,
            "position": codes[agreement.superior_position_id],
        },
        "opened_at": moment(agreement.opened_at),
        "editions": {
            edition.kind: {"title": edition.title, "number": edition.number, "sha256": edition.sha256}
            for edition in (
                agreement.platform_edition,
                agreement.letter_edition,
                agreement.form_edition,
            )
        },
    }


def _section(agreement: Agreement, section: Section, payload: dict[str, Any]) -> dict[str, Any]:
    cited = find_all(payload.get("choices", []), cited_editions(agreement, section))
    kept = {
        statement_id: {"edition": each.edition.number, "sha256": each.edition.sha256}
        for statement_id, each in cited.items()
        if each.is_kept
    }
    return {
        "id": section.id,
        "heading": section.heading,
        "guidance": section.html,
        "questions": [{"id": question.id, "text": question.text} for question in section.questions],
        "private": section.private,
        "cited": {statement_id: each.statement.text for statement_id, each in cited.items()},
        # Of those, the ones whose words the pinned text no longer has: where they stood.
        **({"kept": kept} if kept else {}),
        "written": payload,
    }


def cited_editions(agreement: Agreement, section: Section) -> list[Edition]:
    """Return the pinned edition that a section chooses from, and after it those that were pinned before (R6)."""
    pinned = {"letter": agreement.letter_edition, "platform": agreement.platform_edition}.get(section.answer)
    if pinned is None:
        return []
    return [pinned, *(each for each in earlier_editions(agreement) if each.kind == section.answer)]


def _payload(answers: dict, section_id: str) -> dict[str, Any]:
    text = answers.get(section_id)
    return text.payload if text else empty_payload()
