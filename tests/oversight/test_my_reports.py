"""My reports: sorted, filtered, paged; and opening the agreement of a report who has none."""

import pytest
from django.urls import reverse

from leder.agreements.actions import end_agreement
from leder.agreements.models import Agreement
from leder.agreements.states import State
from lorenskog_intranet.demo.example_text import load_example_text
from tests.factories import YEAR, make_agreement, make_leader, make_position, make_round, make_user
from tests.oversight.helpers import make_report, make_superior

pytestmark = pytest.mark.django_db
CEILING = 12


def reports(client, user, **query):
    client.force_login(user)
    return client.get(reverse("leder:my_reports"), query)


def names(response):
    return [row.person.first_name for row in response.context["page_obj"].object_list]


@pytest.fixture
def pinned(settings):
    """A round that stands on real, published pages."""
    texts = load_example_text(settings.BASE_DIR / "fixtures/text", parent=None, work_year=YEAR)
    year_round = make_round()
    year_round.platform_page = texts["platform"]
    year_round.letter_page = texts["letter_next"]
    year_round.form_page = texts["form_next"]
    year_round.save()


class TestList:
    def test_nobody_below_says_why(self, client):
        response = reports(client, make_user())
        assert response.status_code == 200
        assert "leder-empty" in response.content.decode()

    @pytest.mark.usefixtures("november")
    def test_filters_by_state_and_words(self, client):
        superior, position = make_superior()
        make_report(superior, position, first_name="Anna", state=State.SIGNED)
        make_report(superior, position, first_name="Berit", state=State.DISCUSSED)
        make_report(superior, position, first_name="Cato", state=None)
        assert names(reports(client, superior, status="signed")) == ["Anna"]
        assert names(reports(client, superior, status="missing")) == ["Cato"]
        assert set(names(reports(client, superior, status="mine"))) == {"Berit", "Cato"}
        assert names(reports(client, superior, ord="beRIT")) == ["Berit"]
        assert names(reports(client, superior, ord="finnes ikke")) == []

    def test_an_agreement_with_another_superior_is_told_as_that_and_no_more(self, client):
        superior, position = make_superior()
        leader, own = make_leader(reports_to=position, first_name="Dina")
        other_superior = make_user(last_name="Annensteds")
        elsewhere = make_agreement(leader=leader, superior=other_superior, state=State.DISCUSSED)
        make_report(superior, position, first_name="Cato", state=None)
        response = reports(client, superior)
        missing, other = response.context["page_obj"].object_list
        assert [missing.state, other.state] == ["missing", "elsewhere"]
        assert (other.person, other.needs_me, other.turn, other.due) == (leader, False, None, None)
        html = response.content.decode()
        assert reverse("leder:open_agreement", args=[own.pk]) not in html
        for hidden in (str(elsewhere.uuid), "Annensteds"):
            assert hidden not in html
        assert names(reports(client, superior, status="mine")) == ["Cato"]

    def test_what_has_ended_elsewhere_is_missing_here(self, client):
        superior, position = make_superior()
        leader, _own = make_leader(reports_to=position)
        end_agreement(agreement=make_agreement(leader=leader))
        (row,) = reports(client, superior).context["page_obj"].object_list
        assert row.state == "missing"

    @pytest.mark.parametrize(
        "query", [{"status": "'; drop"}, {"side": "x"}, {"side": "99"}, {"ord": "\x00"}, {"ord": "a" * 500}]
    )
    def test_senseless_filters_do_no_harm(self, client, query):
        superior, position = make_superior()
        make_report(superior, position)
        assert reports(client, superior, **query).status_code == 200

    def test_what_is_searched_for_is_escaped(self, client):
        superior, position = make_superior()
        make_report(superior, position)
        assert "<script>x" not in reports(client, superior, ord="<script>x").content.decode()

    @pytest.mark.parametrize("number", [1, 30])
    def test_pages_of_25_at_one_price(self, client, django_assert_max_num_queries, number):
        make_round()
        superior, position = make_superior()
        for count in range(number):
            make_report(superior, position, state=State.DISCUSSED if count % 2 else None)
        make_position(reports_to=position)  # vacant: costs a level more
        client.force_login(superior)
        client.get(reverse("leder:my_reports"))  # what is asked once a session
        with django_assert_max_num_queries(CEILING):
            response = client.get(reverse("leder:my_reports"))
        assert len(response.context["page_obj"].object_list) == min(number, 25)
        assert len(response.content) < 60_000

    def test_only_reading(self, client):
        client.force_login(make_user())
        assert client.post(reverse("leder:my_reports")).status_code == 405


class TestOpen:
    def post(self, client, user, position):
        client.force_login(user)
        return client.post(reverse("leder:open_agreement", args=[position.pk]))

    def own(self, leader):
        return leader.leader_appointments.get().position

    def test_a_superior_opens_it(self, client, pinned):
        make_round()
        superior, position = make_superior()
        leader, _none = make_report(superior, position, state=None)
        response = self.post(client, superior, self.own(leader))
        agreement = Agreement.objects.get()
        assert response.url == reverse("leder:conversations", args=[agreement.uuid])
        assert (agreement.leader, agreement.superior) == (leader, superior)
        assert agreement.superior_title == "Virksomhetsleder"

    def test_twice_is_once(self, client, pinned):
        make_round()
        superior, position = make_superior()
        leader, _none = make_report(superior, position, state=None)
        for _time in range(2):
            response = self.post(client, superior, self.own(leader))
        assert response.url == reverse("leder:agreement", args=[Agreement.objects.get().uuid])

    def test_a_leader_with_another_superior_is_left_alone(self, client, pinned):
        superior, position = make_superior()
        leader, own = make_leader(reports_to=position)
        make_agreement(leader=leader)
        response = self.post(client, superior, own)
        assert response.url == reverse("leder:my_reports")
        assert Agreement.objects.count() == 1

    @pytest.mark.parametrize("who", ["stranger", "superuser", "leader", "superiors_superior"])
    def test_others_are_told_nothing(self, client, who, pinned):
        make_round()
        top, top_position = make_superior()
        superior, position = make_leader(reports_to=top_position)
        leader, _none = make_report(superior, position, state=None)
        user = {
            "stranger": make_user(),
            "superuser": make_user(is_superuser=True),
            "leader": leader,
            "superiors_superior": top,
        }[who]
        assert self.post(client, user, self.own(leader)).status_code == 404
        assert not Agreement.objects.exists()

    def test_not_for_a_vacant_position_or_without_an_open_round(self, client):
        superior, position = make_superior()
        leader, _none = make_report(superior, position, state=None)
        assert self.post(client, superior, self.own(leader)).status_code == 404
        year_round = make_round()
        assert self.post(client, superior, make_position(reports_to=position)).status_code == 404
        year_round.opened_at = None
        year_round.save()
        assert self.post(client, superior, self.own(leader)).status_code == 404
        assert not Agreement.objects.exists()

    def test_get_opens_nothing(self, client):
        superior, position = make_superior()
        client.force_login(superior)
        assert client.get(reverse("leder:open_agreement", args=[position.pk])).status_code == 405
