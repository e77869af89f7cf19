"""Seeded text is stored as the page editor would store it, and its fields hold it as the editor would write it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.blocks import Block, ListBlock, RichTextBlock, StreamBlock, StructBlock

from leder.pages.rich_text import RichTextArea, as_stored_by_editor, spelled_as_by_editor
from lorenskog_intranet.demo.example_text import load_example_text
from lorenskog_intranet.home.models import HomePage
from lorenskog_intranet.management.commands.site_demo import make_front_page

from .editor import posted

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "text"
FEATURES = ["bold", "italic", "link", "ul", "ol"]
KEY = re.compile(r'<(?:p|li) data-block-key="([0-9a-z]{5})">')


@pytest.fixture
def seeded(db: None) -> list[Any]:
    """Every page that the demo makes, and two that were copied for a new year."""
    make_front_page(FOLDER)
    pages = load_example_text(FOLDER, parent=None, work_year=2027)
    copies = [
        pages[name].copy(update_attrs={"slug": f"{name}-2028"}, copy_revisions=True)
        for name in ("letter_next", "form_next")
    ]
    return [HomePage.objects.get(), *pages.values(), *(type(copy).objects.get(pk=copy.pk) for copy in copies)]


def _rich_texts(block: Block, value: Any) -> Iterator[tuple[str, list[str]]]:
    """Each rich text in a block's value as it is stored, with its features."""
    if isinstance(block, RichTextBlock):
        yield value.source, block.features
    elif isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            yield from _rich_texts(child, value[name])
    elif isinstance(block, ListBlock | StreamBlock):
        for bound in getattr(value, "bound_blocks", value):
            yield from _rich_texts(bound.block, bound.value)


def _of_page(page: Any) -> Iterator[tuple[str, list[str]]]:
    yield page.introduction, page._meta.get_field("introduction").features
    if hasattr(page, "body"):
        yield from _rich_texts(page.body.stream_block, page.body)


def test_every_seeded_text_comes_back_from_the_editor_as_it_is_stored(seeded: list[Any]) -> None:
    number = 0
    for page in seeded:
        for html, features in _of_page(page):
            converter = ContentstateConverter(features)
            assert converter.to_database_format(converter.from_database_format(html)) == html, page
            keys = KEY.findall(html)
            assert len(keys) == len(re.findall(r"<(?:p|li)\b", html)) == len(set(keys)), html
            number += 1
    assert number > 100


def test_a_page_that_is_sent_as_it_was_opened_is_stored_as_it_was(seeded: list[Any]) -> None:
    user = get_user_model().objects.create_superuser("it")
    for page in seeded:
        fields = posted(page) if hasattr(page, "body") else _home(page)
        before = type(page).objects.get(pk=page.pk)
        form_class = page.get_edit_handler().get_form_class()
        form = form_class(data=fields, instance=page, for_user=user, parent_page=page.get_parent())
        assert form.is_valid(), (page, form.errors)
        assert _stored(form.save(commit=False)) == _stored(before), page


def _stored(page: Any) -> dict[str, Any]:
    """The page as it is written to the database and to revisions, the text and its title."""
    content = json.loads(page.to_json())
    # PostgreSQL keeps the names of a block's fields in an order of its own.
    body = json.loads(content.get("body") or "[]")
    return {**{name: content.get(name) for name in ("title", "slug", "year", "introduction")}, "body": body}


def _home(page: Any) -> dict[str, Any]:
    area = RichTextArea(features=page._meta.get_field("introduction").features)
    return {
        "title": page.title,
        "slug": page.slug,
        "introduction": area.format_value(page.introduction),
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }


def test_the_same_keys_each_time() -> None:
    html = "<p>En</p><ul><li>to</li><li>tre</li></ul>"
    stored = as_stored_by_editor(html, FEATURES, "here")
    assert (
        stored
        == as_stored_by_editor(stored, FEATURES, "here")
        != as_stored_by_editor(html, FEATURES, "there")
    )
    assert KEY.sub(lambda tag: tag[0].partition(" ")[0] + ">", stored) == html


@pytest.mark.parametrize("html", ["", "<p></p>", "<p> </p>", "<p><b></b></p>"])
def test_nothing_is_stored_as_nothing(html: str) -> None:
    assert as_stored_by_editor(html, FEATURES, "here") == ""
    assert RichTextArea(features=FEATURES).format_value(html) == "null"


def test_the_field_holds_what_the_editor_will_write() -> None:
    html = '<p data-block-key="abcde">«Én» \u00a0<i>to <b>tre</b></i><b> fire</b> <a href="https://example.org/">fem</a></p>'
    assert RichTextArea(features=FEATURES).format_value(html) == (
        '{"blocks":[{"key":"abcde","text":"«Én» \u00a0to tre fire fem","type":"unstyled","depth":0,"inlineStyleRanges":'
        '[{"offset":6,"length":6,"style":"ITALIC"},{"offset":9,"length":8,"style":"BOLD"}],'
        '"entityRanges":[{"offset":18,"length":3,"key":0}],"data":{}}],'
        '"entityMap":{"0":{"type":"LINK","mutability":"MUTABLE","data":{"url":"https://example.org/"}}}}'
    )


def test_the_order_of_styles_is_that_of_their_first_letters() -> None:
    block = {
        "key": "a",
        "type": "unstyled",
        "depth": 0,
        "text": "abcdef",
        "entityRanges": [],
        "inlineStyleRanges": [
            {"offset": 4, "length": 1, "style": "BOLD"},
            {"offset": 1, "length": 0, "style": "BOLD"},
            {"offset": 2, "length": 2, "style": "ITALIC"},
        ],
    }
    spelled = json.loads(spelled_as_by_editor(json.dumps({"blocks": [block], "entityMap": {}})))
    assert spelled["blocks"][0]["inlineStyleRanges"] == [
        {"offset": 2, "length": 2, "style": "ITALIC"},
        {"offset": 4, "length": 1, "style": "BOLD"},
    ]
