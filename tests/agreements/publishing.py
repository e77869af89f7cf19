"""Texts on pages that are published anew, for tests: editions with a page, and newer ones of them."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from typing import Any

import rfc8785
from django.utils import timezone
from wagtail.models import Page

from leder.agreements import actions
from leder.agreements.editions.decisions import decisions_of
from leder.agreements.editions.newer import newer_editions, pinned
from leder.agreements.models import Agreement, TextDecision
from leder.pages.editions import Edition
from tests import factories

Content = dict[str, Any]
ADOPT, KEEP = TextDecision.Choice.ADOPTED, TextDecision.Choice.RETAINED


def texts_with_pages() -> dict[str, Edition]:
    """The three texts of the factories, each the first edition of a page of its own."""
    return {
        f"{content['kind']}_edition": first_edition(content)
        for content in (factories.PLATFORM, factories.LETTER, factories.FORM)
    }


def first_edition(content: Content) -> Edition:
    """The first edition of a new page."""
    number = next(factories.counter)
    page = Page.objects.get(depth=1).add_child(
        instance=Page(title=content["title"], slug=f"text-{number}", live=True)
    )
    return _edition(page, 1, copy.deepcopy(content))


def publish(edition: Edition, change: Callable[[Content], Any] = lambda content: None) -> Edition:
    """The page of an edition, published anew with its newest words changed."""
    newest = Edition.objects.of(edition.page).first()
    assert newest is not None
    content = copy.deepcopy(newest.content)
    change(content)
    return _edition(edition.page, newest.number + 1, content)


def _edition(page: Page, number: int, content: Content) -> Edition:
    return Edition.objects.create(
        page=page,
        number=number,
        kind=content["kind"],
        year=content["year"],
        title=content["title"],
        published_at=timezone.now(),
        content=content,
        sha256=_digest(content),
    )


def _digest(content: Content) -> str:
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def without(statement_id: str) -> Callable[[Content], Any]:
    """A change that takes a statement, a question, a section or another part out of the text."""

    def change(content: Content) -> None:
        content["parts"] = [part for part in content["parts"] if part["id"] != statement_id]
        for part in content["parts"]:
            for name in ("statements", "questions"):
                part[name] = [each for each in part.get(name, []) if each["id"] != statement_id]

    return change


def reworded(statement_id: str, text: str) -> Callable[[Content], Any]:
    """A change that says a statement or question in other words."""

    def change(content: Content) -> None:
        for part in content["parts"]:
            for each in [*part["statements"], *part.get("questions", [])]:
                if each["id"] == statement_id:
                    each["text"] = text

    return change


def with_section(section_id: str, **values: Any) -> Callable[[Content], Any]:
    """A change of a section of the form."""

    def change(content: Content) -> None:
        for part in content["parts"]:
            if part["id"] == section_id:
                part.update(values)

    return change


def seen(agreement: Agreement, kind: str = "letter") -> dict[str, int]:
    """What a party who looks now posts about a text: the ids of what they saw."""
    agreement = Agreement.objects.get(pk=agreement.pk)
    newest = newer_editions(agreement).get(kind)
    latest = next((each.pk for each in decisions_of(agreement) if each.new_edition.kind == kind), 0)
    edition = pinned(agreement, kind)
    return {"stands_on": edition.pk, "edition": newest.pk if newest else edition.pk, "seen": latest}


def decide(
    agreement: Agreement, person: Any, choice: str = ADOPT, kind: str = "letter", **values: int
) -> Any:
    """Decide on a text as a party who has just looked; `values` replace what they saw."""
    return actions.decide_on_text(
        factories.access_of(person, agreement), choice=choice, **{**seen(agreement, kind), **values}
    )
