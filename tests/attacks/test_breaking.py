"""What got through when the claims were attacked by somebody who had not built what guards them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from leder.agreements.models import Handover
from leder.handover.actions import carry_out_due
from leder.organisation.models import Appointment
from leder.pages import roles
from tests.attacks.acts import PASSWORDS, appoint, change_of, edit, plan
from tests.attacks.conftest import NEW, Municipality, shows
from tests.attacks.hands import Hands


def superior_of(municipality: Municipality) -> Any:
    municipality.agreement.refresh_from_db()
    return municipality.agreement.superior


def test_an_account_that_is_shut_says_yes_to_a_handover(municipality: Municipality, operator: Hands) -> None:
    """One in HR and one operator: the leader's account is reset, and says the leader's yes."""
    appoint(municipality)
    row = plan(municipality, municipality.browser(municipality.hr[0]))
    edit(operator, municipality.leader, **PASSWORDS)
    leader = municipality.browser(municipality.leader, NEW)
    leader.get(reverse("leder:handover", args=[row.uuid]))
    leader.post(reverse("leder:handover_allow", args=[row.uuid]), {})
    read = shows(municipality.browser(municipality.colleague).reads())
    assert superior_of(municipality) == municipality.superior
    assert read == set()


@pytest.mark.parametrize("how", ["resets two in HR", "makes two for HR"])
def test_an_operator_is_two_in_hr(municipality: Municipality, operator: Hands, how: str) -> None:
    """The second pair of eyes is a second account, and one who keeps the users has as many as they like."""
    appoint(municipality)
    hands = []
    for number, known in enumerate(municipality.hr):
        if how == "resets two in HR":
            edit(operator, known, **PASSWORDS)
            name = known.username
        else:
            name = f"ny-i-hr-{number}"
            made = operator.submit(
                reverse("wagtailusers_users:add"),
                username=name,
                email=f"{name}@attack.example",
                first_name="Ny",
                last_name="I HR",
                groups=[str(Group.objects.get(name=roles.HR).pk)],
                **PASSWORDS,
            )
            assert made.status == 200
            assert get_user_model().objects.filter(username=name).exists()
        browser = Hands(municipality.url)
        assert browser.can_sign_in(name, NEW)
        hands.append(browser)
    row = plan(municipality, hands[0])
    hands[1].get(reverse("leder_handovers"))
    hands[1].post(reverse("leder_handovers"), {"approve": row.pk})
    read = shows(municipality.browser(municipality.colleague).reads())
    assert superior_of(municipality) == municipality.superior
    assert read == set()


def test_a_refusal_is_undone_by_another_reset(municipality: Municipality, operator: Hands) -> None:
    """The party has said once that it is somebody else; the operator resets once more and waits."""
    edit(operator, municipality.leader, **PASSWORDS)
    said = municipality.browser(municipality.superior).submit(change_of(municipality.leader), "no")
    assert said.status == 200
    again = "enda-en-ny-setning"
    edit(operator, municipality.leader, password1=again, password2=again)
    municipality.later(hours=73)
    assert shows(municipality.browser(municipality.leader, again).reads()) == set()


def test_a_stop_is_undone_by_the_one_who_planned_it(municipality: Municipality) -> None:
    """One in HR lets it lapse by the organisation for a night, and plans it again."""
    appoint(municipality)
    row = plan(municipality, municipality.browser(municipality.hr[0]))
    leader = municipality.browser(municipality.leader)
    leader.submit(reverse("leder:handover", args=[row.uuid]), "stopp", reason="talk")
    row.refresh_from_db()
    assert row.status == Handover.Status.STOPPED
    position = municipality.agreement.superior_position
    today = timezone.localdate()
    new = Appointment.objects.get(position=position, person=municipality.colleague)
    old = Appointment.objects.filter(position=position).exclude(pk=new.pk)
    begins, ended = new.starts, old.get().ends
    # As HR can in the CMS: dates of two appointments, changed and changed back.
    Appointment.objects.filter(pk=new.pk).update(starts=today + dt.timedelta(days=90))
    old.update(ends=today + dt.timedelta(days=89))
    carry_out_due(today)
    Appointment.objects.filter(pk=new.pk).update(starts=begins)
    old.update(ends=ended)
    municipality.later(hours=1)
    plan(municipality, municipality.browser(municipality.hr[0]))
    municipality.later(hours=24 * 5)
    carry_out_due(timezone.localdate())
    assert superior_of(municipality) == municipality.superior


def test_two_are_kept_shut_for_as_long_as_an_operator_likes(
    municipality: Municipality, operator: Hands
) -> None:
    """Every third day both are switched off and on: nobody could confirm, and the hours began anew each time."""
    leader, superior = municipality.leader, municipality.superior
    for _time in range(3):
        hands = municipality.browser(municipality.operators[0])
        for person in (leader, superior):
            edit(hands, person, is_active=None)
            edit(hands, person, is_active="on")
        municipality.later(hours=71)
    call_command("leder_accounts", "--take-over")
    assert "open" in shows(municipality.browser(leader).reads())
