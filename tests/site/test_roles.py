"""Whose rights were changed, by whom, how: in the operators' log and in the server's. What is told before saving."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.log_actions import log
from wagtail.models import GroupPagePermission, ModelLogEntry, Page

from leder.agreements.states import State
from leder.pages import roles
from tests import factories
from tests.factories import make_user

from .test_users import NEW, boss, browser_of, bulk, edit, fields, operations, operator

__all__ = ["boss", "operations", "operator"]  # fixtures

pytestmark = pytest.mark.django_db

WARNING = "Tekst i en lederavtale kan leses med denne kontoen"
NOT_SHUT = "får e-post om endringen. Ingenting stenges."
NOW_SHUT = "får e-post om endringen. Avtaletekstene er stengt"
FIRST = "Hvis du setter et første passord og ikke endrer noe annet"


def group(name: str) -> Group:
    return Group.objects.get(name=name)


def noted() -> list[tuple[str, str, str]]:
    """What the page of the log shows: what was done, to whom, by whom; changes of rights only, newest first."""
    entries = ModelLogEntry.objects.filter(action__startswith="site.").order_by("-timestamp", "-pk")
    return [(entry.message, entry.label, entry.user.get_username()) for entry in entries]


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    found = [record.getMessage() for record in caplog.records if record.name == "leder.access"]
    return [line for line in found if not line.startswith("sign-in")]


# -- A person's groups and flags -------------------------------------------------------------------------------
def test_putting_somebody_in_a_group(
    operations: Client, operator: Any, caplog: pytest.LogCaptureFixture
) -> None:
    person = make_user()
    operations.post(edit(person), fields(person, groups=[group(roles.HR).pk]))
    (entry,) = noted()
    assert entry == ("Lagt i: HR.", str(person), operator.get_username())
    assert lines(caplog) == [
        f"roles changed: user {person.pk} by user {operator.pk}: groups_added HR",
        f"can hand over: user {person.pk}, yes",
    ]
    assert caplog.records[-1].levelname == "WARNING"


def test_an_operator_who_takes_a_role_stands_in_the_log(operations: Client, operator: Any) -> None:
    operations.post(edit(operator), fields(operator, groups=[group(roles.HR).pk]))
    assert noted() == [("Lagt i: HR. Tatt ut av: Drift.", str(operator), operator.get_username())]


def test_superuser_and_active(boss: Any) -> None:
    person = make_user()
    browser_of(boss).post(edit(person), fields(person, is_superuser="on", is_active=""))
    assert noted()[0][0] == "Er nå: superbruker. Er ikke lenger: aktiv."


def test_a_new_person_with_groups(operations: Client) -> None:
    made = {
        "username": "ny", "email": "ny@example.org", "first_name": "Ny", "last_name": "Ny",
        "password1": NEW, "password2": NEW, "groups": [group(roles.HR).pk],
    }  # fmt: skip
    operations.post(reverse("wagtailusers_users:add"), made)
    assert noted()[0][0] == "Lagt i: HR. Er nå: aktiv."


def test_what_decides_no_rights_is_no_change_of_them(
    operations: Client, caplog: pytest.LogCaptureFixture
) -> None:
    person = make_user()
    operations.post(edit(person), fields(person, first_name="Ny"))
    operations.post(edit(person), fields(person, email="ikke en adresse", groups=[group(roles.HR).pk]))
    assert noted() == [] and lines(caplog) == []


@pytest.mark.parametrize("number", [1, 30])
def test_several_at_once(operations: Client, operator: Any, number: int) -> None:
    people = [make_user() for _ in range(number)]
    operations.post(bulk("assign_role", *people), {"role": group(roles.HR).pk})
    assert {entry[:2] for entry in noted()} == {("Lagt i: HR.", str(person)) for person in people}
    operations.post(bulk("set_active_state", *people), {"mark_as_active": "False"})
    assert noted()[0][0] == "Er ikke lenger: aktiv." and len(noted()) == 2 * number


def test_several_deleted_at_once(boss: Any, caplog: pytest.LogCaptureFixture) -> None:
    person = make_user()
    browser_of(boss).post(bulk("delete", person))
    assert not get_user_model().objects.filter(pk=person.pk).exists()
    assert lines(caplog) == [f"account deleted: user {person.pk} by user {boss.pk}"]
    assert ModelLogEntry.objects.get(action="wagtail.delete").deleted


def test_a_person_is_not_copied(operations: Client, boss: Any) -> None:
    """Wagtail's copying saves the very person who is to be copied: a way into a superuser's account."""
    for person in (make_user(), boss):
        before = get_user_model().objects.filter(pk=person.pk).values().get()
        address = edit(person).replace("/edit/", "/copy/")
        posted = fields(person, username="min", is_superuser="on", password1=NEW, password2=NEW)
        assert operations.get(address).status_code == 404
        assert operations.post(address, posted).status_code == 404
        assert get_user_model().objects.filter(pk=person.pk).values().get() == before
    assert not get_user_model().objects.filter(username="min").exists()


# -- What a group may do ----------------------------------------------------------------------------------------
def group_form(changed: Group | None = None, **more: Any) -> dict[str, Any]:
    """What the form for a group sends, without pages and collections unless `more` says so."""
    sent: dict[str, Any] = {"name": changed.name if changed else "Ny gruppe"}
    for prefix in ("page_permissions", "document_permissions", "image_permissions", "collection_permissions"):
        for name, value in (("TOTAL", 0), ("INITIAL", 0), ("MIN_NUM", 0), ("MAX_NUM", 1000)):
            sent[f"{prefix}-{name}_FORMS"] = value
    return {**sent, **more}


def test_what_a_group_may_do(boss: Any, caplog: pytest.LogCaptureFixture) -> None:
    roles.set_up_roles()
    drift, may = group("Drift"), Permission.objects.get(codename="view_names")
    posted = group_form(drift, permissions=[may.pk])
    browser_of(boss).post(reverse("wagtailusers_groups:edit", args=[drift.pk]), posted)
    ((message, label, by),) = noted()
    assert message.startswith("Kan nå: leder.view_names. Kan ikke lenger: ")
    assert "add_user" in message and (label, by) == ("Drift", boss.get_username())
    assert lines(caplog)[0].startswith(f"permissions changed: group Drift by user {boss.pk}: added leder.vi")


def test_pages_of_a_group(boss: Any) -> None:
    made = Group.objects.create(name="Utvalg")
    root = Page.get_first_root_node()
    pages = {
        "page_permissions-TOTAL_FORMS": 1,
        "page_permissions-0-page": root.pk,
        "page_permissions-0-permissions": ["change_page"],
    }
    browser_of(boss).post(reverse("wagtailusers_groups:edit", args=[made.pk]), group_form(made, **pages))
    assert GroupPagePermission.objects.filter(group=made).exists()
    assert noted()[0][0] == f"Kan nå: change_page ({root.title})."


def test_a_group_that_is_made_and_one_that_is_deleted(boss: Any) -> None:
    may = Permission.objects.get(codename="view_names")
    browser = browser_of(boss)
    browser.post(reverse("wagtailusers_groups:add"), group_form(permissions=[may.pk]))
    assert noted()[0][:2] == ("Kan nå: leder.view_names.", "Ny gruppe")
    made = group("Ny gruppe")
    make_user().groups.add(made)
    browser.post(reverse("wagtailusers_groups:delete", args=[made.pk]))
    assert not Group.objects.filter(name="Ny gruppe").exists()
    assert noted()[0][0] == ("Kan ikke lenger: leder.view_names. Slettet, med så mange i gruppen: 1.")


def test_a_group_that_was_only_opened_or_refused_is_not_noted(boss: Any) -> None:
    made = Group.objects.create(name="Utvalg")
    address = reverse("wagtailusers_groups:edit", args=[made.pk])
    browser_of(boss).get(address)
    browser_of(boss).post(address, group_form(made))
    browser_of(boss).post(address, {**group_form(made), "name": ""})
    assert noted() == []


# -- The page of the log -----------------------------------------------------------------------------------------
def test_operators_read_it(operations: Client, operator: Any, boss: Any) -> None:
    person = make_user()
    operations.post(edit(person), fields(person, groups=[group(roles.HR).pk]))
    hr = group(roles.HR)
    browser_of(boss).post(reverse("wagtailusers_groups:edit", args=[hr.pk]), group_form(hr))
    for name in ("operators_log", "operators_log_results"):
        page = operations.get(reverse(name)).content.decode()
        assert "Lagt i: HR." in page and str(person) in page and "Kan ikke lenger: " in page
    assert reverse("operators_log") in operations.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.parametrize("name", [name for name in roles.PAGE_PERMISSIONS if name != roles.OPERATIONS])
def test_others_do_not(name: str) -> None:
    roles.set_up_roles()
    somebody = make_user()
    somebody.groups.add(group(name))
    for address in (reverse("operators_log"), reverse("operators_log_results")):
        assert browser_of(somebody).get(address).status_code == 404


def test_it_has_nothing_of_what_hr_does(operations: Client, boss: Any) -> None:
    log(instance=factories.make_agreement().round, action="leder.open_round", user=boss)
    assert not operations.get(reverse("operators_log")).context["object_list"]


@pytest.mark.parametrize("number", [1, 30])
def test_it_asks_the_database_as_often_however_long_it_is(
    operations: Client, django_assert_max_num_queries: Any, number: int
) -> None:
    people = [make_user() for _ in range(number)]
    operations.post(bulk("assign_role", *people), {"role": group(roles.HR).pk})
    operations.get(reverse("operators_log"))
    with django_assert_max_num_queries(25):
        operations.get(reverse("operators_log"))


def test_lines_are_deleted_after_two_years(operations: Client) -> None:
    person = make_user()
    operations.post(edit(person), fields(person, groups=[group(roles.HR).pk]))
    count = ModelLogEntry.objects.count()
    for days, left in ((729, count), (731, 0)):
        with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=days), tick=False):
            call_command("leder_tidy", stdout=StringIO())
        assert ModelLogEntry.objects.count() == left


# -- What is told before an account is changed ---------------------------------------------------------------------
def test_of_a_party_it_is_told_before_saving_what_follows(operations: Client) -> None:
    agreement = factories.make_agreement()
    for person in (agreement.leader, agreement.superior):
        page = operations.get(edit(person)).content.decode()
        assert WARNING in page and "72 timer" in page and "både gammel og ny adresse" in page
        # As the rule has it: a first password shuts nothing to one who was never shown text; the next one does.
        # What followed is said afterwards; of what changes nothing about the account nothing is.
        assert FIRST in page
        for password, shuts in (("", None), (NEW, False), (f"{NEW}-2", True)):
            posted = fields(person, password1=password, password2=password)
            page = operations.post(edit(person), posted, follow=True).content.decode()
            assert (NOT_SHUT in page, NOW_SHUT in page) == (shuts is False, shuts is True)
        page = operations.get(edit(person)).content.decode()
        assert WARNING in page and FIRST not in page
    # It does not go away when something else is wrong in the form.
    posted = fields(agreement.leader, email="ikke en adresse")
    assert WARNING in operations.post(edit(agreement.leader), posted).content.decode()


def test_of_others_it_is_not(operations: Client, boss: Any) -> None:
    factories.make_agreement()
    assert WARNING not in operations.get(edit(make_user())).content.decode()
    assert WARNING not in operations.get(reverse("wagtailusers_users:add")).content.decode()


def test_nothing_is_told_of_which_agreement_or_whose(operations: Client) -> None:
    """The same words for a party and for one it is shared with; no name of another."""
    agreement = factories.make_agreement(state=State.SIGNED)
    reader = factories.share(agreement, make_user()).reader
    told = []
    for person in (agreement.leader, agreement.superior, reader):
        # Who was never shown text, and has no password, is told of in other words.
        person.set_password("et-passord-fra-før")
        person.save()
        page = operations.get(edit(person)).content.decode()
        panel = page[page.index("help-warning") : page.index("w-editor-form")]
        told.append(panel)
    assert told[0] == told[1] == told[2]
    for word in (agreement.leader.last_name, agreement.superior.last_name, str(agreement.pk)):
        assert word not in told[0]


def test_of_several_it_is_told_whose(operations: Client) -> None:
    agreement, other = factories.make_agreement(), make_user(last_name="Utenforstående")
    page = operations.get(bulk("set_active_state", agreement.leader, other)).content.decode()
    told = page[page.index(WARNING) : page.index("</ul>", page.index("Dette gjelder:"))]
    assert agreement.leader.last_name in told and "Utenforstående" not in told
    assert WARNING not in operations.get(bulk("set_active_state", other)).content.decode()


def test_one_whose_account_opens_text_is_not_deleted(boss: Any) -> None:
    agreement = factories.make_agreement(state=State.SIGNED)
    reader = factories.share(agreement, make_user()).reader
    browser = browser_of(boss)
    for person in (agreement.leader, agreement.superior, reader):
        address = reverse("wagtailusers_users:delete", args=[person.pk])
        answer = browser.post(address, follow=True)
        assert answer.redirect_chain[-1][0] == edit(person)
        assert "kan ikke slettes" in answer.content.decode() and WARNING in answer.content.decode()
        browser.post(bulk("delete", person))
        assert get_user_model().objects.filter(pk=person.pk).exists()
