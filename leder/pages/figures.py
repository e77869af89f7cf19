"""Figures drawn on the server as SVG. Style sheets colour them by class; patterns do without colours."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

RADIUS = 150
SIZES = (20, 18, 16, 14, 12)
# An average letter of the sans-serif faces we use is a little over half as wide as the type is high.
LETTER_WIDTH = 0.58
MAX_LINES = 4


@dataclass(frozen=True)
class Circle:
    """One circle: what it stands for (`key` chooses colour and pattern) and the name written in it."""

    key: str
    name: str


@dataclass(frozen=True)
class Place:
    """Where a circle stands, and where there is room for its name outside the other circles."""

    x: int
    y: int
    label_x: int
    label_y: int
    label_width: int


@dataclass(frozen=True)
class Line:
    """One line of a label."""

    text: str
    y: int


@dataclass(frozen=True)
class Label:
    """A name set in lines that fit."""

    lines: tuple[Line, ...]
    size: int


PLACES: dict[int, tuple[Place, ...]] = {
    1: (Place(160, 160, 160, 160, 260),),
    2: (Place(160, 160, 105, 160, 165), Place(340, 160, 395, 160, 165)),
    3: (
        Place(160, 160, 101, 140, 160),
        Place(340, 160, 399, 140, 160),
        Place(250, 315, 250, 390, 230),
    ),
}
VIEWS = {1: (320, 320), 2: (500, 320), 3: (500, 475)}


def draw_circles(circles: list[Circle], *, title: str, identity: str) -> SafeString:
    """Return the SVG of one to three overlapping circles, "" for none or more than three.

    `title` names the figure for those who can't see it; `identity` keeps its ids apart from other figures'.
    """
    if len(circles) not in PLACES:
        return SafeString("")
    width, height = VIEWS[len(circles)]
    names = get_text_list([circle.name for circle in circles], str(_("and")))
    return render_to_string(
        "leder/blocks/_circles.svg",
        {
            "identity": identity,
            "title": title,
            "description": _("Overlapping circles: %(names)s. They affect each other.") % {"names": names},
            "width": width,
            "height": height,
            "radius": RADIUS,
            "drawn": [
                (circle, place, fit_label(circle.name, place))
                for circle, place in zip(circles, PLACES[len(circles)], strict=True)
            ],
        },
    )


def fit_label(name: str, place: Place) -> Label:
    """Set a name about the place's label point, in the largest type that takes four lines at most.

    The few names that even the smallest type does not get into four lines take more: no letter is left out.
    """
    for size in SIZES:
        letters = int(place.label_width / (size * LETTER_WIDTH))
        lines = _wrap(name, letters)
        if len(lines) <= MAX_LINES and all(len(line) <= letters for line in lines):
            return _stack(lines, size, place)
    letters = int(place.label_width / (SIZES[-1] * LETTER_WIDTH))
    return _stack(_wrap(_break_words(name, letters), letters), SIZES[-1], place)


def _wrap(text: str, letters: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _break_words(text: str, letters: int) -> str:
    """Hyphenate words that no line can hold."""
    step = letters - 1
    return " ".join(
        word
        if len(word) <= letters
        else "- ".join(word[start : start + step] for start in range(0, len(word), step))
        for word in text.split()
    )


def _stack(lines: list[str], size: int, place: Place) -> Label:
    line_height = round(size * 1.25)
    # The first baseline: half the block above the label point, then down by about the height of a capital.
    first = place.label_y - line_height * (len(lines) - 1) // 2 + round(size * 0.35)
    return Label(tuple(Line(text, first + number * line_height) for number, text in enumerate(lines)), size)
