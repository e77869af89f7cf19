"""The whole year as the people live it: the text is changed and published, the agreement written, signed, followed up.

Once with JavaScript, where every page is also looked at with axe, and once without. The page editor needs
JavaScript in both.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from leder.agreements.models import Agreement, Round
from leder.agreements.reading.current import open_texts
from leder.agreements.states import State
from leder.pages import roles
from lorenskog_intranet.demo.example_text import load_example_text
from lorenskog_intranet.management.commands.site_demo import make_front_page
from tests import factories
from tests.browser.pages.agreement import AgreementPage, FollowUpPage, SignPage
from tests.browser.pages.cms import PageEditor
from tests.browser.pages.conversations import ConversationsPage, MeetingPage, MyPage, PreparationPage
from tests.browser.people import People

TEXTS = Path(__file__).resolve().parents[2] / "fixtures" / "text"
YEAR = 2027
NEW_WORDS = "setter innbyggeren i sentrum, og spør før noe endres"


@dataclass
class Scene:
    """The texts and the people."""

    pages: dict[str, Any]
    people: dict[str, Any]


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    """The example text, a round, a leader with a superior, an editor and an approver."""
    make_front_page(TEXTS)
    pages = load_example_text(TEXTS, parent=None, work_year=YEAR)
    call_command("leder_roles", verbosity=0)
    Round.objects.create(
        year=YEAR,
        platform_page_id=pages["platform"].pk,
        letter_page_id=pages["letter_next"].pk,
        form_page_id=pages["form_next"].pk,
        conversation_due=dt.date(YEAR, 3, 31),
        follow_up_from=dt.date(YEAR, 8, 1),
        follow_up_due=dt.date(YEAR, 12, 31),
        unshared_deleted_on=dt.date(YEAR + 1, 3, 31),
        text_deleted_on=dt.date(YEAR + 5, 12, 31),
        opened_at=timezone.now(),
    )
    superior, position = factories.make_leader(first_name="Siri", last_name="Tjernås")
    leader, _own = factories.make_leader(reports_to=position, first_name="Lars", last_name="Bekkelund")
    people = {"leader": leader, "superior": superior}
    for name, group in (("editor", roles.COMMUNICATIONS), ("approver", roles.APPROVERS)):
        people[name] = factories.make_user(first_name=name, last_name="Kommunikasjon")
        people[name].groups.add(Group.objects.get(name=group))
    return Scene(pages, people)


def publish_new_words(people: People, scene: Scene, url: str) -> None:
    """The editor changes an expectation and sends it for approval; the approver publishes it."""
    platform = scene.pages["platform"]
    old = next(
        block.value["expectations"][0]["text"]
        for block in platform.body
        if block.block_type == "expectations"
    )
    editor = PageEditor(people.page_of(scene.people["editor"]), url).open(platform)
    editor.change_words(old, NEW_WORDS)
    editor.submit_for_approval()
    reader = people.page_of(scene.people["leader"])
    reader.goto(url + platform.url)
    assert NEW_WORDS not in reader.content()
    PageEditor(people.page_of(scene.people["approver"]), url).open(platform).approve_and_publish()
    reader.reload()
    expect(reader.get_by_text(NEW_WORDS).first).to_be_visible()


@pytest.mark.journey
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_year(  # noqa: C901 (the whole of the main job, in the order of its steps)
    people: People, scene: Scene, live_server: Any, scripts: bool
) -> None:
    url = live_server.url
    publish_new_words(people, scene, url)
    leader_page = people.page_of(scene.people["leader"], scripts=scripts)
    superior_page = people.page_of(scene.people["superior"], scripts=scripts)

    def look(page: Page, name: str) -> None:
        if scripts:
            people.look_at(page, name)

    def on(kind: Any, page: Page) -> Any:
        return kind(page, url, scripts=scripts)

    for name, path in (
        ("home", "/"),
        ("platform", scene.pages["platform"].url),
        ("letter", scene.pages["letter_next"].url),
        ("form", scene.pages["form_next"].url),
    ):
        leader_page.goto(url + path)
        look(leader_page, name)

    # The superior opens the agreement and calls the conversation (R3).
    on(MyPage, superior_page).open()
    look(superior_page, "Min side of a superior without agreements")
    on(MyPage, superior_page).open_agreement_of("Lars Bekkelund")
    agreement = Agreement.objects.get()
    sections = {
        section.answer: section for section in agreement.form_edition.sections if not section.is_follow_up
    }
    follow_up = next(section for section in agreement.form_edition.sections if section.is_follow_up)
    look(superior_page, "conversations, nothing called")
    on(ConversationsPage, superior_page).open(agreement).call(
        timezone.localdate() + dt.timedelta(days=9), "Rom 3"
    )
    look(superior_page, "conversations, one called")

    # Both prepare, and see nothing of each other's until both are ready (R5).
    on(MyPage, leader_page).open()
    look(leader_page, "Min side of a leader")
    for page, text in ((leader_page, "Leder forbereder"), (superior_page, "Overordnet forbereder")):
        preparation = on(PreparationPage, page).open(agreement)
        look(page, "preparation")
        for section in sections.values():
            preparation.write(section, text)
            look(page, "preparation of a section")
        preparation.open(agreement)
        assert "Leder forbereder" not in superior_page.content()
        preparation.ready()
    on(PreparationPage, leader_page).open(agreement)
    expect(leader_page.get_by_text("Overordnet forbereder").first).to_be_attached()
    look(leader_page, "both preparations")

    # The leader writes every section and picks two expectations, the new one among them.
    writing = on(AgreementPage, leader_page).open(agreement)
    look(leader_page, "agreement, nothing written")
    expectations = [s.text for s in agreement.platform_edition.statements.values() if s.kind == "expectation"]
    assert expectations[0] == NEW_WORDS
    assignment = next(s.text for s in agreement.letter_edition.statements.values() if s.kind == "assignment")
    writing.choose(sections["letter"], [assignment], "Bidrag", [])
    writing.choose(sections["platform"], expectations[:2], "Fordi", ["strength", "challenge"])
    for section in sections.values():
        writing.write(section, f"Lederen om {section.number}")
    look(leader_page, "agreement, written")

    # The superior reads, comments, asks for a change, and approves.
    reading = on(AgreementPage, superior_page).open(agreement)
    look(superior_page, "agreement, the superior's")
    reading.comment(sections["platform"], "Godt valg.")
    reading.ask_for_changes(sections["questions"], "Ta med sykefraværet.")
    look(superior_page, "agreement with comments")
    writing.open(agreement)
    expect(leader_page.get_by_text("Ta med sykefraværet.")).to_be_visible()
    writing.write(sections["questions"], "Lederen om sykefraværet")
    reading.open(agreement)
    for section in sections.values():
        reading.approve(section)

    # They hold the conversation at one screen.
    meeting = on(MeetingPage, superior_page).open(agreement)
    look(superior_page, "meeting mode")
    assert meeting.go_through() == len(sections)
    look(superior_page, "the end of the meeting")
    meeting.note_as_held()

    # Both sign (R7).
    for page in (leader_page, superior_page):
        signing = on(SignPage, page).open(agreement)
        look(page, "signing")
        signing.sign("Lørenskog")
        look(page, "signed by one" if page is leader_page else "signed by both")
    agreement.refresh_from_db()
    assert agreement.state == State.SIGNED

    # The follow-up (R4): how the goals stand, the prompts, held, confirmed by both.
    following = on(FollowUpPage, leader_page).open(agreement)
    look(leader_page, "follow-up")
    following.tell_progress(sections["questions"], "reached", "Målet er nådd.")
    following.answer_prompts(follow_up, "Svar")
    meeting = on(MeetingPage, superior_page).open(agreement)
    look(superior_page, "meeting mode of the follow-up")
    meeting.go_through()
    meeting.note_as_held()
    for page in (leader_page, superior_page):
        on(FollowUpPage, page).open(agreement).confirm()
        look(page, "follow-up, confirmed")
    for page in (leader_page, superior_page):
        on(MyPage, page).open()
    look(superior_page, "Min side of a superior")
    superior_page.goto(url + "/leder/min-side/ledere/")
    look(superior_page, "my reports")
    superior_page.goto(url + f"/leder/tekst/{agreement.platform_edition_id}/")
    look(superior_page, "edition")

    agreement = Agreement.objects.get()
    assert agreement.state == State.FOLLOWED_UP
    texts = open_texts(factories.access_of(scene.people["superior"], agreement))
    choices = texts.answers[sections["platform"].id].payload["choices"]
    assert [choice["stance"] for choice in choices] == ["strength", "challenge"]
    assert (
        texts.answers[sections["questions"].id].payload["goals"][0]["goal"] == "Lederen om sykefraværet goal"
    )
    assert "Målet er nådd." in str(texts.progress[sections["questions"].id].payload)
