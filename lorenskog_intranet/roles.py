"""Who may do what, noted when it changes: a person's groups and flags, a group's permissions, in the operators' log.

Wagtail's own log says that a person or group was edited, and by whom; here it says what of it that decides rights.
Twice: in the database, for the page of the log, and in the server's log, which a database set back does not empty.
"""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter, log
from wagtail.models import GroupCollectionPermission, GroupPagePermission, ModelLogEntry

logger = logging.getLogger("leder.access")

ROLES_CHANGED = "site.roles_changed"
PERMISSIONS_CHANGED = "site.permissions_changed"
DELETED = "wagtail.delete"
KEPT = dt.timedelta(days=2 * 365)

FLAGS: dict[str, str | Promise] = {
    "is_superuser": gettext_lazy("Superuser"),
    "is_staff": gettext_lazy("Staff in Django's own administration"),
    "is_active": gettext_lazy("Active"),
}


@dataclass(frozen=True)
class Roles:
    """A person's groups, by name, and the flags that are set. None of a new person."""

    groups: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()


def roles_of(pks: Collection[Any]) -> dict[Any, Roles]:
    """The roles of people, by key, as they stand in the database. Two queries."""
    users = get_user_model()._base_manager.filter(pk__in=pks)
    groups: dict[Any, set[str]] = defaultdict(set)
    for pk, name in users.filter(groups__isnull=False).values_list("pk", "groups__name"):
        groups[pk].add(name)
    return {
        row["pk"]: Roles(frozenset(groups[row["pk"]]), frozenset(name for name in FLAGS if row[name]))
        for row in users.values("pk", *FLAGS)
    }


def note_roles(person: Any, before: Roles, after: Roles, *, by: Any) -> None:
    """Note what of a person's roles has changed; nothing where nothing has."""
    data = {
        "groups_added": sorted(after.groups - before.groups),
        "groups_removed": sorted(before.groups - after.groups),
        "flags_set": sorted(after.flags - before.flags),
        "flags_taken": sorted(before.flags - after.flags),
    }
    if before == after:
        return
    log(instance=person, action=ROLES_CHANGED, user=by, data=data)
    logger.warning("roles changed: user %s by user %s: %s", person.pk, by.pk, _in_short(data))


def note_deleted(people: Collection[Any], *, by: Any) -> None:
    """Note people who were deleted several at once: Wagtail notes it only of one at a time."""
    for person in people:
        log(instance=person, action=DELETED, user=by, deleted=True)
        logger.warning("account deleted: user %s by user %s", person.pk, by.pk)


def permissions_of(group: Group) -> frozenset[str]:
    """What a group may do: on models, on which pages, in which collections. Three queries."""
    if group._state.adding:
        return frozenset()
    models = group.permissions.values_list("content_type__app_label", "codename")
    pages = GroupPagePermission.objects.filter(group=group)
    files = GroupCollectionPermission.objects.filter(group=group)
    return frozenset(
        [f"{app}.{codename}" for app, codename in models]
        + [f"{code} ({title})" for code, title in pages.values_list("permission__codename", "page__title")]
        + [f"{code} ({name})" for code, name in files.values_list("permission__codename", "collection__name")]
    )


def note_permissions(group: Group, before: frozenset[str], after: frozenset[str], *, by: Any) -> None:
    """Note what a group may do now and could not before, or the other way round."""
    if before != after:
        _note_group(group, {"added": sorted(after - before), "removed": sorted(before - after)}, by)


def note_group_deleted(group: Group, before: frozenset[str], members: int, *, by: Any) -> None:
    """Note what a group that is about to be deleted could do, and how many were in it."""
    _note_group(group, {"removed": sorted(before), "members": members}, by)


def _note_group(group: Group, data: dict[str, Any], by: Any) -> None:
    log(instance=group, action=PERMISSIONS_CHANGED, user=by, data=data)
    logger.warning("permissions changed: group %s by user %s: %s", group.name, by.pk, _in_short(data))


def _in_short(data: dict[str, Any]) -> str:
    """As the server's log has it: "groups_added HR; flags_set is_staff"."""
    told = ((name, ", ".join(what) if isinstance(what, list) else str(what)) for name, what in data.items())
    return "; ".join(f"{name} {what}" for name, what in told if what)


def register_log_actions(actions: Any) -> None:
    """Say what the entries mean (hook `register_log_actions`)."""

    @actions.register_action(ROLES_CHANGED)
    class RolesChanged(LogFormatter):
        label = gettext_lazy("Change roles")

        def format_message(self, log_entry: Any) -> str:
            data = log_entry.data
            parts = [
                (_("Put in: %(what)s."), data.get("groups_added", [])),
                (_("Taken out of: %(what)s."), data.get("groups_removed", [])),
                (_("Is now: %(what)s."), [str(FLAGS[each]) for each in data.get("flags_set", [])]),
                (_("Is no longer: %(what)s."), [str(FLAGS[each]) for each in data.get("flags_taken", [])]),
            ]
            return _sentences(parts)

    @actions.register_action(PERMISSIONS_CHANGED)
    class PermissionsChanged(LogFormatter):
        label = gettext_lazy("Change what a group may do")

        def format_message(self, log_entry: Any) -> str:
            data = log_entry.data
            members = [data["members"]] if "members" in data else []
            parts = [
                (_("May now: %(what)s."), data.get("added", [])),
                (_("May no longer: %(what)s."), data.get("removed", [])),
                (_("People in it when it was deleted: %(what)s."), members),
            ]
            return _sentences(parts)


def _sentences(parts: list[tuple[str, list[Any]]]) -> str:
    return " ".join(
        sentence % {"what": ", ".join(str(each) for each in what)} for sentence, what in parts if what
    )


def entries() -> QuerySet[ModelLogEntry]:
    """What the log has of people and groups."""
    kinds = ContentType.objects.get_for_models(get_user_model(), Group).values()
    found: QuerySet[ModelLogEntry] = ModelLogEntry.objects.filter(content_type__in=kinds)
    return found


def tidy() -> str:
    """Delete entries on people and groups after two years; returns a line on how many."""
    deleted, _of_which = entries().filter(timestamp__lt=timezone.now() - KEPT).delete()
    return f"Deleted {deleted} lines of the operators' log."
