"""The example text in fixtures/text says all that it must, and is written as the pages' blocks take it."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .fixture_facts import FORMS, LETTERS, PARTS, Part
from .fixture_rules import EXAMPLE_HEADING, RULES, prose

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "text"
FILES = ("home", "leadership", "platform", *LETTERS, *FORMS)
PAIRS = ((0, 1), (1, 2))

Page = dict[str, Any]


def load(name: str) -> Page:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def blocks(page: Page, kind: str, heading: str = "") -> list[Any]:
    """The values of the page's blocks of a kind, only those with the heading if one is given."""
    found = [block["value"] for block in page["body"] if block["type"] == kind]
    return [value for value in found if value["heading"] == heading] if heading else found


def words(value: Any) -> str:
    """A block's words on one line."""
    return " ".join(" ".join(prose(value)).split())


def unstated(value: Any, patterns: str) -> list[str]:
    """The patterns that a block's words don't match."""
    return [p for p in patterns.split(" · ") if not re.search(p, words(value), re.IGNORECASE)]


def test_all_files_are_known() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(FILES)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("rule", RULES)
def test_the_file_keeps_the_rules(name: str, rule: Callable[[Page], list[str]]) -> None:
    assert rule(load(name)) == []


@pytest.mark.parametrize("name", FILES)
def test_spaces_that_hold_together_can_be_seen_in_the_file(name: str) -> None:
    # Invisible characters are written as escapes, so that whoever edits the file sees them.
    assert not set("\u00a0\u202f\u2009\u00ad") & set((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "part", "fact"),
    [
        pytest.param(name, part, fact, id=f"{name}-{fact}")
        for part in PARTS
        for fact in part.facts
        for name in part.files
    ],
)
def test_the_fact_is_stated(name: str, part: Part, fact: str) -> None:
    found = blocks(load(name), part.block, part.heading)
    assert len(found) == 1
    assert unstated(found[0], part.facts[fact]) == []


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.files[0]}-{part.heading or part.block}")
def test_a_heading_alone_states_no_fact(part: Part) -> None:
    for fact, patterns in part.facts.items():
        assert unstated({"heading": part.heading}, patterns), fact


PLATFORM_ORDER = [
    ("callout", EXAMPLE_HEADING),
    ("text_section", "Formål"),
    ("values", "Verdigrunnlag"),
    ("expectations", "Forventninger til ledere"),
    ("employer_role", "Arbeidsgiverrollen"),
    ("governing_documents", "Styrende dokumenter"),
    ("responsibility_areas", "Lederansvar"),
    ("scorecard", "Balansert målstyring"),
    ("points_section", "Lederutvikling"),
    ("rich_text", ""),
    ("leader_levels", "Ledernivåer"),
]
FORM_ORDER = [
    ("callout", EXAMPLE_HEADING),
    ("text_section", "Innledning"),
    ("parties", "Sted, dato og parter"),
    ("text_section", "Struktur og oppfølgingsansvar"),
    ("points_section", "Lederens myndighet og ansvar"),
    ("points_section", "Lederstøtte"),
    ("section", "Sentrale tema og oppdrag fra styringsbrevet"),
    ("section", "Ledelsesutvikling"),
    ("section", "Personell, økonomi og fag"),
    ("section", "Oppfølging"),
]


@pytest.mark.parametrize(
    ("name", "order"), [("platform", PLATFORM_ORDER), *((form, FORM_ORDER) for form in FORMS)]
)
def test_the_parts_stand_in_order(name: str, order: list[tuple[str, str]]) -> None:
    body = load(name)["body"]
    assert [(b["type"], "" if b["type"] == "rich_text" else b["value"]["heading"]) for b in body] == order


@pytest.mark.parametrize(
    ("block", "items", "key", "expected"),
    [
        ("values", "values", "name", ["Åpen", "Troverdig", "Engasjert"]),
        ("employer_role", "duties", "term", ["Styringsrett", "Styringsplikt", "Resultatansvar"]),
        ("responsibility_areas", "areas", "key", ["professional", "personnel", "economy"]),
        ("scorecard", "perspectives", "key", ["community", "users", "organisation", "economy"]),
        ("leader_levels", "levels", "group", ["1", "2", "3"]),
    ],
)
def test_lists_of_the_platform(block: str, items: str, key: str, expected: list[str]) -> None:
    (value,) = blocks(load("platform"), block)
    assert [item[key] for item in value[items]] == expected


def test_counts_of_the_platform() -> None:
    page = load("platform")
    assert [len(v["statements"]) for v in blocks(page, "values")[0]["values"]] == [2, 3, 2]
    assert len(blocks(page, "expectations")[0]["expectations"]) == 6
    assert [len(a["points"]) for a in blocks(page, "responsibility_areas")[0]["areas"]] == [3, 5, 4]
    assert len(blocks(page, "points_section", "Lederutvikling")[0]["points"]) == 2
    documents = blocks(page, "governing_documents")[0]["documents"]
    by_category = [
        sum(d["category"] == c for d in documents) for c in ("law", "agreement", "decision", "governing")
    ]
    assert by_category == [1, 2, 1, 7]


def test_links_lead_only_to_addresses_that_stay() -> None:
    documents = blocks(load("platform"), "governing_documents")[0]["documents"]
    addresses = [document["url"] for document in documents if document["url"]]
    assert addresses == ["https://lovdata.no/dokument/NL/lov/2005-06-17-62"]


@pytest.mark.parametrize("name", FORMS)
def test_counts_of_the_form(name: str) -> None:
    page = load(name)
    assert len(blocks(page, "points_section", "Lederens myndighet og ansvar")[0]["points"]) == 11
    assert len(blocks(page, "points_section", "Lederstøtte")[0]["points"]) == 5
    assert len(blocks(page, "section", "Oppfølging")[0]["questions"]) == 8


@pytest.mark.parametrize("name", FORMS)
def test_how_the_sections_are_answered(name: str) -> None:
    sections = blocks(load(name), "section")
    assert [(s["answer"], s["goals"], s["private"], s["stage"]) for s in sections] == [
        ("letter", True, False, "agreement"),
        ("platform", True, True, "agreement"),
        ("questions", True, False, "agreement"),
        ("questions", False, True, "follow_up"),
    ]


@pytest.mark.parametrize("name", LETTERS)
def test_themes_of_the_letter(name: str) -> None:
    page = load(name)
    themes = blocks(page, "theme")
    assert 6 <= len(themes) <= 8
    assert {theme["perspective"] for theme in themes} == {"community", "users", "organisation", "economy"}
    assert len({theme["title"] for theme in themes}) == len(themes)
    assert all(2 <= len(theme["assignments"]) <= 5 for theme in themes)
    number = {6: "seks", 7: "sju", 8: "åtte"}[len(themes)]
    assert all(f"{number} sentrale tema" in words(section) for section in blocks(page, "text_section"))


@pytest.mark.parametrize("name", LETTERS)
def test_assignments_of_the_letter(name: str) -> None:
    assignments = [a for theme in blocks(load(name), "theme") for a in theme["assignments"]]
    assert len({a["text"] for a in assignments}) == len(assignments)
    # An indicator and its target belong together; the letter has assignments for all and for some.
    assert all(bool(a["indicator"]) == bool(a["target"]) for a in assignments)
    for field in ("sectors", "groups", "deadline"):
        assert {bool(a[field]) for a in assignments} == {True, False}, field


@pytest.mark.parametrize("pair", PAIRS)
def test_letters_share_most_and_differ_in_some(pair: tuple[int, int]) -> None:
    earlier, later = (
        {a["text"]: a for theme in blocks(load(LETTERS[i]), "theme") for a in theme["assignments"]}
        for i in pair
    )
    shared = set(earlier) & set(later)
    assert len(shared) > len(later) / 2
    assert set(later) - shared, "nothing is added"
    assert set(earlier) - shared, "nothing is removed"
    assert any(earlier[text]["target"] != later[text]["target"] for text in shared), "no number is changed"
    titles = [{theme["title"] for theme in blocks(load(LETTERS[i]), "theme")} for i in pair]
    assert len(titles[0] & titles[1]) >= 6


@pytest.mark.parametrize("pair", PAIRS)
def test_forms_differ_a_little(pair: tuple[int, int]) -> None:
    earlier, later = (blocks(load(FORMS[i]), "section") for i in pair)
    assert any(len(b["questions"]) > len(a["questions"]) for a, b in zip(earlier, later, strict=True))
    assert any(a["guidance"] != b["guidance"] for a, b in zip(earlier, later, strict=True))


def _in_point(page: Page, text: str) -> None:
    blocks(page, "points_section")[0]["points"][0] += text


BREAKS: dict[str, Callable[[Page], Any]] = {
    "fields differ": lambda page: blocks(page, "section")[0].pop("goals"),
    "not allowed on": lambda page: page["body"][1].update(type="scorecard"),
    "an empty list": lambda page: blocks(page, "section")[0].update(questions=[]),
    "not one of": lambda page: blocks(page, "section")[0].update(answer="essay"),
    "not true or false": lambda page: blocks(page, "section")[0].update(private="ja"),
    "not closed": lambda page: blocks(page, "section")[0].update(guidance="<p>Velg <b>fritt</p>"),
    "outside a paragraph": lambda page: blocks(page, "section")[0].update(guidance="Velg fritt."),
    "tag <script>": lambda page: blocks(page, "section")[0].update(guidance="<script></script>"),
    "tags in plain text": lambda page: _in_point(page, "<b>nå</b>"),
    "straight quotation mark": lambda page: _in_point(page, ' "nå"'),
    "English quotation marks": lambda page: _in_point(page, " “nå”"),
    "hyphen used as a dash": lambda page: _in_point(page, " - nå"),
    "ordinary space in a number": lambda page: _in_point(page, " 3 500"),
    "ordinary space before %": lambda page: _in_point(page, " 8 %"),
    "ordinary space in a date": lambda page: _in_point(page, " 31. mars"),
    "a year instead of": lambda page: _in_point(page, " i 2026"),
    "filling text": lambda page: _in_point(page, " Lorem"),
    "token {month}": lambda page: _in_point(page, " {month}"),
    "token }": lambda page: _in_point(page, " year}"),
    "not a callout": lambda page: page["body"].pop(0),
    "doesn't say nyskrevet": lambda page: page["body"][0]["value"].update(text="<p>Kommunen erstatter.</p>"),
}


@pytest.mark.parametrize("expected", BREAKS)
def test_the_rules_find_what_is_wrong(expected: str) -> None:
    page = copy.deepcopy(load(FORMS[0]))
    BREAKS[expected](page)
    assert expected in "\n".join(problem for rule in RULES for problem in rule(page))


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("deadline", "{year}-02-30", "not a date"),
        ("deadline", "2026-10-01", "not a date of the year"),
        ("sectors", "Helse og mestring, Helse og omsorg", "unknown sectors ['Helse og omsorg']"),
        ("groups", ["4"], "not choices"),
        ("text", "", "empty"),
    ],
)
def test_the_rules_find_what_is_wrong_in_an_assignment(field: str, value: Any, expected: str) -> None:
    page = load(LETTERS[0])
    blocks(page, "theme")[0]["assignments"][0][field] = value
    assert expected in "\n".join(problem for rule in RULES for problem in rule(page))


def test_a_fact_that_is_taken_out_is_missed() -> None:
    (value,) = blocks(load("platform"), "scorecard")
    value["follow_up"] = value["follow_up"].replace("Corporater", "verktøyet")
    patterns = next(part for part in PARTS if part.block == "scorecard").facts["follow-up of results"]
    assert "resultatene i verktøyet Corporater" in unstated(value, patterns)
