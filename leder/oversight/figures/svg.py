"""A small SVG writer: shapes, text and patterns as presentation attributes, which a strict content policy allows.

Coordinates are plain numbers with a point, whatever the language of the page. Text outside the shapes takes the colour
around it (`currentColor`), so that one drawing serves light, dark and paper.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from django.utils.safestring import SafeString

Number = float | int

# An average letter of a sans-serif face is a little over half as wide as the type is high.
LETTER_WIDTH = 0.58
TYPE_SIZE = 13
ELLIPSIS = "…"


class Fill(NamedTuple):
    """How an area is filled: colour, the lines drawn on it ("" for none), their colour, and text that reads on it."""

    colour: str
    pattern: str = ""
    line: str = ""
    ink: str = "#1e2b3c"


# What tells states apart without colours. Each is a path in a square of 8, and a width of line.
PATTERNS = {
    "rising": ("M-2 2l4-4M0 8l8-8M6 10l4-4", 1.6),
    "falling": ("M-2 6l4 4M0 0l8 8M6-2l4 4", 1.6),
    "dots": ("M2 2h.01M6 6h.01", 2.2),
    "level": ("M0 2h8M0 6h8", 1.4),
    "upright": ("M2 0v8M6 0v8", 1.4),
    "cross": ("M0 4h8M4 0v8", 1.2),
}


class Drawing:
    """A drawing of a width and height; `identity` keeps its ids apart from those of others on the page."""

    def __init__(self, width: Number, height: Number, *, identity: str) -> None:
        self.width = width
        self.height = height
        self.identity = identity
        self._parts: list[str] = []
        self._patterns: dict[Fill, str] = {}

    def rect(
        self, x: Number, y: Number, width: Number, height: Number, fill: Fill, *, title: str = ""
    ) -> None:
        """A filled box; what it stands for shows when it is pointed at."""
        box = {"x": x, "y": y, "width": max(width, 0), "height": height, "fill": self._paint(fill)}
        self._add("rect", box, f"<title>{_text(title)}</title>" if title else "")

    def ground(self, x: Number, y: Number, width: Number, height: Number) -> None:
        """A box for what is empty: a shade of the colour around the drawing, pale in light and in dark."""
        box = {"x": x, "y": y, "width": width, "height": height}
        self._add("rect", {**box, "fill": "currentColor", "fill_opacity": 0.06})

    def text(
        self,
        x: Number,
        y: Number,
        words: str,
        *,
        anchor: str = "start",
        room: Number | None = None,
        **more: object,
    ) -> None:
        """A line of text, shortened to the room there is; the whole of it shows when it is pointed at."""
        shown = shortened(words, room) if room is not None else words
        title = f"<title>{_text(words)}</title>" if shown != words else ""
        place: dict[str, object] = {"x": x, "y": y}
        if anchor != "start":
            place["text_anchor"] = anchor
        self._add("text", {**place, **more}, title + _text(shown))

    def line(self, x1: Number, y1: Number, x2: Number, y2: Number, **more: object) -> None:
        """A line; thin and pale unless told otherwise."""
        usual = {"stroke": "currentColor", "stroke_width": 1, "stroke_opacity": 0.18}
        self._add("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, **usual, **more})

    def path(self, points: Iterable[tuple[Number, Number]], **more: object) -> None:
        """A line through points."""
        steps = "L".join(f"{_number(x)} {_number(y)}" for x, y in points)
        if steps:
            self._add("path", {"d": f"M{steps}", "fill": "none", **more})

    def circle(self, x: Number, y: Number, radius: Number, colour: str) -> None:
        """A dot."""
        self._add("circle", {"cx": x, "cy": y, "r": radius, "fill": colour})

    def render(self, *, title: str, description: str) -> SafeString:
        """Return the SVG, with the title and description that those who can't see it are read."""
        names = f"{self.identity}-title {self.identity}-desc"
        head = {
            "viewBox": f"0 0 {_number(self.width)} {_number(self.height)}",
            "role": "img",
            "aria-labelledby": names,
            "class": "leder-chart",
            "font-size": TYPE_SIZE,
            "fill": "currentColor",
            "xmlns": "http://www.w3.org/2000/svg",
        }
        inside = [
            f'<title id="{self.identity}-title">{_text(title)}</title>',
            f'<desc id="{self.identity}-desc">{_text(description)}</desc>',
            *([f"<defs>{''.join(self._definitions())}</defs>"] if self._patterns else []),
            *self._parts,
        ]
        # Every text above has been escaped.
        return SafeString(f"<svg{_attributes(head)}>{''.join(inside)}</svg>")

    def _add(self, name: str, attributes: Mapping[str, object], inside: str = "") -> None:
        self._parts.append(
            f"<{name}{_attributes(attributes)}>{inside}</{name}>"
            if inside
            else f"<{name}{_attributes(attributes)}/>"
        )

    def _paint(self, fill: Fill) -> str:
        if not fill.pattern:
            return fill.colour
        name = self._patterns.setdefault(fill, f"{self.identity}-p{len(self._patterns) + 1}")
        return f"url(#{name})"

    def _definitions(self) -> Iterable[str]:
        for fill, name in self._patterns.items():
            path, width = PATTERNS[fill.pattern]
            frame = {"id": name, "width": 8, "height": 8, "patternUnits": "userSpaceOnUse"}
            ground = {"width": 8, "height": 8, "fill": fill.colour}
            lines = {
                "d": path,
                "stroke": fill.line,
                "stroke-width": width,
                "stroke-linecap": "round",
                "fill": "none",
            }
            yield f"<pattern{_attributes(frame)}><rect{_attributes(ground)}/><path{_attributes(lines)}/></pattern>"


def shortened(words: str, room: Number) -> str:
    """Return the words as far as they fit into so many units, with an ellipsis where they do not."""
    letters = max(int(room / (TYPE_SIZE * LETTER_WIDTH)), 1)
    return words if len(words) <= letters else words[: letters - 1].rstrip() + ELLIPSIS


def _attributes(values: Mapping[str, object]) -> str:
    return "".join(
        f" {name.replace('_', '-')}={quoteattr(_number(value) if isinstance(value, int | float) else str(value))}"
        for name, value in values.items()
    )


def _number(value: Number) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _text(words: str) -> str:
    # What XML has no room for, as control characters of a file, would make the whole drawing unreadable.
    allowed = (letter for letter in words if unicodedata.category(letter) not in ("Cc", "Cs", "Cn"))
    return escape("".join(allowed))
