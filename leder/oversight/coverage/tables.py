"""Coverage as it is shown: themes and assignments of the letter by sector, from the stored counts only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from leder.agreements.models import Agreement, Round
from leder.oversight.coverage.models import CoverageCount
from leder.oversight.figures.charts import Bar, Series, stacked_bars
from leder.oversight.figures.files import Sheet
from leder.oversight.figures.svg import Fill
from leder.pages.editions import Edition

ASSIGNMENT = "assignment"
AT_LEAST = Fill("#00527a", ink="#ffffff")


@dataclass(frozen=True)
class Line:
    """A theme, or an assignment below it: what is said of the whole and of each area. None where nothing is said."""

    text: str
    is_theme: bool
    whole: int | None
    areas: list[int | None]


@dataclass(frozen=True)
class Area:
    """A sector or staff department with how many signed agreements its counts are of."""

    name: str
    of: int
    at: dt.datetime | None


@dataclass(frozen=True)
class Goals:
    """The goals of one area, or of all: at least so many are reached, dropped and open."""

    name: str
    agreements: int
    reached: int | None
    dropped: int | None
    open: int | None


@dataclass(frozen=True)
class Coverage:
    """The coverage of a round's letter as last counted."""

    letter: str
    signed: int | None
    counted_at: dt.datetime | None
    areas: list[Area]
    lines: list[Line]
    nobody: list[str] | None
    goals: list[Goals]


def coverage_of(year_round: Round) -> Coverage | None:
    """Return the coverage of a round; None before anything has been counted. Three queries at any size."""
    counts = list(CoverageCount.objects.filter(round=year_round).select_related("area"))
    edition = _letter(year_round) if counts else None
    if edition is None:
        return None
    whole = next((count for count in counts if count.area_id is None and count.letter_of), None)
    areas = sorted((c for c in counts if c.area_id and c.letter_of), key=_name)
    return Coverage(
        letter=edition.title,
        signed=whole.letter_of if whole else None,
        counted_at=max((c.letter_at for c in counts if c.letter_at), default=None),
        areas=[Area(_name(c), c.letter_of or 0, c.letter_at) for c in areas],
        lines=_lines(edition, whole, areas),
        nobody=_nobody(edition, whole),
        goals=_goals(counts),
    )


def draw_coverage(coverage: Coverage, *, identity: str) -> SafeString:
    """Draw how many have taken up each theme. "" where nothing is said of any."""
    bars = [Bar(line.text, (line.whole,)) for line in coverage.lines if line.is_theme and line.whole]
    if not bars:
        return SafeString("")
    return stacked_bars(
        bars,
        [Series(_("Leaders who have taken it up, at least"), AT_LEAST)],
        identity=identity,
        title=_("How many have taken up each theme"),
        description=_("A bar for each theme of the letter. The numbers stand in the table."),
    )


def coverage_sheets(coverage: Coverage) -> list[Sheet]:
    """The same as files: the table, and the goals."""
    headings = [_("Theme or assignment"), _("Kind"), _("All, at least")]
    headings += [_("%(area)s, at least") % {"area": area.name} for area in coverage.areas]
    nobody = set(coverage.nobody or ())
    rows: list[list[Any]] = [
        [
            line.text,
            _("theme") if line.is_theme else _("assignment"),
            _("nobody") if not line.is_theme and line.text in nobody else line.whole,
            *line.areas,
        ]
        for line in coverage.lines
    ]
    goals = [[each.name, each.agreements, each.reached, each.dropped, each.open] for each in coverage.goals]
    sheets = [Sheet(_("Coverage of the letter"), headings, rows)]
    if goals:
        names = [_("Who"), _("Agreements followed up"), _("Reached"), _("Dropped"), _("Open")]
        sheets.append(Sheet(_("Goals"), names, goals))
    return sheets


def _letter(year_round: Round) -> Edition | None:
    """The newest edition of the letter that agreements of the round stand on."""
    pinned = Agreement.objects.filter(round=year_round).values("letter_edition_id")
    return Edition.objects.filter(pk__in=pinned).order_by("-published_at", "-pk").first()


def _lines(edition: Edition, whole: CoverageCount | None, areas: list[CoverageCount]) -> list[Line]:
    lines = []
    for part in edition.parts:
        assignments = [each for each in part["statements"] if each["kind"] == ASSIGNMENT]
        if assignments:
            lines.append(_line(part["heading"], "themes", part["id"], whole, areas))
        lines += [_line(each["text"], "assignments", each["id"], whole, areas) for each in assignments]
    return lines


def _line(text: str, kind: str, key: str, whole: CoverageCount | None, areas: list[CoverageCount]) -> Line:
    return Line(
        text,
        kind == "themes",
        whole.letter[kind].get(key) if whole else None,
        [area.letter[kind].get(key) for area in areas],
    )


def _nobody(edition: Edition, whole: CoverageCount | None) -> list[str] | None:
    """The assignments that nobody has taken up; None while too few have signed to say so."""
    if whole is None:
        return None
    taken = set(whole.letter["taken"]["assignments"])
    return [
        each.text for each in edition.statements.values() if each.kind == ASSIGNMENT and each.id not in taken
    ]


def _name(count: CoverageCount) -> str:
    return count.area.name if count.area else ""


def _goals(counts: list[CoverageCount]) -> list[Goals]:
    told = [count for count in counts if count.goals_of]
    told.sort(key=lambda count: (count.area_id is None, _name(count).casefold()))
    return [
        Goals(
            _name(count) or _("All"),
            count.goals_of or 0,
            count.goals.get("reached"),
            count.goals.get("dropped"),
            count.goals.get("open"),
        )
        for count in told
    ]
