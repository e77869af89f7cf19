"""Exchange of keys (nøkkelbytte): data keys wrapped, and signatures made, anew with the first key of LEDER_KEYS.

What is already the first key's is passed over, so that a rotation that was stopped goes on where it stopped. What no
listed key opens, or is not genuine, is left as it is and counted: `verification` names it. Data keys stay what they
are, and so does what they have sealed: `renewal` exchanges these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, QuerySet

from leder import conf, keyed
from leder.agreements.models import DataKey
from leder.agreements.vault.cipher import DamagedText, rewrap
from leder.signed import Signed, signed_models

BATCH = 5000
BEYOND = 2**63 - 1  # after every primary key

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Count:
    """What a rotation did with one kind of row."""

    name: str
    done: int
    left: int


def rotate(progress: Progress) -> list[Count]:
    """Wrap and sign everything anew with the first key. `progress` is told name, rows done and rows in all."""
    signed = [(model, field) for model in signed_models() for field in model.signatures]
    return [_rewrap_data_keys(progress), *(_sign_anew(model, field, progress) for model, field in signed)]


def _rewrap_data_keys(progress: Progress) -> Count:
    first = keyed.fingerprint(conf.wrapping_keys()[0])
    rows = (
        DataKey.objects.exclude(wrapped_by=first)
        .select_related("agreement")
        .only("wrapped", "wrapped_by", "made_under", "agreement__uuid")
    )

    def anew(row: DataKey) -> tuple[Any, ...] | None:
        try:
            rewrap(row)
        except DamagedText:
            return None
        return row.wrapped, row.wrapped_by

    return _each("data keys", rows, ("wrapped", "wrapped_by"), anew, progress)


def _sign_anew(model: type[Signed], field: str, progress: Progress) -> Count:
    first = keyed.fingerprint(conf.wrapping_keys()[0])
    rows = model.to_be_signed(field).exclude(**{f"{field}__startswith": f"{first}:"})

    def anew(row: Signed) -> tuple[Any, ...] | None:
        covered = row.stands(field)
        return None if covered is None else (keyed.sign(*covered),)

    return _each(model.named(field), rows, (field,), anew, progress)


def _each(
    name: str,
    rows: QuerySet,
    fields: Sequence[str],
    anew: Callable[[Any], tuple[Any, ...] | None],
    progress: Progress,
) -> Count:
    """Set the fields of each row to what `anew` makes of it, a batch in a transaction; None leaves a row alone."""
    total = rows.count()
    done = left = 0
    before = BEYOND
    while True:
        with transaction.atomic():
            # Newest first, as when a signature replaces last year's agreement: one order of locks.
            waiting = rows.filter(pk__lt=before).order_by("-pk")
            batch = list(waiting.select_for_update(of=("self",), no_key=True)[:BATCH])
            made = [(anew(row), row.pk) for row in batch]
            changed = [(*values, pk) for values, pk in made if values is not None]
            update_rows(rows.model, fields, changed)
        if not batch:
            return Count(name, done, left)
        before = batch[-1].pk
        done += len(changed)
        left += len(batch) - len(changed)
        progress(name, done, total)


def update_rows(model: type[Model], fields: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
    """Set fields of many rows, each (value…, primary key). One statement run many times, for speed."""
    if not values:
        return
    meta: Any = model._meta
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(meta.get_field(name).column)} = %s" for name in fields)
    statement = f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
