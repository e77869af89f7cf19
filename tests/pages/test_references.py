"""Editors see how many agreements build on a page and a paragraph, and are asked before they publish another text."""

import copy
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from leder.agreements.models import Agreement
from leder.agreements.states import State
from leder.pages.editions import edition_of
from leder.pages.models import AgreementFormPage, LeaderPlatformPage, SteeringLetterPage
from leder.pages.references import REMOVED, REWRITTEN, changed_paragraphs, references_to
from tests import factories

from .editor import posted

pytestmark = pytest.mark.django_db

CHANGED = "setter innbyggeren aller først"
FIELD = "body-2-value-expectations-0-value-text"
ASKED = "leder_publish_changed"


@pytest.fixture
def agreements(
    platform: LeaderPlatformPage, letter: SteeringLetterPage, form: AgreementFormPage
) -> list[Agreement]:
    """Three agreements on the texts as they are published, and one on others."""
    editions = {f"{kind}_edition": edition_of(page) for kind, page in pages(platform, letter, form).items()}
    factories.make_agreement()
    return [factories.make_agreement(editions=editions) for _ in range(3)]


def pages(platform: Any, letter: Any, form: Any) -> dict[str, Any]:
    return {"platform": platform, "letter": letter, "form": form}


def edit(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def expectation(page: Any) -> Any:
    return LeaderPlatformPage.objects.get(pk=page.pk).edition_content()["parts"][3]["statements"][0]


def test_counts_by_page_and_paragraph(
    agreements: list[Agreement], platform: Any, letter: Any, form: Any
) -> None:
    for page in (platform, letter, form):
        references = references_to(page)
        assert references.agreements == 3
        assert set(references.by_paragraph.values()) == {3}
    assert references_to(platform).by_paragraph.keys() >= {expectation(platform)["id"]}


def test_earlier_editions_count_for_the_paragraphs_they_hold(
    agreements: list[Agreement], platform: Any
) -> None:
    old = expectation(platform)["id"]
    body = platform.body.raw_data
    platform.body = [block for block in body if block["type"] != "expectations"]
    platform.save_revision().publish()
    again = LeaderPlatformPage.objects.get(pk=platform.pk)
    factories.make_agreement(editions={**factories.make_editions(), "platform_edition": edition_of(again)})
    references = references_to(again)
    assert references.agreements == 4
    assert references.by_paragraph[old] == 3
    assert max(references.by_paragraph.values()) == 4


@pytest.mark.parametrize("gone", ["ended", "deleted"])
def test_what_is_over_is_not_counted(agreements: list[Agreement], platform: Any, gone: str) -> None:
    values = {"state": State.ENDED} if gone == "ended" else {"text_deleted_at": agreements[0].opened_at}
    Agreement.objects.filter(pk=agreements[0].pk).update(**values)
    assert references_to(platform).agreements == 2


def test_queries_at_any_number(
    agreements: list[Agreement], platform: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        references_to(platform)


def test_a_draft_without_and_in_other_words(agreements: list[Agreement], platform: Any) -> None:
    assert changed_paragraphs(platform) == []
    draft = platform.get_latest_revision_as_object()
    body = copy.deepcopy(list(draft.body.raw_data))
    items = next(block for block in body if block["type"] == "expectations")["value"]["expectations"]
    items[0]["value"]["text"] = CHANGED
    del items[1]
    draft.body = body
    changed = {(each.kind, each.label): each.count for each in changed_paragraphs(draft)}
    assert changed == {(REWRITTEN, "setter innbyggeren først"): 3, (REMOVED, "samarbeider"): 3}


def test_new_paragraphs_and_order_change_nothing(agreements: list[Agreement], platform: Any) -> None:
    draft = platform.get_latest_revision_as_object()
    draft.body = [*reversed(draft.body.raw_data), {"type": "rich_text", "value": "<p>Nytt.</p>"}]
    assert changed_paragraphs(draft) == []


def test_the_editor_shows_the_count(agreements: list[Agreement], editor: Client, platform: Any) -> None:
    html = editor.get(edit(platform)).content.decode()
    assert "leder/js/cms-paragraphs.js" in html and expectation(platform)["id"] in html
    assert "help-info" in html and "leder-changed" not in html
    for agreement in agreements:
        assert agreement.leader.get_full_name() not in html


def test_and_warns_whoever_opens_the_draft(
    agreements: list[Agreement], editor: Client, approver: Client, platform: Any
) -> None:
    editor.post(edit(platform), posted(platform, **{FIELD: CHANGED, "action-submit": "1"}))
    html = approver.get(edit(platform)).content.decode()
    assert "help-warning" in html and "“setter innbyggeren først”" in html


def test_no_agreements_no_words(editor: Client, platform: Any) -> None:
    assert "leder-paragraphs" not in editor.get(edit(platform)).content.decode()


def test_publishing_asks_first(agreements: list[Agreement], approver: Client, platform: Any) -> None:
    before = expectation(platform)
    address = reverse(ASKED, args=[platform.pk])
    response = approver.post(edit(platform), posted(platform, **{FIELD: CHANGED, "action-publish": "1"}))
    assert (response.status_code, response["Location"]) == (302, address)
    assert expectation(platform) == before
    shown = approver.get(address)
    assert "“setter innbyggeren først”" in shown.content.decode()
    response = approver.post(address, {"revision": shown.context["revision"]})
    assert response.status_code == 302
    assert expectation(platform)["text"] == CHANGED
    agreements[0].refresh_from_db()
    assert agreements[0].platform_edition.statement(before["id"]).text == before["text"]


def test_another_draft_meanwhile_is_shown_first(
    agreements: list[Agreement], approver: Client, platform: Any
) -> None:
    before = expectation(platform)
    address = reverse(ASKED, args=[platform.pk])
    approver.post(edit(platform), posted(platform, **{FIELD: CHANGED, "action-publish": "1"}))
    shown = approver.get(address).context["revision"]
    approver.post(edit(platform), posted(platform, **{FIELD: "noe helt annet"}))
    latest = LeaderPlatformPage.objects.get(pk=platform.pk).latest_revision_id
    assert latest != shown
    response = approver.post(address, {"revision": shown})
    assert (response.status_code, response["Location"]) == (302, address)
    assert expectation(platform) == before


def test_what_no_agreement_builds_on_is_published_at_once(
    agreements: list[Agreement], approver: Client, platform: Any
) -> None:
    response = approver.post(
        edit(platform), posted(platform, **{"title": "Ny tittel", "action-publish": "1"})
    )
    assert response.status_code == 302 and "publish" not in response["Location"]
    assert LeaderPlatformPage.objects.get(pk=platform.pk).title == "Ny tittel"


@pytest.mark.parametrize("method", ["get", "post"])
def test_one_who_may_not_publish_finds_nothing(
    agreements: list[Agreement], editor: Client, platform: Any, method: str
) -> None:
    before = expectation(platform)
    editor.post(edit(platform), posted(platform, **{FIELD: CHANGED}))
    latest = LeaderPlatformPage.objects.get(pk=platform.pk).latest_revision_id
    response = getattr(editor, method)(reverse(ASKED, args=[platform.pk]), {"revision": latest})
    assert response.status_code == 404
    assert expectation(platform) == before


def test_nor_anybody_at_another_page(agreements: list[Agreement], leadership: Any) -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("sjef"))
    assert client.get(reverse(ASKED, args=[leadership.pk])).status_code == 404
    assert client.get(reverse(ASKED, args=[0])).status_code == 404


def test_nor_one_who_may_while_another_has_locked_the_page(
    agreements: list[Agreement], approver: Client, platform: Any
) -> None:
    before = expectation(platform)
    approver.post(edit(platform), posted(platform, **{FIELD: CHANGED, "action-publish": "1"}))
    locked = LeaderPlatformPage.objects.get(pk=platform.pk)
    locked.locked, locked.locked_by = True, get_user_model().objects.create_superuser("sjef")
    locked.save()
    address = reverse(ASKED, args=[platform.pk])
    response = approver.post(address, {"revision": locked.latest_revision_id})
    assert response.status_code == 404
    assert expectation(platform) == before
