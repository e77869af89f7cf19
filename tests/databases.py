"""Databases for the tests: one that the migrations made, which is kept, and copies of it to work in.

A copy is made in a moment, a migrated database in half a minute; a test that empties what it wrote takes longer than
one that throws its copy away.
"""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
NUMBERS = itertools.count(1)
# The database of DATABASE_URL: the others are named by it.
GIVEN = connection.settings_dict["NAME"]
# Gone with the process.
FILES = tempfile.TemporaryDirectory(prefix="lorenskog-databases-")


def migrated(*, anew: bool = False) -> str:
    """Return the name of the database that these migrations made; it is made if there is none, or `anew`.

    Processes that begin at the same moment make it once, and none of them connects to it afterwards.
    """
    is_file = connection.vendor == "sqlite"
    kept = (
        Path(str(connection.settings_dict["TEST"]["NAME"])).parent if is_file else Path(tempfile.gettempdir())
    )
    with (kept / "lorenskog-tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        name = (
            str(kept / f"migrated-{_made_with()}.sqlite3")
            if is_file
            else f"test_{GIVEN}_migrated_{_made_with()}"
        )
        if anew or not _exists(name):
            unfinished = f"{name}-unfinished"
            _migrate(unfinished)
            _remove(name)
            _rename(unfinished, name)
    return name


@contextmanager
def copied_database(source: str = "") -> Iterator[None]:
    """Let the connection, and those of other threads, lead to a copy of a database; of their own if none is named.

    Not inside a transaction: what it holds is not copied.
    """
    assert not connection.in_atomic_block
    before = connection.settings_dict["NAME"]
    if not source:
        empty_log()
    connection.close()
    number = f"{os.getpid()}_{next(NUMBERS)}"
    is_file = connection.vendor == "sqlite"
    copy = str(Path(FILES.name) / f"{number}.sqlite3") if is_file else f"test_{GIVEN}_{number}"
    if is_file:
        shutil.copyfile(source or before, copy)
        Path(copy).chmod(0o600)  # as a site makes it
    else:
        _do_beside(f"CREATE DATABASE {_quoted(copy)} TEMPLATE {_quoted(source or before)}")
    connection.settings_dict["NAME"] = copy
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        _remove(copy)


def _made_with() -> str:
    """A mark of the packages and migrations: a kept database is never stale."""
    made_with = hashlib.sha256((ROOT / "requirements/lock.txt").read_bytes())
    for package in ("leder", "lorenskog_intranet"):
        for migration in sorted((ROOT / package).glob("**/migrations/0*.py")):
            made_with.update(migration.read_bytes())
    return made_with.hexdigest()[:8]


def _migrate(name: str) -> None:
    before = connection.settings_dict["TEST"]["NAME"], connection.settings_dict["NAME"]
    _remove(name)
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    empty_log()
    connection.close()
    connection.settings_dict["TEST"]["NAME"], connection.settings_dict["NAME"] = before


def _exists(name: str) -> bool:
    if connection.vendor == "sqlite":
        return Path(name).exists()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _rename(name: str, to: str) -> None:
    if connection.vendor == "sqlite":
        Path(name).rename(to)
    else:
        _do_beside(f"ALTER DATABASE {_quoted(name)} RENAME TO {_quoted(to)}")


def _remove(name: str) -> None:
    if connection.vendor == "sqlite":
        for ending in ("", "-wal", "-shm"):
            Path(name + ending).unlink(missing_ok=True)
    else:
        _do_beside(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")


def empty_log() -> None:
    """Move what stands in SQLite's write-ahead log into the file."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _do_beside(statement: str) -> None:
    """Do what can't be done from within the database itself."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


if __name__ == "__main__":
    import django

    # The first that asks makes it, while the others wait: .ci/run has it made beside other work.
    django.setup()
    migrated()
