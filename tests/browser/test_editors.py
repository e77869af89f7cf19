"""The page editor, as editors meet it: each click does what it says, and nothing is saved that nobody wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from playwright.sync_api import Dialog, Locator
from wagtail.models import Page as WagtailPage
from wagtail.models import PageLogEntry, Revision

from leder.agreements.actions.opening import pinned_editions
from leder.pages import roles
from lorenskog_intranet.demo.example_text import load_example_text
from lorenskog_intranet.home.models import HomePage
from lorenskog_intranet.management.commands.site_demo import make_front_page
from tests.browser.pages.cms import PageEditor
from tests.browser.people import NARROW, WIDE, People
from tests.factories import make_agreement, make_round

TEXTS = Path(__file__).resolve().parents[2] / "fixtures" / "text"
YEAR = 2027
PINNED = {"platform": "platform", "letter": "letter_next", "form": "form_next"}

# Editors of text that start late, as on a busy machine: what they wait before they write into their fields (Wagtail's
# CommentableEditor, 250 ms) takes longer than Wagtail waits before it remembers the fields (UnsavedController, 2 s).
SLOW_START = """
const soon = window.setTimeout;
window.setTimeout = (act, wait, ...rest) => soon(act, wait === 250 ? 3000 : wait, ...rest);
"""
# What the page editor decides, and how often each editor of text has taken its text from its field or put it there.
LISTEN = """
window.decided = [];
for (const name of ["w-unsaved:watch-edits", "w-unsaved:add", "w-autosave:save"])
  document.addEventListener(name, () => decided.push(name));
Object.defineProperty(HTMLInputElement.prototype, "rawContentState", {
  get() { return this.heldState; },
  set(state) { this.heldState = state; this.timesSet = (this.timesSet || 0) + 1; },
});
"""
# Fields remembered, compared, told of and saved: 2,000, then at most 500, 530 and 500 ms, after 3,000 of slow start.
LONG_ENOUGH = 7_000
DECIDED = "() => window.decided"
EDITORS = "() => [...document.querySelectorAll('input')].map(each => each.timesSet).filter(Boolean)"


@pytest.fixture
def texts(transactional_db: None) -> dict[str, Any]:
    """Every page of the demo, the letter and the form copied for next year, and an agreement that builds on three."""
    make_front_page(TEXTS)
    pages = load_example_text(TEXTS, parent=None, work_year=YEAR)
    roles.set_up_roles()
    this = make_round(YEAR)
    for kind, name in PINNED.items():
        setattr(this, f"{kind}_page", pages[name])
    this.save()
    make_agreement(editions=pinned_editions(this), year=YEAR)
    for name in ("letter_next", "form_next"):
        pages[f"{name}, copied"] = pages[name].copy(
            update_attrs={"slug": f"{name}-copied"}, copy_revisions=False
        )
    return {"home": HomePage.objects.get(), **pages}


@pytest.fixture
def redactor(texts: dict[str, Any]) -> Any:
    """One of those who edit the texts."""
    user = get_user_model().objects.create_user("redaktor", first_name="Rita", last_name="Eksempel")
    user.groups.add(*Group.objects.filter(name=roles.COMMUNICATIONS))
    # The front page is the site's own: those who edit it are superusers here.
    user.is_superuser = True
    user.save()
    return user


def kept(page: Any) -> tuple[Any, ...]:
    """What the database has of a page's drafts and history."""
    page = WagtailPage.objects.get(pk=page.pk)
    revisions = Revision.objects.for_instance(page.specific).order_by("pk").values_list("pk", "created_at")
    log = PageLogEntry.objects.filter(page_id=page.pk).count()
    return page.has_unpublished_changes, page.latest_revision_id, list(revisions), log


def test_opening_the_editor_saves_nothing(
    people: People, live_server: Any, texts: dict[str, Any], redactor: Any
) -> None:
    page = people.page_of(redactor)
    page.clock.install()
    page.add_init_script(LISTEN + SLOW_START)
    editor = PageEditor(page, live_server.url)
    for name, text in texts.items():
        before = kept(text)
        editor.open(text)
        page.clock.run_for(LONG_ENOUGH)
        editors = page.evaluate(EDITORS)
        assert editors and min(editors) > 1, f"{name}: not every editor of text has started: {editors}"
        assert set(page.evaluate(DECIDED)) == {"w-unsaved:watch-edits"}, name
        assert kept(text) == before, name


def test_a_letter_that_is_typed_is_saved(
    people: People, live_server: Any, texts: dict[str, Any], redactor: Any
) -> None:
    page = people.page_of(redactor)
    page.clock.install()
    page.add_init_script(LISTEN + SLOW_START)
    PageEditor(page, live_server.url).open(texts["platform"])
    page.clock.run_for(LONG_ENOUGH)
    page.locator("input[name=introduction] ~ [data-draftail-editor-wrapper] [role=textbox]").click()
    page.keyboard.press("End")
    page.keyboard.type("x")
    with page.expect_response(
        lambda answer: answer.request.method == "POST" and "/edit/" in answer.url
    ) as saved:
        page.clock.run_for(LONG_ENOUGH)
    assert saved.value.ok
    assert "w-autosave:save" in page.evaluate(DECIDED)
    platform = WagtailPage.objects.get(pk=texts["platform"].pk)
    assert platform.has_unpublished_changes
    draft = platform.get_latest_revision_as_object()
    published = platform.specific
    assert len(draft.introduction) == len(published.introduction) + 1
    assert list(draft.body.raw_data) == list(published.body.raw_data)


NOTED = """nested => [...document.querySelectorAll("[data-streamfield-child]")]
    .filter(each => each.querySelector(":scope > .leder-paragraph-note"))
    .filter(each => Boolean(each.parentElement.closest("[data-streamfield-child]")) === nested)
    .map(each => each.dataset.contentpath)"""


def first_and_later(editor: PageEditor, *, nested: bool) -> tuple[Locator, Locator]:
    """Two paragraphs that agreements build on: parts of the text, or what stands in the list of a part."""
    ids = editor.page.evaluate(NOTED, nested)
    return editor.paragraph(ids[0]), editor.paragraph(ids[2])


def action(paragraph: Locator, name: str) -> Locator:
    """A button of the paragraph itself, not of one within it."""
    return paragraph.locator(f"[data-streamfield-action='{name}']").first


def own(paragraph: Locator, field: str) -> str:
    """What the paragraph's own hidden field ("order", "deleted") says."""
    return paragraph.locator(f"> input[name$='-{field}']").input_value()


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("nested", [False, True], ids=["parts", "items"])
def test_one_press_moves_and_one_deletes(
    people: People, live_server: Any, texts: dict[str, Any], redactor: Any, nested: bool, width: int
) -> None:
    page = people.page_of(redactor)
    page.set_viewport_size({"width": width, "height": 900})
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        if dialog.type == "confirm":  # not the browser's own, on leaving what is not saved yet
            asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", agree)
    editor = PageEditor(page, live_server.url).open(texts["letter_next"])
    for paragraph in first_and_later(editor, nested=nested):
        order = int(own(paragraph, "order"))
        editor.press_like_a_hand(action(paragraph, "MOVE_DOWN"))
        assert int(own(paragraph, "order")) == order + 1
    assert asked == []
    editor.open(texts["letter_next"])
    for paragraph in first_and_later(editor, nested=nested):
        editor.press_like_a_hand(action(paragraph, "DELETE"))
        assert own(paragraph, "deleted") == "1"
    assert len(asked) == 2 and all(message.startswith("1 avtale bygger på") for message in asked)


def test_the_keyboard_moves_nothing_but_the_focus(
    people: People, live_server: Any, texts: dict[str, Any], redactor: Any
) -> None:
    page = people.page_of(redactor)
    editor = PageEditor(page, live_server.url).open(texts["letter_next"])
    for paragraph in first_and_later(editor, nested=True):
        button, note = action(paragraph, "DELETE"), paragraph.locator("> .leder-paragraph-note")
        paragraph.scroll_into_view_if_needed()
        before = button.bounding_box()
        button.focus()
        assert button.bounding_box() == before
        assert note.is_visible() and note.inner_text().startswith("1 avtale bygger på")
