"""What was agreed stands, as the two live it: newer text adopted or kept, signed, fetched, checked, reopened by both,
signed anew, found in the history.

Once with JavaScript, where every page is also looked at with axe, and once without.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from wagtail.models import Page as WagtailPage

from bench import writing
from leder.agreements.actions.opening import pinned_editions
from leder.agreements.models import Agreement, Seal
from leder.agreements.reading.current import open_texts
from leder.agreements.states import State
from leder.documents.checking import Verdict, check
from leder.pages.editions import Edition
from lorenskog_intranet.demo.example_text import load_example_text
from lorenskog_intranet.management.commands.site_demo import make_front_page
from tests.browser.pages.agreement import AgreementPage, SignPage
from tests.browser.pages.standing import CheckPage, HistoryPage, NewerTextPage, ReopeningPage
from tests.browser.people import People
from tests.factories import access_of, make_agreement, make_round

TEXTS = Path(__file__).resolve().parents[2] / "fixtures" / "text"
YEAR = 2027
PAGES = {"platform": "platform", "letter": "letter_next", "form": "form_next"}
NEW_WORDS = "setter innbyggeren i sentrum, og spør før noe endres"
SUCCESS, WARNING, DANGER = "success", "warning", "danger"


def publish(page: Any, change: Callable[[list[Any]], None], part: str) -> Edition:
    """Publish a page anew with the statements of one of its parts changed; returns the edition."""
    live = WagtailPage.objects.get(pk=page.pk).specific
    body = [dict(block) for block in live.body.raw_data]
    change(next(block["value"] for block in body if block["type"] == part))
    live.body = body
    live.save_revision().publish()
    newest: Edition = Edition.objects.of(live)[0]
    assert newest.number > 1
    return newest


def other_expectations(value: Any) -> None:
    """The first is worded otherwise, the second is gone."""
    value["expectations"][0]["value"]["text"] = NEW_WORDS
    del value["expectations"][1]


def other_title(value: Any) -> None:
    """The theme is called something else."""
    value["title"] = "Et nytt navn på temaet"


@pytest.fixture
def agreement(transactional_db: None) -> Agreement:
    """Written in full on the example text, its conversation held."""
    make_front_page(TEXTS)
    loaded = load_example_text(TEXTS, parent=None, work_year=YEAR)
    year_round = make_round(YEAR)
    for kind, name in PAGES.items():
        setattr(year_round, f"{kind}_page", loaded[name])
    year_round.save()
    agreement = make_agreement(editions=pinned_editions(year_round), year=YEAR)
    writing.write(agreement, State.DISCUSSED)
    agreement.refresh_from_db()
    return agreement


def chosen_expectations(agreement: Agreement) -> list[str]:
    """The ids of the platform's expectations, in the order of the text."""
    return [each.id for each in agreement.platform_edition.statements.values() if each.kind == "expectation"]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_signed_fetched_checked_reopened_and_signed_anew(
    people: People, live_server: Any, agreement: Agreement, scripts: bool, tmp_path: Path
) -> None:
    url = live_server.url
    leader = people.page_of(agreement.leader, scripts=scripts)
    superior = people.page_of(agreement.superior, scripts=scripts)

    def look(page: Page, name: str) -> None:
        if scripts:
            people.look_at(page, name)

    def on(kind: Any, page: Page) -> Any:
        return kind(page, url, scripts=scripts)

    def both_sign() -> Seal:
        for page in (leader, superior):
            on(SignPage, page).open(agreement).sign("Lørenskog")
        agreement.refresh_from_db()
        assert agreement.state == State.SIGNED
        return agreement.seals.get(kind=Seal.Kind.AGREEMENT, voided_at=None)

    # New words of platform and letter are published: both see what touches what they have chosen, and decide.
    chosen = agreement.platform_edition.statements
    texts = open_texts(access_of(agreement.leader, agreement)).answers.values()
    removed = next(
        chosen[choice["id"]].text
        for text in texts
        for choice in text.payload["choices"]
        if choice["id"] == chosen_expectations(agreement)[1]
    )
    platform = publish(agreement.platform_edition.page, other_expectations, "expectations")
    letter = publish(agreement.letter_edition.page, other_title, "theme")
    for page in (leader, superior):
        on(NewerTextPage, page).open(agreement)
        assert page.get_by_text(NEW_WORDS).first.is_visible() or page.locator("ins").count()
        look(page, "newer texts")
    NewerTextPage(superior, url).decide(platform, "adopted")
    on(NewerTextPage, leader).open(agreement).decide(letter, "retained")
    agreement = Agreement.objects.get(pk=agreement.pk)
    assert agreement.platform_edition == platform
    assert agreement.letter_edition.number == 1
    on(AgreementPage, leader).open(agreement)
    assert removed in leader.content()
    assert leader.locator("main .ds-alert a[href$='/ny-tekst/']").count() == 0

    first_seal = both_sign()
    publish(platform.page, lambda value: value["expectations"].pop(), "expectations")
    agreement = Agreement.objects.get(pk=agreement.pk)
    assert agreement.platform_edition == platform

    # The document, checked by the other: genuine; with one byte more it is not.
    checking = on(CheckPage, leader)
    first = checking.fetch(agreement, tmp_path)
    said = on(CheckPage, superior).check(first)
    assert said.get_attribute("data-color") == SUCCESS
    look(superior, "check, genuine")
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(first.read_bytes() + b"\n")
    assert on(CheckPage, superior).check(changed).get_attribute("data-color") == DANGER
    look(superior, "check, changed")

    # Both consent to open it again; nothing is open before the second does.
    on(ReopeningPage, leader).open(agreement).propose("Vi har fått nye oppgaver.")
    look(leader, "reopening, proposed")
    agreement.refresh_from_db()
    assert agreement.state == State.SIGNED
    asked = on(ReopeningPage, superior).open(agreement)
    expect(superior.get_by_text("Vi har fått nye oppgaver.")).to_be_visible()
    look(superior, "reopening, asked")
    asked.consent()
    agreement.refresh_from_db()
    assert agreement.state == State.DISCUSSED
    said = on(CheckPage, superior).check(first)
    assert said.get_attribute("data-color") == WARNING

    # They change a section and sign anew. What was signed first is kept, beside what stands.
    section = next(each for each in agreement.form_edition.sections if each.answer == "questions")
    on(AgreementPage, leader).open(agreement).write(section, "Nytt etter gjenåpning")
    second_seal = both_sign()
    assert second_seal.sha256 != first_seal.sha256
    (tmp_path / "second").mkdir()
    second = checking.fetch(agreement, tmp_path / "second")
    assert on(CheckPage, superior).check(second).get_attribute("data-color") == SUCCESS
    assert check(first.read_bytes()).verdict == Verdict.REPLACED

    # Both find all of it in the history.
    for page in (leader, superior):
        history = on(HistoryPage, page).open(agreement)
        look(page, "history")
        assert "Nytt etter gjenåpning goal" in history.goals
        assert history.earlier_seals_for.count() == 1
        history.press(history.earlier_seals_for.first)
        assert str(first_seal.uuid) in page.url
        assert "Nytt etter gjenåpning" not in page.content()
        look(page, "signed before")
