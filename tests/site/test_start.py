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


def test_system_checks_find_nothing() -> None:
    call_command("check", fail_level="WARNING")


@pytest.mark.django_db
def test_database_is_made_by_the_migrations() -> None:
    assert Page.objects.filter(depth=1).exists()


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
