"""A superior's line: everybody below at any distance and nobody else; names and states, files and prints."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from leder.organisation.models import Appointment, Position
from leder.oversight.completion.figures import Figures
from tests.factories import YEAR, make_leader, make_position, make_round, make_user
from tests.oversight.completion.test_cms import read
from tests.oversight.completion.world import STAGES as BY_NAME
from tests.oversight.completion.world import World

pytestmark = pytest.mark.django_db
CEILING = 12
HEALTH = {
    "Bestyrer", "Forbereder", "Planlagt", "Samtalt", "Halvsignert", "Signert", "Fulgt",
}  # fmt: skip


def status_page(client: Client, person: Any, **query: Any) -> Any:
    client.force_login(person)
    return client.get(reverse("leder:line_status"), query)


def names(response: Any) -> set[str]:
    return {line.name.removesuffix(" Nordmann") for line, _address in response.context["lines"]}


class TestWho:
    @pytest.mark.parametrize(
        ("superior", "below"),
        [
            ("Topp", set(BY_NAME)),
            ("Helsesjef", HEALTH),
            ("Bestyrer", HEALTH - {"Bestyrer"}),
            # One who has left stands where the agreement was made.
            ("Kultursjef", {"Biblioteksjef", "Sluttet"}),
            ("Signert", set()),
        ],
    )
    def test_everybody_below_and_nobody_else(
        self, client: Client, world: World, superior: str, below: set[str]
    ) -> None:
        response = status_page(client, world.people[superior])
        assert response.status_code == 200
        assert names(response) == below
        content = response.content.decode()
        outside = set(BY_NAME) - below - {superior}
        assert not [name for name in outside if f"{name} Nordmann</" in content]

    def test_below_a_vacant_position_and_one_out_of_use(self, client: Client, world: World) -> None:
        Appointment.objects.filter(person=world.people["Bestyrer"]).delete()
        assert names(status_page(client, world.people["Helsesjef"])) == HEALTH - {"Bestyrer"}
        Position.objects.filter(pk=world.positions["Bestyrer"].pk).update(active=False)
        assert names(status_page(client, world.people["Helsesjef"])) == HEALTH - {"Bestyrer"}

    def test_an_acting_superior_has_the_line_and_one_on_leave_has_not(
        self, client: Client, world: World
    ) -> None:
        deputy = make_user(first_name="Vikar", last_name="Nordmann")
        Appointment.objects.create(
            position=world.positions["Bestyrer"], person=deputy, acting=True, starts="2026-01-01"
        )
        assert names(status_page(client, deputy)) == HEALTH - {"Bestyrer"}
        assert names(status_page(client, world.people["Bestyrer"])) == set()
        assert "Vikar" in names(status_page(client, world.people["Helsesjef"]))

    def test_one_who_moves_away_is_gone_at_once(self, client: Client, world: World) -> None:
        Position.objects.filter(pk=world.positions["Fulgt"].pk).update(
            reports_to=world.positions["Kultursjef"]
        )
        assert "Fulgt" not in names(status_page(client, world.people["Bestyrer"]))
        assert "Fulgt" in names(status_page(client, world.people["Kultursjef"]))

    @pytest.mark.parametrize("on", [dt.date(YEAR, 6, 1), dt.date(YEAR + 1, 2, 28)])
    def test_one_who_has_left_sees_no_line_when_the_round_is_over_either(
        self, client: Client, world: World, on: dt.date
    ) -> None:
        former, successor = world.people["Bestyrer"], make_user(first_name="Ny", last_name="Nordmann")
        with time_machine.travel(dt.datetime.combine(on, dt.time(9), dt.UTC), tick=True):
            Appointment.objects.filter(person=former).update(ends=on - dt.timedelta(days=1))
            Appointment.objects.create(
                position=world.positions["Bestyrer"], person=successor, starts=on.isoformat()
            )
            assert names(status_page(client, former)) == set()
            assert client.get(reverse("leder:line_print")).status_code == 404
            assert client.get(reverse("leder:line_export", args=["csv"])).status_code == 404
            assert names(status_page(client, successor)) == HEALTH - {"Bestyrer"}

    @pytest.mark.parametrize("who", ["nobody", "superuser"])
    def test_those_without_a_line_are_told_so(self, client: Client, world: World, who: str) -> None:
        person = make_user(is_superuser=who == "superuser")
        response = status_page(client, person)
        assert "leder-empty" in response.content.decode()
        assert names(response) == set()
        assert client.get(reverse("leder:line_print")).status_code == 404
        assert client.get(reverse("leder:line_export", args=["csv"])).status_code == 404
        assert not ModelLogEntry.objects.filter(action__startswith="leder.completion").exists()


def test_no_round(client: Client) -> None:
    superior, position = make_leader()
    make_leader(reports_to=position)
    assert "leder-empty" in status_page(client, superior).content.decode()


class TestShown:
    def test_figures_of_the_line(self, client: Client, world: World) -> None:
        figures: Figures = status_page(client, world.people["Topp"]).context["figures"]
        areas = {group.label: (group.leaders, group.tally.done) for group in figures.areas if group.tally}
        assert areas == {"Helse": (8, 2), "Kultur": (3, 0)}
        assert figures.total is not None
        assert (figures.total.counted, figures.total.percent) == (10, 20)
        below: Figures = status_page(client, world.people["Bestyrer"]).context["figures"]
        assert [(group.label, group.leaders) for group in below.areas] == [("Avdeling A", 6)]

    def test_only_own_agreements_are_led_to(self, client: Client, world: World) -> None:
        page = status_page(client, world.people["Bestyrer"])
        addresses = {line.name.split()[0]: address for line, address in page.context["lines"]}
        agreement = world.agreements["Signert"]
        assert addresses["Signert"] == reverse("leder:agreement", args=[agreement.uuid])
        for above in ("Helsesjef", "Topp"):
            page = status_page(client, world.people[above])
            assert not [address for _line, address in page.context["lines"] if address]
            assert not [one for one in world.agreements.values() if str(one.uuid) in page.content.decode()]

    @pytest.mark.usefixtures("november")
    def test_filters(self, client: Client, world: World) -> None:
        top = world.people["Topp"]
        assert names(status_page(client, top, status="signed")) == {"Signert"}
        assert names(status_page(client, top, ord="bibliotek NORDMANN")) == {"Biblioteksjef", "Sluttet"}
        assert names(status_page(client, top, status="overdue")) == set()
        assert names(status_page(client, top, ord="finnes ikke")) == set()

    @pytest.mark.parametrize(
        "query",
        [
            {"status": "'; drop"},
            {"side": "x"},
            {"side": "99"},
            {"ord": "\x00"},
            {"ord": "a" * 500},
            {"aar": "x"},
        ],
    )
    def test_senseless_filters_do_no_harm(self, client: Client, world: World, query: dict[str, str]) -> None:
        assert status_page(client, world.people["Topp"], **query).status_code == 200

    def test_a_name_is_text(self, client: Client, world: World) -> None:
        world.people["Signert"].first_name = "<b>&"
        world.people["Signert"].save()
        world.units["Avdeling A"].name = "<script>x</script>"
        world.units["Avdeling A"].save()
        content = status_page(client, world.people["Bestyrer"]).content.decode()
        assert "<script>x" not in content
        assert "<b>&" not in content

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_files_hold_the_line(self, client: Client, world: World, kind: str) -> None:
        client.force_login(world.people["Helsesjef"])
        rows = read(client.get(reverse("leder:line_export", args=[kind])), kind)
        assert {row[0].removesuffix(" Nordmann") for row in rows} == HEALTH
        entry = ModelLogEntry.objects.get(action="leder.completion.export")
        assert (entry.user, entry.data["rows"]) == (world.people["Helsesjef"], len(HEALTH))

    def test_prints_name_no_leader_below(self, client: Client, world: World) -> None:
        client.force_login(world.people["Helsesjef"])
        content = client.get(reverse("leder:line_print")).content.decode()
        assert "<svg" in content
        assert not [name for name in HEALTH if f"{name} Nordmann" in content]


class TestCost:
    @pytest.mark.parametrize("number", [1, 30, 250])
    def test_pages_at_one_price(
        self, client: Client, django_assert_max_num_queries: Any, number: int
    ) -> None:
        make_round(YEAR - 1)
        make_round()
        superior, position = make_leader()
        for each in range(number):
            _person, below = make_leader(reports_to=position)
            if each % 10 == 0:
                make_position(reports_to=below)
        status_page(client, superior)  # what is asked once a session
        with django_assert_max_num_queries(CEILING):
            response = client.get(reverse("leder:line_status"))
        assert len(response.context["lines"]) == min(number, 15)
        assert len(response.content) < 60_000

    def test_only_reading(self, client: Client, world: World) -> None:
        client.force_login(world.people["Topp"])
        for address in (reverse("leder:line_status"), reverse("leder:line_print")):
            assert client.post(address).status_code == 405
