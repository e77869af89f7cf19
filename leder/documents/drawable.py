"""Text that the vendored fonts can draw: nothing is left out, nothing runs beyond its line, nothing deceives.

What no font has is shown as its code point, `[U+4E2D]`, and so are control characters and those that turn the direction
of the text around (a signed text must not read another way than it is stored). The record in the document has it all
as it was written.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from pathlib import Path

COVERAGE = Path(__file__).with_name("coverage.json")

SPACES = str.maketrans({"\t": " ", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
# They tell how letters join and where a line may break, and show nothing themselves.
INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\ufe0e\ufe0f")
# No-break marks without a width, as text copied from elsewhere is full of: they change nothing that is read.
NOTHING = frozenset("\u2060\ufeff")
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")

LONG_WORD = re.compile(r"\S{16,}")
# What fits in the narrowest column, in ems by a rough measure of letters.
WIDEST = 15.0
WIDE, NARROW, OTHER = 1.0, 0.6, 0.75
STEP = 7
ZERO_WIDTH_SPACE, SOFT_HYPHEN, JOINER = "\u200b", "\u00ad", "\u200d"
SKIN_TONES = range(0x1F3FB, 0x1F400)
REGIONAL = range(0x1F1E6, 0x1F200)


def drawable(text: str) -> str:
    """Return the text as it is drawn, with places to break words that are longer than a line."""
    drawn = "".join(_shown(sign) for sign in text.replace("\r\n", "\n").replace("\r", "\n").translate(SPACES))
    return LONG_WORD.sub(lambda match: _with_breaks(match.group()), drawn)


def is_covered(sign: str) -> bool:
    """Whether one of the fonts has this character."""
    starts, ends = _ranges()
    place = bisect_right(starts, ord(sign)) - 1
    return place >= 0 and ord(sign) <= ends[place]


def _shown(sign: str) -> str:
    if sign == "\n" or sign in INVISIBLE:
        return sign
    if sign in NOTHING:
        return ""
    if sign not in TURNING and unicodedata.category(sign) not in ("Cc", "Cs", "Co") and is_covered(sign):
        return sign
    return f"[U+{ord(sign):04X}]"


def _with_breaks(word: str) -> str:
    if sum(map(_width, word)) <= WIDEST:
        return word
    mark = SOFT_HYPHEN if word.isalpha() and len(word) <= STEP * STEP else ZERO_WIDTH_SPACE
    parts: list[str] = []
    since = 0
    for before, sign in zip(["", *word], word, strict=False):
        if since >= STEP and _may_break(before, sign):
            parts.append(mark)
            since = 0
        parts.append(sign)
        since += 1
    return "".join(parts)


def _width(sign: str) -> float:
    if sign in "mwMW@%—" or ord(sign) > 0x2000:  # noqa: PLR2004 (symbols, emoji)
        return WIDE
    return NARROW if sign.islower() or sign.isdigit() else OTHER


def _may_break(before: str, sign: str) -> bool:
    """Whether a word may be broken here: not inside what is drawn as one."""
    joined = before == JOINER or sign in INVISIBLE or ord(sign) in SKIN_TONES
    return not (joined or unicodedata.category(sign).startswith("M") or ord(sign) in REGIONAL)


@lru_cache(maxsize=1)
def _ranges() -> tuple[list[int], list[int]]:
    ranges = json.loads(COVERAGE.read_text())
    return [first for first, _last in ranges], [last for _first, last in ranges]
