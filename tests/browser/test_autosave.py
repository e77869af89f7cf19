"""Nothing that is typed is lost: not by a conflict, a lost network, an expired session or a closed tab."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, expect

from leder.agreements import actions, answers
from leder.agreements.models import Agreement
from leder.agreements.reading.current import open_texts
from leder.agreements.states import State
from lorenskog_intranet.sessions import USED, SessionStore
from tests import factories
from tests.browser.people import NARROW, PATIENCE, WIDE, People

PASSWORD = "correct horse battery staple"
SECTION = factories.QUESTIONS_SECTION


@pytest.fixture
def agreement(transactional_db: None) -> Agreement:
    """An agreement after the conversation, whose parties have passwords."""
    people = {role: factories.make_user(password=PASSWORD) for role in ("leader", "superior")}
    return factories.make_agreement(state=State.DISCUSSED, **people)


def note_in(page: Page, agreement: Agreement, url: str) -> Locator:
    """Open the agreement and find the note of a section."""
    page.goto(f"{url}/leder/avtale/{agreement.uuid}/")
    return form_in(page).locator('textarea[name="note"]')


def form_in(page: Page) -> Locator:
    return page.locator(f'form[action$="/del/{SECTION}/"]')


def expect_state(page: Page, state: str) -> None:
    """Wait until the mark below the section says how the saving went."""
    expect(form_in(page).locator(f"[data-autosave-status][data-state={state}]")).to_be_visible()


def stored_note(agreement: Agreement) -> str:
    """What is stored of the note now."""
    fresh = Agreement.objects.get(pk=agreement.pk)
    text = open_texts(factories.access_of(fresh.leader, fresh)).answers.get(SECTION)
    return text.payload["note"] if text else ""


# The labels of lists whose words are wider than the field.
CUT = """lists => lists.filter((list) => {
    const style = getComputedStyle(list), pen = document.createElement("canvas").getContext("2d");
    pen.font = style.font;
    const words = Math.max(...[...list.options].map((option) => pen.measureText(option.text).width));
    return words + parseFloat(style.paddingLeft) + parseFloat(style.paddingRight) > list.clientWidth;
}).map((list) => list.labels[0].textContent)"""


def comes_true(holds: Callable[[], bool]) -> bool:
    """Whether something holds, now or when the server has got so far."""
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return holds()


def sign_in_by_hand(page: Page, person: Any) -> None:
    """Sign in with user name and password on the page that asks for them."""
    page.locator('input[name="username"]').fill(person.username)
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator("main form button[type=submit]").click()


def end_sessions() -> None:
    """Everybody's session expires."""
    Session.objects.all().delete()


def end_session(page: Page) -> None:
    """The session of the one who looks at the page expires."""
    end_sessions()


def leave_session(page: Page) -> None:
    """It is not used for so long that it has ended."""
    [cookie] = [each for each in page.context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME]
    session = SessionStore(cookie["value"])
    session[USED] -= settings.SESSION_IDLE_MINUTES * 60 + 30
    session.save()


ENDS = pytest.mark.parametrize("end", [end_session, leave_session], ids=["expired", "not used"])


def test_saved_within_two_seconds_of_a_pause(people: People, agreement: Agreement, live_server: Any) -> None:
    page = people.page_of(agreement.leader)
    page.clock.install()
    note = note_in(page, agreement, live_server.url)
    # By the page's own clock: how long the machine takes to type, to send and to answer counts for nothing.
    page.clock.pause_at(dt.datetime.now() + dt.timedelta(hours=1))
    note.press_sequentially("Vi vil ha færre vikarer.")
    page.clock.run_for(2000)
    expect_state(page, "saved")
    assert stored_note(agreement) == "Vi vil ha færre vikarer."
    assert page.evaluate("() => Object.keys(sessionStorage).filter((key) => key.startsWith('leder:'))") == []
    page.reload()
    expect(form_in(page).locator('textarea[name="note"]')).to_have_value("Vi vil ha færre vikarer.")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_two_at_the_same_section_lose_nothing(
    people: People, agreement: Agreement, live_server: Any, scripts: bool
) -> None:
    people.watch.allowed.add(409)
    theirs, mine = (
        people.page_of(person, scripts=scripts) for person in (agreement.superior, agreement.leader)
    )
    notes = [note_in(page, agreement, live_server.url) for page in (theirs, mine)]
    for page, note, text in ((theirs, notes[0], "Overordnets ord."), (mine, notes[1], "Lederens ord.")):
        note.fill(text)
        if scripts:
            expect_state(page, "saved" if page is theirs else "conflict")
        else:
            form_in(page).locator(".leder-save button").first.click()
    if scripts:
        form_in(mine).locator("[data-autosave-compare]").click()
    # Both texts are shown; nothing was written over.
    expect(mine.locator(".leder-conflict")).to_contain_text("Overordnets")
    expect(mine.locator(".leder-conflict")).to_contain_text("Lederens")
    assert stored_note(agreement) == "Overordnets ord."
    if scripts:
        people.look_at(mine, "conflict")
    merged = mine.locator('section[aria-labelledby="merge"]')
    both = merged.locator('textarea[name="note"]').input_value()
    assert "Overordnets ord." in both
    assert "Lederens ord." in both
    with mine.expect_navigation():
        merged.locator("form > button[type=submit]").click()
    assert stored_note(agreement) == both


def test_a_lost_network_keeps_the_text_and_sends_it_when_back(
    people: People, agreement: Agreement, live_server: Any
) -> None:
    page = people.page_of(agreement.leader)
    note = note_in(page, agreement, live_server.url)
    people.watch.is_offline = True
    page.context.set_offline(True)
    note.fill("Skrevet uten nett.")
    expect_state(page, "offline")
    assert "Skrevet uten nett." in page.evaluate("() => JSON.stringify({...sessionStorage})")
    assert stored_note(agreement) == ""
    page.context.set_offline(False)
    expect_state(page, "saved")
    assert stored_note(agreement) == "Skrevet uten nett."


@pytest.mark.parametrize("anew", [False, True], ids=["goes on", "loads the page anew"])
def test_a_save_whose_answer_is_lost_is_no_conflict_with_oneself(
    people: People, agreement: Agreement, live_server: Any, anew: bool
) -> None:
    people.watch.is_offline = True
    page = people.page_of(agreement.leader)
    note = note_in(page, agreement, live_server.url)

    def lose_the_answer(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route(f"**/del/{SECTION}/", lose_the_answer, times=1)
    note.fill("Lagret uten svar.")
    expect_state(page, "offline")
    assert stored_note(agreement) == "Lagret uten svar."
    note.fill("Lagret uten svar. Og mer.")
    if anew:
        page.on("dialog", lambda dialog: dialog.accept())
        page.route(f"**/del/{SECTION}/", lambda route: route.abort(), times=1)
        page.reload()
    expect_state(page, "saved")
    assert comes_true(lambda: stored_note(agreement) == "Lagret uten svar. Og mer.")
    expect_state(page, "saved")


@ENDS
def test_an_ended_session_keeps_the_text_until_one_has_signed_in_again(
    people: People, agreement: Agreement, live_server: Any, end: Callable[[Page], None]
) -> None:
    people.watch.allowed |= {401, 403}
    page = people.page_of(agreement.leader)
    note = note_in(page, agreement, live_server.url)
    end(page)
    note.fill("Skrevet etter at økten var ute.")
    expect_state(page, "offline")
    with page.context.expect_page() as opened:
        form_in(page).locator("[data-autosave-sign-in]").click()
    sign_in_by_hand(opened.value, agreement.leader)
    opened.value.wait_for_url("**/min-side/")
    opened.value.close()
    page.bring_to_front()
    # Signed in again, and the account is shut: the way on is another one.
    accounts = type(agreement.leader).objects.filter(pk=agreement.leader.pk)
    accounts.update(email="ny@example.org")
    page.evaluate("() => dispatchEvent(new Event('focus'))")
    expect(form_in(page).locator("[data-autosave-my-page]")).to_be_visible()
    expect(form_in(page).locator("[data-autosave-sign-in]")).to_have_count(0)
    accounts.update(email=agreement.leader.email)
    page.evaluate("() => dispatchEvent(new Event('focus'))")
    expect_state(page, "saved")
    expect(form_in(page).locator("[data-autosave-my-page]")).to_have_count(0)
    assert stored_note(agreement) == "Skrevet etter at økten var ute."


@ENDS
def test_an_ended_session_without_scripts_gives_the_text_back(
    people: People, agreement: Agreement, live_server: Any, end: Callable[[Page], None]
) -> None:
    people.watch.allowed |= {401, 403}
    page = people.page_of(agreement.leader, scripts=False)
    note = note_in(page, agreement, live_server.url)
    end(page)
    note.fill("Skrevet etter at økten var ute.")
    form_in(page).locator(".leder-save button").first.click()
    expect(page.get_by_text("Skrevet etter at økten var ute.").first).to_be_visible()
    other = page.context.new_page()
    other.goto(live_server.url + "/logg-inn/")
    sign_in_by_hand(other, agreement.leader)
    other.wait_for_url(live_server.url + "/")
    # The page's protection against forged requests is of the old session, so it comes back once more.
    for _attempt in range(2):
        if stored_note(agreement) == "":
            page.locator("main form button[type=submit]").first.click()
            page.wait_for_load_state()
    assert stored_note(agreement) == "Skrevet etter at økten var ute."


def test_a_page_loaded_anew_still_has_what_was_not_saved(
    people: People, agreement: Agreement, live_server: Any
) -> None:
    people.watch.allowed |= {401, 403}
    page = people.page_of(agreement.leader)
    note = note_in(page, agreement, live_server.url)
    end_sessions()
    note.fill("Ikke lagret ennå.")
    expect_state(page, "offline")
    people.sign_in(page.context, agreement.leader)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect_state(page, "saved")
    expect(form_in(page).locator('textarea[name="note"]')).to_have_value("Ikke lagret ennå.")
    assert stored_note(agreement) == "Ikke lagret ennå."


def test_closing_the_tab_at_once_saves(people: People, agreement: Agreement, live_server: Any) -> None:
    page = people.page_of(agreement.leader)
    note = note_in(page, agreement, live_server.url)
    note.press_sequentially("Rett før fanen lukkes.")
    page.on("dialog", lambda dialog: dialog.accept())
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    assert comes_true(lambda: stored_note(agreement) == "Rett før fanen lukkes.")


def test_signing_out_leaves_no_text_behind(people: People, agreement: Agreement, live_server: Any) -> None:
    people.watch.is_offline = True
    page = people.page_of(agreement.leader)
    note = note_in(page, agreement, live_server.url)
    page.route(f"**/del/{SECTION}/", lambda route: route.abort())
    note.fill("Personlig tekst.")
    expect_state(page, "offline")
    assert "Personlig tekst." in page.evaluate("() => JSON.stringify({...sessionStorage})")
    page.on("dialog", lambda dialog: dialog.accept())
    page.evaluate("() => document.querySelector('form[action=\"/logg-ut/\"]').requestSubmit()")
    page.wait_for_url("**/logg-inn/**")
    assert "Personlig tekst." not in page.evaluate("() => JSON.stringify({...sessionStorage})")


def kept_in(page: Page) -> str:
    """What waits unsent in the tab."""
    return page.evaluate("() => JSON.stringify({...sessionStorage})")


def test_another_person_in_the_tab_finds_no_text_behind(
    people: People, agreement: Agreement, live_server: Any
) -> None:
    people.watch.is_offline = True
    page = people.page_of(agreement.leader)
    note = note_in(page, agreement, live_server.url)
    page.route(f"**/del/{SECTION}/", lambda route: route.abort())
    note.fill("Personlig tekst.")
    expect_state(page, "offline")
    page.on("dialog", lambda dialog: dialog.accept())
    # The person's own pages keep it, and so do pages where nobody is signed in: they are back soon.
    page.goto(live_server.url + "/leder/min-side/")
    assert "Personlig tekst." in kept_in(page)
    end_sessions()
    page.goto(live_server.url + "/leder/min-side/")
    assert "/logg-inn/" in page.url
    assert "Personlig tekst." in kept_in(page)
    people.sign_in(page.context, agreement.leader)
    page.goto(live_server.url + "/leder/min-side/")
    assert "Personlig tekst." in kept_in(page)
    # A page without any form to write in, as somebody else.
    people.sign_in(page.context, agreement.superior)
    page.goto(live_server.url + "/leder/min-side/")
    assert "Personlig tekst." not in kept_in(page)


def test_what_can_not_be_saved_is_shown_to_one_who_sends_something_else(
    people: People, agreement: Agreement, live_server: Any
) -> None:
    people.watch.allowed.add(422)
    page = people.page_of(agreement.leader)
    note = note_in(page, agreement, live_server.url)
    note.fill("x" * 20_001)
    expect_state(page, "unsaved")
    other = page.locator(f'form[action$="/del/{factories.SECTION}/kommentar/"]')
    page.locator("details.leder-talk", has=other).locator("summary").click()
    other.locator("textarea").fill("En kommentar.")
    other.locator("button[type=submit]").first.click()
    expect(form_in(page).locator("[data-autosave-status]")).to_be_in_viewport()
    expect(note).to_have_value("x" * 20_001)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_removed_goal_is_gone_at_once_and_comes_back(
    people: People, agreement: Agreement, live_server: Any, scripts: bool
) -> None:
    def stored() -> list[str]:
        text = open_texts(factories.access_of(agreement.leader, agreement)).answers[SECTION]
        return [goal["goal"] for goal in text.payload["goals"]]

    payload = {
        **answers.empty_payload(),
        "goals": [answers.new_goal(goal=words) for words in ("Bli", "Bort")],
    }
    actions.save_section(
        factories.access_of(agreement.leader, agreement), section_id=SECTION, version=0, payload=payload
    )
    page = people.page_of(agreement.leader, scripts=scripts)
    note_in(page, agreement, live_server.url)
    # The bar that says how the saving goes is there where something saves.
    expect(page.locator(".leder-strip")).to_be_visible(visible=scripts)
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        assert form_in(page).locator("select").evaluate_all(CUT) == []
    page.set_viewport_size({"width": WIDE, "height": 900})
    rows = form_in(page).locator("[data-row]")
    goal = rows.nth(1).locator("textarea").first
    if scripts:
        button = rows.nth(1).get_by_role("button")
        button.click()
        expect(goal).not_to_be_visible()
        expect(rows.nth(1).get_by_role("status")).to_have_text("Målet er fjernet.")
        row, undo = rows.nth(1).bounding_box(), button.bounding_box()
        assert row and undo and undo["x"] + undo["width"] < row["x"] + row["width"]
        assert comes_true(lambda: stored() == ["Bli"])
        expect(button).to_be_focused()
        button.press("Enter")
        expect(goal).to_have_value("Bort")
        assert comes_true(lambda: stored() == ["Bli", "Bort"])
        # A row that was added by mistake goes the same way.
        form_in(page).locator("[data-add-row]").click()
        rows.nth(2).locator("textarea").first.fill("Feil")
        assert comes_true(lambda: stored() == ["Bli", "Bort", "Feil"])
        rows.nth(2).get_by_role("button").click()
        assert comes_true(lambda: stored() == ["Bli", "Bort"])
        button.click()
        people.look_at(page, "a removed goal")
    else:
        rows.nth(1).locator('[name$="-remove"]').check()
        form_in(page).locator(".leder-save button").first.click()
    assert comes_true(lambda: stored() == ["Bli"])
    if scripts:
        expect_state(page, "saved")
    page.reload()
    expect(rows).to_have_count(1)


def test_new_fields_begin_empty_and_are_saved(people: People, agreement: Agreement, live_server: Any) -> None:
    page = people.page_of(agreement.leader)
    page.goto(f"{live_server.url}/leder/avtale/{agreement.uuid}/")
    form = page.locator(f'form[action$="/del/{factories.SECTION}/"]')
    boxes, fields = form.locator('[name="chosen"]'), form.locator(".leder-options__fields")
    for number in (0, 1):
        boxes.nth(number).check()
        expect(fields).to_have_count(number + 1)
        expect(fields.nth(number).locator("textarea").first).to_have_value("")
        fields.nth(number).locator("textarea").first.fill(f"Bidrag {number}")
    goals = form.locator('textarea[name$="-goal"]')
    goals.first.fill("Første mål")
    status = form.locator("[data-autosave-status][data-state=saved]")
    expect(status).to_be_visible()
    page.reload()
    # Now there is no empty row and no pattern: the first goal and the first choice are the patterns.
    expect(goals).to_have_count(1)
    # A field that is drawn larger gets a style from the browser, which the policy stops in markup (`People.watch`).
    for field in (fields.first.locator("textarea").first, goals.first):
        field.evaluate("element => { element.style.height = '9rem' }")
    boxes.nth(0).uncheck()
    boxes.nth(0).check()
    fields.nth(1).evaluate("element => element.remove()")
    boxes.nth(1).uncheck()
    boxes.nth(1).check()
    fields.nth(1).locator("textarea").first.fill("Bidrag 1")
    form.locator("[data-add-row]").click()
    expect(goals.nth(1)).to_be_focused()
    expect(goals.nth(1)).to_have_value("")
    goals.nth(1).fill("Andre mål")
    expect(status).to_be_visible()
    page.reload()
    text = open_texts(factories.access_of(agreement.leader, agreement)).answers[factories.SECTION]
    assert [goal["goal"] for goal in text.payload["goals"]] == ["Første mål", "Andre mål"]
    assert len({goal["id"] for goal in text.payload["goals"]}) == 2
    assert [choice["contribution"] for choice in text.payload["choices"]] == ["Bidrag 0", "Bidrag 1"]
