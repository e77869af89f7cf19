"""Our stylesheets keep to their layers, and the pages to few and local files."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = sorted((ROOT / "leder/static/leder/css").glob("*.css")) + sorted((ROOT / "static").rglob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "leder/templates").rglob("*.html"))


# In the CMS, where Wagtail's rules stand in no layer, a layered rule would never win.
LAYERED = [path for path in OURS if not path.name.startswith("cms")]


@pytest.mark.parametrize("path", LAYERED, ids=lambda path: path.name)
def test_every_rule_stands_in_a_layer(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    depth, outside = 0, ""
    for character in text:
        if depth == 0:
            outside += character
        depth += {"{": 1, "}": -1}.get(character, 0)
    assert depth == 0
    starts = [start.strip() for start in re.split(r"[{};]", outside) if start.strip()]
    assert all(re.match(r"@(layer|font-face)", start) for start in starts), starts


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_only_two_weights_are_used(path):
    weights = set(re.findall(r"font-weight:\s*([\w ]+);", path.read_text()))
    assert weights <= {"400", "600", "100 900"}, weights


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_have_no_inline_style_or_script_and_no_other_hosts(path):
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)
