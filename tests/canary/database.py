"""A database of one's own: what is written is committed as in production, and gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


@contextmanager
def copied_database(suffix: str) -> Iterator[None]:
    """Let the connection lead to a copy of its database. Not inside a transaction: what it holds is not copied."""
    assert not connection.in_atomic_block
    empty_log()
    creation, name = connection.creation, connection.settings_dict["NAME"]
    copy = str(creation.get_test_db_clone_settings(suffix)["NAME"])
    connection.close()
    _remove_file(copy)
    creation.clone_test_db(suffix, verbosity=0)
    connection.settings_dict["NAME"] = copy
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        if connection.vendor == "sqlite":
            _remove_file(copy)
        else:
            with creation._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {connection.ops.quote_name(copy)}")


def empty_log() -> None:
    """Move what stands in SQLite's write-ahead log into the file."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _remove_file(copy: str) -> None:
    if connection.vendor == "sqlite":
        for ending in ("", "-wal", "-shm"):
            Path(copy + ending).unlink(missing_ok=True)
