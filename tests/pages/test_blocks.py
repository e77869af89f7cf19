"""What the blocks accept, and how they show themselves to editors."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.blocks import Block, ListBlock, StreamBlock, StructBlock

from leder.pages.models import AgreementFormPage, LeaderPlatformPage, LeadershipPage, SteeringLetterPage

from . import samples

MODELS = (LeadershipPage, LeaderPlatformPage, SteeringLetterPage, AgreementFormPage)
PARTS = [
    pytest.param(block, id=f"{model.__name__}-{name}")
    for model in MODELS
    for name, block in model._meta.get_field("body").stream_block.child_blocks.items()
]


def stream(model: Any) -> StreamBlock:
    return model._meta.get_field("body").stream_block


def value(model: Any, body: list[dict[str, Any]], kind: str, **changes: Any) -> Any:
    part = next(part for part in samples.stored(model, body, "x") if part["type"] == kind)
    block = stream(model).child_blocks[kind]
    return block, block.to_python({**part["value"], **changes})


def items(*values: Any) -> list[dict[str, Any]]:
    return [{"type": "item", "id": str(number), "value": value} for number, value in enumerate(values)]


@pytest.mark.parametrize("block", PARTS)
def test_editors_are_helped(block: Block) -> None:
    assert block.meta.icon != "placeholder"
    assert block.meta.group and block.label and block.get_description()
    assert block.is_previewable


def nested(block: Block) -> list[Block]:
    children: list[Block] = []
    if isinstance(block, StructBlock):
        children = list(block.child_blocks.values())
    elif isinstance(block, ListBlock):
        children = [block.child_block]
    return children + [deeper for child in children for deeper in nested(child)]


@pytest.mark.parametrize("block", PARTS)
def test_every_field_has_a_label_of_its_own(block: Block) -> None:
    for field in nested(block):
        assert field.meta.label or isinstance(field, ListBlock), field.name
        if isinstance(field, StructBlock):
            assert field.meta.icon != "placeholder" and field.meta.label_format


@pytest.mark.django_db
@pytest.mark.parametrize("block", PARTS)
def test_preview_of_a_block(editor: Client, block: Block) -> None:
    response = editor.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    assert len(page.find("article").get_text(strip=True)) > 20
    assert page.find("link", href=lambda href: href.endswith("prose.css"))
    assert not page.find_all(style=True)


@pytest.mark.parametrize(
    ("kind", "name", "key"),
    [
        ("responsibility_areas", "areas", "key"),
        ("scorecard", "perspectives", "key"),
        ("leader_levels", "levels", "group"),
    ],
)
def test_what_there_is_one_of_stands_once(kind: str, name: str, key: str) -> None:
    block, good = value(LeaderPlatformPage, samples.platform_body(), kind)
    block.clean(good)
    first = good[name].bound_blocks[0].get_prep_value()["value"]
    block, bad = value(LeaderPlatformPage, samples.platform_body(), kind, **{name: items(first, first)})
    with pytest.raises(ValidationError) as refused:
        block.clean(bad)
    assert list(refused.value.block_errors) == [name]
    assert block.clean_deferred(bad), "a draft may hold what is not finished"


@pytest.mark.django_db
def test_a_document_has_one_target(leadership: LeadershipPage) -> None:
    block, good = value(LeaderPlatformPage, samples.platform_body(), "document_list")
    block.clean(good)
    target = block.child_blocks["documents"].child_block
    both = target.to_python({"title": "To", "page": None, "document": None, "url": "https://example.org"})
    target.clean(both)
    both["page"] = leadership.page_ptr
    with pytest.raises(ValidationError) as refused:
        target.clean(both)
    assert refused.value.non_block_errors


def test_answers_to_questions_need_questions() -> None:
    block, good = value(AgreementFormPage, samples.form_body(), "section", answer="questions")
    block.clean(good)
    block, bad = value(AgreementFormPage, samples.form_body(), "section", answer="questions", questions=[])
    with pytest.raises(ValidationError) as refused:
        block.clean(bad)
    assert list(refused.value.block_errors) == ["questions"]
    assert block.clean_deferred(bad)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("values", "values"),
        ("expectations", "expectations"),
        ("points_section", "points"),
        ("employer_role", "duties"),
    ],
)
def test_an_empty_list_is_refused_when_published_not_when_drafted(kind: str, name: str) -> None:
    block, empty = value(LeaderPlatformPage, samples.platform_body(), kind, **{name: []})
    with pytest.raises(ValidationError):
        block.clean(empty)
    assert block.clean_deferred(empty)


def test_the_parties_stand_once() -> None:
    body = samples.stored(AgreementFormPage, samples.form_body(), "f")
    block = stream(AgreementFormPage)
    block.clean(block.to_python(body))
    twice = block.to_python([*body, {**body[1], "id": "again"}])
    with pytest.raises(ValidationError):
        block.clean(twice)


def test_an_assignment_for_all_names_nobody() -> None:
    block, theme = value(SteeringLetterPage, samples.letter_body(), "theme")
    assignment = theme["assignments"][0]
    assignment["groups"] = ["1", "2", "3"]
    assert assignment.audience == "Helse og mestring"
    assignment["sectors"] = ""
    assert assignment.audience == ""
