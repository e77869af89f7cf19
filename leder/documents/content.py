"""A record as the content of a document: plain data in the order of the form, every word of it set for reading.

Pure: record, edition and facts in, data for `typst/agreement.typ` out. Interface words are of the document's language;
what the form says and the two have written is as it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.dateformat import format as format_date
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from leder.agreements.written import Written, WrittenGoal, words_of
from leder.documents.drawable import drawable
from leder.documents.facts import Facts, SignedBy
from leder.documents.richtext import blocks_of, paragraphs_of
from leder.documents.wording import labels
from leder.pages.editions import Question, Section

Record = dict[str, Any]
GROUP = 8
# What fits on the line at the head of each page.
RUNNING = 90


def content_of(record: Record, form: dict[str, Any], facts: Facts) -> dict[str, Any]:
    """Return what the document shows. `form` is the content of the form's edition (see `pages.contents`)."""
    with translation.override(facts.language):
        return {
            "language": facts.language,
            "text_language": facts.text_language,
            "organisation": drawable(facts.organisation),
            "mark": facts.mark,
            "title": _("Leader agreement %(year)s") % {"year": record["year"]},
            "about": drawable(_about(record)),
            "short": drawable(Truncator(_about(record)).chars(RUNNING)),
            "is_draft": facts.is_draft,
            "is_partial": "variant" in record,
            "labels": labels(),
            "cover": [[label, drawable(value)] for label, value in _cover(record, facts)],
            "parts": list(_parts(record, form, facts)),
            "signatures": [_signature(record, role, facts) for role in ("leader", "superior")],
            "check": _check(facts),
            "created": _moment_parts(facts.as_of),
        }


def _about(record: Record) -> str:
    return _("%(leader)s and %(superior)s") % {
        "leader": record["leader"]["name"],
        "superior": record["superior"]["name"],
    }


def _cover(record: Record, facts: Facts) -> Iterator[tuple[str, str]]:
    leader, superior = record["leader"], record["superior"]
    yield _("Leader"), f"{leader['name']}\n{leader['title']}"
    yield _("Unit"), leader["unit"]
    yield _("Superior"), f"{superior['name']}\n{superior['title']}"
    yield _("Year"), str(record["year"])
    if facts.is_draft:
        yield _("State"), _("Draft, not signed by both")
    else:
        yield _("Signed by both"), _date(_local(facts.as_of).date())
    letter = record.get("editions", {}).get("letter")
    if letter:
        yield _("Attachment to"), letter["title"]


def _parts(record: Record, form: dict[str, Any], facts: Facts) -> Iterator[dict[str, Any]]:
    """The parts of the form in order; a section as it stands in the record, which holds its text too."""
    sections = {section["id"]: section for section in record["sections"]}
    number = 0
    for part in form["parts"]:
        if part["kind"] != "section":
            yield _text_part(part, facts)
            continue
        number += 1
        if part["id"] in sections:
            yield _section_part(number, sections[part["id"]], facts)
        elif part["stage"] == "follow_up":
            yield _later_part(number, part, facts)


def _text_part(part: dict[str, Any], facts: Facts) -> dict[str, Any]:
    blocks = blocks_of(part["html"], facts.base_url)
    points = [
        paragraphs_of(f"{each['group']}: {each['text']}" if each.get("group") else each["text"])
        for each in part["statements"]
    ]
    if points:
        blocks.append({"k": "ul", "i": points})
    blocks += blocks_of(part.get("closing_html", ""), facts.base_url)
    return {
        "kind": "callout" if part["kind"] == "callout" else "text",
        "heading": drawable(part["heading"]),
        "blocks": blocks,
        "parties": part["kind"] == "parties",
    }


def _section_part(number: int, section: dict[str, Any], facts: Facts) -> dict[str, Any]:
    part: dict[str, Any] = {
        "kind": "section",
        "number": number,
        "heading": drawable(section["heading"]),
        "private": section["private"],
        "left_out": section.get("left_out", False),
    }
    if part["left_out"]:
        return part
    read = _as_section(number, section)
    written = words_of(read, section["written"], section["cited"])
    return {
        **part,
        "blocks": blocks_of(section["guidance"], facts.base_url),
        "questions": _unanswered(section, written),
        "is_blank": written.is_blank,
        "answers": [_line(str(line.label), str(line.text)) for line in written.answers],
        "choices": [
            {
                "statement": drawable(choice.statement),
                "lines": [_line(str(line.label), str(line.text)) for line in choice.lines],
            }
            for choice in written.choices
        ],
        "goals": [_goal(goal) for goal in written.goals],
        "note": _line(str(written.note_label), written.note) if written.note.strip() else None,
    }


def _later_part(number: int, part: dict[str, Any], facts: Facts) -> dict[str, Any]:
    return {
        "kind": "later",
        "number": number,
        "heading": drawable(part["heading"]),
        "private": part["private"],
        "blocks": blocks_of(part["html"], facts.base_url),
        "questions": [drawable(question["text"]) for question in part["questions"]],
    }


def _as_section(number: int, section: dict[str, Any]) -> Section:
    """The section of the record alone: the page that it came from may be gone."""
    written = section["written"]
    return Section(
        id=section["id"],
        number=number,
        heading=section["heading"],
        html=section["guidance"],
        questions=tuple(Question(key, text) for key, text in section["questions"].items()),
        answer="platform" if any("stance" in choice for choice in written.get("choices", [])) else "letter",
        goals=bool(written.get("goals")),
        private=section["private"],
        stage="agreement",
    )


def _unanswered(section: dict[str, Any], written: Written) -> list[str]:
    """Guiding questions that are not printed with an answer."""
    answered = {str(line.label) for line in written.answers}
    return [drawable(text) for text in section["questions"].values() if text not in answered]


def _line(label: str, text: str) -> dict[str, Any]:
    return {"label": drawable(label), "text": paragraphs_of(text)}


def _goal(goal: WrittenGoal) -> dict[str, Any]:
    return {
        "goal": paragraphs_of(goal.goal),
        "measures": paragraphs_of(goal.measures),
        "due": _date(goal.due) if goal.due else "",
        "responsible": str(goal.responsible),
    }


def _signature(record: Record, role: str, facts: Facts) -> dict[str, Any]:
    party = record[role]
    given: SignedBy | None = next((each for each in facts.signatures if each.role == role), None)
    return {
        "role": _("Leader") if role == "leader" else _("Superior"),
        "name": drawable(party["name"]),
        "title": drawable(party["title"]),
        # For the part of the form that names the parties, place and date.
        "party": drawable(
            "\n".join([party["name"], party["title"], *([_place_and_date(given)] if given else [])])
        ),
        "lines": [
            [_("Date and time"), _date_and_time(given.at)],
            # Not every reader of what was signed is told where the other was.
            *([[_("Place"), drawable(given.place)]] if given.place else []),
            [_("Method"), _("Electronically, as the signed-in person, after signing in again")],
        ]
        if given
        else [],
    }


def _place_and_date(given: SignedBy) -> str:
    return ", ".join(each for each in (given.place, _date(_local(given.at).date())) if each)


def _check(facts: Facts) -> dict[str, Any] | None:
    if facts.is_draft:
        return None
    groups = [facts.sha256[start : start + GROUP] for start in range(0, len(facts.sha256), GROUP)]
    return {"sha256": groups, "url": facts.check_url}


def _date(day: dt.date) -> str:
    language = translation.get_language() or ""
    return format_date(day, "j F Y" if language.startswith("en") else "j. F Y").replace(" ", "\u00a0", 1)


def _date_and_time(moment: dt.datetime) -> str:
    local = _local(moment)
    return _("%(date)s at %(time)s") % {"date": _date(local.date()), "time": local.strftime("%H.%M")}


def _moment_parts(moment: dt.datetime) -> list[int]:
    local = _local(moment)
    return [local.year, local.month, local.day, local.hour, local.minute, local.second]


def _local(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE))
