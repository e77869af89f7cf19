"""An empty database for each size: a file under var/bench/, or one beside the database that DATABASE_URL names."""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url
import psycopg
from psycopg import sql


def make(size: int, *, keep: bool) -> None:
    """Remove what an earlier run left, unless it is kept, and create what the server needs."""
    if os.environ.get("DATABASE_URL"):
        _make_postgresql(size, keep)
    elif not keep:
        folder = Path(os.environ.get("LEDER_VAR") or Path(__file__).resolve().parents[1] / "var") / "bench"
        for file in folder.glob(f"{size}.sqlite3*"):
            file.unlink()


def _make_postgresql(size: int, keep: bool) -> None:
    server = dj_database_url.parse(os.environ["DATABASE_URL"])
    name = sql.Identifier(f"{server['NAME']}_bench_{size}")
    parts = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    found = {ours: server[theirs] for ours, theirs in parts.items() if server.get(theirs)}
    with psycopg.connect(**found, autocommit=True) as connection:
        if not keep:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        there = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [f"{server['NAME']}_bench_{size}"]
        ).fetchone()
        if not there:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
