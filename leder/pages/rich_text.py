"""Rich text as Wagtail's editor (Draftail) writes it: in a field of the page editor, and in the database.

The page editor saves by itself when a field is not as it was when the page was opened. Two things must not be taken
for that: another spelling of the same text, and paragraphs that were stored without a key and are given one.
"""

import json
import uuid
from itertools import groupby
from typing import Any

from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

NOTHING = "null"
KEY_LENGTH = 5  # as the editor's own


class RichTextArea(DraftailRichTextArea):
    """Wagtail's editor of rich text. Its field holds from the start exactly what the editor will put into it.

    The editor writes its text into the field a moment after it has started. Wagtail remembers the fields two seconds
    after the page is there; on a machine that is busy, or on a long page, editors start after that. With Wagtail's own
    spelling in the field, the page editor then saves a draft that nobody wrote.

    A site takes it by `WAGTAILADMIN_RICH_TEXT_EDITORS`.
    """

    def format_value(self, value: Any) -> str:
        """Return the text for the field, as JSON."""
        return spelled_as_by_editor(super().format_value(value))


def spelled_as_by_editor(state: str) -> str:
    """Return Draft.js's raw content (JSON) with the names, the order and the spelling in which the editor writes it."""
    raw = json.loads(state)
    blocks = [
        {
            "key": block["key"],
            "text": block["text"],
            "type": block["type"],
            "depth": block["depth"],
            "inlineStyleRanges": _by_style(block["inlineStyleRanges"]),
            "entityRanges": [_picked(place, "offset", "length", "key") for place in block["entityRanges"]],
            "data": {},
        }
        for block in raw["blocks"]
    ]
    if not any(
        block["text"].strip() or block["inlineStyleRanges"] or block["entityRanges"] for block in blocks
    ):
        return NOTHING
    entities = {
        key: _picked(entity, "type", "mutability", "data") for key, entity in raw["entityMap"].items()
    }
    return json.dumps({"blocks": blocks, "entityMap": entities}, ensure_ascii=False, separators=(",", ":"))


def as_stored_by_editor(html: str, features: list[str], place: str) -> str:
    """Return HTML as it is stored once somebody has saved it in the page editor.

    Paragraphs and list items get keys, made from `place` and their number: the same each time.
    """
    converter = ContentstateConverter(features)
    state = json.loads(converter.from_database_format(html))
    if spelled_as_by_editor(json.dumps(state)) == NOTHING:
        return ""
    for number, block in enumerate(state["blocks"]):
        block["key"] = uuid.uuid5(uuid.NAMESPACE_OID, f"{place}/{number}").hex[:KEY_LENGTH]
    return str(converter.to_database_format(json.dumps(state)))


def _by_style(ranges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ranges with the styles in the order in which they first occur in the text; those that touch are one."""
    found = [place for place in ranges if place["length"]]
    found.sort(key=lambda place: int(place["offset"]))
    first = {style: n for n, style in enumerate(dict.fromkeys(place["style"] for place in found))}
    found.sort(key=lambda place: first[place["style"]])
    merged: list[dict[str, Any]] = []
    for style, places in groupby(found, key=lambda place: place["style"]):
        start: dict[str, Any] | None = None
        for place in places:
            if start is not None and place["offset"] <= start["offset"] + start["length"]:
                end = max(start["offset"] + start["length"], place["offset"] + place["length"])
                start["length"] = end - start["offset"]
            else:
                start = {"offset": place["offset"], "length": place["length"], "style": style}
                merged.append(start)
    return merged


def _picked(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names}
