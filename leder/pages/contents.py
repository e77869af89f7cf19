"""A page as plain data: what an edition keeps and agreements cite (R6). Functions of the page alone.

Labels are written in the site's language whoever asks, so that the same text always has the same hash.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.html import escape
from wagtail.blocks import BoundBlock
from wagtail.rich_text import RichText, expand_db_html, get_text_for_indexing

from leder.pages.choices import DocumentCategory, LeaderGroup, Perspective, label_of
from leder.pages.identities import INTRODUCTION, make_sound

EDITOR_KEYS = re.compile(r' data-block-key="[^"]*"')

Part = dict[str, Any]
Statement = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """A line in the list of contents (innholdsfortegnelse)."""

    id: str
    heading: str


def contents_of(body: Any) -> list[Entry]:
    """The headings of a body in order; callouts stand beside the text and are left out."""
    return [
        Entry(block.id, heading)
        for block in body
        if block.block_type not in {"callout", "rich_text"}
        and (heading := block.value.get("heading") or block.value.get("title"))
    ]


def content_of(page: Any, kind: str) -> dict[str, Any]:
    """Return {"kind", "title", "year", "parts"} of a page with a `body`; `year` is None if the page has none.

    Every id in it is a UUID that stands once, whatever was stored. The introduction is the first part, and has the
    same id on every page: nothing in it can be cited.
    """
    make_sound(page.body, page.translation_key)
    with translation.override(settings.LANGUAGE_CODE):
        parts = [part_of(block) for block in page.body]
        if introduction := rendered(RichText(page.introduction)):
            parts.insert(0, _part(INTRODUCTION, "introduction", html=introduction))
        return {"kind": kind, "title": page.title, "year": getattr(page, "year", None), "parts": parts}


def part_of(block: Any) -> Part:
    """Return one block of a body (a StreamChild) as plain data. Raises KeyError for an unknown block type."""
    return {**_part(block.id, block.block_type), **PARTS[block.block_type](block.value)}


def rendered(text: RichText) -> str:
    """Rich text as HTML, links written out; "" when empty.

    The page editor marks paragraphs with keys of its own when it saves, and makes an empty paragraph of nothing.
    Neither is part of the text: the same words must stay the same edition.
    """
    if not plain(text):
        return ""
    return EDITOR_KEYS.sub("", str(expand_db_html(text.source))).strip()


def plain(text: RichText) -> str:
    """Rich text as one line of plain text."""
    return " ".join(get_text_for_indexing(text.source).split())


def _part(identity: str, kind: str, *, heading: str = "", html: str = "") -> Part:
    return {"id": identity, "kind": kind, "heading": heading, "html": html, "statements": []}


def _statement(item: BoundBlock, kind: str, text: str, **extra: Any) -> Statement:
    return {"id": item.id, "kind": kind, "text": text.strip(), **extra}


def _text_section(value: Any) -> Part:
    return {"heading": value["heading"], "html": rendered(value["text"])}


def _rich_text(value: RichText) -> Part:
    return {"html": rendered(value)}


def _callout(value: Any) -> Part:
    return {"heading": value["heading"], "html": rendered(value["text"]), "tone": value["tone"]}


def _headed(value: Any, statements: list[Statement]) -> Part:
    return {"heading": value["heading"], "html": rendered(value["intro"]), "statements": statements}


def _points_section(value: Any) -> Part:
    return _headed(value, [_statement(item, "point", item.value) for item in value["points"].bound_blocks])


def _values(value: Any) -> Part:
    statements = []
    for item in value["values"].bound_blocks:
        name = item.value["name"]
        statements.append(_statement(item, "value", name))
        statements += [
            _statement(child, "value_statement", child.value, group=name)
            for child in item.value["statements"].bound_blocks
        ]
    return _headed(value, statements)


def _expectations(value: Any) -> Part:
    return _headed(
        value,
        [
            _statement(item, "expectation", item.value["text"], elaboration=item.value["elaboration"].strip())
            for item in value["expectations"].bound_blocks
        ],
    )


def _employer_role(value: Any) -> Part:
    return _headed(
        value,
        [
            _statement(
                item,
                "duty",
                plain(item.value["text"]),
                group=item.value["term"],
                html=rendered(item.value["text"]),
            )
            for item in value["duties"].bound_blocks
        ],
    )


def _documents(value: Any) -> list[Statement]:
    return [
        _statement(item, "document", item.value["title"], href=item.value.href)
        for item in value["documents"].bound_blocks
    ]


def _governing_documents(value: Any) -> Part:
    statements = _documents(value)
    for statement, document in zip(statements, value["documents"], strict=True):
        statement["group"] = label_of(DocumentCategory, document["category"])
    return _headed(value, statements)


def _document_list(value: Any) -> Part:
    return {"heading": value["heading"], "statements": _documents(value)}


def _responsibility_areas(value: Any) -> Part:
    statements = []
    for item in value["areas"].bound_blocks:
        area = item.value
        statements.append(
            _statement(item, "area", area["name"], key=area["key"], summary=area["summary"].strip())
        )
        statements += [
            _statement(point, "responsibility", point.value, group=area["name"])
            for point in area["points"].bound_blocks
        ]
    return _headed(value, statements)


def _scorecard(value: Any) -> Part:
    statements = []
    for item in value["perspectives"].bound_blocks:
        perspective = item.value
        statements.append(
            _statement(
                item,
                "perspective",
                perspective["name"],
                key=perspective["key"],
                description=perspective["description"].strip(),
            )
        )
        statements += [
            _statement(
                indicator,
                "indicator",
                indicator.value["text"],
                group=perspective["name"],
                rhythm=indicator.value["rhythm"].strip(),
            )
            for indicator in perspective["indicators"].bound_blocks
        ]
    return {**_headed(value, statements), "closing_html": rendered(value["follow_up"])}


def _leader_levels(value: Any) -> Part:
    statements = [
        _statement(
            item,
            "level",
            plain(item.value["who"]),
            group=label_of(LeaderGroup, item.value["group"]),
            html=rendered(item.value["who"]),
            chapter=item.value["chapter"].strip(),
        )
        for item in value["levels"].bound_blocks
    ]
    return {**_headed(value, statements), "closing_html": rendered(value["note"])}


def _theme(value: Any) -> Part:
    return {
        "heading": value["title"],
        "html": rendered(value["intro"]),
        "perspective": value["perspective"],
        "perspective_label": label_of(Perspective, value["perspective"]),
        "statements": [
            _statement(
                item,
                "assignment",
                item.value["text"],
                audience=item.value.audience,
                deadline=item.value["deadline"].isoformat() if item.value["deadline"] else "",
                indicator=item.value["indicator"].strip(),
                target=item.value["target"].strip(),
            )
            for item in value["assignments"].bound_blocks
        ],
    }


def _parties(value: Any) -> Part:
    help_text = value["help"].strip()
    return {"heading": value["heading"], "html": f"<p>{escape(help_text)}</p>" if help_text else ""}


def _section(value: Any) -> Part:
    return {
        "heading": value["heading"],
        "html": rendered(value["guidance"]),
        "questions": [
            {"id": item.id, "text": item.value.strip()} for item in value["questions"].bound_blocks
        ],
        "answer": value["answer"],
        "goals": bool(value["goals"]),
        "private": bool(value["private"]),
        "stage": value["stage"],
    }


PARTS: dict[str, Callable[[Any], Part]] = {
    "text_section": _text_section,
    "rich_text": _rich_text,
    "callout": _callout,
    "points_section": _points_section,
    "document_list": _document_list,
    "values": _values,
    "expectations": _expectations,
    "employer_role": _employer_role,
    "governing_documents": _governing_documents,
    "responsibility_areas": _responsibility_areas,
    "scorecard": _scorecard,
    "leader_levels": _leader_levels,
    "theme": _theme,
    "parties": _parties,
    "section": _section,
}
