"""The groups and the workflow, set up once or twice, before or after there is a page."""

from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import (
    GroupCollectionPermission,
    GroupPagePermission,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from leder.pages import roles
from leder.pages.models import LeadershipPage

from .conftest import member

pytestmark = pytest.mark.django_db


def granted(name: str) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def on_pages(name: str) -> set[tuple[int, str]]:
    permissions = GroupPagePermission.objects.filter(group__name=name)
    return set(permissions.values_list("page_id", "permission__codename"))


def test_who_may_do_what_with_pages(leadership: LeadershipPage, groups: None) -> None:
    allowed = {name: sorted(code for _page, code in on_pages(name)) for name in roles.PAGE_PERMISSIONS}
    assert allowed == {
        "Kommunikasjon": ["add_page", "change_page"],
        "Kommunikasjon – godkjennere": [
            "add_page",
            "change_page",
            "lock_page",
            "publish_page",
            "unlock_page",
        ],
        "HR": ["add_page", "change_page"],
        "Kommunedirektørens stab": ["add_page", "change_page"],
        "Drift": [],
    }
    pages = {page for name in roles.PAGE_PERMISSIONS for page, _code in on_pages(name)}
    assert pages == {leadership.pk}


def test_hr_keeps_the_organisation_the_rounds_and_the_texts_of_reminders(groups: None) -> None:
    expected = {
        f"{kind}_{model}"
        for kind in ("add", "change", "view")
        for model in ("unit", "position", "appointment", "round", "remindertext")
    }
    own = {"import_organisation", "open_round", "hand_over", "view_figures", "view_names", "view_hr_log"}
    assert granted("HR") == {"access_admin", *expected, *own}


def test_the_directors_staff_see_figures_and_no_names(groups: None) -> None:
    assert granted("Kommunedirektørens stab") == {"access_admin", "view_figures"}


def test_operations_keep_the_users_and_have_nothing_else(groups: None) -> None:
    group = Group.objects.get(name="Drift")
    permissions = group.permissions.values_list("content_type__app_label", "codename")
    user = get_user_model()._meta
    assert set(permissions) == {
        ("wagtailadmin", "access_admin"),
        *((user.app_label, f"{kind}_{user.model_name}") for kind in ("add", "change", "view")),
    }
    assert not GroupPagePermission.objects.filter(group=group).exists()
    assert not GroupCollectionPermission.objects.filter(group=group).exists()


@pytest.mark.parametrize("codename", ["delete_user", "change_group", "view_figures", "change_page"])
def test_what_operations_have_beyond_that_is_told(leadership: LeadershipPage, codename: str) -> None:
    def told() -> str:
        out = StringIO()
        call_command("leder_roles", stdout=out)
        return out.getvalue()

    assert "Drift» kan mer" not in told()
    permission = Permission.objects.get(codename=codename)
    group = Group.objects.get(name="Drift")
    if codename == "change_page":
        GroupPagePermission.objects.create(group=group, page=leadership, permission=permission)
    else:
        group.permissions.add(permission)
    assert "Drift» kan mer" in told() and codename in told()
    # It is for people to take away.
    assert codename in granted("Drift") or on_pages("Drift")


def test_nobody_is_granted_anything_of_agreements(groups: None) -> None:
    every = {code for name in roles.PAGE_PERMISSIONS for code in granted(name)}
    assert not {code for code in every if "agreement" in code or "entry" in code or "conversation" in code}


def test_files(groups: None) -> None:
    def kinds(name: str) -> set[str]:
        permissions = GroupCollectionPermission.objects.filter(group__name=name)
        return set(permissions.values_list("permission__codename", flat=True))

    assert kinds("Kommunikasjon") == {
        f"{kind}_{model}" for kind in ("add", "change", "choose") for model in ("image", "document")
    }
    assert kinds("HR") == {"choose_image", "choose_document"}
    assert kinds("Drift") == set()


def test_run_twice_changes_nothing(leadership: LeadershipPage) -> None:
    def state() -> list[object]:
        return [
            sorted(Group.objects.values_list("name", "permissions__codename")),
            sorted(GroupPagePermission.objects.values_list("group", "page", "permission")),
            sorted(GroupCollectionPermission.objects.values_list("group", "collection", "permission")),
            sorted(Workflow.objects.values_list("pk", "name")),
            sorted(WorkflowTask.objects.values_list("workflow", "task")),
            sorted(WorkflowPage.objects.values_list("page", "workflow")),
        ]

    call_command("leder_roles", stdout=StringIO())
    once = state()
    call_command("leder_roles", stdout=StringIO())
    assert state() == once


def test_before_there_is_a_page_nobody_is_given_the_whole_site(db: None) -> None:
    out = StringIO()
    call_command("leder_roles", stdout=out)
    assert "ingen lederside" in out.getvalue()
    assert Group.objects.filter(name__in=roles.PAGE_PERMISSIONS).count() == len(roles.PAGE_PERMISSIONS)
    assert not on_pages("Kommunikasjon") and not on_pages("Kommunikasjon – godkjennere")
    assert not WorkflowPage.objects.filter(workflow__name=roles.WORKFLOW).exists()


def test_a_workflow_that_somebody_chose_is_kept(leadership: LeadershipPage) -> None:
    own = Workflow.objects.create(name="Vår egen")
    WorkflowPage.objects.create(page_id=leadership.pk, workflow=own)
    roles.set_up_roles()
    assert leadership.get_workflow() == own


def test_says_what_it_did(leadership: LeadershipPage) -> None:
    out = StringIO()
    call_command("leder_roles", stdout=out)
    assert "Kommunikasjon – godkjennere" in out.getvalue() and "Ledelse" in out.getvalue()


@pytest.mark.parametrize("name", roles.PAGE_PERMISSIONS)
def test_every_group_comes_into_the_cms(groups: None, name: str) -> None:
    client = member(name, "noen")
    assert client.get(reverse("wagtailadmin_home")).status_code == 200


def test_operations_keep_the_users_and_no_groups(groups: None) -> None:
    client = member(roles.OPERATIONS, "drift")
    assert client.get(reverse("wagtailusers_users:index")).status_code == 200
    assert client.get(reverse("wagtailusers_groups:index")).status_code == 302


def test_others_stay_outside(groups: None, client: Client) -> None:
    client.force_login(get_user_model().objects.create_user("ansatt"))
    response = client.get(reverse("wagtailadmin_home"))
    assert response.status_code == 302


def test_the_task_of_an_earlier_version_gets_its_new_name(groups: None) -> None:
    Task.objects.filter(name="godkjenning").update(name="Godkjenning")
    roles.set_up_roles()
    assert list(Task.objects.filter(name__iexact="godkjenning").values_list("name", flat=True)) == [
        "godkjenning"
    ]
