"""A small text of each kind, with every block; short, so that a test can state what becomes of it."""

import uuid
from typing import Any

from lorenskog_intranet.demo.example_text import with_ids


def platform_body() -> list[dict[str, Any]]:
    return [
        {"type": "text_section", "value": {"heading": "Formål", "text": "<p>Gode <b>tjenester</b>.</p>"}},
        {
            "type": "values",
            "value": {
                "heading": "Verdigrunnlag",
                "intro": "<p>To verdier.</p>",
                "values": [
                    {"name": "Åpen", "statements": ["møter folk med tillit", "gir rom"]},
                    {"name": "Troverdig", "statements": ["holder ord"]},
                ],
            },
        },
        {
            "type": "expectations",
            "value": {
                "heading": "Forventninger",
                "intro": "",
                "expectations": [
                    {"text": "setter innbyggeren først ", "elaboration": "hver dag"},
                    {"text": "samarbeider", "elaboration": ""},
                ],
            },
        },
        {
            "type": "employer_role",
            "value": {
                "heading": "Arbeidsgiverrollen",
                "intro": "",
                "duties": [{"term": "Styringsrett", "text": "<p>Lede</p><p>fordele</p>"}],
            },
        },
        {
            "type": "governing_documents",
            "value": {
                "heading": "Styrende dokumenter",
                "intro": "",
                "documents": [
                    document("Arbeidsmiljøloven", category="law", url="https://lovdata.no/aml"),
                    document("Kommuneplan", category="governing"),
                ],
            },
        },
        {
            "type": "responsibility_areas",
            "value": {
                "heading": "Lederansvar",
                "intro": "",
                "areas": [
                    {
                        "key": "professional",
                        "name": "Fag",
                        "summary": "Gode tjenester",
                        "points": ["organisere"],
                    },
                    {"key": "personnel", "name": "Personal", "summary": "", "points": ["ha oversikt"]},
                    {"key": "economy", "name": "Økonomi", "summary": "", "points": ["følge opp"]},
                ],
            },
        },
        {
            "type": "scorecard",
            "value": {
                "heading": "Balansert målstyring",
                "intro": "",
                "perspectives": [
                    {
                        "key": "organisation",
                        "name": "Organisasjon",
                        "description": "Oss",
                        "indicators": [{"text": "Sykefravær", "rhythm": "hvert kvartal"}],
                    }
                ],
                "follow_up": "<p>I dialog.</p>",
            },
        },
        {
            "type": "points_section",
            "value": {"heading": "Lederutvikling", "intro": "", "points": ["samtale", "program"]},
        },
        {
            "type": "leader_levels",
            "value": {
                "heading": "Ledernivåer",
                "intro": "",
                "levels": [{"group": "1", "who": "<p>Kommunedirektør</p>", "chapter": "3.4.1"}],
                "note": "<p>Se kartet.</p>",
            },
        },
        {"type": "rich_text", "value": "<p>Løpende tekst.</p>"},
        {"type": "callout", "value": {"tone": "info", "heading": "Eksempel", "text": "<p>Ikke vedtatt.</p>"}},
        {
            "type": "document_list",
            "value": {
                "heading": "Les mer",
                "documents": [document("Reglement", url="https://example.org/r")],
            },
        },
    ]


def letter_body() -> list[dict[str, Any]]:
    return [
        {"type": "text_section", "value": {"heading": "Til alle ledere", "text": "<p>Takk.</p>"}},
        {
            "type": "theme",
            "value": {
                "title": "Et godt arbeidsmiljø",
                "perspective": "organisation",
                "intro": "<p>Vi bryr oss.</p>",
                "assignments": [
                    {
                        "text": "Gå gjennom sykefraværet.",
                        "sectors": "Helse og mestring",
                        "groups": ["3", "2"],
                        "deadline": "2028-02-29",
                        "indicator": "Sykefravær",
                        "target": "under 7 %",
                    },
                    {
                        "text": "Snakk sammen.",
                        "sectors": "",
                        "groups": [],
                        "deadline": None,
                        "indicator": "",
                        "target": "",
                    },
                ],
            },
        },
    ]


def form_body() -> list[dict[str, Any]]:
    return [
        {"type": "text_section", "value": {"heading": "Innledning", "text": "<p>For alle ledere.</p>"}},
        {"type": "parties", "value": {"heading": "Parter", "help": "Fylles ut < av løsningen"}},
        {
            "type": "section",
            "value": {
                "heading": "Ledelsesutvikling",
                "guidance": "<p>Velg to.</p>",
                "questions": ["Hva er du god på?", "Hva er utfordrende?"],
                "answer": "platform",
                "goals": True,
                "private": True,
                "stage": "agreement",
            },
        },
        {
            "type": "section",
            "value": {
                "heading": "Oppfølging",
                "guidance": "",
                "questions": [],
                "answer": "note",
                "goals": False,
                "private": False,
                "stage": "follow_up",
            },
        },
    ]


def document(title: str, *, category: str = "", url: str = "") -> dict[str, Any]:
    value: dict[str, Any] = {"title": title, "page": None, "document": None, "url": url}
    return {**value, "category": category} if category else value


def uid(place: str) -> str:
    """The id of what stands in a place of a stored body: "p/0" is its first block, "p/1/values/0" a list item."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, place))


def stored(model: Any, body: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """The body as the page stores it: every block and list item with the id of its place below `name`."""
    blocks = model._meta.get_field("body").stream_block.child_blocks
    return [
        {
            "type": part["type"],
            "id": uid(f"{name}/{number}"),
            "value": _placed(with_ids(blocks[part["type"]], part["value"], ""), f"{name}/{number}"),
        }
        for number, part in enumerate(body)
    ]


def _placed(value: Any, place: str) -> Any:
    if isinstance(value, dict):
        return {key: _placed(child, f"{place}/{key}") for key, child in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [
            {**item, "id": uid(f"{place}/{number}"), "value": _placed(item["value"], f"{place}/{number}")}
            for number, item in enumerate(value)
        ]
    return value
