"""The circles: drawn from the names, whole at any length, told apart without colours, read aloud in words."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from leder.pages.figures import LETTER_WIDTH, PLACES, RADIUS, VIEWS, Circle, draw_circles, fit_label

SVG = "{http://www.w3.org/2000/svg}"
KEYS = ("professional", "personnel", "economy")


def drawn(*names: str, identity: str = "a") -> ET.Element:
    circles = [Circle(key, name) for key, name in zip(KEYS, names, strict=False)]
    return ET.fromstring(draw_circles(circles, title="Lederansvar", identity=identity))  # noqa: S314 - our own


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_circle_for_each(number: int) -> None:
    figure = drawn(*("Fag", "Personal", "Økonomi")[:number])
    assert ["".join(text.itertext()) for text in figure.iter(f"{SVG}text")] == ["Fag", "Personal", "Økonomi"][
        :number
    ]
    assert len(figure.findall(f"{SVG}g")) == number


@pytest.mark.parametrize("number", [0, 4])
def test_nothing_for_other_numbers(number: int) -> None:
    assert draw_circles([Circle("economy", "x")] * number, title="t", identity="a") == ""


def test_said_in_words() -> None:
    with translation.override("nb"):
        figure = drawn("Fag", "Personal", "Økonomi")
    named = figure.attrib["aria-labelledby"].split()
    assert [
        element.attrib["id"] for element in (figure.find(f"{SVG}title"), figure.find(f"{SVG}desc"))
    ] == named
    assert figure.attrib["role"] == "img"
    assert all(name in str(figure.find(f"{SVG}desc").text) for name in ("Fag", "Personal", "Økonomi"))


def test_each_has_a_pattern_of_its_own() -> None:
    patterns = list(drawn("a", "b", "c").iter(f"{SVG}pattern"))
    looks = {(pattern.attrib.get("patternTransform"), pattern[0].tag) for pattern in patterns}
    assert len(looks) == 3


def test_ids_differ_between_figures() -> None:
    first, second = (
        {
            element.attrib["id"]
            for element in drawn("a", "b", "c", identity=identity).iter()
            if "id" in element.attrib
        }
        for identity in ("x", "y")
    )
    assert len(first) == 5 and not first & second


def test_no_inline_style_and_no_fixed_colour() -> None:
    text = draw_circles([Circle("economy", "x")], title="t", identity="a")
    assert "style=" not in text and not re.search(r"#[0-9a-f]{3}", text)


def test_coordinates_are_never_localised(settings: pytest.FixtureRequest) -> None:
    settings.USE_THOUSAND_SEPARATOR = True
    with translation.override("nb"):
        figure = drawn("Fag", "Personal", "Økonomi")
    for element in figure.iter():
        for name in ("x", "y", "cx", "cy", "r", "width", "height", "font-size"):
            if name in element.attrib:
                float(element.attrib[name])


def test_names_are_escaped() -> None:
    assert "<b>" not in draw_circles([Circle("economy", "<b>x</b>")], title="<i>", identity="a")


def test_circles_overlap_and_stay_inside() -> None:
    for number, places in PLACES.items():
        width, height = VIEWS[number]
        for place in places:
            assert RADIUS < place.x < width - RADIUS and RADIUS < place.y < height - RADIUS
            for other in places:
                assert (place.x - other.x) ** 2 + (place.y - other.y) ** 2 < (2 * RADIUS) ** 2


NAMES = st.lists(
    st.text(st.characters(categories=["L"]), min_size=1, max_size=58), min_size=1, max_size=8
).map(lambda words: " ".join(words)[:60].strip())


@given(NAMES)
@example("A" * 11 + " " + "A" * 11 + " " + "A" * 11 + " " + "A" * 14 + " " + "A" * 8)
def test_any_name_fits(name: str) -> None:
    for places in PLACES.values():
        for place in places:
            label = fit_label(name, place)
            assert all(
                len(line.text) * label.size * LETTER_WIDTH <= place.label_width for line in label.lines
            )
            # Every letter is there; only hyphens may have come in.
            assert "".join(line.text for line in label.lines).replace("-", "").replace(
                " ", ""
            ) == name.replace(" ", "")
            middle = (label.lines[0].y + label.lines[-1].y) / 2
            assert abs(middle - place.label_y) < label.size
