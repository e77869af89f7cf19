"""The roles that work with the text, and the way from draft to published: groups, permissions, workflow.

Everything here may be run again and again: it adds what is missing and takes nothing away that others have given.
None of these roles reaches an agreement; that is never a matter of groups.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from leder.pages.models import LeadershipPage

# The names of the groups are data in the database, so they stand in the language of the municipality.
COMMUNICATIONS = "Kommunikasjon"
APPROVERS = "Kommunikasjon – godkjennere"
HR = "HR"
DIRECTOR_STAFF = "Kommunedirektørens stab"
OPERATIONS = "Drift"
WORKFLOW = "Publisering"
APPROVAL = "godkjenning"  # the button reads “Send til godkjenning”

# HR writes the year's form and the director's staff the year's letter; both publish through the approvers.
PAGE_PERMISSIONS: dict[str, tuple[str, ...]] = {
    COMMUNICATIONS: ("add", "change"),
    APPROVERS: ("add", "change", "publish", "lock", "unlock"),
    HR: ("add", "change"),
    DIRECTOR_STAFF: ("add", "change"),
    OPERATIONS: (),
}
FILE_PERMISSIONS: dict[str, tuple[str, ...]] = {
    COMMUNICATIONS: ("add", "change", "choose"),
    APPROVERS: ("add", "change", "choose"),
    HR: ("choose",),
    DIRECTOR_STAFF: ("choose",),
}
# What HR maintains, as permissions name it: the models stand in the slices above.
HR_MAINTAINS = ("unit", "position", "appointment", "round", "remindertext")
# Permissions beside add, change and view, by group. None of them opens what anybody has written.
EXTRA_PERMISSIONS: dict[str, tuple[str, ...]] = {
    HR: ("import_organisation", "open_round", "hand_over", "view_figures", "view_names", "view_hr_log"),
    DIRECTOR_STAFF: ("view_figures",),
}


@transaction.atomic
def set_up_roles() -> Any:
    """Create or complete the groups, their permissions and the workflow; return the page they work under.

    That page is the first LeadershipPage. While there is none nobody gets rights to pages, which would hold for the
    whole site, and None is returned.
    """
    page = LeadershipPage.objects.first()
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in PAGE_PERMISSIONS}
    collection = Collection.get_first_root_node()
    access_admin = _access_to_cms()
    for name, group in groups.items():
        group.permissions.add(access_admin)
        if page is not None:
            _grant_page(group, page, PAGE_PERMISSIONS[name])
        for model in (get_image_model(), get_document_model()):
            _grant_files(group, collection, model, FILE_PERMISSIONS.get(name, ()))
    groups[HR].permissions.add(
        *_own_permissions(f"{kind}_{model}" for model in HR_MAINTAINS for kind in ("add", "change", "view"))
    )
    for name, codenames in EXTRA_PERMISSIONS.items():
        groups[name].permissions.add(*_own_permissions(codenames))
    groups[OPERATIONS].permissions.add(*_needed_by_operations())
    if page is not None:
        _set_up_workflow(page, groups[APPROVERS])
    return page


def beyond_operations() -> list[str]:
    """Return what the group of operations has been given beyond its need, as `app.codename`; on pages and files too.

    It keeps users, and so can become whoever it may make: what it has besides is what an operator has alone.
    """
    group = Group.objects.filter(name=OPERATIONS).first()
    if group is None:
        return []
    needed = {permission.pk for permission in _needed_by_operations()}
    found = [
        *group.permissions.exclude(pk__in=needed),
        *(row.permission for row in GroupPagePermission.objects.filter(group=group)),
        *(row.permission for row in GroupCollectionPermission.objects.filter(group=group)),
    ]
    return sorted(f"{each.content_type.app_label}.{each.codename}" for each in found)


def _needed_by_operations() -> list[Permission]:
    """All that the group of operations needs: to come into the CMS, and to keep users. No groups."""
    return [_access_to_cms(), *_permissions(get_user_model(), ("add", "change", "view"))]


def _access_to_cms() -> Permission:
    return Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")


def _grant_page(group: Group, page: Any, kinds: Iterable[str]) -> None:
    model_name = type(page).base_page_model._meta.model_name
    for kind in kinds:
        permission = Permission.objects.get(
            content_type__app_label=type(page).base_page_model._meta.app_label,
            codename=f"{kind}_{model_name}",
        )
        GroupPagePermission.objects.get_or_create(group=group, page_id=page.pk, permission=permission)


def _grant_files(group: Group, collection: Collection, model: type[Model], kinds: Iterable[str]) -> None:
    for permission in _permissions(model, kinds):
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=permission
        )


def _own_permissions(codenames: Iterable[str]) -> list[Permission]:
    return list(Permission.objects.filter(content_type__app_label="leder", codename__in=list(codenames)))


def _permissions(model: type[Model], kinds: Iterable[str]) -> list[Permission]:
    codenames = [f"{kind}_{model._meta.model_name}" for kind in kinds]
    content_type = ContentType.objects.get_for_model(model)
    return list(Permission.objects.filter(content_type=content_type, codename__in=codenames))


def _set_up_workflow(page: Any, approvers: Group) -> None:
    """Draft, approve, publish (utkast, godkjenning, publisering), for the page and all below it."""
    workflow, _created = Workflow.objects.get_or_create(name=WORKFLOW)
    GroupApprovalTask.objects.filter(name=APPROVAL.capitalize()).update(name=APPROVAL)
    task, _created = GroupApprovalTask.objects.get_or_create(name=APPROVAL)
    task.groups.add(approvers)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.get_or_create(page_id=page.pk, defaults={"workflow": workflow})
