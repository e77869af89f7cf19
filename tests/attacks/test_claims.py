"""The table of claims and the attacks are of each other."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "confidentiality.md"


def test_each_attack_that_the_page_names_is_one() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE.read_text()))
    found = {
        name
        for path in HERE.glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.M)
    }
    assert named and named <= found
