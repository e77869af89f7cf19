"""Completion as files: by area, unit and leader group, and leader by leader. Exactly what the page shows its viewer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from wagtail.log_actions import log

from leder.organisation.lines import Structure
from leder.organisation.models import LeaderGroup, UnitKind
from leder.oversight.completion.figures import Figures, Group
from leder.oversight.completion.stages import STAGES, WaitsFor
from leder.oversight.completion.status import Row
from leder.oversight.completion.tallies import COLUMNS
from leder.oversight.figures.files import Sheet

EXPORTED = "leder.completion.export"


def figure_sheets(figures: Figures) -> list[Sheet]:
    """The figures as one table for a CSV, and as a table for each kind of division for a workbook."""
    numbers = [_("Leaders"), *(str(stage.label) for stage in STAGES), *(each.heading for each in COLUMNS)]
    area_of = {group.key: group.label for group in figures.areas}
    total = Group("", _("All"), figures.leaders, figures.total)
    kinds: list[tuple[str, list[tuple[str, Group]]]] = [
        (_("All"), [("", total)]),
        (_("Sector or staff department"), [("", group) for group in figures.areas]),
        (
            _("Unit"),
            [(area_of[area], group) for area, groups in figures.branches.items() for group in groups],
        ),
        (_("Leader group"), [("", group) for group in figures.groups]),
    ]
    all_in_one = Sheet(
        _("Completion"),
        [_("By"), _("Part of"), _("Name"), *numbers],
        [[kind, above, group.label, *_numbers(group)] for kind, groups in kinds for above, group in groups],
    )
    return [
        all_in_one,
        *(
            Sheet(
                kind,
                [_("Part of"), _("Name"), *numbers],
                [[above, group.label, *_numbers(group)] for above, group in groups],
            )
            for kind, groups in kinds[1:]
            if groups
        ),
    ]


def leader_sheet(rows: Iterable[Row], structure: Structure, names: dict[int, str]) -> Sheet:
    """The leaders, one a line, with names, states and dates."""
    headings = [
        _("Leader"), _("Position"), _("Unit"), _("Sector or staff department"), _("Leader group"), _("Superior"),
        _("State"), _("Waits for the signature of"), _("Past a deadline"), _("Next conversation"),
        _("Conversation held"), _("Signed"), _("Follow-up held"),
    ]  # fmt: skip
    return Sheet(_("Leaders"), headings, [_leader(row, structure, names) for row in rows])


def log_export(year_round: Any, *, user: Any, kind: str, rows: int) -> None:
    """Note in the log of HR's acts that figures or names went out in a file: how many lines, never which."""
    log(
        instance=year_round,
        action=EXPORTED,
        user=user,
        data={"year": year_round.year, "kind": kind, "rows": rows},
    )


def _numbers(group: Group) -> Sequence[Any]:
    tally = group.tally
    if tally is None:
        return [group.leaders, *([_("held back")] * (len(STAGES) + len(COLUMNS)))]
    return [group.leaders, *tally.numbers, *(number for number, _is_percent in tally.columns)]


def _leader(row: Row, structure: Structure, names: dict[int, str]) -> list[Any]:
    area = structure.units[row.area_id]
    return [
        names.get(row.person_id, ""),
        structure.positions[row.position_id].title,
        structure.units[row.unit_id].name,
        "" if area.kind == UnitKind.MUNICIPALITY else area.name,
        LeaderGroup(row.group).label,
        names.get(row.superior_id, "") if row.superior_id else "",
        row.stage.label,
        WaitsFor(row.waits_for).label if row.waits_for else "",
        _("yes") if row.overdue else "",
        row.planned_on,
        row.held_on,
        row.signed_on,
        row.followed_up_on,
    ]
