"""Whom the figures are of, before any is shown."""

from __future__ import annotations

from leder.oversight.completion.stages import Stage
from leder.oversight.completion.status import Row
from leder.oversight.completion.tallies import COLUMNS, Cube, Tally
from leder.oversight.figures.holding_back import what_to_show


def _rows(area: int, stage: Stage, count: int) -> list[Row]:
    return [
        Row(
            person_id=0,
            position_id=0,
            unit_id=area,
            branch_id=area,
            area_id=area,
            group=3,
            superior_id=None,
            agreement_id=None,
            stage=stage,
            waits_for="",
            overdue=False,
            planned_on=None,
            held_on=None,
            signed_on=None,
            followed_up_on=None,
        )
        for _number in range(count)
    ]


def test_those_who_have_left_hide_nobody() -> None:
    """Of four who are known to have left and one more, the figures would tell of the one."""
    rows = [*_rows(1, Stage.ENDED, 4), *_rows(1, Stage.HELD, 1), *_rows(2, Stage.SIGNED, 9)]
    shown = what_to_show(Cube(rows).sizes())
    assert shown.total
    # The other area is what is left of the whole.
    assert not shown.areas
    assert not shown.branches
    assert not what_to_show(Cube(rows[:5]).sizes()).total


def _summary(tally: Tally) -> dict[str, tuple[int | None, int | None]]:
    return {str(label): (number, percent) for label, number, percent in tally.summary}


def test_what_stands_above_the_tables_and_in_them_after_the_stages() -> None:
    rows = [*_rows(1, Stage.SIGNED, 2), *_rows(1, Stage.NOT_STARTED, 1), *_rows(1, Stage.ENDED, 1)]
    total = Cube(rows).total()
    told = _summary(total)
    assert (told["Ledere"], told["Signert"], told["Ikke startet"]) == ((3, None), (2, 66), (1, None))
    columns = dict(zip([each.heading for each in COLUMNS], total.columns, strict=True))
    assert (columns["Over fristen"], columns["Signert, %"]) == ((0, False), (66, True))
