"""What differs between two wordings: paragraph by paragraph, and word by word within a paragraph.

Pure functions. The pieces that are not removed, put together, are the new text to the letter; those that are not
added are the old text, but for white space.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, groupby
from typing import cast

from leder.pages.markup import PLAIN, Paragraph, Run, Style

# A word with the white space after it, or one sign with its own; at the start of a text also white space alone.
# A number is one word, with the spaces between its thousands: “1 200”.
WORD = re.compile(r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\w)|\w+(?:[-'’./:]\w+)*|[^\w\s])\s*|\s+")
# Paragraphs with fewer words in common are two paragraphs, not one that is rewritten.
RELATED = 0.4
# With fewer words in common, the old and the new are easier to read each as a whole.
READABLE = 0.25
# Beyond this many pairs of words, or of paragraphs, nothing is looked for: the old stands as a whole beside the new.
MOST_WORDS = 25_000_000
MOST_PARAGRAPHS = 10_000


class Change(StrEnum):
    """What has become of something from the old text to the new."""

    UNCHANGED = "unchanged"
    ADDED = "added"
    REMOVED = "removed"
    REWRITTEN = "rewritten"


@dataclass(frozen=True)
class Piece:
    """Words that stand together: in both texts, or only in the old (removed) or the new (added)."""

    text: str
    change: Change = Change.UNCHANGED
    style: Style = PLAIN


@dataclass(frozen=True)
class LinkChange:
    """A link whose address is another, by the words of the link; "" where those words are no link."""

    text: str
    old: str
    new: str


@dataclass(frozen=True)
class ParagraphChange:
    """A paragraph or list item, with what has become of it and of its words."""

    change: Change
    pieces: tuple[Piece, ...]
    depth: int = 0
    numbered: bool = False
    links: tuple[LinkChange, ...] = ()

    @property
    def only_markup(self) -> bool:
        """Whether the words are the same, and only emphasis, links or the kind of list differ."""
        return self.change == Change.REWRITTEN and all(
            piece.change == Change.UNCHANGED for piece in self.pieces
        )

    @property
    def old_text(self) -> str:
        """The old wording, but for white space."""
        return "".join(piece.text for piece in self.pieces if piece.change != Change.ADDED)

    @property
    def new_text(self) -> str:
        """The new wording, to the letter."""
        return "".join(piece.text for piece in self.pieces if piece.change != Change.REMOVED)


def compare_paragraphs(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> tuple[ParagraphChange, ...]:
    """Return every paragraph of both texts, in the order of the new; a removed one stands where it stood."""
    return tuple(compare_paragraph(before, after) for before, after in _pairs(old, new))


def compare_paragraph(old: Paragraph | None, new: Paragraph | None) -> ParagraphChange:
    """Return what has become of one paragraph. At least one of the two is there."""
    if new is None or old is None:
        shape, change = cast(Paragraph, new or old), Change.ADDED if new else Change.REMOVED
        return ParagraphChange(change, _set(shape.runs, change), shape.depth, shape.numbered)
    links = _links(old, new)
    if old.words == new.words:
        same = _shape(old) == _shape(new) and _styles(old) == _styles(new)
        change = Change.UNCHANGED if same else Change.REWRITTEN
        return ParagraphChange(change, _set(new.runs), new.depth, new.numbered, links)
    pieces = compare_words(old.runs, new.runs)
    return ParagraphChange(Change.REWRITTEN, pieces, new.depth, new.numbered, links)


def compare_words(old: Sequence[Run], new: Sequence[Run]) -> tuple[Piece, ...]:
    """Return the words of both texts as pieces; words that are in both are set as in the new text."""
    before, after = _Words(old), _Words(new)
    spans = _slid(list(_spans(before, after)), before, after)
    same = sum(after.count(span.new) for span in spans if span.same)
    if same < READABLE * max(before.count(), after.count()):
        spans = [_Span(slice(None), slice(None), same=False)]
    pieces: list[Piece] = []
    for span in spans:
        if span.same:
            pieces += after.pieces(span.new, Change.UNCHANGED)
        else:
            pieces += [*before.pieces(span.old, Change.REMOVED), *after.pieces(span.new, Change.ADDED)]
    return tuple(pieces)


# -- Words -----------------------------------------------------------------------------------------------
class _Words:
    """A text word by word, each with the white space after it; put together again they are the text."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.texts: list[str] = []
        self._styles: list[Style] = []
        for text, style in runs:
            found = WORD.findall(text)
            if self.texts and found and found[0].isspace():
                self.texts[-1] += found.pop(0)
            self.texts += found
            self._styles += [style] * len(found)
        self._one_style = len(set(self._styles)) == 1
        self.keys = [text.rstrip() for text in self.texts]
        # How many before each place are words, not signs.
        self._counted = [0, *accumulate(text[0].isalnum() for text in self.texts)]

    def count(self, place: slice = slice(None)) -> int:
        """How many are words, not signs."""
        start, end, _step = place.indices(len(self.texts))
        return self._counted[end] - self._counted[start]

    def pieces(self, place: slice, change: Change) -> Iterator[Piece]:
        """The words in a place, put together as far as they are set the same way."""
        if self._one_style:
            texts = self.texts[place]
            if texts:
                yield Piece("".join(texts), change, self._styles[0])
            return
        numbers = range(*place.indices(len(self.texts)))
        for style, together in groupby(numbers, key=self._styles.__getitem__):
            yield Piece("".join(self.texts[number] for number in together), change, style)


@dataclass(frozen=True)
class _Span:
    """A run of words of both texts: the same words, or other ones."""

    old: slice
    new: slice
    same: bool


def _spans(old: _Words, new: _Words) -> Iterator[_Span]:
    """The same words at the start, what stands between, and the same words at the end."""
    shorter = min(len(old.keys), len(new.keys))
    start = next((n for n in range(shorter) if old.keys[n] != new.keys[n]), shorter)
    end = next((n for n in range(shorter - start) if old.keys[-1 - n] != new.keys[-1 - n]), shorter - start)
    a, b, c, d = start, len(old.keys) - end, start, len(new.keys) - end
    yield _Span(slice(0, a), slice(0, c), same=True)
    if (b - a) * (d - c) > MOST_WORDS:
        yield _Span(slice(a, b), slice(c, d), same=False)
    else:
        yield from _between(old, new, a, b, c, d)
    yield _Span(slice(b, len(old.keys)), slice(d, len(new.keys)), same=True)


def _between(old: _Words, new: _Words, a: int, b: int, c: int, d: int) -> list[_Span]:
    """What stands between the same ends. A word alone between changes is part of them: islands are hard to read."""
    matcher = difflib.SequenceMatcher(None, old.keys[a:b], new.keys[c:d])
    steps = matcher.get_opcodes()
    sizes = [old.count(slice(a + i, a + j)) + new.count(slice(c + k, c + m)) for _kind, i, j, k, m in steps]
    found: list[_Span] = []
    for number, (kind, i, j, k, m) in enumerate(steps):
        inside = 0 < number < len(steps) - 1
        # Kept words are counted in both.
        island = inside and sizes[number] <= 2 and min(sizes[number - 1], sizes[number + 1]) > 2
        same = kind == "equal" and not island
        span = _Span(slice(a + i, a + j), slice(c + k, c + m), same)
        if found and not same and not found[-1].same:
            before = found.pop()
            span = _Span(slice(before.old.start, a + j), slice(before.new.start, c + m), same=False)
        found.append(span)
    return found


def _slid(spans: list[_Span], old: _Words, new: _Words) -> list[_Span]:
    """Let a sentence that is put in or taken out begin with its first word, not with the full stop before it."""
    found = list(spans)
    for number in range(1, len(found) - 1):
        before, span, after = found[number - 1 : number + 2]
        while before.same and after.same and _begins_late(span, after, old, new):
            a, b, c, d = span.old.start, span.old.stop, span.new.start, span.new.stop
            before = _Span(slice(before.old.start, a + 1), slice(before.new.start, c + 1), same=True)
            span = _Span(slice(a + 1, b + 1), slice(c + 1, d + 1), same=False)
            after = _Span(slice(b + 1, after.old.stop), slice(d + 1, after.new.stop), same=True)
        found[number - 1 : number + 2] = before, span, after
    return found


def _begins_late(span: _Span, after: _Span, old: _Words, new: _Words) -> bool:
    """Whether what is only in one text begins with a sign, and the same sign follows it in both."""
    in_old, in_new = span.old.stop > span.old.start, span.new.stop > span.new.start
    if span.same or in_old == in_new or after.new.start >= len(new.keys) or after.new.start == after.new.stop:
        return False
    first = old.keys[span.old.start] if in_old else new.keys[span.new.start]
    return first == new.keys[after.new.start] and not first[:1].isalnum()


# -- Markup ------------------------------------------------------------------------------------------------
def _set(runs: Sequence[Run], change: Change = Change.UNCHANGED) -> tuple[Piece, ...]:
    return tuple(Piece(text, change, style) for text, style in runs)


def _shape(paragraph: Paragraph) -> tuple[int, bool]:
    return paragraph.depth, paragraph.numbered


def _styles(paragraph: Paragraph) -> list[Style]:
    """How each sign is set, white space apart."""
    return [style for text, style in paragraph.runs for sign in text if not sign.isspace()]


def _links(old: Paragraph, new: Paragraph) -> tuple[LinkChange, ...]:
    before, after = _addresses(old), _addresses(new)
    return tuple(
        LinkChange(text, before.get(text, ""), after.get(text, ""))
        for text in dict.fromkeys([*before, *after])
        if before.get(text, "") != after.get(text, "")
    )


def _addresses(paragraph: Paragraph) -> dict[str, str]:
    found: dict[str, str] = {}
    for text, style in paragraph.runs:
        if style.href:
            found[text.strip()] = style.href
    return found


# -- Paragraphs ----------------------------------------------------------------------------------------------
Pair = tuple[Paragraph | None, Paragraph | None]


def _pairs(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> Iterator[Pair]:
    matcher = difflib.SequenceMatcher(
        None,
        [(paragraph.words, *_shape(paragraph)) for paragraph in old],
        [(paragraph.words, *_shape(paragraph)) for paragraph in new],
        autojunk=False,
    )
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield from zip(old[a:b], new[c:d], strict=True)
        else:
            yield from _related(old[a:b], new[c:d])


def _related(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> Iterator[Pair]:
    """Pair paragraphs that have most words in common, in order; one and one are a pair whatever they say."""
    pairs = len(old) * len(new)
    anchors = [(0, 0)] if pairs == 1 else _best_pairs(old, new) if pairs <= MOST_PARAGRAPHS else []
    i = j = 0
    for a, b in [*anchors, (len(old), len(new))]:
        yield from ((paragraph, None) for paragraph in old[i:a])
        yield from ((None, paragraph) for paragraph in new[j:b])
        if a < len(old) and b < len(new):
            yield old[a], new[b]
        i, j = a + 1, b + 1


def _best_pairs(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> list[tuple[int, int]]:
    """The pairs, in order in both texts, that have most in common together."""
    counted_old = [Counter(paragraph.words.split()) for paragraph in old]
    counted_new = [Counter(paragraph.words.split()) for paragraph in new]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            likeness = _likeness(counted_old[i], counted_new[j])
            together = likeness + best[i + 1][j + 1] if likeness >= RELATED else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    pairs = []
    i = j = 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _likeness(old: Counter[str], new: Counter[str]) -> float:
    return 2 * (old & new).total() / max(1, old.total() + new.total())
