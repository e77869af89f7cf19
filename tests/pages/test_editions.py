"""Editions: each way of publishing makes one, once for the words; nothing changes it afterwards (R6)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Page, Revision

from leder.pages import contents, models
from leder.pages.editions import Edition, EditionsStand, edition_of
from leder.pages.models import LeaderPlatformPage, LeadershipPage, SteeringLetterPage
from tests import factories

from .conftest import publish
from .editor import posted

pytestmark = pytest.mark.django_db

CHANGED = "setter innbyggeren aller først"
FIELD = "body-2-value-expectations-0-value-text"


def edit(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def editions(page: Any) -> list[Edition]:
    """The editions of a page, the oldest first."""
    return list(Edition.objects.of(page).reverse())


def words(edition: Edition) -> str:
    """The expectation that the tests rewrite."""
    return edition.parts[3]["statements"][0]["text"]


def in_other_words(page: Any, text: str = CHANGED) -> Any:
    """The page's newest draft with the expectation rewritten."""
    draft = page.get_latest_revision_as_object()
    draft.body[2].value["expectations"][0]["text"] = text
    return draft


def row(edition: Edition) -> dict[str, Any]:
    """What stands in the database."""
    return Edition.objects.filter(pk=edition.pk).values().get()


# -- Ways of publishing ----------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["platform", "letter", "form"])
def test_publishing_in_code(request: pytest.FixtureRequest, kind: str) -> None:
    page = request.getfixturevalue(kind)
    (edition,) = editions(page)
    assert (edition.kind, edition.number, edition.title) == (kind, 1, page.title)
    assert (edition.revision_id, edition.published_at) == (page.live_revision_id, page.last_published_at)
    assert edition.content == page.edition_content()
    assert edition_of(page) == edition


def test_publishing_in_the_editor(approver: Client, platform: LeaderPlatformPage) -> None:
    approver.post(edit(platform), posted(platform, **{FIELD: CHANGED, "action-publish": "1"}))
    first, second = editions(platform)
    assert (words(first), words(second)) == ("setter innbyggeren først", CHANGED)
    assert (second.number, second.published_at > first.published_at) == (2, True)


def test_approving_in_the_workflow(editor: Client, approver: Client, platform: LeaderPlatformPage) -> None:
    editor.post(edit(platform), posted(platform, **{FIELD: CHANGED, "action-submit": "1"}))
    assert len(editions(platform)) == 1
    task = LeaderPlatformPage.objects.get(pk=platform.pk).current_workflow_state.current_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[platform.pk, "approve", task.pk])
    assert approver.post(address, {"comment": ""}).status_code == 302
    assert [words(edition) for edition in editions(platform)][1:] == [CHANGED]


def test_publishing_on_schedule(platform: LeaderPlatformPage) -> None:
    draft = in_other_words(platform)
    draft.go_live_at = timezone.now() + timedelta(days=1)
    waiting = draft.save_revision()
    waiting.publish()
    call_command("publish_scheduled")
    assert len(editions(platform)) == 1
    passed = timezone.now() - timedelta(minutes=1)
    Revision.objects.filter(pk=waiting.pk).update(
        approved_go_live_at=passed, content={**waiting.content, "go_live_at": passed.isoformat()}
    )
    call_command("publish_scheduled")
    assert [words(edition) for edition in editions(platform)][1:] == [CHANGED]


def test_a_page_that_waits_for_its_first_day_has_none(leadership: LeadershipPage) -> None:
    page = leadership.add_child(
        instance=SteeringLetterPage(
            title="Brev", slug="brev", year=2030, live=False, go_live_at=timezone.now() + timedelta(days=1)
        )
    )
    page.save_revision().publish()
    assert editions(page) == []
    with pytest.raises(ValueError, match="published"):
        edition_of(SteeringLetterPage.objects.get(pk=page.pk))


def test_a_live_copy_and_an_alias_have_their_own(platform: LeaderPlatformPage) -> None:
    copy = platform.copy(update_attrs={"slug": "kopi"}, keep_live=True)
    alias = platform.create_alias(update_slug="alias")
    in_other_words(platform).save_revision().publish()
    assert [words(edition) for edition in editions(copy)] == ["setter innbyggeren først"]
    assert words(editions(alias)[-1]) == CHANGED
    assert len(editions(platform)) == 2
    assert set(editions(copy)[0].statements) <= set(editions(copy)[0].origins)


def test_what_was_saved_past_publication_is_made_when_it_is_pinned(platform: LeaderPlatformPage) -> None:
    in_other_words(platform).save()
    assert len(editions(platform)) == 1
    now = LeaderPlatformPage.objects.get(pk=platform.pk)
    assert words(edition_of(now)) == CHANGED
    assert edition_of(now) == editions(platform)[1]


def test_a_page_read_before_another_publication_pins_what_is_published(platform: LeaderPlatformPage) -> None:
    stale = LeaderPlatformPage.objects.get(pk=platform.pk)
    in_other_words(platform).save_revision().publish()
    assert words(edition_of(stale)) == CHANGED
    assert len(editions(platform)) == 2


# -- One a publication with changed words ----------------------------------------------------------------
def test_the_same_words_again_are_the_same_edition(approver: Client, platform: LeaderPlatformPage) -> None:
    before = row(editions(platform)[0])
    approver.post(edit(platform), posted(platform, **{"action-publish": "1"}))
    again = LeaderPlatformPage.objects.get(pk=platform.pk)
    again.save_revision().publish()
    assert again.revisions.count() == 3
    (edition,) = editions(platform)
    assert row(edition) == before


def test_words_that_come_back_are_a_new_edition(platform: LeaderPlatformPage) -> None:
    in_other_words(platform).save_revision().publish()
    again = LeaderPlatformPage.objects.get(pk=platform.pk)
    in_other_words(again, "setter innbyggeren først").save_revision().publish()
    first, _second, third = editions(platform)
    assert (third.number, third.sha256 == first.sha256) == (3, True)
    assert edition_of(LeaderPlatformPage.objects.get(pk=platform.pk)) == third


def test_a_label_that_the_code_words_otherwise_is_no_publication(
    letter: SteeringLetterPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "label_of", lambda choices, value: f"Ny merkelapp {value}")
    (edition,) = editions(letter)
    assert letter.edition_content() != edition.content
    assert edition_of(letter) == edition
    letter.save_revision().publish()
    assert editions(letter) == [edition]


def test_a_linked_page_that_moves_is_no_publication(
    leadership: LeadershipPage, letter: SteeringLetterPage, platform: LeaderPlatformPage
) -> None:
    letter.introduction = f'<p>Les <a linktype="page" id="{platform.pk}">plattformen</a>.</p>'
    letter.save_revision().publish()
    edition = editions(letter)[-1]
    assert "/ledelse/plattform/" in edition.parts[0]["html"]
    platform.slug = "ny-adresse"
    platform.save()
    now = SteeringLetterPage.objects.get(pk=letter.pk)
    assert edition_of(now) == edition
    assert "/ledelse/plattform/" in row(edition)["content"]["parts"][0]["html"]


def test_the_language_of_the_one_who_publishes_makes_no_difference(letter: SteeringLetterPage) -> None:
    with translation.override("en"):
        letter.save_revision().publish()
        assert len(editions(letter)) == 1


def test_queries_of_a_pin(platform: LeaderPlatformPage, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        edition_of(platform)


# -- Never changed -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [
        lambda edition: edition.save(),
        lambda edition: edition.save(update_fields=["title"]),
        lambda edition: edition.delete(),
        lambda edition: Edition.objects.filter(pk=edition.pk).update(title="Annen"),
        lambda edition: Edition.objects.filter(pk=edition.pk).delete(),
        lambda edition: Edition.objects.bulk_update([edition], ["title"]),
        lambda edition: Edition.objects.update_or_create(pk=edition.pk, defaults={"title": "Annen"}),
        lambda edition: Edition.objects.bulk_create([edition], update_conflicts=True),
    ],
)
def test_code_that_changes_or_deletes_is_refused(platform: LeaderPlatformPage, change: Any) -> None:
    (edition,) = editions(platform)
    before = row(edition)
    edition.title = "Annen"
    with pytest.raises(EditionsStand):
        change(edition)
    assert row(edition) == before


def test_autosave_purge_and_later_code_change_nothing(
    platform: LeaderPlatformPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = row(editions(platform)[0])
    # The page editor's autosave writes over the revision that was published.
    revision = platform.live_revision
    revision.content = {**revision.content, "title": "Overskrevet", "body": "[]"}
    revision.save()
    LeaderPlatformPage.objects.get(pk=platform.pk).save_revision()
    Revision.objects.exclude(pk=platform.live_revision_id).delete()
    call_command("purge_revisions")
    # A later version of the code that has no expectations.
    field = LeaderPlatformPage._meta.get_field("body")
    monkeypatch.delitem(field.stream_block.child_blocks, "expectations")
    monkeypatch.delitem(contents.PARTS, "expectations")
    assert row(editions(platform)[0]) == before
    assert words(editions(platform)[0]) == "setter innbyggeren først"


@pytest.mark.parametrize("gone", ["unpublished", "deleted"])
def test_a_page_that_goes_leaves_its_editions(platform: LeaderPlatformPage, gone: str) -> None:
    edition = editions(platform)[0]
    agreement = factories.make_agreement(editions={**factories.make_editions(), "platform_edition": edition})
    before = row(edition)
    page: Model = Page.objects.get(pk=platform.pk)
    page.unpublish() if gone == "unpublished" else page.delete()
    assert row(edition) == {**before, "page_id": platform.pk if gone == "unpublished" else None}
    agreement.refresh_from_db()
    assert agreement.platform_edition == edition
    # Published again, it goes on where it was.
    if gone == "unpublished":
        again = LeaderPlatformPage.objects.get(pk=platform.pk)
        again.get_latest_revision().publish()
        assert edition_of(LeaderPlatformPage.objects.get(pk=platform.pk)) == edition


def test_two_pages_deleted_keep_the_same_numbers(platform: LeaderPlatformPage, letter: Any) -> None:
    kept = [editions(page)[0].pk for page in (platform, letter)]
    for page in (platform, letter):
        Page.objects.get(pk=page.pk).delete()
    assert set(Edition.objects.filter(page=None).values_list("pk", "number")) == {(pk, 1) for pk in kept}


# -- Across years --------------------------------------------------------------------------------------------
def test_an_edition_of_a_copy_leads_back_through_the_years(letter: SteeringLetterPage) -> None:
    next_year = letter.copy(update_attrs={"slug": "a"}, keep_live=True)
    year_after = next_year.copy(update_attrs={"slug": "b"}, keep_live=True)
    first, third = editions(letter)[0], editions(year_after)[0]
    assert third.year == first.year + 2
    led_back = [third.origins[third.origins[identity]] for identity in third.statements]
    assert led_back == list(first.statements)


def test_the_landing_page_has_none(leadership: LeadershipPage) -> None:
    publish(models.LeadershipPage(title="Mer", slug="mer"), leadership)
    assert not Edition.objects.exists()
