"""The page of the history: who reaches it, what stands in it, what it costs, and the ways to it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from leder.agreements.models import Reading, Seal
from leder.agreements.states import State
from leder.canonical import digest
from leder.pages.editions import Edition
from tests.factories import (
    FORM,
    LETTER,
    PLATFORM,
    SECTION,
    leave_office,
    make_agreement,
    make_editions,
    make_user,
    reopen,
    sign,
)
from tests.history.writing import set_goals, stand

pytestmark = pytest.mark.django_db


@pytest.fixture
def url():
    return lambda agreement: reverse("leder:history", args=[agreement.uuid])


def edition(content, number, **changes):
    content = {**content, **changes}
    return Edition.objects.create(
        page=None,
        number=number,
        sha256=digest(content),
        kind=content["kind"],
        year=content["year"],
        title=content["title"],
        published_at=timezone.now(),
        content=content,
    )


class TestWho:
    def test_the_two_and_nobody_else(self, a_year, as_user, url):
        agreement = a_year(2027, "Kortere kø")
        for person in (agreement.leader, agreement.superior):
            assert as_user(person).get(url(agreement)).status_code == 200
        before = Reading.objects.count()
        for person in (make_user(), make_user(is_superuser=True, is_staff=True)):
            assert as_user(person).get(url(agreement)).status_code == 404
        assert Client().get(url(agreement)).status_code == 302
        assert as_user(agreement.leader).post(url(agreement)).status_code == 405
        assert Reading.objects.count() == before

    def test_nobody_keeps_it_on_the_way_and_the_title_names_no_one(self, a_year, as_user, url):
        agreement = a_year(2027)
        response = as_user(agreement.superior).get(url(agreement))
        assert "no-store" in response["Cache-Control"]
        assert agreement.leader.last_name not in response.content.decode().split("</title>")[0]

    def test_a_superior_who_has_left_is_a_stranger(self, a_year, as_user, url):
        agreement = a_year(2027, "Kortere kø")
        leave_office(agreement)
        assert as_user(agreement.superior).get(url(agreement)).status_code == 404

    def test_what_one_has_signed_as_a_former_superior_is_on_a_page_of_its_own(self, a_year, as_user, url):
        left, stays = a_year(2026, "Fra før"), a_year(2027, carry=False)
        leave_office(left)
        page = as_user(stays.superior).get(url(stays)).content.decode()
        assert reverse("leder:signed_record", args=[left.uuid]) in page
        assert reverse("leder:agreement", args=[left.uuid]) not in page
        assert "Fra før" not in page
        mine = as_user(stays.leader).get(url(stays)).content.decode()
        assert reverse("leder:agreement", args=[left.uuid]) in mine
        assert "Fra før" in mine


class TestShown:
    def test_years_newest_first_with_ways_on(self, a_year, as_user, url):
        first, second = a_year(2026, "Kortere kø"), a_year(2027, state=State.OPENED)
        page = as_user(first.leader).get(url(first)).content.decode()
        places = [page.index(reverse("leder:document", args=[one.uuid])) for one in (second, first)]
        assert places == sorted(places)
        assert reverse("leder:follow_up", args=[first.uuid]) in page
        assert reverse("leder:follow_up", args=[second.uuid]) not in page
        assert first.leader_title in page
        assert first.unit_name in page

    def test_editions_are_compared_with_those_of_the_agreement_before(self, pair, as_user, url):
        old = make_editions()
        new = {
            **old,
            "letter_edition": edition(LETTER, 2, year=2028),
            "form_edition": edition(FORM, 2, year=2028),
        }
        leader, superior = pair
        before = make_agreement(leader=leader, superior=superior, state=State.SIGNED, editions=old)
        after = make_agreement(leader=leader, superior=superior, year=2028, editions=new)
        page = as_user(leader).get(url(after)).content.decode()
        for kind in ("letter", "form"):
            pks = [new[f"{kind}_edition"].pk, old[f"{kind}_edition"].pk]
            address = reverse("leder:comparison", args=pks)
            assert address in page
            assert as_user(superior).get(address).status_code == 200
        platform = old["platform_edition"]
        assert reverse("leder:edition", args=[platform.pk]) in page
        assert page.count(f"/tekst/{platform.pk}/mot/") == 0
        assert PLATFORM["title"] in page
        assert before.uuid != after.uuid

    def test_signed_reopened_and_signed_anew(self, a_year, as_user, url):
        agreement = a_year(2027, "Kortere kø")
        earlier = agreement.seals.get()
        reopen(agreement)
        set_goals(agreement, SECTION, "Flere i heltid")
        for person in (agreement.leader, agreement.superior):
            sign(agreement, person)
        for person in (agreement.leader, agreement.superior):
            page = as_user(person).get(url(agreement)).content.decode()
            assert reverse("leder:earlier_seal", args=[agreement.uuid, earlier.uuid]) in page
            assert f'<time datetime="{agreement.reopened_at.isoformat(timespec="minutes")}">' in page
            assert "Flere i heltid" in page
            assert page.count("leder-track__years") == 2

    def test_what_looks_reopened_and_was_not_is_not_told_as_signed(self, a_year, as_user, url):
        agreement = a_year(2027, state=State.SIGNING)
        Seal.objects.update(voided_at=timezone.now())
        page = as_user(agreement.leader).get(url(agreement)).content.decode()
        assert "/signert/" not in page

    def test_the_ways_to_it(self, a_year, as_user, url):
        agreement = a_year(2027)
        for person, name in (
            (agreement.leader, "my_page"),
            (agreement.superior, "my_page"),
            (agreement.superior, "my_reports"),
        ):
            assert url(agreement) in as_user(person).get(reverse(f"leder:{name}")).content.decode()


class TestCost:
    def queries(self, client, address):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def test_it_does_not_grow_with_goals_nor_with_years_for_the_writer(self, a_year, as_user, url):
        first = a_year(2020, "Ett")
        client = as_user(first.leader)
        client.get(url(first))
        few = self.queries(client, url(first))
        for year in range(2021, 2025):
            newest = a_year(year, *(f"Mål {year}-{n}" for n in range(30)), carry=False)
        assert self.queries(client, url(newest)) == few
        assert few <= 12

    def test_for_the_other_it_is_a_few_more_a_year_for_the_log(self, a_year, as_user, url):
        agreements = []
        for year in range(2021, 2025):
            agreements.append(a_year(year, *(f"Mål {year}-{n}" for n in range(30)), carry=False))
            stand(agreements[-1], **{f"Mål {year}-0": "reached"})
        client = as_user(agreements[0].superior)
        first = self.queries(client, url(agreements[0]))
        again = self.queries(client, url(agreements[0]))
        assert first <= 16 + 6 * len(agreements)
        assert again <= 16 + 4 * len(agreements)

    def test_a_page_of_the_usual_size_weighs_less_than_60_kilobytes(self, a_year, as_user, url):
        for year in range(2023, 2028):
            newest = a_year(
                year, *(f"Et mål for {year} av vanlig lengde, nummer {n}" for n in range(6)), carry=False
            )
        page = as_user(newest.leader).get(url(newest)).content
        assert page.count(b"leder-track__years") == 30
        assert len(page) < 60_000
