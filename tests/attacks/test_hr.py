"""One in HR, and a colleague who would like to read."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from tests.attacks.acts import appoint
from tests.attacks.conftest import THEIRS, Municipality, shows


def test_a_colleague_is_appointed_and_handed_to_on_the_same_day(municipality: Municipality) -> None:
    appoint(municipality)
    hr = municipality.browser(municipality.hr[0])
    hr.get(reverse("leder_handovers"))
    day = timezone.localdate().isoformat()
    planned = hr.post(reverse("leder_handovers"), {"agreement": municipality.agreement.pk, "on": day})
    assert planned.status == 200
    assert shows(municipality.browser(municipality.colleague).reads()) == set()
    assert municipality.told() >= {each.email for each in (municipality.leader, municipality.superior)}
    municipality.agreement.refresh_from_db()
    assert municipality.agreement.superior == municipality.superior


def test_an_address_is_changed_as_an_import_does(municipality: Municipality) -> None:
    """The file names another address: told at the old one, and shut."""
    from leder.identity.admin import look_at_accounts

    leader = municipality.leader
    old = leader.email
    look_at_accounts([leader.pk])
    type(leader).objects.filter(pk=leader.pk).update(email=THEIRS)
    look_at_accounts([leader.pk])
    assert municipality.told() >= {old, THEIRS, municipality.superior.email}
    assert shows(municipality.browser(leader).reads()) == set()
