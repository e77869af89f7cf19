"""Figures are well-formed SVG with title and description, whatever names they are given and however many rows."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from django.utils import translation

from leder.oversight.figures.charts import Bar, Line, Mark, Series, curve, heat_map, stacked_bars
from leder.oversight.figures.svg import Drawing, Fill

NAMES = ["<script>alert(1)</script>", "Barn & unge", '"Anførsel"', "Ås]]>", "\x00\x08kontroll", "N" * 300, ""]
SERIES = [
    Series("Ikke < startet", Fill("#cdd3da")),
    Series("Signert & fulgt", Fill("#00527a", "rising", "#fff")),
]
ALLOWED = {"svg", "title", "desc", "defs", "pattern", "rect", "path", "line", "text", "circle"}


def parsed(svg: str) -> ElementTree.Element:
    """The drawing, which must be XML, say what it is, and hold nothing that the content policy forbids."""
    root = ElementTree.fromstring(svg)  # noqa: S314
    named = {part.get("id"): part for part in root.iter()}
    for identity in root.attrib["aria-labelledby"].split():
        assert named[identity].text
    assert {part.tag.rpartition("}")[2] for part in root.iter()} <= ALLOWED
    for part in root.iter():
        assert not {name for name in part.attrib if name == "style" or name.startswith("on")}
    return root


def bars(labels: list[str], values: tuple[int, ...] = (3, 4)) -> str:
    made = [Bar(label, values) for label in labels]
    return stacked_bars(made, SERIES, identity="b", title="Tittel <&>", description="Beskrivelse")


@pytest.mark.parametrize("labels", [[], ["Én"], [f"Sektor {n}" for n in range(12)], NAMES])
def test_bars(labels: list[str]) -> None:
    root = parsed(bars(labels))
    texts = [text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert all(f"Sektor {n}" in texts for n in range(12)) or len(labels) != 12


@pytest.mark.parametrize("values", [(0, 0), (1, 0), (45_000, 12)])
def test_bars_of_any_size(values: tuple[int, ...]) -> None:
    root = parsed(bars(["Alle"], values))
    right = max(float(part.get("x", 0)) for part in root.iter() if part.get("x"))
    assert right <= float(root.attrib["viewBox"].split()[2])


@pytest.mark.parametrize(
    "rows", [[], [("Én", [0] * 12)], [(name, [1, 2, 30] * 4) for name in NAMES], [("Skjult", None)]]
)
def test_heat_map(rows: list) -> None:
    months = ["jan", "feb", "mar"] * 4
    parsed(heat_map(rows, months, identity="h", title="Tittel", description="Beskrivelse"))


@pytest.mark.parametrize("points", [(), ((0, 0.5),), ((-140, 0.0), (-30, 0.4), (30, 1.0))])
def test_curve(points: tuple[tuple[int, float], ...]) -> None:
    drawn = curve(
        [Line("2027", points), Line("<2026>", points)],
        [Mark(-31, "mars")],
        days=(-140, 30),
        deadline="Frist <31. mars>",
        identity="c",
        title="Tittel",
        description="Beskrivelse",
    )
    parsed(drawn)


def test_no_comma_in_a_coordinate_whatever_the_language() -> None:
    for language in ("nb", "en", "nn"):
        with translation.override(language):
            drawn = bars(["A", "B"], (1, 2))
        for value in re.findall(r' (?:x|y|width|height|x1|x2)="([^"]*)"', drawn):
            assert re.fullmatch(r"-?\d+(\.\d+)?", value)


def test_a_long_name_is_shortened_and_kept_whole_for_pointing_at() -> None:
    drawing = Drawing(100, 20, identity="x")
    drawing.text(0, 10, "Et svært langt navn på en enhet", room=80)
    text = parsed(drawing.render(title="t", description="d")).find("{http://www.w3.org/2000/svg}text")
    assert text is not None
    assert text[0].text == "Et svært langt navn på en enhet"
    assert (text[0].tail or "").endswith("…")


def test_two_figures_on_a_page_share_no_id() -> None:
    drawn = [
        stacked_bars([Bar("A", (1, 2))], SERIES, identity=identity, title="t", description="d")
        for identity in ("b", "c")
    ]
    ids = [part.get("id") for svg in drawn for part in parsed(svg).iter() if part.get("id")]
    assert len(ids) == len(set(ids))
