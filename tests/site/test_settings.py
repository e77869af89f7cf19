"""Each settings module starts, and says what it must."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def manage(settings: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    module = {"DJANGO_SETTINGS_MODULE": f"lorenskog_intranet.settings.{settings}"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**kept, **module, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_with_its_secrets_passes_the_deployment_checks(tmp_path: Path) -> None:
    key = manage(
        "production", "leder_keys", "generate", SECRET_KEY="x", LEDER_VAR=str(tmp_path)
    ).stdout.strip()
    checked = manage(
        "production", "check", "--deploy", "--fail-level=WARNING",
        SECRET_KEY="wK9-vN2_qL5tR8yU1iO4pA7sD0fG3hJ6kZ9xC2vB5nM8aQ4eW7", LEDER_KEYS=key,
        ALLOWED_HOSTS="intranett.example.com", LEDER_VAR=str(tmp_path), LEDER_TRUSTED_PROXIES="10.0.0.5, unix",
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr


def test_production_warns_of_a_proxy_that_is_not_named(tmp_path: Path) -> None:
    key = manage(
        "production", "leder_keys", "generate", SECRET_KEY="x", LEDER_VAR=str(tmp_path)
    ).stdout.strip()
    environ = {"SECRET_KEY": "x", "LEDER_KEYS": key, "LEDER_VAR": str(tmp_path)}
    checked = manage("production", "check", **environ)
    assert checked.returncode == 0 and "site.W001" in checked.stderr
    checked = manage("production", "check", LEDER_TRUSTED_PROXIES="min-proxy", **environ)
    assert checked.returncode == 1 and "site.E004" in checked.stderr


def test_production_without_keys_does_not_pass(tmp_path: Path) -> None:
    checked = manage("production", "check", SECRET_KEY="x", LEDER_VAR=str(tmp_path))
    assert checked.returncode == 1
    assert "leder.E001" in checked.stderr


def test_the_demo_makes_its_secret_once_for_itself_alone(tmp_path: Path) -> None:
    keys = tmp_path / "leder-keys"
    keys.write_text(manage("demo", "leder_keys", "generate", LEDER_VAR=str(tmp_path)).stdout)
    secret = tmp_path / "secret-key"
    first = secret.read_text()
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert manage("demo", "check", LEDER_VAR=str(tmp_path)).returncode == 0
    assert secret.read_text() == first


@pytest.mark.parametrize(("setting", "error"), [("DEMO_SIGN_IN", "site.E001"), ("DEBUG", "site.E002")])
def test_what_belongs_to_the_demo_or_a_developer_is_refused(tmp_path: Path, setting: str, error: str) -> None:
    (tmp_path / "local.py").write_text(f"from lorenskog_intranet.settings.test import *\n{setting} = True\n")
    checked = manage(
        "test", "check", DJANGO_SETTINGS_MODULE="local", PYTHONPATH=str(tmp_path), LEDER_VAR=str(tmp_path)
    )
    assert checked.returncode == 1
    assert error in checked.stderr
