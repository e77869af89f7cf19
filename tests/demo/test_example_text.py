"""Loading the example text: the same ids everywhere, years filled in, published, and nothing twice."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Site

from leder.pages.editions import edition_of
from leder.pages.models import AgreementFormPage, LeaderPlatformPage, LeadershipPage, SteeringLetterPage
from lorenskog_intranet.demo.example_text import load_example_text, with_year
from tests.pages.conftest import publish
from tests.pages.test_copying import ids

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "text"
NAMES = ["leadership", "platform"] + [
    f"{kind}_{year}" for kind in ("letter", "form") for year in ("last", "this", "next")
]


@pytest.fixture
def pages(db: None) -> dict[str, Any]:
    return load_example_text(FOLDER, parent=None, work_year=2027)


def test_all_pages_published(pages: dict[str, Any]) -> None:
    assert set(pages) == set(NAMES)
    for page in pages.values():
        assert page.live and page.live_revision_id and not page.has_unpublished_changes
        assert page.first_published_at == page.last_published_at < timezone.now()
        assert page.body and page.full_clean() is None
    assert pages["leadership"].get_parent() == Site.objects.get().root_page
    assert {page.get_parent().pk for name, page in pages.items() if name != "leadership"} == {
        pages["leadership"].pk
    }


def test_years(pages: dict[str, Any]) -> None:
    assert [pages[name].year for name in NAMES[2:]] == [2025, 2026, 2027] * 2
    for name in NAMES[2:]:
        page = pages[name]
        text = json.dumps(page.edition_content())
        assert "{year" not in text and str(page.year) in page.title
    assert pages["letter_next"].last_published_at.year == 2026


def test_ids_are_the_same_everywhere(pages: dict[str, Any]) -> None:
    before = {name: ids(page) for name, page in pages.items()}
    Page.objects.filter(depth=3).delete()
    Page.fix_tree()
    again = load_example_text(FOLDER, parent=None, work_year=2030)
    assert {name: ids(page) for name, page in again.items()} == before
    every = [identity for found in before.values() for identity in found]
    assert len(every) == len(set(every))


def test_loaded_twice_is_loaded_once(pages: dict[str, Any]) -> None:
    number = Page.objects.count()
    platform = pages["platform"]
    platform.title = "Vår plattform"
    platform.save_revision().publish()
    again = load_example_text(FOLDER, parent=None, work_year=2027)
    assert Page.objects.count() == number
    assert {name: page.pk for name, page in again.items()} == {name: page.pk for name, page in pages.items()}
    assert again["platform"].title == "Vår plattform"


def test_below_a_given_page(db: None) -> None:
    leadership = publish(LeadershipPage(title="Ledelse", slug="ledelse"), Site.objects.get().root_page)
    pages = load_example_text(FOLDER, parent=leadership, work_year=2027)
    assert pages["leadership"] == leadership
    assert SteeringLetterPage.objects.child_of(leadership).count() == 3


def test_what_is_missing_is_left_out(db: None, tmp_path: Path) -> None:
    shutil.copy(FOLDER / "platform.json", tmp_path)
    pages = load_example_text(tmp_path, parent=None, work_year=2027)
    assert set(pages) == {"leadership", "platform"}
    assert (pages["leadership"].title, LeaderPlatformPage.objects.count()) == ("Ledelse", 1)


def test_agreements_can_stand_on_it(pages: dict[str, Any]) -> None:
    form, letter, platform = (edition_of(pages[name]) for name in ("form_next", "letter_next", "platform"))
    assert [section.answer for section in form.sections] == ["letter", "platform", "questions", "questions"]
    assert [section.private for section in form.sections][1]
    assert form.sections[-1].is_follow_up
    kinds = {statement.kind for statement in platform.statements.values()}
    assert {"value", "expectation", "responsibility", "indicator", "level", "document"} <= kinds
    assert len([s for s in platform.statements.values() if s.kind == "expectation"]) == 6
    assert all(statement.kind in {"assignment", "point"} for statement in letter.statements.values())
    assert AgreementFormPage.objects.get(year=2027).edition_content() == form.content


def test_history_looks_as_if_it_was_done_then(pages: dict[str, Any]) -> None:
    page = pages["form_last"]
    assert set(PageLogEntry.objects.filter(page=page.pk).values_list("timestamp", flat=True)) == {
        page.first_published_at
    }
    assert page.latest_revision.created_at == page.first_published_at


def test_year_tokens() -> None:
    assert with_year({"a": ["{year}-10-01", "{year-1}/{year+1}", 7, None]}, 2027) == {
        "a": ["2027-10-01", "2026/2028", 7, None]
    }
