"""The site starts, and does not when a key is missing or another than the text was sealed with."""

import base64
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from wagtail.models import Page

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def test_system_checks_find_nothing() -> None:
    call_command("check", fail_level="WARNING")


@pytest.mark.django_db
def test_database_is_made_by_the_migrations() -> None:
    assert Page.objects.filter(depth=1).exists()


def made_by_an_earlier_checkout(var: Path) -> None:
    """A database under var/ as the migrations made it that came before those of today."""
    with sqlite3.connect(var / "db.sqlite3") as database:
        database.execute("CREATE TABLE django_migrations (id integer, app text, name text, applied datetime)")
        database.executemany(
            "INSERT INTO django_migrations VALUES (?, ?, ?, '2026-11-23')",
            [(1, "leder", "0001_initial"), (2, "leder", "0003_signed_access"), (3, "elsewhere", "0009_gone")],
        )


def tables(var: Path) -> list[str]:
    with sqlite3.connect(var / "db.sqlite3") as database:
        return [name for (name,) in database.execute("SELECT name FROM sqlite_master")]


def start(var: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Load the door for web servers as a server does, in a process of its own."""
    names = {"LEDER_KEYS", "LEDER_KEYS_FILE", "DATABASE_URL"}
    clean = {name: value for name, value in os.environ.items() if name not in names}
    settings = {"DJANGO_SETTINGS_MODULE": "lorenskog_intranet.settings.demo", "LEDER_VAR": str(var)}
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", "import lorenskog_intranet.wsgi"],
        env={**clean, **settings, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_does_not_start_without_keys(tmp_path: Path) -> None:
    ended = start(tmp_path)
    assert ended.returncode != 0
    assert "LEDER_KEYS is empty" in ended.stderr
    assert "leder_keys generate" in ended.stderr


def test_it_starts_with_a_key_and_not_with_another_than_the_text_was_sealed_with(tmp_path: Path) -> None:
    key = base64.b64encode(b"k" * 32).decode()
    assert start(tmp_path, LEDER_KEYS=key).returncode == 0
    database = sqlite3.connect(tmp_path / "db.sqlite3")
    database.execute("CREATE TABLE leder_datakey (agreement_id integer, wrapped blob, wrapped_by text)")
    database.execute("INSERT INTO leder_datakey VALUES (1, 'x', '0123456789abcdef')")
    database.commit()
    ended = start(tmp_path, LEDER_KEYS=key)
    assert ended.returncode != 0
    assert "0123456789abcdef" in ended.stderr
    assert "leder_keys rotate" in ended.stderr
    assert key not in ended.stderr


def test_it_does_not_start_on_a_database_of_an_earlier_checkout(tmp_path: Path) -> None:
    """Also where make takes the database for made, by its stamps."""
    made_by_an_earlier_checkout(tmp_path)
    ended = start(tmp_path, LEDER_KEYS=base64.b64encode(b"k" * 32).decode())
    assert ended.returncode != 0
    assert "leder.0003_signed_access" in ended.stderr
    assert "elsewhere" not in ended.stderr
    assert "make clean" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert tables(tmp_path) == ["django_migrations"]


def test_make_demo_says_what_to_do_with_a_database_of_an_earlier_checkout(tmp_path: Path) -> None:
    made_by_an_earlier_checkout(tmp_path)
    (tmp_path / "leder-keys").write_text(base64.b64encode(b"k" * 32).decode())
    environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = ["make", f"VAR={tmp_path}", f"{tmp_path}/.migrated"]
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "make clean" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert tables(tmp_path) == ["django_migrations"]
    assert not (tmp_path / ".migrated").exists()
