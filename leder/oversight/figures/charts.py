"""The kinds of figures: stacked bars, a curve towards a deadline, a map of places by months. Numbers in, SVG out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from leder.oversight.figures.svg import LETTER_WIDTH, TYPE_SIZE, Drawing, Fill

WIDTH = 760
LABELS = 235
ROW, BAR = 36, 26
ACCENT, DEADLINE = "#0a6c9f", "#b3122f"


@dataclass(frozen=True)
class Series:
    """One part of each bar: what it is called and how it is filled."""

    label: str
    fill: Fill


@dataclass(frozen=True)
class Bar:
    """A bar: its label and a number for each series."""

    label: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Line:
    """A line of a curve: its label and points of (days from the deadline, share from 0 to 1)."""

    label: str
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Mark:
    """A label below the curve at so many days from the deadline."""

    day: int
    label: str


def stacked_bars(
    bars: Sequence[Bar], series: Sequence[Series], *, identity: str, title: str, description: str
) -> SafeString:
    """Bars one below the other, each of as many parts as there are series, with the numbers in them."""
    legend = _legend_rows(series)
    most = max((sum(bar.values) for bar in bars), default=0)
    top, step = _scale(most)
    bottom = 6 + ROW * len(bars)
    drawing = Drawing(WIDTH, bottom + 30 + 24 * len(legend), identity=identity)
    across = (WIDTH - LABELS - 24) / top
    for value in range(0, top + 1, step):
        x = LABELS + value * across
        drawing.line(x, 0, x, bottom)
        drawing.text(x, bottom + 17, _thin(value), anchor="middle")
    for number, bar in enumerate(bars):
        y = 6 + ROW * number
        drawing.text(LABELS - 10, y + BAR / 2 + 5, bar.label, anchor="end", room=LABELS - 12)
        x = float(LABELS)
        for part, value in zip(series, bar.values, strict=True):
            if not value:
                continue
            width = value * across
            drawing.rect(
                x, y, max(width - 1, 0.5), BAR, part.fill, title=f"{bar.label}: {part.label} {value}"
            )
            if width > 10 + len(_thin(value)) * TYPE_SIZE * LETTER_WIDTH:
                place: dict[str, Any] = {"font_weight": 600, "fill": part.fill.ink}
                if part.fill.pattern:
                    # A rim of the ground colour, so that the lines of the pattern do not run through the digits.
                    rim = {"stroke": part.fill.colour, "stroke_width": 4, "paint_order": "stroke"}
                    place |= rim
                drawing.text(x + width / 2, y + BAR / 2 + 5, _thin(value), anchor="middle", **place)
            x += width
    _draw_legend(drawing, legend, bottom + 34)
    return drawing.render(title=title, description=description)


def curve(
    lines: Sequence[Line],
    marks: Sequence[Mark],
    *,
    days: tuple[int, int],
    deadline: str,
    identity: str,
    title: str,
    description: str,
) -> SafeString:
    """Shares that grow towards a deadline at day 0, drawn from the first of the days to the last.

    The first line is this year's, the others are for comparison.
    """
    first, last = days
    left, right, top, height = 52, 20, 26, 240
    across = (WIDTH - left - right) / max(last - first, 1)
    drawing = Drawing(WIDTH, top + height + 62, identity=identity)

    def place(day: float, share: float) -> tuple[float, float]:
        return left + (day - first) * across, top + height * (1 - share)

    for percent in range(0, 101, 20):
        y = top + height * (1 - percent / 100)
        drawing.line(left, y, WIDTH - right, y)
        drawing.text(left - 8, y + 4, f"{percent}\u00a0%", anchor="end")
    for mark in marks:
        drawing.text(place(mark.day, 0)[0], top + height + 19, mark.label, anchor="middle")
    x = place(0, 0)[0]
    drawing.line(x, top - 4, x, top + height, stroke=DEADLINE, stroke_width=2, stroke_opacity=1)
    drawing.text(x - 6, top - 10, deadline, anchor="end", font_weight=600)
    for number, line in reversed(list(enumerate(lines))):
        steps = _as_steps([place(day, share) for day, share in line.points])
        if not number and steps:
            ground = [*steps, (steps[-1][0], top + height), (steps[0][0], top + height)]
            drawing.path(ground, fill=ACCENT, fill_opacity=0.14)
        stroke = (
            {"stroke": "currentColor", "stroke_width": 2, "stroke_dasharray": "6 5", "stroke_opacity": 0.75}
            if number
            else {"stroke": ACCENT, "stroke_width": 3}
        )
        drawing.path(steps, **stroke)
        if not number and steps:
            drawing.circle(*steps[-1], 5, ACCENT)
    _draw_lines_legend(drawing, lines, left, top + height + 48)
    return drawing.render(title=title, description=description)


# From few to many; two inks, each readable on its ground.
SHADES = (
    Fill("#c9dfeb"),
    Fill("#93bdd4"),
    Fill("#2f7ca6", ink="#ffffff"),
    Fill("#00527a", ink="#ffffff"),
)
UNKNOWN = Fill("#e6e8eb", "rising", "#b8bfc7")


def heat_map(
    rows: Sequence[tuple[str, Sequence[int] | None]],
    columns: Sequence[str],
    *,
    identity: str,
    title: str,
    description: str,
) -> SafeString:
    """Numbers by row and column, darker for more. None for a row whose numbers are held back."""
    cell = (WIDTH - LABELS) / max(len(columns), 1)
    drawing = Drawing(WIDTH, 26 + 28 * len(rows), identity=identity)
    most = max((max(values, default=0) for _label, values in rows if values), default=0)
    for number, column in enumerate(columns):
        drawing.text(LABELS + cell * (number + 0.5), 14, column, anchor="middle", room=cell)
    for line, (label, values) in enumerate(rows):
        y = 24 + 28 * line
        drawing.text(LABELS - 10, y + 17, label, anchor="end", room=LABELS - 12)
        if values is None:
            drawing.rect(LABELS, y, WIDTH - LABELS - 3, 25, UNKNOWN)
        else:
            drawing.ground(LABELS, y, WIDTH - LABELS - 3, 25)
        for number, value in enumerate(values or ()):
            # What is empty stays as pale as the row.
            if value:
                fill, x = SHADES[_shade(value, most)], LABELS + cell * number
                drawing.rect(x, y, cell - 3, 25, fill)
                drawing.text(x + (cell - 3) / 2, y + 17, _thin(value), anchor="middle", fill=fill.ink)
    return drawing.render(title=title, description=description)


def _shade(value: int, most: int) -> int:
    return min(int(len(SHADES) * (value - 1) / max(most, 1)), len(SHADES) - 1)


def _scale(most: int) -> tuple[int, int]:
    """The end of an axis and the step between its marks: about five steps of 1, 2 or 5 times a power of ten."""
    rough = max(most, 1) / 5
    power = 10 ** math.floor(math.log10(rough)) if rough > 1 else 1
    step = next(int(times * power) for times in (1, 2, 5, 10) if times * power >= rough)
    return math.ceil(max(most, 1) / step) * step, step


def _legend_rows(series: Sequence[Series]) -> list[list[tuple[float, Series]]]:
    """The series in as many lines as they take, each with where it begins."""
    rows: list[list[tuple[float, Series]]] = []
    x = math.inf
    for one in series:
        width = 40 + len(one.label) * TYPE_SIZE * LETTER_WIDTH
        if x + width > WIDTH:
            rows.append([])
            x = 10.0
        rows[-1].append((x, one))
        x += width
    return rows


def _draw_legend(drawing: Drawing, rows: list[list[tuple[float, Series]]], y: float) -> None:
    for number, row in enumerate(rows):
        for x, one in row:
            drawing.rect(x, y + 24 * number, 16, 16, one.fill)
            drawing.text(x + 22, y + 24 * number + 13, one.label)


def _draw_lines_legend(drawing: Drawing, lines: Sequence[Line], x: float, y: float) -> None:
    for number, line in enumerate(lines):
        stroke: dict[str, object] = (
            {"stroke_dasharray": "6 5", "stroke_opacity": 0.75, "stroke_width": 2}
            if number
            else {"stroke": ACCENT, "stroke_opacity": 1, "stroke_width": 3}
        )
        drawing.line(x, y, x + 26, y, **stroke)
        drawing.text(x + 32, y + 4, line.label)
        x += 60 + len(line.label) * TYPE_SIZE * LETTER_WIDTH


def _as_steps(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Level until the next day something happened: a share does not grow between them."""
    steps: list[tuple[float, float]] = []
    for x, y in points:
        if steps and steps[-1][1] != y:
            steps.append((x, steps[-1][1]))
        steps.append((x, y))
    return steps


def _thin(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")
