"""How far each leader has come: every stage, deadline and kind of holder, counted by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from leder.agreements.states import State, Step, advance
from leder.organisation.models import Appointment
from leder.oversight.completion.stages import Stage, WaitsFor, is_overdue, stage_of, waits_for
from leder.oversight.completion.status import Row, status
from leder.oversight.completion.tallies import Cube, held_by_month, signed_before, signed_of
from tests.factories import YEAR, make_leader, make_round, make_user, sign
from tests.oversight.completion.world import (
    AFTER_AUTUMN,
    AFTER_SPRING,
    BEFORE,
    STAGES,
    World,
)

DUE, AUTUMN = dt.date(YEAR, 3, 31), dt.date(YEAR, 12, 31)


class TestRules:
    @pytest.mark.parametrize(
        ("state", "expected", "planned", "followed_up", "stage"),
        [
            (None, True, False, False, Stage.NOT_STARTED),
            (State.OPENED, True, False, False, Stage.PREPARING),
            (State.OPENED, True, True, False, Stage.PLANNED),
            (State.PREPARED, True, False, False, Stage.PREPARING),
            (State.PREPARED, True, True, False, Stage.PLANNED),
            (State.DISCUSSED, True, False, False, Stage.HELD),
            (State.SIGNING, True, False, False, Stage.SIGNING),
            (State.SIGNED, True, False, False, Stage.SIGNED),
            (State.SIGNED, True, True, False, Stage.SIGNED),
            (State.SIGNED, True, False, True, Stage.FOLLOWED_UP),
            (State.FOLLOWED_UP, True, False, True, Stage.FOLLOWED_UP),
            (State.REPLACED, True, False, False, Stage.SIGNED),
            (State.REPLACED, False, False, True, Stage.FOLLOWED_UP),
            (State.ENDED, False, False, False, Stage.ENDED),
            (State.ENDED, True, False, False, Stage.NOT_STARTED),
        ],
    )
    def test_every_state_has_a_stage(
        self, state: str | None, expected: bool, planned: bool, followed_up: bool, stage: Stage
    ) -> None:
        assert stage_of(state, expected=expected, planned=planned, followed_up=followed_up) == stage

    def test_whose_signature(self) -> None:
        assert waits_for(Stage.HELD, frozenset()) == WaitsFor.BOTH
        assert waits_for(Stage.SIGNING, frozenset({"leader"})) == WaitsFor.SUPERIOR
        assert waits_for(Stage.SIGNING, frozenset({"superior"})) == WaitsFor.LEADER
        assert waits_for(Stage.SIGNED, frozenset()) == ""

    @pytest.mark.parametrize("stage", list(Stage))
    def test_late_the_day_after_a_deadline(self, stage: Stage) -> None:
        def late(today: dt.date) -> bool:
            return is_overdue(stage, conversation_due=DUE, follow_up_due=AUTUMN, today=today)

        unsigned = stage.value in ("not_started", "preparing", "planned", "held", "signing")
        assert not late(DUE)
        assert late(DUE + dt.timedelta(1)) == unsigned
        assert late(AUTUMN) == unsigned
        assert late(AUTUMN + dt.timedelta(1)) == (unsigned or stage == Stage.SIGNED)

    def test_what_is_reopened_has_the_autumns_deadline(self) -> None:
        def late(today: dt.date) -> bool:
            return is_overdue(
                Stage.HELD, conversation_due=DUE, follow_up_due=AUTUMN, today=today, reopened=True
            )

        assert not late(DUE + dt.timedelta(1))
        assert not late(AUTUMN)
        assert late(AUTUMN + dt.timedelta(1))


@pytest.mark.django_db
class TestRows:
    def rows(self, world: World, today: dt.date = BEFORE) -> dict[str, Row]:
        names = {person.pk: name for name, person in world.people.items()}
        return {names[row.person_id]: row for row in status(make_round(), today=today)}

    def test_everybody_stands_where_counted(self, world: World) -> None:
        assert {name: row.stage.value for name, row in self.rows(world).items()} == STAGES

    def test_where_and_under_whom(self, world: World) -> None:
        row = self.rows(world)["Signert"]
        units = world.units
        assert (row.unit_id, row.branch_id, row.area_id) == (
            units["Avdeling A"].pk, units["Sykehjemmet"].pk, units["Helse"].pk,
        )  # fmt: skip
        assert (row.group, row.superior_id) == (3, world.people["Bestyrer"].pk)
        assert row.signed_on is not None
        assert row.held_on is not None

    def test_who_has_not_signed(self, world: World) -> None:
        rows = self.rows(world)
        assert rows["Samtalt"].waits_for == WaitsFor.BOTH
        assert rows["Halvsignert"].waits_for == WaitsFor.SUPERIOR
        sign(world.agreements["Samtalt"], world.people["Bestyrer"])
        assert self.rows(world)["Samtalt"].waits_for == WaitsFor.LEADER

    def test_late_by_the_deadlines_of_the_round(self, world: World) -> None:
        late = {name for name, row in self.rows(world, AFTER_SPRING).items() if row.overdue}
        assert late == set(STAGES) - {"Signert", "Fulgt", "Sluttet"}
        assert not any(row.overdue for row in self.rows(world).values())
        # By then no day of the round is left: who leads is asked of its last day.
        assert {name for name, row in self.rows(world, AFTER_AUTUMN).items() if row.overdue} == late | {
            "Signert"
        }

    def test_one_row_for_one_with_two_positions(self, world: World) -> None:
        world.leader("Bestyrer to", "Avdeling A", above="Helsesjef", person=world.people["Bestyrer"])
        rows = [
            row for row in status(make_round(), today=BEFORE) if row.person_id == world.people["Bestyrer"].pk
        ]
        assert [row.position_id for row in rows] == [world.positions["Bestyrer"].pk]

    def test_the_position_of_the_agreement_counts_while_it_is_held(self, world: World) -> None:
        world.leader("Ny", "Kultur", group=1, above="Topp", person=world.people["Signert"])
        assert status_of(world, "Signert").position_id == world.agreements["Signert"].position_id

    def test_one_who_moved_stands_where_they_lead_today(self, world: World) -> None:
        Appointment.objects.filter(person=world.people["Signert"]).update(ends=dt.date(2026, 12, 31))
        world.leader("Flyttet", "Biblioteket", above="Kultursjef", person=world.people["Signert"])
        row = status_of(world, "Signert")
        assert (row.area_id, row.stage) == (world.units["Kultur"].pk, Stage.SIGNED)

    def test_an_acting_leader_is_expected_and_one_on_leave_is_not(self, world: World) -> None:
        deputy = make_user(first_name="Vikar")
        Appointment.objects.create(
            position=world.positions["Biblioteksjef"], person=deputy, acting=True, starts=dt.date(2026, 1, 1)
        )
        people = {row.person_id for row in status(make_round(), today=BEFORE)}
        assert deputy.pk in people
        assert world.people["Biblioteksjef"].pk not in people

    def test_one_on_leave_with_an_agreement_stays(self, world: World) -> None:
        deputy = make_user(first_name="Vikar")
        Appointment.objects.create(
            position=world.positions["Signert"], person=deputy, acting=True, starts=dt.date(2026, 1, 1)
        )
        assert status_of(world, "Signert").stage == Stage.SIGNED

    def test_an_agreement_that_stands_counts_before_one_that_was_ended(self, world: World) -> None:
        advance(world.agreements["Signert"], Step.END)
        assert status_of(world, "Signert").stage == Stage.NOT_STARTED
        world.leader("Andre sjef", "Helse", group=2, above="Helsesjef")
        world.open("Signert", "Andre sjef")
        row = status_of(world, "Signert")
        assert (row.stage, row.superior_id) == (Stage.PREPARING, world.people["Andre sjef"].pk)

    def test_only_the_round_that_is_asked_for(self, world: World) -> None:
        assert {row.stage for row in status(make_round(YEAR - 1), today=BEFORE)} == {Stage.NOT_STARTED}

    def test_tables_are_sums_of_the_rows(self, world: World) -> None:
        rows = list(self.rows(world, AFTER_SPRING).values())
        cube = Cube(rows)
        health = cube.by(lambda cell: cell.area)[world.units["Helse"].pk]
        assert (health.leaders, health.counted, health.done, health.overdue) == (8, 8, 2, 6)
        culture = cube.by(lambda cell: cell.area)[world.units["Kultur"].pk]
        assert (culture.leaders, culture.counted, culture.not_started, culture.percent) == (3, 2, 2, 0)
        total = cube.total()
        assert (total.leaders, total.followed_up, total.percent) == (11, 1, 20)
        assert {key: tally.leaders for key, tally in cube.by(lambda cell: cell.group).items()} == {
            1: 2,
            2: 2,
            3: 7,
        }

    def test_months_and_signatures(self, world: World) -> None:
        rows = list(self.rows(world).values())
        # First conversations of four, and the follow-up of one.
        assert sum(held_by_month(rows, YEAR, lambda row: row.area_id)[world.units["Helse"].pk]) == 5
        signed = signed_of(rows, make_round())
        assert (sum(signed.by_day.values()), signed.of) == (2, 10)
        before = signed_before(make_round())
        assert (sum(before.by_day.values()), before.of) == (2, 6)
        assert before.percent_at(10_000) == 33
        nobody = signed_before(make_round(), set())
        assert (nobody.of, nobody.points(first=-10, last=10), nobody.percent_at(0)) == (0, (), None)


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 30])
def test_six_queries(django_assert_num_queries: Any, number: int) -> None:
    year_round = make_round()
    _top, top = make_leader()
    for _number in range(number):
        make_leader(reports_to=top)
    with django_assert_num_queries(6):
        assert len(status(year_round, today=BEFORE)) == number


def status_of(world: World, name: str) -> Row:
    person_id = world.people[name].pk
    return next(row for row in status(make_round(), today=BEFORE) if row.person_id == person_id)
