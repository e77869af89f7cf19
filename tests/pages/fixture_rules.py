"""What a file of example text must look like: each rule returns the problems it finds, in words. No database."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from html.parser import HTMLParser
from typing import Any

Check = Callable[[Any], str]

TOKENS = {"{year}", "{year-1}", "{year+1}"}
SECTORS = {
    "Helse og mestring",
    "Oppvekst og utdanning",
    "Samfunn og kultur",
    "Teknisk drift",
    "Økonomi og virksomhetsstyring",
    "Organisasjon og digitalisering",
}
RICH_TAGS = {"p", "b", "i", "ul", "ol", "li", "a"}
# Neither keys nor addresses are prose, so the rules of typography are not for them.
NOT_PROSE = {
    "page",
    "slug",
    "type",
    "tone",
    "key",
    "category",
    "url",
    "perspective",
    "answer",
    "stage",
    "deadline",
}
EXAMPLE_HEADING = "Eksempeltekst"


class _Tags(HTMLParser):
    """Finds tags that are not allowed, not closed or closed out of order, and words outside a paragraph."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in RICH_TAGS:
            self.problems.append(f"tag <{tag}>")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> out of order")

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.open:
            self.problems.append("words outside a paragraph")


def plain(required: bool = True) -> Check:
    """Return a check for plain text."""

    def check(value: Any) -> str:
        if not isinstance(value, str):
            return "not text"
        if "<" in value:
            return "tags in plain text"
        return "" if value.strip() or not required else "empty"

    return check


def rich(value: Any) -> str:
    """Check rich text: paragraphs and lists, well formed."""
    if not isinstance(value, str) or not value.strip():
        return "no rich text"
    parser = _Tags()
    parser.feed(value)
    parser.close()
    return "; ".join(parser.problems + [f"<{tag}> not closed" for tag in parser.open])


def one_of(*choices: Any) -> Check:
    """Return a check for one of the choices."""
    return lambda value: "" if value in choices else f"not one of {choices}"


def some_of(*choices: str) -> Check:
    """Return a check for a list of different choices, possibly none."""
    return lambda value: (
        ""
        if isinstance(value, list) and set(value) <= set(choices) and len(set(value)) == len(value)
        else "not choices"
    )


def boolean(value: Any) -> str:
    """Check true or false."""
    return "" if isinstance(value, bool) else "not true or false"


def sectors(value: Any) -> str:
    """Check that every sector named is one of the example organisation's."""
    unknown = set(filter(None, value.split(", "))) - SECTORS
    return f"unknown sectors {sorted(unknown)}" if unknown else ""


def deadline(value: Any) -> str:
    """Check a date in the letter's year, or none."""
    if value is None:
        return ""
    match = re.fullmatch(r"\{year\}-(\d\d)-(\d\d)", value)
    try:
        return "" if match and date(2027, int(match[1]), int(match[2])) else "not a date of the year"
    except ValueError:
        return "not a date"


LINK = {"title": plain(), "page": one_of(None), "document": one_of(None), "url": plain(required=False)}
PERSPECTIVE = one_of("community", "users", "organisation", "economy")
ASSIGNMENT = {
    "text": plain(),
    "sectors": sectors,
    "groups": some_of("1", "2", "3"),
    "deadline": deadline,
    "indicator": plain(required=False),
    "target": plain(required=False),
}
BLOCKS: dict[str, Any] = {
    "text_section": {"heading": plain(), "text": rich},
    "rich_text": rich,
    "callout": {"tone": one_of("info", "warning", "success"), "heading": plain(), "text": rich},
    "document_list": {"heading": plain(), "documents": [LINK]},
    "points_section": {"heading": plain(), "intro": rich, "points": [plain()]},
    "values": {"heading": plain(), "intro": rich, "values": [{"name": plain(), "statements": [plain()]}]},
    "expectations": {
        "heading": plain(),
        "intro": rich,
        "expectations": [{"text": plain(), "elaboration": plain(required=False)}],
    },
    "employer_role": {"heading": plain(), "intro": rich, "duties": [{"term": plain(), "text": rich}]},
    "governing_documents": {
        "heading": plain(),
        "intro": rich,
        "documents": [LINK | {"category": one_of("law", "agreement", "decision", "governing")}],
    },
    "responsibility_areas": {
        "heading": plain(),
        "intro": rich,
        "areas": [
            {
                "key": one_of("professional", "personnel", "economy"),
                "name": plain(),
                "summary": plain(),
                "points": [plain()],
            }
        ],
    },
    "scorecard": {
        "heading": plain(),
        "intro": rich,
        "perspectives": [
            {
                "key": PERSPECTIVE,
                "name": plain(),
                "description": plain(),
                "indicators": [{"text": plain(), "rhythm": plain()}],
            }
        ],
        "follow_up": rich,
    },
    "leader_levels": {
        "heading": plain(),
        "intro": rich,
        "levels": [{"group": one_of("1", "2", "3"), "who": rich, "chapter": plain()}],
        "note": rich,
    },
    "theme": {"title": plain(), "perspective": PERSPECTIVE, "intro": rich, "assignments": [ASSIGNMENT]},
    "parties": {"heading": plain(), "help": plain()},
    "section": {
        "heading": plain(),
        "guidance": rich,
        "questions": [plain()],
        "answer": one_of("none", "note", "questions", "letter", "platform"),
        "goals": boolean,
        "private": boolean,
        "stage": one_of("agreement", "follow_up"),
    },
}
_SHARED = {"text_section", "callout", "document_list"}
ALLOWED = {
    "LeadershipPage": _SHARED,
    "LeaderPlatformPage": _SHARED
    | {"values", "expectations", "employer_role", "governing_documents", "responsibility_areas", "scorecard"}
    | {"points_section", "leader_levels", "rich_text"},
    "SteeringLetterPage": _SHARED | {"theme", "points_section", "rich_text"},
    "AgreementFormPage": {"text_section", "points_section", "parties", "section", "callout", "rich_text"},
}
YEARLY = {"SteeringLetterPage", "AgreementFormPage"}


def problems_of_shape(page: dict[str, Any]) -> list[str]:
    """Return what differs from the fields and blocks that the page type has."""
    kind = page.get("page")
    if kind == "HomePage":
        return list(_compare({"page": plain(), "title": plain(), "introduction": rich}, page, kind))
    if kind not in ALLOWED:
        return [f"unknown page {kind}"]
    fields: dict[str, Any] = {"page": plain(), "title": plain(), "slug": plain(), "introduction": rich}
    if kind in YEARLY:
        fields["year"] = one_of("{year}")
    found = list(_compare(fields, {name: page[name] for name in page if name != "body"}, kind))
    for number, block in enumerate(page.get("body", [])):
        where = f"{number} {block.get('type')}"
        if set(block) != {"type", "value"}:
            found.append(f"{where}: has {sorted(block)}")
        elif block["type"] not in ALLOWED[kind]:
            found.append(f"{where}: not allowed on {kind}")
        else:
            found.extend(_compare(BLOCKS[block["type"]], block["value"], where))
    return found


def _compare(spec: Any, value: Any, where: str) -> Iterator[str]:
    if isinstance(spec, dict):
        if not isinstance(value, dict) or set(value) != set(spec):
            yield f"{where}: fields differ: {sorted(set(spec) ^ set(value))}"
            return
        for name, part in spec.items():
            yield from _compare(part, value[name], f"{where}.{name}")
    elif isinstance(spec, list):
        if not isinstance(value, list) or not value:
            yield f"{where}: an empty list"
            return
        for number, item in enumerate(value):
            yield from _compare(spec[0], item, f"{where}[{number}]")
    elif problem := spec(value):
        yield f"{where}: {problem}"


def prose(value: Any) -> Iterator[str]:
    """Yield every piece of prose in a file or block, with tags taken out."""
    if isinstance(value, str):
        yield re.sub(r"<[^>]+>", " ", value)
    elif isinstance(value, list):
        for item in value:
            yield from prose(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in NOT_PROSE:
                yield from prose(item)


MONTHS = "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember"
TYPOGRAPHY = {
    "straight quotation mark": r"[\"'`]",
    "hyphen used as a dash": r"\s-\s|--",
    "three full stops": r"\.\.\.",
    "ordinary space in a number": r"\d \d{3}\b",
    "ordinary space before %": r"\d %",
    "ordinary space in a date": rf"\d\. (?:{MONTHS})",
    "no space before %": r"\d%",
    "decimal point": r"\b\d+\.\d+ ?%",
    "filling text": r"(?i)lorem|ipsum|\bTODO\b|\bXX",
    "a year instead of a token": r"\b(?:19|20)\d\d\b",
    "English quotation marks": r"[“”„‘]",
}


def problems_of_prose(page: dict[str, Any]) -> list[str]:
    """Return breaches of Norwegian typography, and years written out instead of as tokens."""
    return [
        f"{name}: {text.strip()[:80]}"
        for text in prose(page)
        for name, pattern in TYPOGRAPHY.items()
        if re.search(pattern, text)
    ]


def problems_of_tokens(page: dict[str, Any]) -> list[str]:
    """Return unknown tokens, and any token on a page that has no year."""
    known = TOKENS if page["page"] in YEARLY else set()
    return [
        f"token {token or brace}"
        for text in _strings(page)
        for token, brace in re.findall(r"(\{[^{}]*\})|([{}])", text)
        if token not in known
    ]


def problems_of_marker(page: dict[str, Any]) -> list[str]:
    """Return a problem unless the page says at once that it is example text which the municipality replaces."""
    if page["page"] == "HomePage":
        shown = page["introduction"]
    else:
        first = page["body"][0] if page["body"] else {"type": ""}
        if first["type"] != "callout" or first["value"]["tone"] != "info":
            return ["the first block is not a callout of information"]
        shown = f"{first['value']['heading']} {first['value']['text']}"
    wanted = (EXAMPLE_HEADING, "nyskrevet", "Kommunen erstatter")
    return [f"the marker doesn't say {words}" for words in wanted if words not in shown]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


RULES = (problems_of_shape, problems_of_prose, problems_of_tokens, problems_of_marker)
