"""The reader's next step on the front page, and what the daily tidying deletes."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from django.template import Context, Template
from django.test import RequestFactory

from leder.agreements.models import AgreementUserObjectPermission, Entry
from leder.agreements.states import State
from leder.conversations import actions
from tests.factories import SECTION, access_of, make_agreement, make_user
from tests.oversight.helpers import make_report, make_superior

pytestmark = pytest.mark.django_db
PAGE = Template('{% include "home/_my_agreement.html" %}')


def shown(user):
    request = RequestFactory().get("/")
    request.user = user
    return PAGE.render(Context({"request": request}))


def test_a_leader_sees_the_step_and_by_when():
    agreement = make_agreement()
    assert f"/leder/avtale/{agreement.uuid}/forberedelse/" in shown(agreement.leader)


@pytest.mark.parametrize("superuser", [False, True])
def test_others_see_nothing(superuser):
    make_agreement()
    assert shown(make_user(is_superuser=superuser)).strip() == ""


def test_when_nothing_waits_it_says_so():
    agreement = make_agreement()
    actions.mark_ready(access_of(agreement.leader, agreement))
    html = shown(agreement.leader)
    assert "/forberedelse/" not in html
    assert "/leder/min-side/" in html


def test_a_grant_that_is_not_genuine_counts_for_nothing():
    agreement = make_agreement()
    forged = AgreementUserObjectPermission.objects.filter(user=agreement.leader).get()
    for changes in ({"mac": ""}, {"role": "superior"}, {"user": make_user()}):
        AgreementUserObjectPermission.objects.filter(pk=forged.pk).update(**changes)
        for person in (agreement.leader, changes.get("user")):
            assert person is None or shown(person).strip() == ""
    assert shown(agreement.superior).strip()


def test_a_superior_who_has_left_the_office_sees_nothing():
    agreement = make_agreement()
    assert shown(agreement.superior).strip()
    agreement.superior_position.appointments.update(ends=dt.date(2021, 1, 1))
    assert shown(agreement.superior).strip() == ""


@pytest.mark.parametrize("number", [1, 30])
def test_four_queries_at_most(django_assert_max_num_queries, number):
    """The last, where something waits, asks whether the texts are shut to the account."""
    superior, position = make_superior()
    for count in range(number):
        make_report(superior, position, state=State.DISCUSSED if count % 2 else State.OPENED)
    with django_assert_max_num_queries(4):
        shown(superior)


@pytest.mark.usefixtures("november")
def test_tidying_deletes_what_was_never_shared_on_the_stated_date():
    agreement = make_agreement()
    actions.save_preparation(
        access_of(agreement.leader, agreement),
        section_id=SECTION,
        version=0,
        payload={"note": "Mitt", "answers": {}},
    )
    call_command("leder_tidy", stdout=StringIO())
    assert Entry.objects.count() == 1
    agreement.round.unshared_deleted_on = dt.date(2026, 1, 1)
    agreement.round.save()
    said = StringIO()
    call_command("leder_tidy", stdout=said)
    assert not Entry.objects.exists()
    assert "Mitt" not in said.getvalue()
