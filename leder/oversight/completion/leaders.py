"""Rows of `status` as lines that are shown: sorted, searched, with names. For HR's report and a superior's line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from leder.organisation.lines import Structure
from leder.organisation.models import LeaderGroup, UnitKind
from leder.oversight.completion.stages import STAGES, Stage, WaitsFor
from leder.oversight.completion.status import Row, names_of

LOOKS = {
    Stage.NOT_STARTED: "open",
    Stage.PREPARING: "opened",
    Stage.PLANNED: "planned",
    Stage.HELD: "discussed",
    Stage.SIGNING: "signing",
    Stage.SIGNED: "signed",
    Stage.FOLLOWED_UP: "followed_up",
    Stage.ENDED: "ended",
}
STAGE_ORDER = {stage: number for number, stage in enumerate(STAGES)}


@dataclass(frozen=True)
class LeaderLine:
    """A leader as shown: names, states and dates."""

    row: Row
    name: str
    title: str
    unit: str
    area: str
    group: str
    superior: str

    @property
    def who(self) -> SafeString:
        """Name and position, for a cell of a table."""
        return format_html('<strong>{}</strong> <span class="leder-second">{}</span>', self.name, self.title)

    @property
    def where(self) -> SafeString:
        """Unit, and the sector or staff department it stands in, for a cell of a table."""
        area = "" if self.area == self.unit else self.area
        return format_html('{} <span class="leder-second">{}</span>', self.unit, area)

    @property
    def state(self) -> str:
        """The state in words, with whose signature is missing and whether a deadline has passed."""
        words = str(self.row.stage.label)
        if self.row.waits_for:
            words += f" – {self.waits}"
        return f"{words} ({_('past the deadline')})" if self.row.overdue else words

    @property
    def waits(self) -> str:
        """Whose signature is missing, in words; "" for nobody's."""
        if not self.row.waits_for:
            return ""
        return _("waits for %(who)s") % {"who": WaitsFor(self.row.waits_for).label}

    @property
    def look(self) -> str:
        """The state whose symbol and colour this one shows with (`leder_ui.LOOKS`)."""
        return LOOKS[self.row.stage]

    @property
    def latest(self) -> tuple[str, dt.date] | None:
        """The date that says most: what is planned, else what happened last."""
        row = self.row
        dates = (
            (_("planned"), row.planned_on),
            (_("followed up"), row.followed_up_on),
            (_("signed"), row.signed_on),
            (_("held"), row.held_on),
        )
        return next(((what, day) for what, day in dates if day is not None), None)

    @property
    def dates(self) -> str:
        """The same in words."""
        return f"{self.latest[0]} {date_format(self.latest[1], 'j. F Y')}" if self.latest else ""


def lines_of(rows: Iterable[Row], structure: Structure) -> list[LeaderLine]:
    """Return the rows as lines, with the names of these people and their superiors. One query."""
    rows = list(rows)
    names = names_of({row.person_id for row in rows} | {row.superior_id for row in rows if row.superior_id})
    return [
        LeaderLine(
            row,
            names.get(row.person_id, ""),
            structure.positions[row.position_id].title,
            structure.units[row.unit_id].name,
            area_name(row, structure),
            str(LeaderGroup(row.group).label),
            names.get(row.superior_id, "") if row.superior_id else "",
        )
        for row in rows
    ]


def area_name(row: Row, structure: Structure) -> str:
    """The sector or staff department of a row; "" for one who stands in none."""
    area = structure.units[row.area_id]
    return "" if area.kind == UnitKind.MUNICIPALITY else area.name


def in_order(rows: Iterable[Row], structure: Structure, order: str | None) -> list[Row]:
    """Return the rows sorted by name, unit, area, group or state; backwards with a leading "-".

    Within that by area, unit and position. One query, for the names, when it is by name.
    """
    field = (order or "").removeprefix("-")
    units, positions = structure.units, structure.positions

    def by_place(row: Row) -> tuple[Any, ...]:
        return (
            units[row.area_id].name.casefold(),
            row.group,
            units[row.unit_id].name.casefold(),
            positions[row.position_id].title,
            row.person_id,
        )

    found = sorted(rows, key=by_place)
    keys: dict[str, Callable[[Row], Any]] = {
        "unit": lambda row: units[row.unit_id].name.casefold(),
        "area": lambda row: units[row.area_id].name.casefold(),
        "group": lambda row: row.group,
        "state": lambda row: (STAGE_ORDER[row.stage], not row.overdue),
    }
    if field == "name":
        names = names_of(row.person_id for row in found)
        keys["name"] = lambda row: names.get(row.person_id, "").casefold()
    if field in keys:
        found.sort(key=keys[field], reverse=bool(order and order.startswith("-")))
    return found


def matching(rows: Iterable[Row], structure: Structure, words: str) -> list[Row]:
    """Return the rows whose name, position and unit hold every word. One query, for the names."""
    wanted = words.casefold().split()
    rows = list(rows)
    if not wanted:
        return rows
    names = names_of(row.person_id for row in rows)

    def holds_all(row: Row) -> bool:
        place = f"{structure.positions[row.position_id].title} {structure.units[row.unit_id].name}"
        text = f"{names.get(row.person_id, '')} {place}".casefold()
        return all(word in text for word in wanted)

    return [row for row in rows if holds_all(row)]
