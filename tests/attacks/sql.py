"""One who writes to the database past all code: statements, as typed at its own prompt."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Model


def set_columns(row: Model, **columns: Any) -> None:
    """UPDATE some columns of a row."""
    quote = connection.ops.quote_name
    meta: Any = row._meta
    named = ", ".join(f"{quote(name)} = %s" for name in columns)
    pk = meta.pk.get_db_prep_value(row.pk, connection)
    _run(
        f"UPDATE {quote(meta.db_table)} SET {named} WHERE {quote(meta.pk.column)} = %s",  # noqa: S608
        [*columns.values(), pk],
    )


def noted(row: Model) -> dict[str, Any]:
    """A row as it stands: what an old dump holds."""
    quote = connection.ops.quote_name
    meta: Any = row._meta
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM {quote(meta.db_table)} WHERE {quote(meta.pk.column)} = %s",  # noqa: S608
            [meta.pk.get_db_prep_value(row.pk, connection)],
        )
        names = [column[0] for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


def put_back(model: type[Model], row: dict[str, Any]) -> None:
    """INSERT a row that is there no more, as it was noted."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in row)
    places = ", ".join(["%s"] * len(row))
    _run(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})", list(row.values()))  # noqa: S608


def _run(statement: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
