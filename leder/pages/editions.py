"""Editions (utgaver): our own snapshots of published text, which agreements are pinned to (R6).

Wagtail's revisions are not enough: the page editor overwrites them and housekeeping purges them. An edition is
plain data of ours, so it also reads the same after a block type has been removed from the code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import rfc8785
import swapper
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Question:
    """One guiding question (veiledende spørsmål) of a section."""

    id: str
    text: str


@dataclass(frozen=True)
class Section:
    """A section (del) of the year's agreement form: what it asks, and how it is answered."""

    id: str
    number: int
    heading: str
    html: str
    questions: tuple[Question, ...]
    answer: str
    goals: bool
    private: bool
    stage: str

    @property
    def is_follow_up(self) -> bool:
        """Whether the section is written at the follow-up (oppfølging), after signing."""
        return self.stage == "follow_up"

    @property
    def takes_answers(self) -> bool:
        """Whether the parties write anything in this section."""
        return self.answer != "none" or self.goals


@dataclass(frozen=True)
class Statement:
    """A citable statement: an expectation, a value, an assignment … with an identity of its own."""

    id: str
    kind: str
    text: str
    part_id: str
    part_heading: str
    extra: dict[str, Any]


class Edition(models.Model):
    """One published text, as it stood: content as plain data and its SHA-256. Never changed once made."""

    class Kind(models.TextChoices):
        PLATFORM = "platform", _("Leader platform")
        LETTER = "letter", _("Steering letter")
        FORM = "form", _("Agreement form")

    page = models.ForeignKey(
        swapper.get_model_name("wagtailcore", "Page"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    revision_id = models.PositiveBigIntegerField(null=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    year = models.PositiveSmallIntegerField(null=True)
    title = models.CharField(max_length=255)
    published_at = models.DateTimeField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [models.UniqueConstraint(fields=["page", "sha256"], name="leder_edition_once_a_page")]

    def __str__(self) -> str:
        return f"{self.title} ({self.published_at:%Y-%m-%d})"

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The parts of the text in order, as plain data."""
        return self.content["parts"]

    @cached_property
    def sections(self) -> list[Section]:
        """The form's sections in order, numbered from 1. Empty for other kinds of text."""
        found = [part for part in self.parts if part["kind"] == "section"]
        return [
            Section(
                id=part["id"],
                number=number,
                heading=part["heading"],
                html=part["html"],
                questions=tuple(Question(q["id"], q["text"]) for q in part["questions"]),
                answer=part["answer"],
                goals=part["goals"],
                private=part["private"],
                stage=part["stage"],
            )
            for number, part in enumerate(found, start=1)
        ]

    def section(self, section_id: str) -> Section | None:
        """Return the section with this id, or None."""
        return next((section for section in self.sections if section.id == section_id), None)

    @cached_property
    def statements(self) -> dict[str, Statement]:
        """Every citable statement by id, in the order of the text."""
        return {statement.id: statement for statement in self._statements()}

    def statement(self, statement_id: str) -> Statement | None:
        """Return the citable statement with this id, or None."""
        return self.statements.get(statement_id)

    def _statements(self) -> Iterator[Statement]:
        for part in self.parts:
            for statement in part["statements"]:
                extra = {key: value for key, value in statement.items() if key not in {"id", "kind", "text"}}
                yield Statement(
                    id=statement["id"],
                    kind=statement["kind"],
                    text=statement["text"],
                    part_id=part["id"],
                    part_heading=part["heading"],
                    extra=extra,
                )


def edition_of(page: Any) -> Edition:
    """Return the edition of a live page as it stands now, made if it is not there yet.

    Takes a specific page with `edition_content()`. Pages whose words are the same share one edition, however
    often they were published. Raises ValueError for a page that is not live: a draft can't be agreed on.
    """
    if not page.live:
        raise ValueError("only published text can be pinned")
    content = page.edition_content()
    edition, _created = Edition.objects.get_or_create(
        page_id=page.pk,
        sha256=hashlib.sha256(rfc8785.dumps(content)).hexdigest(),
        defaults={
            "revision_id": page.live_revision_id,
            "kind": content["kind"],
            "year": content["year"],
            "title": content["title"],
            "published_at": page.last_published_at or timezone.now(),
            "content": content,
        },
    )
    return edition
