"""Draft, approval, publishing, schedule, history, comparison and preview, as those in the groups meet them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision, Task, Workflow, WorkflowState

from leder.pages.models import AgreementFormPage, LeaderPlatformPage, LeadershipPage, SteeringLetterPage

from .editor import posted

pytestmark = pytest.mark.django_db

CHANGED = "setter innbyggeren aller først"
FIELD = "body-2-value-expectations-0-value-text"


def admin(name: str, *args: Any) -> str:
    return reverse(f"wagtailadmin_pages:{name}", args=args)


def published(page: Any) -> str:
    """The expectation as readers see it."""
    return LeaderPlatformPage.objects.get(pk=page.pk).edition_content()["parts"][3]["statements"][0]["text"]


def submit(editor: Client, page: Any) -> WorkflowState:
    response = editor.post(admin("edit", page.pk), posted(page, **{FIELD: CHANGED, "action-submit": "1"}))
    assert response.status_code == 302
    return LeaderPlatformPage.objects.get(pk=page.pk).current_workflow_state


def test_an_editor_cannot_publish(editor: Client, platform: LeaderPlatformPage) -> None:
    before = published(platform)
    response = editor.post(
        admin("edit", platform.pk), posted(platform, **{FIELD: CHANGED, "action-publish": "1"})
    )
    assert response.status_code in (302, 403)
    assert published(platform) == before
    assert LeaderPlatformPage.objects.get(pk=platform.pk).live_revision_id == platform.live_revision_id


def test_an_editor_cannot_approve(editor: Client, platform: LeaderPlatformPage) -> None:
    before = published(platform)
    task = submit(editor, platform).current_task_state
    editor.post(admin("workflow_action", platform.pk, "approve", task.pk), {"comment": ""})
    task.refresh_from_db()
    assert task.status == "in_progress"
    assert published(platform) == before


def test_an_editor_cannot_unpublish_or_delete(editor: Client, platform: LeaderPlatformPage) -> None:
    for name in ("unpublish", "delete"):
        editor.post(admin(name, platform.pk))
    assert LeaderPlatformPage.objects.get(pk=platform.pk).live


def test_an_employee_is_not_let_in(reader: Client, platform: LeaderPlatformPage) -> None:
    response = reader.post(
        admin("edit", platform.pk), posted(platform, **{FIELD: CHANGED, "action-publish": "1"})
    )
    assert response.status_code in (302, 403)
    assert published(platform) != CHANGED
    assert platform.revisions.count() == 1


def test_submitted_approved_published(editor: Client, approver: Client, platform: LeaderPlatformPage) -> None:
    state = submit(editor, platform)
    assert state.status == "in_progress"
    assert published(platform) != CHANGED
    response = approver.post(
        admin("workflow_action", platform.pk, "approve", state.current_task_state.pk), {"comment": ""}
    )
    assert response.status_code == 302
    assert published(platform) == CHANGED


def test_sent_back_with_a_comment(editor: Client, approver: Client, platform: LeaderPlatformPage) -> None:
    state = submit(editor, platform)
    approver.post(
        admin("workflow_action", platform.pk, "reject", state.current_task_state.pk), {"comment": "Kortere"}
    )
    state.refresh_from_db()
    assert state.status == "needs_changes"
    assert published(platform) != CHANGED


def test_the_editor_keeps_every_id(editor: Client, platform: LeaderPlatformPage) -> None:
    """Saving without a change is no change, although the editor marks every paragraph anew."""
    before = platform.edition_content()
    assert editor.post(admin("edit", platform.pk), posted(platform)).status_code == 302
    platform = LeaderPlatformPage.objects.get(pk=platform.pk)
    assert platform.revisions.count() == 2
    assert platform.get_latest_revision_as_object().edition_content() == before


def test_published_on_schedule(approver: Client, platform: LeaderPlatformPage) -> None:
    tomorrow = timezone.localtime() + timedelta(days=1)
    fields = posted(
        platform, **{FIELD: CHANGED, "go_live_at": f"{tomorrow:%d.%m.%Y %H:%M}", "action-publish": "1"}
    )
    response = approver.post(admin("edit", platform.pk), fields)
    assert response.status_code == 302
    assert published(platform) != CHANGED
    waiting = Revision.page_revisions.get(approved_go_live_at__isnull=False)
    call_command("publish_scheduled")
    assert published(platform) != CHANGED
    content = {**waiting.content, "go_live_at": (timezone.now() - timedelta(minutes=1)).isoformat()}
    Revision.objects.filter(pk=waiting.pk).update(
        approved_go_live_at=timezone.now() - timedelta(minutes=1), content=content
    )
    call_command("publish_scheduled")
    assert published(platform) == CHANGED


def test_expires_on_schedule(letter: SteeringLetterPage) -> None:
    SteeringLetterPage.objects.filter(pk=letter.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_scheduled")
    assert not SteeringLetterPage.objects.get(pk=letter.pk).live


@pytest.mark.parametrize("kind", ["platform", "letter", "form", "leadership"])
def test_every_view_of_the_editor_opens(editor: Client, request: pytest.FixtureRequest, kind: str) -> None:
    page = request.getfixturevalue(kind)
    for address in (
        admin("edit", page.pk),
        admin("history", page.pk),
        admin("usage", page.pk),
        admin("view_draft", page.pk),
        admin("copy", page.pk),
        admin("revisions_view", page.pk, page.latest_revision_id),
        reverse("wagtailadmin_explore", args=[page.pk]),
    ):
        response = editor.get(address)
        assert response.status_code == 200, address


def test_comparison_shows_what_changed(editor: Client, platform: LeaderPlatformPage) -> None:
    editor.post(admin("edit", platform.pk), posted(platform))
    editor.post(admin("edit", platform.pk), posted(platform, **{FIELD: CHANGED}))
    before, after = platform.revisions.order_by("pk").values_list("pk", flat=True)[1:]
    response = editor.get(admin("revisions_compare", platform.pk, before, after))
    assert response.status_code == 200
    assert "aller" in response.content.decode()
    # What no editor writes is no change to them.
    changed = [str(comparison.field_label()) for comparison in response.context["comparison"]]
    assert len(changed) == 1


def test_preview_of_what_is_not_saved(editor: Client, platform: LeaderPlatformPage) -> None:
    address = admin("preview_on_edit", platform.pk)
    assert editor.post(address, posted(platform, **{FIELD: CHANGED})).json()["is_valid"]
    response = editor.get(address)
    assert response.status_code == 200
    assert CHANGED in response.content.decode()
    assert published(platform) != CHANGED


def test_preview_of_a_new_page(
    editor: Client, leadership: LeadershipPage, letter: SteeringLetterPage
) -> None:
    address = admin("preview_on_add", "leder", "steeringletterpage", leadership.pk)
    fields = posted(letter, title="Nytt brev", slug="nytt", year=2031)
    assert editor.post(address, fields).json()["is_valid"]
    response = editor.get(address)
    assert response.status_code == 200
    assert "Nytt brev" in response.content.decode()


def test_an_editor_writes_a_new_page(
    editor: Client, leadership: LeadershipPage, form: AgreementFormPage
) -> None:
    fields = posted(form, title="Lederavtale 2031", slug="lederavtale-2031", year=2031)
    address = admin("add", "leder", "agreementformpage", leadership.pk)
    assert editor.get(address).status_code == 200
    assert editor.post(address, fields).status_code == 302
    page = AgreementFormPage.objects.get(year=2031)
    assert not page.live
    assert page.identity == page.translation_key


def test_the_workflow_is_of_this_part_of_the_site(groups: None, platform: LeaderPlatformPage) -> None:
    assert platform.get_workflow() == Workflow.objects.get(name="Publisering")
    assert Page.objects.get(depth=1).get_workflow() != platform.get_workflow()
    assert Task.objects.filter(name="godkjenning").count() == 1
