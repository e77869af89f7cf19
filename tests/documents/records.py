"""Records and facts to set documents from, without a database, and the words of what was set."""

import copy
import datetime as dt
import io
import re
import unicodedata

import pypdf

from leder.agreements.answers import new_goal
from leder.agreements.seals.record import FORMAT
from leder.canonical import digest
from leder.documents.facts import Agreed, Facts, SignedBy
from tests.factories import FORM

AT = dt.datetime(2027, 3, 13, 9, 5, 7, tzinfo=dt.UTC)
URL = "https://intranett.example.org/leder/kontroll/00000000-0000-4000-8000-000000000001/"
STATEMENTS = {
    "letter": {"assignment-1": "Kortere ventetid"},
    "platform": {"expectation-1": "Setter innbyggeren først"},
}


def make_form(**changes):
    """The content of a form's edition; changes go into its first part."""
    form = copy.deepcopy(FORM)
    form["parts"][0].update(changes)
    return form


def make_record(form=None, *, note="Et notat", goals=(), why="Derfor", salt="ab" * 32, **changes):
    """A record of a form, with the same note in every section."""
    form = form or make_form()
    sections = []
    for part in form["parts"]:
        if part["kind"] != "section" or part["stage"] == "follow_up":
            continue
        cited = STATEMENTS.get(part["answer"], {})
        choices = {
            "letter": [{"id": "assignment-1", "contribution": why, "ambition": "", "expectations": ""}],
            "platform": [{"id": "expectation-1", "stance": "challenge", "why": why}],
        }.get(part["answer"], [])
        answers = {each["id"]: why for each in part["questions"][:1]} if part["answer"] == "questions" else {}
        sections.append(
            {
                "id": part["id"],
                "answer": part["answer"],
                "heading": part["heading"],
                "guidance": part["html"],
                "questions": part["questions"],
                "private": part["private"],
                "cited": cited,
                "written": {"note": note, "answers": answers, "choices": choices, "goals": list(goals)},
            }
        )
    record = {
        "format": FORMAT,
        "kind": "agreement",
        "agreement": "00000000-0000-4000-8000-00000000000a",
        "year": 2027,
        "leader": {"name": "Ánná Đoŋŋa", "title": "Avdelingsleder", "unit": "Kløverenga"},
        "superior": {"name": "Siri Overordnet", "title": "Virksomhetsleder"},
        "editions": {
            "platform": {"title": "Lederplattform", "sha256": "0" * 64},
            "letter": {"title": "Styringsbrev", "sha256": "1" * 64},
            "form": {"title": "Lederavtale", "sha256": digest(form)},
        },
        "sections": sections,
        **changes,
    }
    return {**record, "salt": salt} if salt else record


def make_follow_up(form=None, *, note="Et notat", comment="Godt i gang", goals=(), salt="cd" * 32, **changes):
    """A record of a follow-up of the same agreement, with the same to say of every goal."""
    form = form or make_form()
    agreed = make_record(form)
    sections = [
        {
            **{key: part[key] for key in ("id", "answer", "heading", "private")},
            "guidance": part["html"],
            "questions": part["questions"],
            "cited": {},
            "written": {
                "note": note,
                "answers": {each["id"]: note for each in part["questions"][:1]},
                "choices": [],
                "goals": [],
            },
        }
        for part in form["parts"]
        if part["kind"] == "section" and part["stage"] == "follow_up"
    ]
    standing = [{"id": each["id"], "status": "started", "comment": comment} for each in goals]
    record = {
        **{key: value for key, value in agreed.items() if key not in ("salt", "sections")},
        "kind": "follow_up",
        "held_on": "2027-10-07",
        "sections": sections,
        "progress": [{"id": part["id"], "note": note, "goals": standing} for part in agreed["sections"]],
        **changes,
    }
    return {**record, "salt": salt} if salt else record


def agreed_of(form, goals=()):
    """The signed agreement that a follow-up is of, with the same goals in every section."""
    record = make_record(form, goals=goals)
    return Agreed(digest(record), AT, {part["id"]: list(goals) for part in record["sections"]})


def make_facts(record, *, language="nb", signed=2, **changes):
    """Facts of a record that so many have signed."""
    given = (SignedBy("leader", AT, "Lørenskog"), SignedBy("superior", AT, "Rådhuset"))[:signed]
    both = signed == 2
    values = {
        "language": language,
        "text_language": "nb",
        "organisation": "Eksempel kommune",
        "base_url": "https://intranett.example.org/",
        "as_of": AT,
        "signatures": given,
        "sha256": digest(record) if both else "",
        "check_url": URL if both else "",
        **changes,
    }
    return Facts(**values)


def goals(count, **changes):
    """Goals with texts of their own."""
    return [
        new_goal(goal=f"Mål nummer {n}", measures=f"Tiltak nummer {n}", due="2027-10-01", **changes)
        for n in range(1, count + 1)
    ]


def words_in(text):
    """The text without what the setting of lines adds or takes: white space, hyphens, marks without a width."""
    composed = unicodedata.normalize("NFC", text)
    return re.sub(r"[\s\u00ad\u200b-\u200f\u2010\ufe0e\ufe0f-]", "", composed)


def body_of(pdf):
    """The words of a PDF, without what runs at the head and foot of each page. For documents in bokmål."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    pages = [words_in(page.extract_text()) for page in reader.pages]
    ends = re.compile(r"^(Lederavtale2027·.*?Eksempelkommune)|((Side|Page)\d+(av|of)\d+)")
    return "".join(ends.sub("", page) for page in pages)
