"""The canonical record that both signatures cover: text and answers together (R6, R7; JSON by RFC 8785).

Canonical JSON sorts the keys of an object and keeps the order of a list. What stands in the order of the form is
therefore a list here: sections, questions, the goals' progress. An object by id is only ever looked up in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leder.agreements.answers import empty_payload
from leder.agreements.models import Agreement, Seal
from leder.agreements.sections.cited import cited_editions
from leder.agreements.sections.kinds import follow_up, kind_of
from leder.keyed import moment
from leder.organisation.models import Position
from leder.pages.editions import Section

if TYPE_CHECKING:
    from leder.agreements.reading.texts import Texts

# 4: each section with its kind of answer.
FORMAT = 4


def agreement_record(agreement: Agreement, texts: Texts) -> dict[str, Any]:
    """Return what the parties sign: who, on which text, and all they have written before signing."""
    sections = [section for section in agreement.form_edition.sections if not section.is_follow_up]
    return {
        **_head(agreement, Seal.Kind.AGREEMENT),
        "held_on": agreement.discussed_on.isoformat() if agreement.discussed_on else "",
        "sections": [_section(agreement, section, texts) for section in sections],
    }


def follow_up_record(agreement: Agreement, texts: Texts) -> dict[str, Any]:
    """Return what the parties confirm at the follow-up: the eight prompts' answers and how the goals stand."""
    sections = agreement.form_edition.sections
    return {
        **_head(agreement, Seal.Kind.FOLLOW_UP),
        "held_on": agreement.follow_up_on.isoformat() if agreement.follow_up_on else "",
        # Of which signing: what is agreed anew after a reopening asks for a new reading.
        "agreement_signed_at": moment(agreement.signed_at),
        "sections": [_section(agreement, section, texts) for section in sections if section.is_follow_up],
        "progress": [
            follow_up.in_record(
                section.id, _payload(texts, section.id)["goals"], texts.progress[section.id].payload
            )
            for section in sections
            if section.id in texts.progress and section.id not in texts.withheld
        ],
    }


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


def _section(agreement: Agreement, section: Section, texts: Texts) -> dict[str, Any]:
    cited = cited_editions(agreement, section)
    return kind_of(section).in_record(section, _payload(texts, section.id), cited)


def _payload(texts: Texts, section_id: str) -> dict[str, Any]:
    text = texts.answers.get(section_id)
    return text.payload if text else empty_payload()
