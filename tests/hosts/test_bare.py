"""The plugin in a Wagtail site that knows nothing of ours: e-mail for a user name, UUIDs for keys.

The wheel is built from a copy of the sources and installed, with what it asks for, in an environment of its own. The
site below `bare/` is copied out of the checkout, and sets itself up there by its commands (`manage.py tour`).
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SITE = Path(__file__).resolve().parent / "bare"
UV = Path(sys.executable).with_name("uv")

pytestmark = pytest.mark.once


def run(*command: str | Path, **kwargs: Any) -> str:
    """What a command prints; fails with what it said."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False, **kwargs)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, since setuptools leaves a folder behind that the next wheel would take old files from.

    Without isolation, by the setuptools of the development lock: nothing is fetched for it.
    """
    sources, built = tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("built")
    shutil.copytree(ROOT / "leder", sources / "leder", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, sources)
    run(
        UV,
        "build",
        "--wheel",
        "--no-build-isolation",
        "--python",
        sys.executable,
        "--out-dir",
        built,
        sources,
    )
    [made] = built.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def toured(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the site's own tour of itself said."""
    environment, site = (
        tmp_path_factory.mktemp("environment") / "venv",
        tmp_path_factory.mktemp("site") / "site",
    )
    python = environment / "bin" / "python"
    run(UV, "venv", "--python", sys.executable, environment)
    # What the wheel asks for and no more, in the versions of the lock.
    run(UV, "pip", "install", "--python", python, "--constraint", ROOT / "requirements/lock.txt", wheel)
    shutil.copytree(SITE, site, ignore=shutil.ignore_patterns("__pycache__"))
    keys = {"LEDER_KEYS": base64.b64encode(b"h" * 32).decode()}
    environ = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", **keys}
    said: dict[str, Any] = json.loads(run(python, "manage.py", "tour", cwd=site, env=environ))
    return said


def test_the_wheel_has_every_file_of_the_plugin(wheel: Path) -> None:
    ours = {path.relative_to(ROOT) for path in (ROOT / "leder").rglob("*") if path.is_file()}
    wanted = {str(path) for path in ours if path.suffix != ".po" and "__pycache__" not in path.parts}
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == wanted


def test_the_demo_stays_in_the_checkout(wheel: Path) -> None:
    packed = [Path(name) for name in zipfile.ZipFile(wheel).namelist()]
    assert {path.parts[0] for path in packed if ".dist-info" not in path.parts[0]} == {"leder"}
    assert [path for path in packed if "demo" in str(path) or path.stem == "example_text"] == []


def test_nothing_of_our_site_is_there(toured: dict[str, Any]) -> None:
    modules = toured["modules"]
    assert "/site-packages/leder/" in modules["leder"]
    assert modules["lorenskog_intranet"] is None
    assert modules["axes"] is None  # what our site needs beside the plugin


def test_commands_find_nothing_amiss(toured: dict[str, Any]) -> None:
    said = toured["commands"]
    assert "no issues" in said["check"]
    assert "Applying leder.0001_initial... OK" in said["migrate"]
    assert "No changes detected" in said["makemigrations"]
    assert "[ ]" not in said["showmigrations"]
    assert said["leder_roles"]


def test_min_side_opens_for_one_who_signs_in(toured: dict[str, Any]) -> None:
    visit = toured["visit"]
    assert visit["before"] == 302
    assert visit["sent_to"] == "/leder/min-side/"
    assert visit["status"] == 200
    assert "<h1" in visit["text"]
    assert "Lederne mine" in visit["text"]  # in the site's language
    assert "Torbjørg" in visit["text"]  # who reports to the one signed in
    assert "leder/css/base.css" in visit["linked"]
    assert visit["missing"] == []
