"""What the page editor in a browser posts, made from a page: every block with its id, as its scripts name it."""

import json
from typing import Any

from wagtail.blocks import (
    Block,
    BooleanBlock,
    FieldBlock,
    ListBlock,
    MultipleChoiceBlock,
    RichTextBlock,
    StructBlock,
)
from wagtail.rich_text import RichText

Fields = dict[str, Any]


def posted(page: Any, **changes: Any) -> Fields:
    """The fields that the editor of `page` posts; `changes` replace some, and name the button ("action-publish")."""
    page = page.specific_class.objects.get(pk=page.pk).get_latest_revision_as_object()
    fields: Fields = {
        "title": page.title,
        "slug": page.slug,
        "introduction": _rich(RichText(page.introduction)),
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        **stream("body", page.body),
    }
    if hasattr(page, "year"):
        fields["year"] = page.year
    return {**fields, **changes}


def stream(prefix: str, value: Any) -> Fields:
    """The fields of a StreamField."""
    fields: Fields = {f"{prefix}-count": len(value)}
    for number, child in enumerate(value):
        fields |= {
            f"{prefix}-{number}-type": child.block_type,
            f"{prefix}-{number}-order": number,
            f"{prefix}-{number}-deleted": "",
            f"{prefix}-{number}-id": child.id,
            **_fields(child.block, child.value, f"{prefix}-{number}-value"),
        }
    return fields


def _fields(block: Block, value: Any, prefix: str) -> Fields:
    if isinstance(block, StructBlock):
        parts = [
            _fields(child, value[name], f"{prefix}-{name}") for name, child in block.child_blocks.items()
        ]
        return {key: part for fields in parts for key, part in fields.items()}
    if isinstance(block, ListBlock):
        fields: Fields = {f"{prefix}-count": len(value)}
        for number, child in enumerate(value.bound_blocks):
            fields |= {
                f"{prefix}-{number}-order": number,
                f"{prefix}-{number}-deleted": "",
                f"{prefix}-{number}-id": child.id,
                **_fields(block.child_block, child.value, f"{prefix}-{number}-value"),
            }
        return fields
    if isinstance(block, RichTextBlock):
        return {prefix: _rich(value)}
    if isinstance(block, BooleanBlock):
        return {prefix: "on"} if value else {}
    if isinstance(block, MultipleChoiceBlock):
        return {prefix: value or []}
    assert isinstance(block, FieldBlock)
    form_value = block.value_for_form(value)
    return {prefix: "" if form_value is None else getattr(form_value, "pk", form_value)}


def _rich(value: RichText) -> str:
    field = RichTextBlock(features=["bold", "italic", "link", "document-link", "ul", "ol"]).field
    return field.widget.format_value(value.source) or json.dumps({"blocks": [], "entityMap": {}})
