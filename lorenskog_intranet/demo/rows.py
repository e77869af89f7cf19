"""Rows of agreements, gathered and then saved many at a time."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max, Model

from leder.agreements.models import (
    Agreement,
    AgreementUserObjectPermission,
    Comment,
    DataKey,
    Entry,
    Event,
    ReadingHead,
    Seal,
    SectionReview,
    Signature,
)
from leder.agreements.models.acts import one_act
from leder.conversations.models import Conversation

BATCH = 2000
# In the order they refer to each other.
MODELS: tuple[type[Model], ...] = (
    Agreement,
    DataKey,
    ReadingHead,
    AgreementUserObjectPermission,
    Event,
    Entry,
    Comment,
    SectionReview,
    Conversation,
    Seal,
    Signature,
)


class Rows:
    """Rows to be saved. They get their ids here, so that they can refer to each other before they are saved.

    Nobody else may write to these tables meanwhile: the example is made in an empty database.
    """

    def __init__(self) -> None:
        self._ids = {
            model: count(self._highest(model) + 1) for model in MODELS if model not in (DataKey, ReadingHead)
        }
        self._rows: dict[type[Model], list[Any]] = {model: [] for model in MODELS}

    def add(self, row: Any) -> Any:
        """Keep a row, with an id unless it has one; returns it."""
        if row.pk is None:
            row.pk = next(self._ids[type(row)])
        self._rows[type(row)].append(row)
        return row

    def save(self) -> None:
        """Save the rows and forget them."""
        with one_act():
            for model, rows in self._rows.items():
                model._default_manager.bulk_create(rows, batch_size=BATCH)
                rows.clear()

    def finish(self) -> None:
        """Let the database count on from the highest ids, once everything is saved."""
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self._ids)):
                cursor.execute(statement)

    @staticmethod
    def _highest(model: type[Model]) -> int:
        highest: int | None = model._default_manager.aggregate(highest=Max("pk"))["highest"]
        return highest or 0
