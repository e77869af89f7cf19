"""An agreement on real, published pages, written in full and signed by both through the pages themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from bench import writing
from leder.agreements.actions.opening import pinned_editions
from leder.agreements.models import Agreement
from leder.agreements.states import State
from lorenskog_intranet.demo.example_text import load_example_text
from lorenskog_intranet.management.commands.site_demo import make_front_page
from tests.factories import make_agreement, make_round

TEXTS = Path(__file__).resolve().parents[2] / "fixtures" / "text"
YEAR = 2027
PAGES = {"platform": "platform", "letter": "letter_next", "form": "form_next"}


def client_of(person: Any) -> Client:
    """A browser in which this person has just signed in."""
    client = Client()
    client.force_login(person)
    return client


def sign_as(person: Any, agreement: Agreement, place: str) -> None:
    """Read through and sign, with what the page's own form holds."""
    client, address = client_of(person), reverse("leder:sign", args=[agreement.uuid])
    page = BeautifulSoup(client.get(address).content, "html.parser")
    form = page.find("form", action=address)
    hidden = {field["name"]: field["value"] for field in form.find_all("input", type="hidden")}
    answer = client.post(address, {**hidden, "place": place})
    assert answer.status_code == 302, answer.content.decode()


@pytest.fixture
def pages(db: None) -> dict[str, Any]:
    """The published platform, letter and form that the round of the year names."""
    make_front_page(TEXTS)
    loaded = load_example_text(TEXTS, parent=None, work_year=YEAR)
    pages = {kind: loaded[name] for kind, name in PAGES.items()}
    year_round = make_round(YEAR)
    for kind, page in pages.items():
        setattr(year_round, f"{kind}_page", page)
    year_round.save()
    return pages


@pytest.fixture
def signed(pages: dict[str, Any]) -> Agreement:
    """The agreement, with a comment, choices and goals in it."""
    agreement = make_agreement(editions=pinned_editions(make_round(YEAR)), year=YEAR)
    writing.write(agreement, State.DISCUSSED)
    agreement.refresh_from_db()
    for person, place in ((agreement.leader, "Lørenskog"), (agreement.superior, "Fjellhamar")):
        sign_as(person, agreement, place)
    agreement.refresh_from_db()
    assert agreement.state == State.SIGNED
    return agreement
