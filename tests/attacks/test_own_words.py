"""One who has the leader's password, and reads what the leader has written."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.attacks.conftest import WORDS, Municipality, shows

OWN = "egen tekst, innlogging fra ny enhet"


@pytest.fixture(autouse=True)
def a_week(settings: Any) -> None:
    """How long a device is new: those at home were first used a fortnight ago."""
    settings.LEDER_NEW_DEVICE_DAYS = 7


def test_an_impostor_reads_what_the_leader_has_written(municipality: Municipality) -> None:
    """They read it, as the leader: both see that somebody did, and the leader is told at the next sign-in."""
    log = reverse("leder:readings", args=[municipality.agreement.uuid])
    assert shows(municipality.home(municipality.leader).reads()) == WORDS.keys()
    assert OWN not in municipality.home(municipality.leader).get(log).text
    assert shows(municipality.browser(municipality.leader).reads()) == WORDS.keys()
    for party in (municipality.leader, municipality.superior):
        assert OWN in municipality.home(party).get(log).text
    page = municipality.home(municipality.leader).get(reverse("leder:my_page"))
    assert page.status == 200
    assert reverse("leder:sign_ins") in page.text
