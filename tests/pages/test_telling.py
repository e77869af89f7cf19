"""What a comparison is told as: marks, values in words, links, lists; the words of both sides."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from leder.pages.comparing import Change as C
from leder.pages.comparing import FieldChange, compare
from leder.pages.differences import PartChange
from leder.pages.editions import Edition
from leder.pages.telling import MARKS, facts, label_for, marks_of, stretches, summary
from leder.templatetags.leder_comparing import change_marks, line, words

Content = dict[str, Any]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def part(**fields: Any) -> Content:
    return {"id": "p", "kind": "section", "heading": "Del", "html": "", "statements": [], **fields}


def compared(old: Content, new: Content, years: tuple[int, int] = (2027, 2027)) -> PartChange:
    editions = [
        Edition(content={"kind": "form", "title": "Skjema", "year": year, "parts": [each]})
        for each, year in zip((old, new), years, strict=True)
    ]
    return compare(*editions).parts[0]


def field(found: Any, name: str) -> FieldChange:
    return next(each for each in found.fields if each.name == name)


def plain(html: str) -> str:
    """What is shown, with the words for screen readers."""
    return re.sub(r"<[^>]+>", "", html)


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("goals", True, False, "[removed: Yes] [added: No] "),
        ("private", False, True, "[removed: No] [added: Yes] "),
        ("answer", "note", "questions", "[removed: A note] [added: An answer to each question, and a note] "),
        ("stage", "agreement", "gone", "[removed: When the agreement is made] [added: gone] "),
        ("deadline", "2027-10-01", "", "[removed: 1 October 2027] "),
        ("deadline", "", "snart", "[added: snart] "),
        ("target", "under 8 %", "under 7 %", "under [removed: 8 ] [added: 7 ] %"),
        ("later_field", "a", "b", "[removed: a] [added: b] "),
    ],
)
def test_facts_in_words(name: str, old: Any, new: Any, told: str) -> None:
    (found,) = facts(compared(part(**{name: old}), part(**{name: new})))
    assert " ".join(plain(line(found)).split()) == " ".join(told.split())
    assert str(label_for(found))
    assert "<ins" not in line(found, "old") and "<del" not in line(found, "new")


def test_a_deadline_that_follows_the_year_is_told_quietly() -> None:
    def content(day: str) -> Content:
        return part(statements=[{"id": "s", "kind": "assignment", "text": "Oppdrag", "deadline": day}])

    found = compared(content("2027-10-01"), content("2028-10-01"), (2027, 2028))
    assert not found.is_changed
    (deadline,) = facts(found.statements[0])
    assert "<ins" not in line(deadline) and "2028" in line(deadline)
    assert "2027" in line(deadline, "old")


def test_marks() -> None:
    old = part(html='<p>Les <a href="/a/">her</a></p>')
    moved_link = compared(old, part(html='<p>Les <a href="/b/">her</a></p>'))
    assert marks_of(moved_link) == [MARKS["markup"]]
    assert "/a/" in words(field(moved_link, "html")) and "/a/" not in words(field(moved_link, "html"), "old")
    assert marks_of(compared(old, part(html="<p>Les der</p>"))) == [MARKS[C.REWRITTEN]]
    assert "icons.svg#pen" in change_marks(compared(old, part(html="<p>Les der</p>")))
    assert marks_of(compared(old, old)) == []


def test_words_of_one_side_and_of_both() -> None:
    found = field(
        compared(part(html="<p>Vi følger opp hver måned.</p>"), part(html="<p>Vi følger opp hver uke.</p>")),
        "html",
    )
    assert [plain(words(found, side)) for side in ("old", "new")] == [
        "Vi følger opp hver [removed: måned] .",
        "Vi følger opp hver [added: uke] .",
    ]
    assert words(found).index("<del") < words(found).index("<ins")


def test_words_set_in_several_ways_are_told_as_one() -> None:
    found = field(compared(part(), part(html='<p>Se <b>nye</b> <a href="/a/">planer</a>.</p>')), "html")
    assert words(found).count("<ins>") == 1
    assert plain(words(found)) == "[added: Se nye planer.] "


def test_lists_are_well_made() -> None:
    html = "<p>Før</p><ul><li>én<ul><li>under</li></ul></li></ul><ol><li>to</li></ol><p>Etter</p>"
    found = compared(part(), part(html=html))
    assert re.sub(r"<span.*?</span>|</?ins>", "", words(field(found, "html"))) == (
        '<p data-change="added">Før</p><ul><li data-change="added">én</li>'
        '<li data-depth="2" data-change="added">under</li></ul>'
        '<ol><li data-change="added">to</li></ol><p data-change="added">Etter</p>'
    )
    assert words(field(found, "html"), "old") == ""


def test_words_are_escaped_and_removed_links_lead_nowhere() -> None:
    found = field(
        compared(
            part(html='<p>&lt;script&gt; <a href="/x/?a=1&amp;b=%22">x</a> <a href="/bort/">bort</a></p>'),
            part(html='<p>&lt;script&gt; <a href="/x/?a=1&amp;b=%22">x</a> &lt;b&gt;</p>'),
        ),
        "html",
    )
    html = words(found)
    assert "<script" not in html and "&lt;script&gt;" in html and "&lt;b&gt;" in html
    assert 'href="/x/?a=1&amp;b=%22"' in html and 'href="/bort/"' not in html


def test_summary_and_stretches() -> None:
    old = part(statements=[{"id": f"s{n}", "kind": "point", "text": f"Punkt {n}"} for n in range(5)])
    kept = old["statements"]
    new = part(
        statements=[
            {**kept[0], "text": "Annet"},
            kept[2],
            kept[3],
            kept[1],
            {"id": "n", "kind": "point", "text": "Ny"},
        ]
    )
    comparison = compare(
        *(
            Edition(content={"kind": "form", "title": "S", "year": None, "parts": [each]})
            for each in (old, new)
        )
    )
    assert [(each.mark, each.words.split()[0]) for each in summary(comparison)] == [
        (MARKS[C.ADDED], "1"),
        (MARKS[C.REMOVED], "1"),
        (MARKS[C.REWRITTEN], "1"),
        (MARKS["moved"], "1"),
        (MARKS[C.UNCHANGED], "2"),
    ]
    assert [(each.is_changed, len(each.items)) for each in stretches(comparison.statements)] == [
        (True, 1),
        (False, 2),
        (True, 3),
    ]
