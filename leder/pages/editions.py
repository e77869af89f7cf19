"""Editions (utgaver): our own snapshots of published text, which agreements are pinned to (R6).

Wagtail's revisions are not enough: the page editor overwrites them and housekeeping purges them. An edition is
plain data of ours, so it also reads the same after a block type has been removed from the code.

Every way of publishing ends in Wagtail's signal `page_published`: the page editor, a workflow's approval, the clock,
`publish()` in code, a published copy, an alias. `note_publication` is registered there. What is written to a live
page past all of them (`save()` in a data migration) gets its edition when an agreement is opened on it.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

import swapper
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leder.canonical import digest
from leder.keyed import moment
from leder.pages.answer_kinds import NONE
from leder.pages.copying import CopiedText
from leder.signed import Covered, SignedRow

Page: Any = swapper.load_model("wagtailcore", "Page", require_ready=False)
logger = logging.getLogger("leder.access")


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
        return self.answer != NONE or self.goals


@dataclass(frozen=True)
class Statement:
    """A citable statement: an expectation, a value, an assignment … with an identity of its own."""

    id: str
    kind: str
    text: str
    part_id: str
    part_heading: str
    extra: dict[str, Any]


class EditionsStand(TypeError):
    """Somebody's code was about to change or delete an edition. Nothing was changed."""


def _refuse(*_args: Any, **_options: Any) -> NoReturn:
    raise EditionsStand("an edition is never changed and never deleted: agreements stand on it (R6)")


class EditionQuerySet(models.QuerySet):
    """Editions, read and made one by one only."""

    update = delete = bulk_create = bulk_update = update_or_create = _refuse
    aupdate = adelete = abulk_create = abulk_update = aupdate_or_create = _refuse

    def of(self, page: Any) -> EditionQuerySet:
        """Return the editions of a page, the newest first."""
        return self.filter(page_id=page.pk).order_by("-number")

    def listed(self) -> EditionQuerySet:
        """Leave out what only a reader of the text needs."""
        return self.defer("content", "origins")


class Edition(SignedRow):
    """One published text, as it stood: content as plain data and its SHA-256. Signed, and never changed once made.

    The guard stands in the model and its manager: `save()` of one that is there, `delete()`, and the same of a
    queryset, raise EditionsStand. In the database agreements refer to it with PROTECT, and a page that is deleted
    leaves it, with `page` set to NULL. Of one that was written past both, every section counts as private, and
    `leder_verify` names it.
    """

    class Kind(models.TextChoices):
        PLATFORM = "platform", _("Leader platform")
        LETTER = "letter", _("Steering letter")
        FORM = "form", _("Agreement form")

    page = models.ForeignKey(
        swapper.get_model_name("wagtailcore", "Page"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The page again, which stays when that is deleted.
    made_of = models.BigIntegerField(null=True)
    number = models.PositiveIntegerField(default=1)
    revision_id = models.PositiveBigIntegerField(null=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    year = models.PositiveSmallIntegerField(null=True)
    title = models.CharField(max_length=255)
    published_at = models.DateTimeField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    # Of what the editors wrote, by which words that have not changed are known whatever the code makes of them.
    source_sha256 = models.CharField(max_length=64, blank=True)
    # The ids in the text that came by copying, and the ids they were copied from, year for year.
    origins = models.JSONField(default=dict)

    rows = "editions"
    signed_with = ()
    wagtail_reference_index_ignore = True

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="leder_edition_number")]

    def __str__(self) -> str:
        return f"{self.title} ({self.published_at:%Y-%m-%d})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Make the edition. Raises EditionsStand for one that is there."""
        if not self._state.adding:
            _refuse()
        self.made_of = self.page_id
        self.sign()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise EditionsStand."""
        _refuse()

    def covered(self, field: str = "mac") -> Covered:
        """The whole text, what it is an edition of, and what it was copied from."""
        return (
            "edition",
            self.made_of,
            self.page_id in (None, self.made_of),
            self.number,
            self.revision_id,
            self.kind,
            self.year,
            self.title,
            moment(self.published_at),
            self.sha256,
            self.source_sha256,
            _digest_or_none(self.content),
            _digest_or_none(self.origins),
        )

    @property
    def whose(self) -> str:
        """Which page it is of."""
        return f"page {self.made_of}"

    @cached_property
    def is_believed(self) -> bool:
        """Whether it is as the plugin made it, or is being made; what is not is logged."""
        believed = self._state.adding or self.is_genuine
        if not believed:
            logger.error("forged edition: row %s, %s", self.pk, self.whose)
        return believed

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The parts of the text in order, as plain data."""
        return self.content["parts"]

    @cached_property
    def sections(self) -> list[Section]:
        """The form's sections in order, numbered from 1. Empty for other kinds of text.

        What is private is the form's word: where it can't be trusted, all is.
        """
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
                private=part["private"] or not self.is_believed,
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

    Takes a specific page with `edition_content()`. Publishing the same words again makes no new edition; words that
    stood earlier and come back do. Raises ValueError for a page that is not live: a draft can't be agreed on.
    """
    if not page.live:
        raise ValueError("only published text can be pinned")
    latest = Edition.objects.of(page).first()
    if latest is not None and latest.source_sha256 == source_of(page):
        return latest
    with transaction.atomic():
        # One at a time, and by what is published now: `page` may have been read before another publication.
        Page.objects.select_for_update(no_key=True).only("pk").get(pk=page.pk)
        return _make(type(page)._default_manager.get(pk=page.pk))


def _make(page: Any) -> Edition:
    """Return the newest edition of a locked page when it holds the page's words, else a new one."""
    latest = Edition.objects.of(page).first()
    content = page.edition_content()
    sha256 = digest(content)
    source = source_of(page)
    if latest is not None and (latest.sha256 == sha256 or latest.source_sha256 == source):
        return latest
    published_at = page.last_published_at
    if published_at is None or (latest is not None and published_at <= latest.published_at):
        published_at = timezone.now()
    return Edition.objects.create(
        page_id=page.pk,
        number=latest.number + 1 if latest else 1,
        revision_id=page.live_revision_id,
        kind=content["kind"],
        year=content["year"],
        title=content["title"],
        published_at=published_at,
        content=content,
        sha256=sha256,
        source_sha256=source,
        origins=page.origins,
    )


def _digest_or_none(said: Any) -> str | None:
    """Return the digest of plain data; None for what has no canonical form, which the plugin never writes."""
    try:
        return digest(said)
    except (ValueError, RecursionError):
        return None


def source_of(page: Any) -> str:
    """Return the SHA-256 of what the editors wrote on a page: title, year, introduction and body as stored.

    A later version of the code may word a label otherwise, and a page that is linked to may move. Neither is a
    publication, so neither makes an edition.
    """
    written = [page.title, getattr(page, "year", None), page.introduction, page.body.get_prep_value()]
    stored = json.dumps(written, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(stored.encode()).hexdigest()


def note_publication(*, instance: Any, **_details: Any) -> None:
    """Make the edition of a text that has just been published (receiver of `page_published`).

    The signal also comes for a page whose publication waits for its day; it comes again on that day.
    """
    if isinstance(instance, CopiedText) and instance.live:
        edition_of(instance)
