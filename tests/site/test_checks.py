"""What is checked before the site starts, each by itself."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Error

from leder.agreements.models import DataKey
from leder.checks import check_keys_open, check_kinds
from leder.pages import answer_kinds
from lorenskog_intranet.checks import check_demo_sign_in, check_files, check_proxies
from lorenskog_intranet.settings.database import database
from tests.factories import make_agreement


def found(messages: Any) -> list[str | None]:
    assert all(isinstance(message, Error) for message in messages)
    return [message.id for message in messages]


@pytest.mark.django_db
def test_a_key_that_is_not_listed() -> None:
    make_agreement()
    assert found(check_keys_open(None, databases=["default"])) == []
    DataKey.objects.update(wrapped_by="0123456789abcdef")
    assert found(check_keys_open(None, databases=["default"])) == ["leder.E002"]


@pytest.mark.django_db
def test_a_database_that_is_not_asked_for_is_not_asked() -> None:
    make_agreement()
    DataKey.objects.update(wrapped_by="0123456789abcdef")
    assert found(check_keys_open(None)) == []


@pytest.mark.django_db
def test_a_kind_of_section_that_is_registered_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    make_agreement()
    assert found(check_kinds(None, databases=["default"])) == []
    left = {key: kind for key, kind in answer_kinds.REGISTERED.items() if key != "platform"}
    monkeypatch.setattr(answer_kinds, "REGISTERED", left)
    assert found(check_kinds(None, databases=["default"])) == ["leder.E003"]
    assert found(check_kinds(None)) == []


def test_demo_sign_in_is_the_demos_alone(settings: Any) -> None:
    assert found(check_demo_sign_in(None)) == []
    settings.DEMO_SIGN_IN = True
    assert found(check_demo_sign_in(None)) == ["site.E001"]
    settings.SETTINGS_MODULE = "lorenskog_intranet.settings.demo"
    assert found(check_demo_sign_in(None)) == []


def test_the_files_of_database_and_keys_are_ours_alone(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    path = tmp_path / "db.sqlite3"
    path.touch(0o644)
    config = database(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(config["OPTIONS"]["init_command"])
        connection.executescript("create table a (b); insert into a values (1);")
        assert connection.execute("pragma synchronous").fetchone() == (2,)  # FULL
        made = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
        assert made == {f"db.sqlite3{end}": 0o600 for end in ("", "-wal", "-shm")}
        settings.VAR = tmp_path
        monkeypatch.setitem(settings.DATABASES, "default", config)
        settings.LEDER_SEAL_CERTIFICATE = settings.LEDER_SEAL_KEY = ""
        assert check_files(None) == []
        for name in ("db.sqlite3-wal", "leder-keys"):
            (tmp_path / name).touch()
            (tmp_path / name).chmod(0o640)
        assert [message.id for message in check_files(None)] == ["site.W003", "site.W003"]


HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize(
    ("proxies", "header", "told"),
    [
        ([], None, []),
        ([], HEADER, ["site.W001"]),
        (["10.0.0.5"], HEADER, []),
        (["unix"], HEADER, []),
        (["10.0.0.5", "fd00:1::/64"], HEADER, []),
        (["10.0.0.0/8"], HEADER, ["site.W002"]),
        (["0.0.0.0/0", "10.0.0.5"], HEADER, ["site.W002"]),
        (["::/0"], HEADER, ["site.W002"]),
        (["*"], HEADER, ["site.E004"]),
        (["proxy.example.org"], None, ["site.E004"]),
        (["10.0.0.5/24"], HEADER, ["site.E004"]),
    ],
)
def test_proxies_are_named_and_nobody_else(
    settings: Any, proxies: list[str], header: tuple[str, str] | None, told: list[str]
) -> None:
    settings.LEDER_TRUSTED_PROXIES = proxies
    settings.SECURE_PROXY_SSL_HEADER = header
    assert [message.id for message in check_proxies(None)] == told
