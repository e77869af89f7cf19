"""The vendored design system and font are exactly what ``vendor.json`` says, and fetch nothing."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "leder" / "static" / "leder" / "vendor"
FONTS = ROOT / "leder" / "documents" / "fonts"
ENTRIES = [
    (folder, entry)
    for folder in (VENDOR, FONTS)
    for entry in json.loads((folder / "vendor.json").read_text())["files"]
]


def _name(value):
    return value["file"] if isinstance(value, dict) else value.name


@pytest.mark.parametrize(("folder", "entry"), ENTRIES, ids=_name)
def test_file_has_the_recorded_hash(folder, entry):
    content = (folder / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("folder", [VENDOR, FONTS], ids=_name)
def test_every_vendored_file_is_recorded(folder):
    on_disk = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert on_disk - {"vendor.json"} == {entry["file"] for where, entry in ENTRIES if where == folder}


def test_versions_are_the_ones_maintainers_ask_for():
    wanted = json.loads((ROOT / "scripts" / "vendor" / "package.json").read_text())["dependencies"]
    assert {entry["package"]: entry["version"] for _folder, entry in ENTRIES} == wanted


@pytest.mark.parametrize(("folder", "entry"), ENTRIES, ids=_name)
def test_every_package_has_its_licence_beside_it(folder, entry):
    assert entry["licence"]
    assert (folder / entry["file"]).with_name("LICENSE").is_file()


@pytest.mark.parametrize(
    "path", sorted(VENDOR.rglob("*.css")) + sorted(VENDOR.rglob("*.js")), ids=lambda p: p.name
)
def test_nothing_is_fetched_from_elsewhere(path):
    text = path.read_text()
    assert "sourceMappingURL" not in text
    assert "@import" not in text
    assert not re.search(r"url\(\s*['\"]?(?:https?:)?//", text)
