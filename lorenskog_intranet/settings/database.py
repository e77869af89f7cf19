"""The database: SQLite under var/ unless DATABASE_URL names another (PostgreSQL)."""

import os
from pathlib import Path
from typing import Any

import dj_database_url

# Every write transaction takes the lock when it begins, and waits for its turn: two people who save
# at the same moment queue up instead of failing with "database is locked".
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;"
        # What was saved is on the disk when the page says so, also when the power goes.
        "PRAGMA synchronous=FULL;"
        "PRAGMA busy_timeout=20000;"
        "PRAGMA cache_size=-32000;"
        # What is deleted is overwritten in the file, not only unlinked from it.
        "PRAGMA secure_delete=ON;"
    ),
}


# Beside the file lie what was written last, its index, and a transaction that was interrupted.
BESIDE = ("", "-wal", "-shm", "-journal")


def database(var: Path) -> dict[str, Any]:
    """The default connection's settings, from DATABASE_URL or a file in `var` (made if missing)."""
    # The database and the keys lie here: for the one who runs the server only.
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    config: dict[str, Any] = dict(
        dj_database_url.parse(
            os.environ.get("DATABASE_URL") or f"sqlite:///{var / 'db.sqlite3'}", conn_max_age=60
        )
    )
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {**SQLITE_OPTIONS, **config.get("OPTIONS", {})}
        if config["NAME"] != ":memory:":
            keep_private(Path(config["NAME"]))
        # A file, not memory: browser tests read the database from more than one thread.
        config["TEST"] = {"NAME": os.environ.get("TEST_DATABASE_FILE") or str(var / "test.sqlite3")}
    else:
        config["CONN_HEALTH_CHECKS"] = True
    return config


def keep_private(path: Path) -> None:
    """Let nobody but the owner read a database, which is made if missing: SQLite makes what lies beside it alike.

    Files of another owner are left to the check (site.W003).
    """
    if path.parent.is_dir() and not path.exists():
        path.touch(mode=0o600)
    for file in files_of(path):
        if file.stat().st_uid == os.geteuid():
            file.chmod(0o600)


def files_of(path: Path) -> list[Path]:
    """The files that a database at this place has now."""
    return [file for end in BESIDE if (file := path.with_name(path.name + end)).is_file()]
