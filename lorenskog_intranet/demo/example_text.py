"""Loads the example text: pages from JSON files, with the same ids wherever it is loaded.

A file holds {"page": model name, "title", "slug", "introduction", "body": [{"type", "value"}], "year"?}. Lists stand as
plain lists, rich text as HTML without keys; ids and keys are made from the file's name and the place in it. "{year}",
"{year-1}" and "{year+1}" in strings are replaced by the year the file is for.
"""

import json
import re
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.blocks import Block, ListBlock, RichTextBlock, StructBlock
from wagtail.models import PageLogEntry, Site

from leder.pages.editions import Edition
from leder.pages.models import AgreementFormPage, LeaderPlatformPage, LeadershipPage, SteeringLetterPage
from leder.pages.rich_text import as_stored_by_editor

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://lorenskog-intranet.example/text")
LANDING = "leadership"
# Which file is for which year, counted from the work year.
YEARS = {
    "platform": 0,
    "letter_last": -2,
    "letter_this": -1,
    "letter_next": 0,
    "form_last": -2,
    "form_this": -1,
    "form_next": 0,
}
MODELS: dict[str, Any] = {
    model.__name__: model
    for model in (LeadershipPage, LeaderPlatformPage, SteeringLetterPage, AgreementFormPage)
}
YEAR_TOKEN = re.compile(r"\{year([+-]\d+)?\}")


@transaction.atomic
def load_example_text(folder: Path, *, parent: LeadershipPage | None, work_year: int) -> dict[str, Any]:
    """Create and publish the pages that are not there yet; return all of them by the name of their file.

    Without a `parent` the landing page is made below the site's front page (from `leadership.json` if there is one).
    A page whose slug is taken below `parent` counts as there and is left as it is. Files that are missing are
    left out of the answer. Raises KeyError for a page or block type unknown here.
    """
    landing = parent or _landing_page(folder, work_year)
    pages: dict[str, Any] = {LANDING: landing}
    for name, offset in YEARS.items():
        path = folder / f"{name}.json"
        if path.is_file():
            pages[name] = _load(path, landing, work_year + offset, _published_at(name, work_year + offset))
    return pages


def _landing_page(folder: Path, work_year: int) -> Any:
    front = Site.objects.get(is_default_site=True).root_page
    if existing := LeadershipPage.objects.descendant_of(front).first():
        return existing
    path = folder / f"{LANDING}.json"
    published_at = _published_at("platform", work_year)
    if path.is_file():
        return _load(path, front, work_year, published_at)
    return _publish(LeadershipPage(title="Ledelse", slug="ledelse"), front, published_at)


def _load(path: Path, parent: Any, year: int, published_at: datetime) -> Any:
    data = with_year(json.loads(path.read_text(encoding="utf-8")), year)
    model = MODELS[data["page"]]
    if existing := model.objects.child_of(parent).filter(slug=data["slug"]).first():
        return existing
    introduction = as_stored_by_editor(
        data.get("introduction", ""),
        model._meta.get_field("introduction").features,
        f"{path.stem}/introduction",
    )
    page = model(title=data["title"], slug=data["slug"], introduction=introduction)
    if "year" in data:
        page.year = int(data["year"])
    stream = model._meta.get_field("body").stream_block
    page.body = [
        {
            "type": part["type"],
            "value": with_ids(stream.child_blocks[part["type"]], part["value"], f"{path.stem}/{number}"),
            "id": _id(f"{path.stem}/{number}"),
        }
        for number, part in enumerate(data["body"])
    ]
    return _publish(page, parent, published_at)


def _publish(page: Any, parent: Any, published_at: datetime) -> Any:
    """Add the page and publish it, with a history that looks as if it was done at `published_at`."""
    parent.add_child(instance=page)
    page.save_revision(log_action=True).publish()
    model = type(page)
    page.revisions.update(created_at=published_at)
    model.objects.filter(pk=page.pk).update(
        first_published_at=published_at,
        last_published_at=published_at,
        latest_revision_created_at=published_at,
    )
    PageLogEntry.objects.filter(page_id=page.pk).update(timestamp=published_at)
    # Past the guard of editions, with the rest of the made-up history; nothing stands on this one yet.
    for edition in Edition.objects.of(page):
        edition.published_at = published_at
        edition.sign()
        Edition._base_manager.filter(pk=edition.pk).update(published_at=published_at, mac=edition.mac)
    return model.objects.get(pk=page.pk)


def _published_at(name: str, year: int) -> datetime:
    """The platform in spring some years ago, letters and forms in the autumn before their year; never in the future."""
    zone = timezone.get_current_timezone()
    days = {"platform": (year - 3, 3, 12), "letter": (year - 1, 11, 2), "form": (year - 1, 11, 9)}
    published_at = datetime(*days[name.partition("_")[0]], 9, 30, tzinfo=zone)
    return min(published_at, timezone.now() - timedelta(days=7))


def with_year(data: Any, year: int) -> Any:
    """Return the data with the year tokens in its strings replaced."""
    if isinstance(data, str):
        return YEAR_TOKEN.sub(lambda token: str(year + int(token[1] or 0)), data)
    if isinstance(data, list):
        return [with_year(item, year) for item in data]
    if isinstance(data, dict):
        return {key: with_year(value, year) for key, value in data.items()}
    return data


def with_ids(block: Block, value: Any, place: str) -> Any:
    """Return a block's value in the form that is stored; ids of list items and keys of paragraphs tell their place."""
    if isinstance(block, ListBlock):
        return [
            {
                "type": "item",
                "value": with_ids(block.child_block, item, f"{place}/{number}"),
                "id": _id(f"{place}/{number}"),
            }
            for number, item in enumerate(value)
        ]
    if isinstance(block, StructBlock):
        return {
            name: with_ids(block.child_blocks[name], child, f"{place}/{name}")
            for name, child in value.items()
        }
    if isinstance(block, RichTextBlock):
        return as_stored_by_editor(value, block.features, place)
    return value


def _id(place: str) -> str:
    return str(uuid.uuid5(NAMESPACE, place))
