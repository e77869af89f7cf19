"""The letter's coverage: counted daily, stored with a floor, shown to HR and the director's staff alike."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from leder.agreements.states import State
from leder.organisation.models import Position, Unit
from leder.oversight.coverage.actions import refresh_counts
from leder.oversight.coverage.models import CoverageCount
from leder.oversight.coverage.tables import coverage_of
from tests.agreements.reading.test_counting import signed
from tests.factories import make_round, make_user
from tests.oversight.completion.test_cms import read
from tests.oversight.completion.world import people_of_the_cms

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ONE, OTHER = "assignment-1", "assignment-2"


def make_sectors() -> dict[str, Unit]:
    return {
        name: Unit.objects.create(code=name, name=name, kind="sector")
        for name in ("Helse", "Kultur", "Teknisk")
    }


@pytest.fixture
def sectors() -> dict[str, Unit]:
    return make_sectors()


def sign(sector: Unit, number: int, *keys: str, **kwargs: Any) -> None:
    """So many signed agreements in a sector that have taken up assignments."""
    for _number in range(number):
        agreement = signed(*keys, **kwargs)
        Position.objects.filter(pk=agreement.position_id).update(unit=sector)


def stored(sector: Unit | None = None) -> CoverageCount | None:
    return CoverageCount.objects.filter(area=sector).first()


class TestCounting:
    def test_by_sector_and_in_all(self, sectors: dict[str, Unit]) -> None:
        sign(sectors["Helse"], 7, ONE)
        sign(sectors["Helse"], 4, OTHER)
        sign(sectors["Kultur"], 9, ONE)
        refresh_counts()
        health, whole = stored(sectors["Helse"]), stored()
        assert health is not None
        assert whole is not None
        # Four is too few to be said, and stands nowhere.
        assert health.letter == {"assignments": {ONE: 5}, "themes": {"theme-1": 5}}
        assert health.letter_of == 11
        assert stored(sectors["Kultur"]) is None
        # Sixteen in all: more than five would say that someone in culture has.
        assert whole.letter["assignments"] == {ONE: 5}
        assert whole.letter["taken"]["assignments"] == [ONE, OTHER]
        assert whole.letter_of == 20

    def test_no_small_number_is_stored(self, sectors: dict[str, Unit]) -> None:
        sign(sectors["Helse"], 12, ONE, goals=["reached"], state=State.FOLLOWED_UP)
        sign(sectors["Helse"], 3, OTHER, goals=["dropped"], state=State.FOLLOWED_UP)
        refresh_counts()
        for count in CoverageCount.objects.all():
            numbers = [
                *count.letter["assignments"].values(),
                *count.letter["themes"].values(),
                *count.goals.values(),
            ]
            assert numbers
            assert all(number % 5 == 0 for number in numbers)
        assert stored(sectors["Helse"]).goals == {"of": 15, "reached": 10}  # type: ignore[union-attr]

    def test_nobody_is_said_of_the_whole_when_five_have_signed(self, sectors: dict[str, Unit]) -> None:
        sign(sectors["Helse"], 4, ONE)
        assert refresh_counts() == 0
        assert coverage_of(make_round()) is None
        sign(sectors["Kultur"], 1, ONE)
        assert refresh_counts() == 1
        coverage = coverage_of(make_round())
        assert coverage is not None
        assert coverage.nobody == ["Flere i heltid"]
        assert coverage.areas == []
        assert [line.whole for line in coverage.lines] == [None, None, None]


@pytest.fixture(scope="class")
def ten_in_health(kept_in_class: None) -> dict[str, Unit]:
    made = make_sectors()
    sign(made["Helse"], 10, ONE)
    return made


class TestTenInHealth:
    @pytest.fixture
    def sectors(self, ten_in_health: dict[str, Unit], db: None) -> dict[str, Unit]:
        return deepcopy(ten_in_health)

    def test_anew_only_when_five_more_have_signed(self, sectors: dict[str, Unit]) -> None:
        refresh_counts()
        first = stored(sectors["Helse"])
        sign(sectors["Helse"], 4, OTHER)
        assert refresh_counts() == 0
        sign(sectors["Helse"], 1, OTHER)
        assert refresh_counts() == 2
        second = stored(sectors["Helse"])
        assert first is not None
        assert second is not None
        assert (first.letter_of, second.letter_of) == (10, 15)
        assert refresh_counts() == 0

    def test_not_that_all_who_came_have_taken_up_what_nobody_had(self, sectors: dict[str, Unit]) -> None:
        refresh_counts()
        sign(sectors["Helse"], 5, OTHER)
        refresh_counts()
        for count in (stored(), stored(sectors["Helse"])):
            assert count is not None
            assert OTHER not in count.letter["assignments"]

    def test_another_sector_is_left_as_it_was(self, sectors: dict[str, Unit]) -> None:
        sign(sectors["Kultur"], 10, ONE)
        refresh_counts()
        before = stored(sectors["Kultur"])
        sign(sectors["Helse"], 5, ONE)
        sign(sectors["Kultur"], 2, OTHER)
        refresh_counts()
        after = stored(sectors["Kultur"])
        assert before is not None
        assert after is not None
        assert (after.letter, after.letter_at, after.letter_of) == (before.letter, before.letter_at, 10)

    def test_the_command_says_how_many(self, sectors: dict[str, Unit], capsys: pytest.CaptureFixture) -> None:
        call_command("leder_count")
        assert capsys.readouterr().out == "Counts renewed: 2.\n"


def get(client: Client, person: Any, name: str = "leder_coverage", *args: str) -> Any:
    client.force_login(person)
    return client.get(reverse(name, args=args))


@pytest.fixture(scope="class")
def twelve_in_health(kept_in_class: None) -> None:
    sign(make_sectors()["Helse"], 12, ONE)


@pytest.mark.usefixtures("twelve_in_health")
class TestPage:
    def test_hr_and_staff_see_the_same(self, client: Client) -> None:
        people = people_of_the_cms()
        refresh_counts()
        shown = [get(client, people[who]).context["coverage"] for who in ("hr", "staff")]
        assert shown[0] == shown[1]
        content = get(client, people["staff"]).content.decode()
        assert "Kortere ventetid" in content
        assert "Flere i heltid" in content
        assert "Hemmelig" not in content

    @pytest.mark.parametrize("who", ["operations", "leader", "nobody"])
    def test_others_are_told_nothing(self, client: Client, who: str) -> None:
        refresh_counts()
        person = people_of_the_cms().get(who) or make_user()
        assert get(client, person).status_code in (302, 404)
        assert get(client, person, "leder_coverage_export", "csv").status_code in (302, 404)
        assert not ModelLogEntry.objects.filter(action__startswith="leder.completion").exists()

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_files_are_the_page(self, client: Client, kind: str) -> None:
        hr = people_of_the_cms()["hr"]
        refresh_counts()
        rows = [
            [str(cell or "") for cell in row]
            for row in read(get(client, hr, "leder_coverage_export", kind), kind)
        ]
        assert [row[2:] for row in rows][1:] == [["5", "5"], [rows[2][2], ""]]
        assert rows[2][2]
        entry = ModelLogEntry.objects.get(action="leder.completion.export")
        assert entry.data["kind"] == f"coverage {kind}"


def test_nothing_counted_yet(client: Client) -> None:
    hr = people_of_the_cms()["hr"]
    assert get(client, hr).status_code == 200
    make_round()
    assert get(client, hr).status_code == 200
    assert get(client, hr, "leder_coverage_export", "csv").status_code == 404


def test_nothing_of_anybody_in_what_is_stored(sectors: dict[str, Unit]) -> None:
    sign(sectors["Helse"], 12, ONE, goals=["reached"], state=State.FOLLOWED_UP)
    refresh_counts()
    for count in CoverageCount.objects.all():
        assert "Hemmelig" not in json.dumps([count.letter, count.goals])
