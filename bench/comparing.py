"""`python -m bench.comparing`: two editions of 60 blocks compared, and as a page. Fails above 100 ms. No database.

The text is the example letter's, its blocks repeated until there are 60; what differs is a word in twenty, all words,
or every identity.
"""

from __future__ import annotations

import copy
import json
import os
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lorenskog_intranet.settings.test")
django.setup()

from django.template.loader import get_template  # noqa: E402
from django.utils import timezone  # noqa: E402

from leder.pages.comparing import compare  # noqa: E402
from leder.pages.contents import part_of  # noqa: E402
from leder.pages.editions import Edition  # noqa: E402
from leder.pages.markup import paragraphs_of  # noqa: E402
from leder.pages.models import SteeringLetterPage  # noqa: E402
from lorenskog_intranet.demo.example_text import with_ids, with_year  # noqa: E402

TEXT = Path(__file__).resolve().parents[1] / "fixtures" / "text" / "letter_next.json"
BLOCKS, RUNS, MOST_MS = 60, 30, 100


def main() -> int:
    """Measure and tell. Returns 1 when the goal is missed."""
    old = letter()
    texts = [part["html"] for part in old["parts"]] + [
        each["text"] for part in old["parts"] for each in part["statements"]
    ]
    print(f"{len(old['parts'])} blocks, {sum(len(text.split()) for text in texts)} words")
    slow = False
    for name, new in {
        "the same": old,
        "a word in twenty": rewritten(old, every=20),
        "all words": rewritten(old, every=1),
        "all identities": renewed(old),
    }.items():
        compared, shown = measured(old, new, "compared"), measured(old, new, "inline")
        print(
            f"{name:>18}: compared in {compared:5.1f} ms, with its page in {shown:6.1f} ms (median of {RUNS})"
        )
        slow = slow or compared > MOST_MS
    return int(slow)


def letter() -> dict[str, Any]:
    """The content of an edition with 60 blocks."""
    data = with_year(json.loads(TEXT.read_text(encoding="utf-8")), 2027)
    stream = SteeringLetterPage._meta.get_field("body").stream_block
    blocks = [
        {
            "type": part["type"],
            "value": with_ids(stream.child_blocks[part["type"]], part["value"], str(n)),
            "id": str(uuid.uuid4()),
        }
        for n, part in enumerate((data["body"] * BLOCKS)[:BLOCKS])
    ]
    parts = [part_of(block) for block in stream.to_python(blocks)]
    return {"kind": "letter", "title": data["title"], "year": 2027, "parts": parts}


def rewritten(content: dict[str, Any], *, every: int) -> dict[str, Any]:
    """The content with another word in place of one in `every`."""

    def other(text: str) -> str:
        words = text.split(" ")
        return " ".join(
            "annet" if n % every == 0 and "<" not in word else word for n, word in enumerate(words)
        )

    new = copy.deepcopy(content)
    for part in new["parts"]:
        part["html"] = other(part["html"])
        for statement in part["statements"]:
            statement["text"] = other(statement["text"])
    return new


def renewed(content: dict[str, Any]) -> dict[str, Any]:
    """The content reworded, with no identity of before."""
    new = rewritten(content, every=5)
    for part in new["parts"]:
        for item in (part, *part["statements"]):
            item["id"] = str(uuid.uuid4())
    return new


def measured(old: dict[str, Any], new: dict[str, Any], what: str) -> float:
    """The median in milliseconds of processor time, each from nothing."""
    template = get_template("leder/pages/_compared_part.html")
    before, after = (
        Edition(pk=n, content=each, title="Brev", published_at=timezone.now())
        for n, each in ((1, old), (2, new))
    )

    def once() -> None:
        comparison = compare(before, after)
        if what != "compared":
            for part in comparison.parts:
                template.render({"part": part, "view": what, "old": before, "new": after})

    return statistics.median(timed(once) for _ in range(RUNS))


def timed(do: Callable[[], None]) -> float:
    """How long it takes, in milliseconds."""
    paragraphs_of.cache_clear()
    start = time.process_time()
    do()
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    sys.exit(main())
