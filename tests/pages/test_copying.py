"""Starting a new year by copying: new ids that can be traced, a year of its own, nothing changed in the original."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from leder.pages.copying import move_deadlines
from leder.pages.editions import edition_of
from leder.pages.models import AgreementFormPage, LeaderPlatformPage, LeadershipPage, SteeringLetterPage

from .conftest import publish
from .editor import posted
from .samples import uid

pytestmark = pytest.mark.django_db


def ids(page: Any) -> list[str]:
    """All ids in the body, in order."""

    def walk(raw: Any) -> Iterator[str]:
        if isinstance(raw, dict):
            if "id" in raw and "type" in raw:
                yield raw["id"]
            for value in raw.values():
                yield from walk(value)
        elif isinstance(raw, list):
            for item in raw:
                yield from walk(item)

    return list(walk(page.body.get_prep_value()))


def copy_in_admin(client: Client, page: Any, **fields: Any) -> Any:
    """Copy through the page editor's form with what it suggests; return the copy."""
    address = reverse("wagtailadmin_pages:copy", args=[page.pk])
    form = client.get(address).context["form"]
    suggested = {name: field.initial for name, field in form.fields.items() if field.initial is not None}
    suggested["new_parent_page"] = page.get_parent().pk
    response = client.post(address, {**suggested, **fields})
    assert response.status_code == 302, response.context["form"].errors
    return type(page).objects.order_by("pk").last()


def test_an_editor_starts_the_year(editor: Client, letter: SteeringLetterPage) -> None:
    before = letter.edition_content()
    copy = copy_in_admin(editor, letter)
    assert (copy.title, copy.slug, copy.year, copy.live) == (
        "Styringsbrev 2029",
        "styringsbrev-2029",
        2029,
        False,
    )
    letter = SteeringLetterPage.objects.get(pk=letter.pk)
    assert letter.edition_content() == before
    assert (letter.year, letter.live) == (2028, True)


def test_ids_become_new_and_traceable(editor: Client, form: AgreementFormPage) -> None:
    copy = copy_in_admin(editor, form)
    assert not set(ids(copy)) & set(ids(form))
    assert [copy.origins[new] for new in ids(copy)] == ids(form)
    assert len(set(ids(copy))) == len(ids(form)) == 6


def test_the_page_and_its_revisions_agree(editor: Client, form: AgreementFormPage) -> None:
    form.save_revision()
    copy = copy_in_admin(editor, form)
    assert copy.revisions.count() == 3
    for revision in copy.revisions.all():
        page = revision.as_object()
        assert (ids(page), page.origins, page.year) == (ids(copy), copy.origins, 2029)


def test_what_was_only_drafted_is_copied_too(editor: Client, letter: SteeringLetterPage) -> None:
    draft = letter.get_latest_revision_as_object()
    draft.body.append(("rich_text", "<p>Utkast</p>"))
    draft.save_revision()
    drafted = ids(letter.get_latest_revision_as_object())
    copy = copy_in_admin(editor, letter).get_latest_revision_as_object()
    assert "Utkast" in str(copy.body[-1].value)
    assert [copy.origins[new] for new in ids(copy)] == drafted


def test_ids_of_the_copy_are_stable_from_then_on(
    editor: Client, approver: Client, form: AgreementFormPage
) -> None:
    copy = copy_in_admin(editor, form)
    expected = ids(copy)
    address = reverse("wagtailadmin_pages:edit", args=[copy.pk])
    assert editor.post(address, posted(copy, title="Avtale 2029")).status_code == 302
    assert approver.post(address, posted(copy, **{"action-publish": "1"})).status_code == 302
    copy = AgreementFormPage.objects.get(pk=copy.pk)
    assert (copy.live, copy.title, ids(copy)) == (True, "Avtale 2029", expected)
    assert [section.id for section in edition_of(copy).sections] == expected[2:3] + expected[5:]


def test_a_copy_of_a_copy_leads_to_the_first(letter: SteeringLetterPage) -> None:
    first = letter.copy(update_attrs={"slug": "a"}, keep_live=False)
    second = first.copy(update_attrs={"slug": "b"}, keep_live=False)
    assert [first.origins[second.origins[new]] for new in ids(second)] == ids(letter)
    assert (first.year, second.year) == (2029, 2030)


def test_a_taken_year_is_skipped(
    editor: Client, leadership: LeadershipPage, letter: SteeringLetterPage
) -> None:
    publish(SteeringLetterPage(title="Brev", slug="brev", year=2029, body=letter.body), leadership)
    copy = copy_in_admin(editor, letter)
    assert (copy.title, copy.year) == ("Styringsbrev 2030", 2030)


def test_deadlines_move_with_the_year(editor: Client, letter: SteeringLetterPage) -> None:
    copy = copy_in_admin(editor, letter)
    for page in (copy, copy.get_latest_revision_as_object()):
        deadlines = [statement["deadline"] for statement in page.edition_content()["parts"][1]["statements"]]
        assert deadlines == ["2029-02-28", ""]


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        ("2028-02-29", 4, "2032-02-29"),
        ("2028-02-29", 1, "2029-02-28"),
        ("2027-12-31", 0, "2027-12-31"),
        (None, 1, None),
    ],
)
def test_moving_a_deadline(day: str | None, years: int, expected: str | None) -> None:
    assert move_deadlines([{"value": {"deadline": day, "text": day}}], years) == [
        {"value": {"deadline": expected, "text": day}}
    ]


def test_the_copy_form_neither_publishes_nor_aliases(approver: Client, letter: SteeringLetterPage) -> None:
    response = approver.get(reverse("wagtailadmin_pages:copy", args=[letter.pk]))
    assert set(response.context["form"].fields) == {"new_title", "new_slug", "new_parent_page"}
    copy = copy_in_admin(approver, letter, publish_copies="on", alias="on")
    assert (copy.live, copy.alias_of_id) == (False, None)


def test_the_whole_landing_page_copied_keeps_the_years(
    leadership: LeadershipPage, letter: SteeringLetterPage
) -> None:
    other = leadership.copy(recursive=True, update_attrs={"slug": "ledelse-2"}, keep_live=False)
    copy = SteeringLetterPage.objects.child_of(other).get()
    assert copy.year == 2028
    assert not set(ids(copy)) & set(ids(letter))


def test_the_platform_is_copied_likewise(platform: LeaderPlatformPage) -> None:
    copy = platform.copy(update_attrs={"slug": "ny"}, keep_live=True)
    assert copy.live
    assert [copy.origins[new] for new in ids(copy)] == ids(platform)
    copy = LeaderPlatformPage.objects.get(pk=copy.pk)
    assert ids(copy) == ids(copy.get_latest_revision_as_object())


def test_a_schedule_is_not_copied(letter: SteeringLetterPage) -> None:
    letter.expire_at = "2029-01-01T00:00:00Z"
    letter.save_revision().publish()
    letter = SteeringLetterPage.objects.get(pk=letter.pk)
    copy = letter.copy(update_attrs={"slug": "a"}, keep_live=False)
    assert letter.expire_at and copy.expire_at is None
    assert copy.get_latest_revision_as_object().expire_at is None


def test_an_alias_shows_the_original_ids_and_all(platform: LeaderPlatformPage) -> None:
    alias = platform.create_alias(update_slug="alias")
    platform.save_revision().publish()
    alias = LeaderPlatformPage.objects.get(pk=alias.pk)
    assert ids(alias) == ids(platform)
    assert alias.origins == {}


def test_a_new_page_keeps_the_ids_it_is_made_with(platform: LeaderPlatformPage) -> None:
    assert ids(platform)[:2] == [uid("p/0"), uid("p/1")]
    assert platform.origins == {}
    assert platform.identity == platform.translation_key


def test_a_year_is_taken_once(leadership: LeadershipPage, letter: SteeringLetterPage) -> None:
    with pytest.raises(ValidationError, match="2028") as refused:
        publish(SteeringLetterPage(title="Brev", slug="brev", year=2028, body=letter.body), leadership)
    assert list(refused.value.message_dict) == ["year"]


def test_the_editor_is_told_that_a_year_is_taken(
    editor: Client, leadership: LeadershipPage, letter: SteeringLetterPage
) -> None:
    other = publish(SteeringLetterPage(title="Brev", slug="brev", year=2029, body=letter.body), leadership)
    address = reverse("wagtailadmin_pages:edit", args=[other.pk])
    response = editor.post(address, posted(other, year=2028))
    assert response.status_code == 200
    assert "2028" in response.context["form"].errors["year"][0]
    assert SteeringLetterPage.objects.get(pk=other.pk).get_latest_revision_as_object().year == 2029


def test_letter_and_form_may_share_a_year(letter: SteeringLetterPage, form: AgreementFormPage) -> None:
    assert letter.year == form.year
    assert Page.objects.child_of(letter.get_parent()).count() == 2
