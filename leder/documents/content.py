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
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from leder.agreements.models import Seal
from leder.agreements.sections.words import day
from leder.documents.drawable import drawable
from leder.documents.facts import Facts, SignedBy
from leder.documents.parts import date_in_words, later_part, section_part, standing_part, text_part
from leder.documents.wording import labels

Record = dict[str, Any]
GROUP = 8
# What fits on the line at the head of each page.
RUNNING = 90


def content_of(record: Record, form: dict[str, Any], facts: Facts) -> dict[str, Any]:
    """Return what the document shows. `form` is the content of the form's edition (see `pages.contents`)."""
    follows_up = is_follow_up(record)
    with translation.override(facts.language):
        title = (
            _("Follow-up of the leader agreement %(year)s") if follows_up else _("Leader agreement %(year)s")
        )
        running = _("Follow-up %(year)s") if follows_up else title
        parts = _parts_of_follow_up(record, form, facts) if follows_up else _parts(record, form, facts)
        return {
            "language": facts.language,
            "text_language": facts.text_language,
            "organisation": drawable(facts.organisation),
            "mark": facts.mark,
            # Short enough for the head of each page.
            "running": running % {"year": record["year"]},
            "title": title % {"year": record["year"]},
            "about": drawable(_about(record)),
            "short": drawable(Truncator(_about(record)).chars(RUNNING)),
            "is_draft": facts.is_draft,
            "is_partial": "variant" in record,
            "labels": labels(follows_up=follows_up),
            "cover": [[label, drawable(value)] for label, value in _cover(record, facts)],
            "parts": list(parts),
            "signatures": [_signature(record, role, facts) for role in ("leader", "superior")],
            "check": _check(facts),
            "created": _moment_parts(facts.as_of),
        }


def is_follow_up(record: Record) -> bool:
    """Whether the record is of a follow-up, not of an agreement."""
    return bool(record["kind"] == Seal.Kind.FOLLOW_UP)


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
    if is_follow_up(record):
        yield from _cover_of_follow_up(record, facts)
        return
    if facts.is_draft:
        yield _("State"), _("Draft, not signed by both")
    else:
        yield _("Signed by both"), date_in_words(_local(facts.as_of).date())
    letter = record.get("editions", {}).get("letter")
    if letter:
        yield _("Attachment to"), letter["title"]


def _cover_of_follow_up(record: Record, facts: Facts) -> Iterator[tuple[str, str]]:
    if facts.agreed:
        yield _("Agreement signed by both"), date_in_words(_local(facts.agreed.at).date())
    if held_on := day(record["held_on"]):
        yield _("Follow-up conversation"), date_in_words(held_on)
    if facts.is_draft:
        yield _("State"), _("Draft, not confirmed by both")
    else:
        yield _("Confirmed by both"), date_in_words(_local(facts.as_of).date())


def _parts(record: Record, form: dict[str, Any], facts: Facts) -> Iterator[dict[str, Any]]:
    """The parts of the form in order; a section as it stands in the record, which holds its text too."""
    sections = {section["id"]: section for section in record["sections"]}
    number = 0
    for part in form["parts"]:
        if part["kind"] != "section":
            yield text_part(part, facts)
            continue
        number += 1
        if part["id"] in sections:
            yield section_part(number, sections[part["id"]], facts)
        elif part["stage"] == "follow_up":
            yield later_part(number, part, facts)


def _parts_of_follow_up(record: Record, form: dict[str, Any], facts: Facts) -> Iterator[dict[str, Any]]:
    """How the goals stand, section by section as in the form, and then what is answered."""
    sections = {section["id"]: section for section in record["sections"]}
    progress = {each["id"]: each for each in record["progress"]}
    goals = facts.agreed.goals if facts.agreed else {}
    numbered = enumerate((part for part in form["parts"] if part["kind"] == "section"), 1)
    answered = []
    for number, part in numbered:
        if part["id"] in sections:
            answered.append(section_part(number, sections[part["id"]], facts))
        elif part["goals"] and part["stage"] != "follow_up" and goals.get(part["id"], None) != []:
            yield standing_part(number, part, goals.get(part["id"]), progress.get(part["id"]))
    yield from answered


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
    return ", ".join(each for each in (given.place, date_in_words(_local(given.at).date())) if each)


def _check(facts: Facts) -> dict[str, Any] | None:
    if facts.is_draft:
        return None
    return {
        "sha256": _in_groups(facts.sha256),
        "url": facts.check_url,
        "agreed": _in_groups(facts.agreed.sha256) if facts.agreed else [],
    }


def _in_groups(sha256: str) -> list[str]:
    return [sha256[start : start + GROUP] for start in range(0, len(sha256), GROUP)]


def _date_and_time(moment: dt.datetime) -> str:
    local = _local(moment)
    return _("%(date)s at %(time)s") % {"date": date_in_words(local.date()), "time": local.strftime("%H.%M")}


def _moment_parts(moment: dt.datetime) -> list[int]:
    local = _local(moment)
    return [local.year, local.month, local.day, local.hour, local.minute, local.second]


def _local(moment: dt.datetime) -> dt.datetime:
    # Not the reader's own time zone: a document reads the same for everybody.
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE))
