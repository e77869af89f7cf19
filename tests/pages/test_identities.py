"""Whatever ids are sent or stored: editions carry UUIDs only, each once, and always the same ones."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leder.pages.editions import edition_of
from leder.pages.identities import INTRODUCTION
from leder.pages.models import AgreementFormPage, LeaderPlatformPage

from .editor import posted
from .samples import uid

pytestmark = pytest.mark.django_db

UUID = re.compile(r"[0-9a-f-]{36}")
SECTION, QUESTION, OTHER_SECTION = "body-2-id", "body-2-value-questions-0-id", "body-3-id"
BAD = (
    "../../../logg-ut/", "a b", "", "x" * 400, '"><script>', "\r\n", uid("f/2").upper(), f"{uid('f/2')}\n",
    "١" * 36, INTRODUCTION,
)  # fmt: skip


def ids_of(content: dict[str, Any]) -> list[str]:
    """Every id that an edition carries, in order."""

    def walk(data: Any) -> Iterator[str]:
        if isinstance(data, dict):
            if "id" in data:
                yield data["id"]
            for value in data.values():
                yield from walk(value)
        elif isinstance(data, list):
            for item in data:
                yield from walk(item)

    return list(walk(content))


def are_sound(ids: list[str]) -> bool:
    return all(UUID.fullmatch(each) for each in ids) and len(set(ids)) == len(ids)


def store(page: Any, change: Any) -> Any:
    """Put a changed body in the table, past everything that looks at it when it is saved."""
    raw = [dict(part) for part in type(page).objects.get(pk=page.pk).body.raw_data]
    type(page).objects.filter(pk=page.pk).update(body=json.dumps(change(raw)))
    return type(page).objects.get(pk=page.pk)


def save(editor: Client, approver: Client, page: Any, fields: dict[str, str]) -> Any:
    """An editor sends these fields among the others, and an approver publishes what was saved."""
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert editor.post(address, posted(page) | fields).status_code == 302
    stored = type(page).objects.get(pk=page.pk).get_latest_revision().content["body"]
    assert approver.post(address, posted(page, **{"action-publish": "1"})).status_code == 302
    return json.loads(stored), type(page).objects.get(pk=page.pk)


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("field", [SECTION, QUESTION])
def test_bad_ids_that_an_editor_sends(
    editor: Client, approver: Client, form: AgreementFormPage, field: str, bad: str
) -> None:
    before = ids_of(form.edition_content())
    revision, page = save(editor, approver, form, {field: bad})
    edition = edition_of(page)
    after = ids_of(edition.content)
    assert are_sound(after)
    assert len([new for new, old in zip(after, before, strict=True) if new != old]) == 1
    # The revision that was stored, the page and the edition agree.
    assert ids_of({"body": revision}) == ids_of({"body": page.body.get_prep_value()}) == after
    for section in edition.sections:
        assert reverse("leder:section", args=[page.translation_key, section.id])


def test_the_same_id_twice(editor: Client, approver: Client, form: AgreementFormPage) -> None:
    once = uid("f/2")
    _revision, page = save(editor, approver, form, {OTHER_SECTION: once, QUESTION: once})
    ids = ids_of(page.edition_content())
    assert are_sound(ids)
    assert [section.id for section in edition_of(page).sections][0] == once
    assert ids.count(once) == 1


def test_a_new_page_with_bad_ids(editor: Client, form: AgreementFormPage) -> None:
    address = reverse("wagtailadmin_pages:add", args=["leder", "agreementformpage", form.get_parent().pk])
    fields = posted(form, title="Ny", slug="ny", year=2031) | {SECTION: "a/b", OTHER_SECTION: "a/b"}
    assert editor.post(address, fields).status_code == 302
    page = AgreementFormPage.objects.get(slug="ny")
    assert are_sound(ids_of(page.edition_content()))
    assert are_sound(ids_of({"body": page.get_latest_revision_as_object().body.get_prep_value()}))


def test_an_old_revision_with_bad_ids(approver: Client, form: AgreementFormPage) -> None:
    revision = form.get_latest_revision()
    body = json.loads(revision.content["body"])
    body[2]["id"] = body[3]["id"] = "a/b"
    revision.content["body"] = json.dumps(body)
    revision.save()
    revision.publish()
    page = AgreementFormPage.objects.get(pk=form.pk)
    stored = ids_of({"body": page.body.get_prep_value()})
    assert are_sound(stored)
    assert stored == ids_of(page.edition_content())


def spoil(raw: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Text from a file: ids missing, repeated and of every kind, lists without ids at all."""
    raw[1]["value"]["values"] = [{"name": "Åpen", "statements": ["en", "to", "to"]}]
    raw[2]["id"], raw[3]["id"], raw[4]["id"], raw[5]["id"] = 7, ["x"], "x", "x"
    raw[6]["id"] = raw[7]["id"] = raw[8]["id"]
    del raw[9]["id"]
    return raw


def test_whatever_is_stored(platform: LeaderPlatformPage) -> None:
    spoilt = store(platform, spoil)
    content = spoilt.edition_content()
    assert are_sound(ids_of(content))
    assert content == store(platform, lambda raw: raw).edition_content()
    edition = edition_of(spoilt)
    assert edition == edition_of(LeaderPlatformPage.objects.get(pk=platform.pk))
    # What it is saved as later is what was cited before.
    page = LeaderPlatformPage.objects.get(pk=platform.pk)
    page.save_revision().publish()
    assert edition_of(LeaderPlatformPage.objects.get(pk=platform.pk)) == edition


def test_no_block_stands_for_the_introduction(platform: LeaderPlatformPage) -> None:
    def claim(raw: list[dict[str, Any]]) -> list[dict[str, Any]]:
        raw[0]["id"] = INTRODUCTION
        return raw

    ids = ids_of(store(platform, claim).edition_content())
    assert ids[0] == INTRODUCTION
    assert are_sound(ids)


def test_other_words_without_an_id_are_another_thing(platform: LeaderPlatformPage) -> None:
    def only(*words: str) -> Any:
        return lambda raw: [{"type": "rich_text", "value": f"<p>{each}</p>"} for each in words]

    first = ids_of(store(platform, only("Første")).edition_content())[1:]
    other = ids_of(store(platform, only("Annet")).edition_content())[1:]
    assert not set(first) & set(other)


def test_a_copy_of_a_page_with_bad_ids(platform: LeaderPlatformPage) -> None:
    spoilt = store(platform, spoil)
    copy = spoilt.copy(update_attrs={"slug": "kopi"}, keep_live=True)
    assert are_sound(ids_of(copy.edition_content()))
    cited = ids_of(spoilt.edition_content())[1:]
    assert [copy.origins[new] for new in ids_of(copy.edition_content())[1:]] == cited
