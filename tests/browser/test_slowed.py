"""Somebody who has mistyped too often sees when to try again, and signs in on that very page when it is time."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from playwright.sync_api import Page, expect

from lorenskog_intranet.signin.attempts import FREE_TRIES
from lorenskog_intranet.signin.models import SignInTry
from tests.browser.people import AXE, NARROW, SCHEMES, WIDE, faults


@pytest.fixture
def leader(transactional_db: None) -> Any:
    return get_user_model().objects.create_user("leder", password="riktig-hest-batteri", first_name="Solveig")


def test_one_who_mistyped_too_often(page: Page, live_server: Any, leader: Any) -> None:
    page.goto(f"{live_server.url}/logg-inn/?next=/sok/")
    for password in ["feil"] * FREE_TRIES + ["riktig-hest-batteri"]:
        page.get_by_label("Brukernavn").fill("leder")
        page.get_by_label("Passord").fill(password)
        page.get_by_role("button", name="Logg inn").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vent før du prøver igjen")
    expect(page.get_by_role("alert")).to_contain_text(
        re.compile(r"Prøv igjen .* kl\. \d\d\.\d\d, om 1 minutt\.")
    )
    expect(page.get_by_label("Brukernavn")).to_have_value("leder")
    expect(page.get_by_label("Passord")).to_have_value("")
    for scheme, width in itertools.product(SCHEMES, (WIDE, NARROW)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(AXE)
        assert faults(page) == [], (scheme, width)
    # The wait is over.
    SignInTry.objects.update(until=timezone.now())
    page.get_by_label("Passord").fill("riktig-hest-batteri")
    page.get_by_role("button", name="Logg inn").click()
    expect(page).to_have_url(f"{live_server.url}/sok/")
