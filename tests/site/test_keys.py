"""The keys that seal agreements: read, checked, made."""

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from leder import conf

KEY = base64.b64encode(b"k" * 32).decode()
OTHER = base64.b64encode(b"o" * 32).decode()


def found() -> list[str | None]:
    return [message.id for message in checks.run_checks(tags=["security"])]


def test_keys_come_from_the_environment_or_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"{KEY}\n\n{OTHER}\n")
    assert conf.load_keys({"LEDER_KEYS": f"{KEY}, {OTHER},"}) == [KEY, OTHER]
    assert conf.load_keys({"LEDER_KEYS_FILE": str(file)}) == [KEY, OTHER]
    assert conf.load_keys({"LEDER_KEYS": KEY, "LEDER_KEYS_FILE": str(file)}) == [KEY]
    assert conf.load_keys({"LEDER_KEYS_FILE": str(tmp_path / "none")}) == []
    assert conf.load_keys({}) == []


def test_the_first_wraps_and_all_open(settings: Any) -> None:
    settings.LEDER_KEYS = [KEY, OTHER]
    assert conf.wrapping_keys() == [b"k" * 32, b"o" * 32]
    assert found() == []


@pytest.mark.parametrize(
    "wrong", [None, [], ["not base64!"], [base64.b64encode(b"short").decode()], [KEY, ""]]
)
def test_missing_or_malformed_keys_are_told_without_telling_the_key(settings: Any, wrong: Any) -> None:
    settings.LEDER_KEYS = wrong
    with pytest.raises(ImproperlyConfigured) as told:
        conf.wrapping_keys()
    assert found() == ["leder.E001"]
    for key in wrong or []:
        assert not key or key not in str(told.value)


def test_no_setting_at_all(settings: Any) -> None:
    del settings.LEDER_KEYS
    assert found() == ["leder.E001"]


def test_debug_is_refused(settings: Any) -> None:
    settings.DEBUG = True
    assert found() == ["site.E002"]


def test_a_new_key_is_a_good_one_each_time() -> None:
    made = []
    for _ in range(2):
        out = io.StringIO()
        call_command("leder_keys", "generate", stdout=out)
        made.append(conf.decode_key(out.getvalue().strip()))
    assert made[0] != made[1]
