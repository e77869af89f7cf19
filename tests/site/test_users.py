"""Who may change people in the CMS changes no superuser and makes none."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from leder.pages import roles
from tests.factories import make_user

pytestmark = pytest.mark.django_db

NEW = "en-helt-ny-lang-setning"


@pytest.fixture
def operator(db: None) -> Any:
    """Someone in “Drift”."""
    roles.set_up_roles()
    user = make_user(last_name="Drift")
    user.groups.add(Group.objects.get(name=roles.OPERATIONS))
    return user


@pytest.fixture
def operations(operator: Any) -> Client:
    """The browser of someone in “Drift”."""
    return browser_of(operator)


@pytest.fixture
def boss(db: None) -> Any:
    return make_user(last_name="Super", is_superuser=True)


def browser_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def fields(user: Any, **changes: Any) -> dict[str, Any]:
    """What the form for a person sends."""
    sent = {name: getattr(user, name) for name in ("username", "email", "first_name", "last_name")}
    groups = [group.pk for group in user.groups.all()]
    return {**sent, "groups": groups, "is_active": "on", "password1": "", "password2": "", **changes}


def stored(user: Any) -> dict[str, Any]:
    return get_user_model().objects.filter(pk=user.pk).values().get()


def edit(user: Any) -> str:
    return reverse("wagtailusers_users:edit", args=[user.pk])


def bulk(action: str, *users: Any) -> str:
    address = reverse("wagtail_bulk_action", args=["lorenskog_intranet", "user", action])
    return f"{address}?" + "&".join(f"id={user.pk}" for user in users)


def test_a_superuser_is_not_there_to_change(operations: Client, boss: Any) -> None:
    before = stored(boss)
    changes = {"password1": NEW, "password2": NEW, "username": "min", "is_active": ""}
    for changed in ({}, changes):
        assert operations.post(edit(boss), fields(boss, **changed)).status_code == 404
    assert operations.get(edit(boss)).status_code == 404
    # As for someone who does not exist.
    assert operations.get(reverse("wagtailusers_users:edit", args=[boss.pk + 1000])).status_code == 404
    assert stored(boss) == before


def test_one_who_may_change_nobody_learns_nothing_of_who_is_superuser(boss: Any) -> None:
    roles.set_up_roles()
    hr = make_user()
    hr.groups.add(Group.objects.get(name=roles.HR))
    answers = [browser_of(hr).get(edit(user)) for user in (boss, make_user())]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/cms/")] * 2


def test_others_are_changed(operations: Client, boss: Any) -> None:
    person = make_user()
    posted = fields(person, first_name="Ny", password1=NEW, password2=NEW)
    assert operations.post(edit(person), posted).status_code == 302
    person.refresh_from_db()
    assert person.first_name == "Ny" and person.check_password(NEW)
    superuser = browser_of(boss)
    assert superuser.post(edit(boss), fields(boss, first_name="Ny")).status_code == 302
    assert superuser.post(edit(person), fields(person, is_superuser="on")).status_code == 302
    person.refresh_from_db()
    assert person.is_superuser


@pytest.mark.parametrize("value", ["on", "True", "1", "x"])
def test_nobody_is_made_superuser(operations: Client, operator: Any, value: str) -> None:
    person = make_user()
    for user in (person, operator):
        operations.post(edit(user), fields(user, first_name="Ny", is_superuser=value))
        user.refresh_from_db()
        # The rest of what was sent counts.
        assert (user.first_name, user.is_superuser) == ("Ny", False)
    made = {
        "username": "ny", "email": "ny@example.org", "first_name": "Ny", "last_name": "Ny",
        "password1": NEW, "password2": NEW, "is_superuser": value,
    }  # fmt: skip
    assert operations.post(reverse("wagtailusers_users:add"), made).status_code == 302
    assert not get_user_model().objects.get(username="ny").is_superuser


def test_the_form_shows_that_it_is_not_theirs_to_decide(operations: Client, boss: Any) -> None:
    for address in (edit(make_user()), reverse("wagtailusers_users:add")):
        assert operations.get(address).context["form"].fields["is_superuser"].disabled
        assert not browser_of(boss).get(address).context["form"].fields["is_superuser"].disabled


@pytest.mark.parametrize("action", ["set_active_state", "assign_role", "delete"])
def test_several_at_once_without_superusers(
    operations: Client, operator: Any, boss: Any, action: str
) -> None:
    operator.user_permissions.add(Permission.objects.get(codename="delete_user"))
    person, group = make_user(), Group.objects.get(name=roles.HR)
    sent = {"mark_as_active": "False", "role": group.pk}
    before = stored(boss)
    everybody = bulk(action, person, boss).replace(f"id={person.pk}", "id=all")
    for address in (bulk(action, boss), everybody):
        operations.post(address, sent)
        assert stored(boss) == before
        assert not boss.groups.exists()
    assert operations.post(bulk(action, make_user()), sent).status_code == 302


@pytest.mark.parametrize("action", ["set_active_state", "assign_role"])
def test_with_a_superuser_among_them_nobody_is_changed(operations: Client, boss: Any, action: str) -> None:
    person = make_user()
    before = stored(person)
    sent = {"mark_as_active": "False", "role": Group.objects.get(name=roles.HR).pk}
    assert operations.post(bulk(action, person, boss), sent).status_code == 404
    assert stored(person) == before and not person.groups.exists()
    assert browser_of(boss).post(bulk(action, person, boss), sent).status_code == 302
    assert stored(person) != before or person.groups.exists()


def test_not_deleted_either(operations: Client, operator: Any, boss: Any) -> None:
    operator.user_permissions.add(Permission.objects.get(codename="delete_user"))
    operations.post(reverse("wagtailusers_users:delete", args=[boss.pk]))
    assert get_user_model().objects.filter(pk=boss.pk).exists()


def test_groups_are_not_theirs(operations: Client) -> None:
    """Otherwise they could put any permission in their own."""
    group = Group.objects.get(name=roles.OPERATIONS)
    for name in ("wagtailusers_groups:index", "wagtailusers_groups:add"):
        assert operations.get(reverse(name)).status_code == 302
    before = set(group.permissions.all())
    everything = {"name": "Drift", "permissions": [each.pk for each in Permission.objects.all()]}
    assert (
        operations.post(reverse("wagtailusers_groups:edit", args=[group.pk]), everything).status_code == 302
    )
    assert set(group.permissions.all()) == before
