"""Completion in the CMS: what HR and the director's staff are shown, on pages, in files and on the dashboard."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
import tablib
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import ModelLogEntry

from leder.agreements.models import Round
from leder.organisation.models import Appointment, Position, Unit
from leder.oversight.completion.figures import Figures, Group
from leder.oversight.completion.stages import STAGES, Stage
from leder.oversight.completion.tallies import COLUMNS
from leder.oversight.figures.holding_back import Cell
from tests.factories import YEAR, make_leader, make_round, make_user
from tests.oversight.completion.world import STAGES as BY_NAME
from tests.oversight.completion.world import World, people_of_the_cms
from tests.oversight.figures.test_holding_back import worked_out

pytestmark = pytest.mark.django_db
# What every page of the CMS asks (session, person, permissions, menu), and what these pages ask themselves.
FRAME, CEILING = 9, 9
FIGURE_PAGES = ("leder_completion", "leder_completion_print")
NAME_PAGES = ("leder_completion_leaders", "leder_completion_leaders_results")


@pytest.fixture
def people() -> dict[str, Any]:
    return people_of_the_cms()


def get(client: Client, person: Any, name: str, *args: str, **query: Any) -> Any:
    client.force_login(person)
    return client.get(reverse(name, args=args), query)


def names_in(world: World, content: str) -> set[str]:
    return {name for name in BY_NAME if name in content}


class TestWhoSeesWhat:
    def test_hr_sees_figures_and_names(self, client: Client, world: World, people: dict[str, Any]) -> None:
        for name in (*FIGURE_PAGES, *NAME_PAGES):
            assert get(client, people["hr"], name).status_code == 200
        page = get(client, people["hr"], "leder_completion_leaders").content.decode()
        assert names_in(world, page) == set(BY_NAME)

    def test_staff_see_figures_and_no_names(
        self, client: Client, world: World, people: dict[str, Any]
    ) -> None:
        for name in FIGURE_PAGES:
            response = get(client, people["staff"], name)
            assert response.status_code == 200
            assert "Nordmann" not in response.content.decode()
        for name in NAME_PAGES:
            for query in ({}, {"export": "csv"}, {"export": "xlsx"}):
                assert get(client, people["staff"], name, **query).status_code == 404
        assert not ModelLogEntry.objects.filter(action__startswith="leder.completion").exists()

    @pytest.mark.parametrize("who", ["operations", "leader", "nobody"])
    def test_others_are_told_nothing(
        self, client: Client, world: World, people: dict[str, Any], who: str
    ) -> None:
        person = people.get(who) or (world.people["Bestyrer"] if who == "leader" else make_user())
        for name in (*FIGURE_PAGES, *NAME_PAGES):
            assert get(client, person, name).status_code in (302, 404)
        assert get(client, person, "leder_completion_export", "csv").status_code in (302, 404)
        assert not ModelLogEntry.objects.filter(action__startswith="leder.completion").exists()

    def test_the_menu_leads_there_for_those_who_may(self, client: Client, people: dict[str, Any]) -> None:
        for who, shown in (("hr", True), ("staff", True), ("operations", False)):
            home = get(client, people[who], "wagtailadmin_home").content.decode()
            assert (reverse("leder_completion") in home) == shown


def test_no_round_and_no_leaders(client: Client, people: dict[str, Any]) -> None:
    for who in ("hr", "staff"):
        for name in FIGURE_PAGES:
            assert get(client, people[who], name).status_code == 200
        assert get(client, people[who], "leder_completion_export", "csv").status_code == 404
    assert get(client, people["hr"], "leder_completion_leaders").status_code == 200
    make_round()
    for who in ("hr", "staff"):
        for name in FIGURE_PAGES:
            assert get(client, people[who], name).status_code == 200
    assert get(client, people["hr"], "leder_completion_leaders").status_code == 200


class TestFigures:
    def test_hr_sees_every_number(self, client: Client, world: World, people: dict[str, Any]) -> None:
        figures: Figures = get(client, people["hr"], "leder_completion").context["figures"]
        areas = {group.label: group.tally.stages for group in figures.areas if group.tally}
        assert areas["Kultur"] == {Stage.NOT_STARTED: 2, Stage.ENDED: 1}
        assert areas["Helse"] == {
            Stage.NOT_STARTED: 2, Stage.PREPARING: 1, Stage.PLANNED: 1, Stage.HELD: 1,
            Stage.SIGNING: 1, Stage.SIGNED: 1, Stage.FOLLOWED_UP: 1,
        }  # fmt: skip
        assert [group.leaders for group in figures.groups] == [2, 2, 7]

    def test_staff_see_the_whole_and_no_part_of_it(
        self, client: Client, world: World, people: dict[str, Any]
    ) -> None:
        """Culture has three leaders; health would be what is left of the whole."""
        response = get(client, people["staff"], "leder_completion", omrade=world.units["Helse"].pk)
        figures: Figures = response.context["figures"]
        assert figures.total is not None
        assert figures.total.leaders == 11
        assert [group.tally for group in figures.areas] == [None, None]
        assert figures.held_back
        assert figures.rows == []

    @pytest.mark.parametrize(
        "query",
        [
            {"aar": "x"}, {"aar": "1"}, {"omrade": "0"}, {"omrade": "' or 1"}, {"side": "x"}, {"side": "99"},
            {"enhetsside": "-1"}, {"leader__password__startswith": "a"}, {"superior": "1"}, {"state": "x"},
            {"area": "99"}, {"q": "\x00"}, {"q": "a" * 500}, {"ordering": "person__password"}, {"p": "99"},
            {"overdue": "2"}, {"group": "9"}, {"export": "exe"},
        ],
    )  # fmt: skip
    def test_senseless_questions_do_no_harm(
        self, client: Client, world: World, people: dict[str, Any], query: dict[str, str]
    ) -> None:
        for name in (*FIGURE_PAGES, *NAME_PAGES):
            assert get(client, people["hr"], name, **query).status_code == 200

    def test_another_year(self, client: Client, world: World, people: dict[str, Any]) -> None:
        make_round(YEAR - 1)
        for year in (YEAR, YEAR - 1):
            figures = get(client, people["hr"], "leder_completion", aar=year).context["figures"]
            assert figures.year_round.year == year

    def test_a_round_that_is_not_open_is_not_there(
        self, client: Client, world: World, people: dict[str, Any]
    ) -> None:
        make_round(YEAR + 1)
        Round.objects.filter(year=YEAR + 1).update(opened_at=None)
        figures = get(client, people["hr"], "leder_completion", aar=YEAR + 1).context["figures"]
        assert figures.year_round.year == YEAR


class TestList:
    def shown(self, client: Client, people: dict[str, Any], world: World, **query: Any) -> set[str]:
        content = get(client, people["hr"], "leder_completion_leaders_results", **query).content.decode()
        return {name for name in BY_NAME if f"<strong>{name} Nordmann</strong>" in content}

    @pytest.mark.usefixtures("november")
    def test_filters(self, client: Client, world: World, people: dict[str, Any]) -> None:
        def shown(**query: Any) -> set[str]:
            return self.shown(client, people, world, **query)

        assert shown(state="signed") == {"Signert"}
        assert shown(waits="both") == {"Samtalt"}
        assert shown(group="2") == {"Bestyrer", "Biblioteksjef"}
        assert shown(area=world.units["Kultur"].pk) == {"Kultursjef", "Biblioteksjef", "Sluttet"}
        assert shown(q="bibliotek") == {"Biblioteksjef", "Sluttet"}
        assert shown(q="NORDMANN halvsignert") == {"Halvsignert"}
        assert shown(area=world.units["Kultur"].pk, state="ended") == {"Sluttet"}
        assert shown(overdue="1") == set()

    @pytest.mark.parametrize("order", ["name", "-name", "unit", "group", "-group", "state"])
    def test_sorted(self, client: Client, world: World, people: dict[str, Any], order: str) -> None:
        assert self.shown(client, people, world, ordering=order) == set(BY_NAME)

    def test_no_agreement_is_led_to(self, client: Client, world: World, people: dict[str, Any]) -> None:
        content = get(client, people["hr"], "leder_completion_leaders").content.decode()
        assert not [one for one in world.agreements.values() if str(one.uuid) in content]


class TestFiles:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_leaders(self, client: Client, world: World, people: dict[str, Any], kind: str) -> None:
        world.people["Signert"].first_name = "=Signert"
        world.people["Signert"].save()
        response = get(client, people["hr"], "leder_completion_leaders", export=kind, group="3")
        rows = read(response, kind)
        assert len(rows) == 7
        assert {row[0] for row in rows if "Signert" in str(row[0])} == {"'=Signert Nordmann"}
        entry = ModelLogEntry.objects.get(action="leder.completion.export")
        assert entry.user == people["hr"]
        assert entry.data == {"year": YEAR, "kind": f"leaders {kind}", "rows": 7}

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_figures_are_those_of_the_page(
        self, client: Client, world: World, people: dict[str, Any], kind: str
    ) -> None:
        for who in ("hr", "staff"):
            figures: Figures = get(client, people[who], "leder_completion").context["figures"]
            response = get(client, people[who], "leder_completion_export", kind)
            rows = {str(row[2]): [str(cell) for cell in row[3:]] for row in read(response, kind)}
            for group in figures.areas:
                assert rows[group.label] == cells(group)
            assert "Nordmann" not in str(rows)
        assert ModelLogEntry.objects.filter(action="leder.completion.export").count() == 2

    def test_another_kind_is_not_there(self, client: Client, world: World, people: dict[str, Any]) -> None:
        assert get(client, people["hr"], "leder_completion_export", "pdf").status_code == 404


def read(response: Any, kind: str) -> list[tuple[Any, ...]]:
    """The lines of the first table of a file."""
    assert response.status_code == 200
    if kind == "xlsx":
        return list(tablib.Databook().load(BytesIO(response.content), format="xlsx").sheets()[0])
    return list(tablib.Dataset().load(response.content.decode("utf-8-sig"), format="csv", delimiter=";"))


def cells(group: Group) -> list[str]:
    """A line of figures as a file has it."""
    if group.tally is None:
        with translation.override("nb"):
            return [str(group.leaders), *([translation.gettext("held back")] * (len(STAGES) + len(COLUMNS)))]
    tally = group.tally
    return [
        str(number) for number in (group.leaders, *tally.numbers, *(number for number, _ in tally.columns))
    ]


class TestHeldBack:
    """What the director's staff is given, all of it together, tells of no fewer than five."""

    def municipality(self) -> dict[int, tuple[int, int, int]]:
        """Areas, units and leader groups of every size; returns where each leader stands."""
        top_person, top = make_leader()
        town = Unit.objects.create(code="t", name="Kommunen", kind="municipality")
        Position.objects.filter(pk=top.pk).update(unit=town, group=1)
        stands: dict[int, tuple[int, int, int]] = {}
        plan = {
            "A": {"A1": {2: 1, 3: 7}, "A2": {2: 1, 3: 2}, "A3": {2: 1, 3: 6}},
            "B": {"B1": {2: 1, 3: 3}, "B2": {2: 1, 3: 9}},
            "C": {"C1": {3: 2}},
            "D": {"D1": {1: 3, 2: 6, 3: 12}, "D2": {2: 6}},
        }
        for area, units in plan.items():
            sector = Unit.objects.create(code=area, name=area, kind="sector", parent=town)
            director, at = make_leader(reports_to=top)
            Position.objects.filter(pk=at.pk).update(unit=sector, group=1)
            stands[director.pk] = (sector.pk, sector.pk, 1)
            for name, groups in units.items():
                unit = Unit.objects.create(code=name, name=name, kind="service", parent=sector)
                for group, count in groups.items():
                    for _number in range(count):
                        person, position = make_leader(reports_to=at)
                        Position.objects.filter(pk=position.pk).update(unit=unit, group=group)
                        stands[person.pk] = (sector.pk, unit.pk, group)
        return stands

    def test_no_sum_or_difference_of_all_that_is_shown(self, client: Client, people: dict[str, Any]) -> None:
        make_round()
        stands = self.municipality()
        sizes: dict[Cell, int] = {}
        for area, unit, group in stands.values():
            cell = Cell(area, unit, group)
            sizes[cell] = sizes.get(cell, 0) + 1
        sets = [set(sizes)]
        keys = {cell.area for cell in sizes}
        for area in ["", *keys]:
            for name in FIGURE_PAGES:
                figures: Figures = get(client, people["staff"], name, omrade=area).context["figures"]
                sets += shown_by(figures, sizes)
        names = {str(unit.name): unit.pk for unit in Unit.objects.all()}
        for row in read(get(client, people["staff"], "leder_completion_export", "csv"), "csv"):
            name = str(row[2]).removesuffix(", its own leaders").partition(",")[0]
            if not str(row[4]).isdigit() or name not in names:
                continue
            own = "," in str(row[2]) or row[1]
            key = names[name]
            sets.append({cell for cell in sizes if (cell.branch if own else cell.area) == key})
        assert len(sets) > 10
        assert worked_out(sizes, [one for one in sets if one]) == []

    def test_something_is_shown_and_something_is_not(self, client: Client, people: dict[str, Any]) -> None:
        make_round()
        self.municipality()
        figures: Figures = get(client, people["staff"], "leder_completion").context["figures"]
        shown = {group.label for group in figures.areas if group.tally}
        assert "D" in shown
        assert "C" not in shown
        assert {label for label, values in figures.months.rows if values is not None} == shown

    def test_fewer_than_five_in_all(self, client: Client, people: dict[str, Any]) -> None:
        make_round()
        _top, top = make_leader()
        for _number in range(4):
            make_leader(reports_to=top)
        response = get(client, people["staff"], "leder_completion")
        figures: Figures = response.context["figures"]
        assert (figures.total, figures.signed, figures.groups) == (None, None, [])
        assert "leder-summary" not in response.content.decode()
        panel = get(client, people["staff"], "wagtailadmin_home").content.decode()
        assert "leder-summary" not in panel
        assert "leder-summary" in get(client, people["hr"], "wagtailadmin_home").content.decode()


def shown_by(figures: Figures, sizes: dict[Cell, int]) -> list[set[Cell]]:
    """The sets of leaders that one page shows figures of."""
    sets = [{c for c in sizes if c.area == group.key} for group in figures.areas if group.tally]
    for units in figures.branches.values():
        sets += [{c for c in sizes if c.branch == group.key} for group in units if group.tally]
    return sets + [{c for c in sizes if c.group in group.key} for group in figures.groups]


class TestCost:
    @pytest.mark.parametrize("number", [1, 30])
    @pytest.mark.parametrize("who", ["hr", "staff"])
    def test_pages_at_one_price(
        self,
        client: Client,
        people: dict[str, Any],
        who: str,
        number: int,
        django_assert_max_num_queries: Any,
    ) -> None:
        make_round(YEAR - 1)
        make_round()
        _top, top = make_leader()
        for _number in range(number):
            make_leader(reports_to=top)
        assert Appointment.objects.count() == number + 1
        names = (*FIGURE_PAGES, *(NAME_PAGES if who == "hr" else ()))
        for name in names:
            get(client, people[who], name)  # what is asked once a session
            with django_assert_max_num_queries(FRAME + CEILING):
                response = client.get(reverse(name))
            assert len(response.content) < 260_000
