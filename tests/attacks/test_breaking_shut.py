"""Kept shut by a word that nobody can take back."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from leder.handover.actions import carry_out_due
from tests import factories
from tests.attacks.acts import PASSWORDS, appoint, change_of, edit, plan
from tests.attacks.conftest import NEW, Municipality, shows
from tests.attacks.hands import Hands


def test_another_year_does_not_outlive_a_refusal(municipality: Municipality, operator: Hands) -> None:
    """Refused by the superior, who is still there; the superior of next year's agreement alone says yes later."""
    leader, colleague = municipality.leader, municipality.colleague
    edit(operator, leader, **PASSWORDS)
    municipality.browser(municipality.superior).submit(change_of(leader), "no")
    factories.make_agreement(year=factories.YEAR + 1, leader=leader, superior=colleague)
    municipality.later(hours=24 * 4)
    hands = municipality.browser(colleague)
    hands.get(change_of(leader))
    assert hands.post(change_of(leader), {"answer": "yes"}).status == 403
    assert shows(municipality.browser(leader, NEW).reads()) == set()


def test_a_refusal_outlives_the_one_who_refused(municipality: Municipality, operator: Hands) -> None:
    """The superior says no and leaves; the successor was no party before the change, so nobody can say yes."""
    leader = municipality.leader
    edit(operator, leader, **PASSWORDS)
    municipality.browser(municipality.superior).submit(change_of(leader), "no")
    appoint(municipality)
    row = plan(municipality, municipality.browser(municipality.hr[0]))
    municipality.later(hours=24 * 5)
    carry_out_due(timezone.localdate())
    municipality.agreement.refresh_from_db()
    # Nobody hears a leader whose account is shut: it takes the second person.
    assert municipality.agreement.superior == municipality.superior
    second = municipality.browser(municipality.hr[1])
    second.get(reverse("leder_handovers"))
    second.post(reverse("leder_handovers"), {"approve": row.pk})
    municipality.agreement.refresh_from_db()
    assert municipality.agreement.superior == municipality.colleague
    municipality.later(hours=24 * 90)
    successor = municipality.browser(municipality.colleague)
    successor.get(change_of(leader))
    status = successor.post(change_of(leader), {"answer": "yes"}).status
    assert shows(municipality.browser(leader, NEW).reads()), status
