"""The server is killed while two write: no save that a page was told of is lost, and what is typed arrives."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect

from leder.agreements.models import Agreement
from leder.agreements.reading.current import texts_for_work
from leder.agreements.states import State
from leder.pages.editions import Edition
from tests import factories
from tests.browser.people import PATIENCE, Watch
from tests.browser.server import Server

KILLS = int(os.environ.get("KILLS", "3"))
LEADERS, SUPERIORS, SHARED = factories.SECTION, factories.QUESTIONS_SECTION, "s-shared"
# Seconds. Half of the kills are aimed at a save on its way, the others come at any time.
DURING_A_SAVE = 0.04
LONGEST = 4
# A page saves when nothing has been typed for 1.2 seconds.
PAUSES = (0, 500, 1500)
TELL = """
const ask = window.fetch;
window.fetch = async (...asked) => {
    if (asked[1]?.method === 'POST') saving(asked[0]);
    const answer = await ask(...asked);
    const told = answer.clone();
    if (answer.ok && asked[1]?.method === 'POST')
        told.json().then(({version}) => acknowledged(asked[0], asked[1].body, version), () => {});
    return answer;
};
"""


@dataclass
class Told:
    """What the pages were told is saved: section to the last version and its note, and how many times."""

    saved: dict[str, tuple[int, str]] = field(default_factory=dict)
    count: int = 0
    saving: threading.Event = field(default_factory=threading.Event)

    def acknowledged(self, url: str, body: str, version: int) -> None:
        """A save was answered."""
        section = url.rstrip("/").rsplit("/", 1)[1]
        note = parse_qs(body, keep_blank_values=True)["note"][0].replace("\r\n", "\n")
        self.count += 1
        self.saved[section] = max(self.saved.get(section, (0, "")), (version, note))


@dataclass
class Writer:
    """One of the two at their page, and what they have typed in each section."""

    page: Page
    address: str
    own: str
    typed: dict[str, str]

    def form(self, section: str) -> Locator:
        return self.page.locator(f'form[action$="/del/{section}/"]')

    def open(self) -> None:
        """Open the agreement (anew): it shows what is stored, or what this tab still has to send."""
        self.page.goto(self.address)

    def type(self, section: str, words: str) -> None:
        """Type some words after what stands there."""
        note = self.form(section).locator('textarea[name="note"]')
        note.press("Control+End")
        note.press_sequentially(words, delay=random.randint(0, 30))  # noqa: S311
        self.typed[section] = self.typed.get(section, "") + words

    def expect_saved(self, section: str) -> None:
        status = self.form(section).locator("[data-autosave-status][data-state=saved]")
        expect(status).to_be_visible()


@pytest.fixture
def server(tmp_path: Path, clean_start: None) -> Iterator[Server]:
    """The server, answering."""
    server = Server(tmp_path)
    server.start()
    try:
        server.wait()
        yield server
    finally:
        server.kill()


@pytest.fixture
def agreement(clean_start: None) -> Agreement:
    """An agreement whose form has one section more, for both."""
    editions = factories.make_editions()
    parts = [dict(part) for part in factories.FORM["parts"]]
    [pattern] = [part for part in parts if part["id"] == SUPERIORS]
    content = {**factories.FORM, "parts": [*parts, {**pattern, "id": SHARED, "heading": "Felles"}]}
    editions["form_edition"] = Edition.objects.create(
        kind="form", year=factories.YEAR, title="Lederavtale", sha256="f" * 64, content=content,
        published_at=editions["form_edition"].published_at,
    )  # fmt: skip
    return factories.make_agreement(state=State.DISCUSSED, editions=editions)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def writers(
    browser: Browser, browser_context_args: dict[str, Any], server: Server, agreement: Agreement, told: Told
) -> Iterator[tuple[Writer, Writer]]:
    """The leader and the superior, each at the agreement in a browser of their own."""
    watch = Watch(server.url, is_offline=True)
    contexts = []
    writers = []
    typed: dict[str, str] = {}
    for person, own in ((agreement.leader, LEADERS), (agreement.superior, SUPERIORS)):
        context = browser.new_context(**browser_context_args)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.expose_function("acknowledged", told.acknowledged)
        context.expose_function("saving", lambda _url: told.saving.set())
        context.add_init_script(TELL)
        watch.over(context)
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        writers.append(Writer(page, f"{server.url}/leder/avtale/{agreement.uuid}/", own, typed))
    yield writers[0], writers[1]
    for context in contexts:
        context.close()
    assert not watch.found, "\n".join(watch.found)


def stored(agreement: Agreement) -> dict[str, tuple[int, str]]:
    """What is in the database now: section to version and note."""
    fresh = Agreement.objects.select_related("data_key").get(pk=agreement.pk)
    answers = texts_for_work(factories.access_of(fresh.leader, fresh)).answers
    return {section: (text.version, text.payload["note"]) for section, text in answers.items()}


def assert_nothing_lost(agreement: Agreement, told: Told) -> None:
    """All that a page was told of stands, or the same with more after it."""
    now = stored(agreement)
    for section, (version, note) in told.saved.items():
        assert now[section][0] >= version
        assert now[section][1].startswith(note)


class Killer(threading.Thread):
    """Kills the server after a while, or in the middle of a save."""

    def __init__(self, server: Server, told: Told) -> None:
        super().__init__(daemon=True)
        self.server, self.told = server, told
        self.aims = random.random() < 0.5  # noqa: S311
        told.saving.clear()

    def run(self) -> None:
        if self.aims:
            self.told.saving.wait(LONGEST)
        time.sleep(random.uniform(0, DURING_A_SAVE if self.aims else LONGEST))  # noqa: S311
        self.server.kill()


def test_no_acknowledged_save_is_lost(
    server: Server, agreement: Agreement, writers: tuple[Writer, Writer], told: Told
) -> None:
    for writer in writers:
        writer.open()
    for number in range(KILLS):
        # The section that is both's is written in turns: the one whose turn it is sees the other's text first, and
        # leaves no page that says it is not saved yet.
        turn = writers[number % 2]
        if number:
            turn.expect_saved(turn.own)
        turn.open()
        killer = Killer(server, told)
        killer.start()
        for word in range(4):
            for writer in writers:
                writer.type(writer.own, f"{number}.{word}/")
            turn.type(SHARED, f"{number}.{word}/")
            turn.page.wait_for_timeout(random.choice(PAUSES))  # noqa: S311
        killer.join()
        assert_nothing_lost(agreement, told)
        server.start()
        while not server.answers():
            turn.page.wait_for_timeout(100)
        turn.expect_saved(SHARED)
    for writer in writers:
        writer.type(writer.own, "slutt")
        writer.expect_saved(writer.own)
    assert_nothing_lost(agreement, told)
    # What was typed arrived, all of it and once.
    assert {section: note for section, (_version, note) in stored(agreement).items()} == writers[0].typed
    assert told.count >= KILLS
