"""Without a recent sign-in: what is private stays closed, what is typed is kept, and the way to confirm is shown."""

import datetime as dt
import time
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from leder import conf
from leder.agreements import actions
from leder.agreements.answers import new_goal
from leder.agreements.models import Comment, Entry, Event, Reading, Signature
from leder.agreements.reading.current import texts_for_work
from leder.agreements.states import State
from leder.agreements.views.guard import recent
from leder.conversations import actions as conversing
from tests import factories
from tests.agreements.views.test_acts import content_hash
from tests.agreements.views.test_agreement import write
from tests.factories import FOLLOW_UP_SECTION, PRIVATE_SECTION, SECTION, make_agreement
from tests.identity.conftest import known_again

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_limits")]

CONFIRM = "/logg-inn/bekreft/?next="
PRIVATE = "Xq7privat"
OPEN = "Xq7felles"
JSON = {"Accept": "application/json"}


def aged(client, *, minutes=16):
    """Set a sign-in back."""
    session = client.session
    session[recent.SESSION_KEY] = int(time.time()) - minutes * 60
    session.save()
    return client


@pytest.fixture
def old():
    """A function that gives a client of a person who signed in a while ago."""

    def sign_in(person):
        client = Client()
        client.force_login(person)
        return aged(client)

    return sign_in


@pytest.fixture
def written(agreement):
    """An agreement with text of both, of every kind, in an open and in a private section."""
    for section, marker in ((SECTION, OPEN), (PRIVATE_SECTION, PRIVATE)):
        chosen = {"id": "expectation-2", "stance": "strength", "why": f"{marker} valg"}
        choices = [chosen] if section == PRIVATE_SECTION else []
        goals = [new_goal(goal=f"{marker} mål")]
        write(agreement, agreement.superior, section, note=f"{marker} tekst", choices=choices, goals=goals)
        for person in (agreement.leader, agreement.superior):
            actions.add_comment(
                factories.access_of(person, agreement), section_id=section, text=f"{marker} merknad"
            )
            conversing.save_preparation(
                factories.access_of(person, agreement),
                section_id=section,
                version=0,
                payload={"note": f"{marker} forberedelse", "answers": {}},
            )
    return agreement


def note_of(agreement, section=PRIVATE_SECTION):
    return texts_for_work(factories.access_of(agreement.leader, agreement)).answers[section].payload["note"]


def leads_to_confirm(response, back):
    return response.status_code == 302 and unescape(response["Location"]) == f"{CONFIRM}{back}"


class TestReading:
    def test_private_sections_are_closed_and_the_others_open(self, written, old, url_of):
        for person in (written.leader, written.superior):
            client, url = old(person), url_of("agreement", written)
            page = client.get(url).content.decode()
            assert PRIVATE not in page
            assert all(f"{OPEN} {kind}" in page for kind in ("tekst", "mål", "merknad"))
            assert f'href="{CONFIRM}{url}%23s-{PRIVATE_SECTION}"' in page
            assert url_of("section", written, PRIVATE_SECTION) not in page

    def test_what_is_closed_is_not_said_to_be_read(self, written, old, url_of):
        old(written.leader).get(url_of("agreement", written))
        assert set(Reading.objects.values_list("section_id", flat=True)) == {SECTION}

    def test_with_a_recent_sign_in_everything_opens(self, written, as_user, url_of):
        page = as_user(written.leader).get(url_of("agreement", written)).content.decode()
        assert all(f"{PRIVATE} {kind}" in page for kind in ("tekst", "mål", "merknad", "valg"))
        assert CONFIRM not in page

    @pytest.mark.parametrize("recently", [False, True])
    def test_goals_how_they_stand_are_private_too(self, written, old, url_of, recently):
        factories.bring_to(written, State.SIGNED)
        goal = texts_for_work(factories.access_of(written.leader, written)).answers[PRIVATE_SECTION]
        goal_id = goal.payload["goals"][0]["id"]
        stands = {goal_id: {"status": "started", "comment": f"{PRIVATE} status"}}
        actions.save_progress(
            factories.access_of(written.superior, written),
            section_id=PRIVATE_SECTION,
            version=0,
            payload={"goals": stands, "note": ""},
        )
        client = old(written.leader)
        if recently:
            aged(client, minutes=0)
        assert (PRIVATE in client.get(url_of("agreement", written)).content.decode()) == recently

    @pytest.mark.parametrize(
        ("minutes", "seconds", "closed"), [(14, 59, False), (15, 0, False), (15, 1, True), (-1, 59, True)]
    )
    def test_it_counts_by_the_clock_and_not_by_what_is_done(
        self, written, as_user, url_of, minutes, seconds, closed
    ):
        with time_machine.travel(timezone.now().replace(microsecond=0), tick=False) as clock:
            client = as_user(written.leader)
            for _visit in range(2):
                clock.shift(dt.timedelta(minutes=minutes, seconds=seconds) / 2)
                page = client.get(url_of("agreement", written)).content.decode()
        assert (PRIVATE not in page) == closed

    def test_a_host_sets_how_long(self, written, old, url_of, settings):
        settings.LEDER_REAUTH_MINUTES = 20
        assert PRIVATE in old(written.leader).get(url_of("agreement", written)).content.decode()

    def test_a_host_that_says_nothing_gets_fifteen_minutes(self, settings):
        assert settings.LEDER_REAUTH_MINUTES == 15  # what the site says itself
        del settings.LEDER_REAUTH_MINUTES
        assert conf.reauth_minutes() == 15

    def test_a_session_without_a_stamp_is_old(self, written, old, url_of):
        client = old(written.leader)
        session = client.session
        del session[recent.SESSION_KEY]
        session.save()
        assert PRIVATE not in client.get(url_of("agreement", written)).content.decode()


class TestPagesThatAsk:
    @pytest.mark.parametrize(
        ("name", "section"),
        [
            ("sign", None),
            ("preparation", None),
            ("preparation_section", PRIVATE_SECTION),
            ("meeting", PRIVATE_SECTION),
        ],
    )
    def test_they_lead_to_confirm_and_back(self, written, old, as_user, url_of, name, section):
        url = url_of(name, written, *([section] if section else []))
        assert leads_to_confirm(old(written.leader).get(url), url)
        assert as_user(written.leader).get(url).status_code == 200
        assert old(factories.make_user()).get(url).status_code == 404

    @pytest.mark.parametrize("name", ["preparation_section", "meeting"])
    def test_sections_that_are_not_private_do_not(self, written, old, url_of, name):
        page = old(written.leader).get(url_of(name, written, SECTION))
        assert page.status_code == 200
        assert PRIVATE not in page.content.decode()

    def test_ones_own_preparation_is_nobodys_reading(self, written, old, url_of):
        old(written.leader).get(url_of("preparation_section", written, SECTION))
        assert not Reading.objects.exists()

    def test_the_follow_up_does_too(self, old, url_of):
        signed = make_agreement(state=State.SIGNED)
        url = url_of("follow_up", signed)
        assert leads_to_confirm(old(signed.leader).get(f"{url}?read=1"), f"{url}%3Fread%3D1")

    def test_after_confirming_the_page_opens(self, written, old, url_of):
        written.leader.set_password("riktig-hest-batteri")
        written.leader.save()
        known_again(written.leader)
        client, url = old(written.leader), url_of("agreement", written)
        answer = client.post(f"{CONFIRM}{url}", {"password": "riktig-hest-batteri"})
        assert answer["Location"] == url
        assert f"{PRIVATE} tekst" in client.get(url).content.decode()


class TestSaving:
    def test_the_script_saves_and_is_shown_nothing(self, written, old, url_of):
        url = url_of("section", written, PRIVATE_SECTION)
        response = old(written.leader).post(url, {"version": 1, "note": "Mitt nye"}, headers=JSON)
        assert response.json()["version"] == 2
        assert PRIVATE not in response.content.decode()
        assert note_of(written) == "Mitt nye"

    @pytest.mark.parametrize(("version", "status"), [(0, 409), (1, 422)])
    def test_the_script_learns_nothing_of_what_stands(self, written, old, url_of, version, status):
        fields = {"version": version, "note": "x" if status == 409 else "x" * 30_000}
        url = url_of("section", written, PRIVATE_SECTION)
        response = old(written.leader).post(url, fields, headers=JSON)
        assert response.status_code == status
        assert PRIVATE not in response.content.decode()

    def test_without_script_it_saves_too(self, written, old, url_of):
        url = url_of("section", written, PRIVATE_SECTION)
        response = old(written.leader).post(url, {"version": 1, "note": "Mitt nye"})
        assert response.status_code == 302
        assert note_of(written) == "Mitt nye"

    @pytest.mark.parametrize("section", [PRIVATE_SECTION, SECTION])
    @pytest.mark.parametrize("fault", ["conflict", "too long"])
    def test_what_can_not_be_saved_comes_back_alone(self, written, old, url_of, section, fault):
        typed = "Skrevet nå " + ("x" * 30_000 if fault == "too long" else "")
        fields = {"version": 0 if fault == "conflict" else 1, "note": typed}
        client, url = old(written.leader), url_of("section", written, section)
        response = client.post(url, fields)
        page = response.content.decode()
        assert response.status_code == 403
        assert "Skrevet nå" in page and 'name="version" value="' in page
        assert PRIVATE not in page and OPEN not in page
        assert f'href="{CONFIRM}' in page
        assert note_of(written, section).startswith("Xq7")
        # Confirmed in another tab, the same post is answered as usual.
        again = aged(client, minutes=0).post(url, fields)
        assert again.status_code == (409 if fault == "conflict" else 422)

    def test_a_comment_that_is_too_long_comes_back_alone(self, written, old, url_of):
        before = Comment.objects.count()
        url = url_of("comment", written, PRIVATE_SECTION)
        response = old(written.leader).post(url, {"text": "Skrevet nå " + "x" * 30_000})
        page = response.content.decode()
        assert response.status_code == 403
        assert "Skrevet nå" in page and PRIVATE not in page
        assert Comment.objects.count() == before

    def test_a_preparation_from_two_tabs_comes_back_alone(self, written, old, url_of):
        url = url_of("preparation_section", written, PRIVATE_SECTION)
        page = old(written.leader).post(url, {"version": 0, "note": "Skrevet nå"}).content.decode()
        assert "Skrevet nå" in page and PRIVATE not in page

    def test_the_follow_up_comes_back_alone(self, written, old, url_of):
        factories.bring_to(written, State.SIGNED)
        write(written, written.superior, FOLLOW_UP_SECTION, note=f"{PRIVATE} oppfølging")
        url = url_of("section", written, FOLLOW_UP_SECTION)
        page = old(written.leader).post(url, {"version": 0, "note": "Skrevet nå"}).content.decode()
        assert "Skrevet nå" in page and PRIVATE not in page


class TestSigning:
    @pytest.fixture
    def ready(self):
        return make_agreement(state=State.DISCUSSED)

    def test_the_place_is_kept_and_nothing_is_signed(self, ready, as_user, old, url_of):
        url = url_of("sign", ready)
        read = content_hash(as_user(ready.leader), url)
        client = old(ready.leader)
        fields = {"place": "Lørenskog rådhus", "content_hash": read}
        response = client.post(url, fields)
        page = response.content.decode()
        assert response.status_code == 403
        assert 'name="place" value="Lørenskog rådhus"' in page
        assert f'name="content_hash" value="{read}"' in page
        assert not Signature.objects.exists()
        aged(client, minutes=0).post(url, fields)
        assert Signature.objects.get().role == "leader"

    def test_nor_is_a_follow_up_confirmed(self, old, url_of):
        signed = make_agreement(state=State.SIGNED)
        conversing.hold(factories.access_of(signed.superior, signed), held_on=timezone.localdate())
        url = url_of("follow_up_confirm", signed)
        response = old(signed.leader).post(url, {"content_hash": "0" * 64})
        assert leads_to_confirm(response, url_of("follow_up", signed) + "%3Fread%3D1")
        assert not Event.objects.filter(kind=Event.Kind.CONFIRMED).exists()


def test_an_expired_session_still_gets_the_text_back(written, client, url_of):
    url = url_of("section", written, PRIVATE_SECTION)
    response = client.post(url, {"version": 1, "note": "Skrevet nå"})
    assert response.status_code == 401
    assert "Skrevet nå" in response.content.decode()
    assert Entry.objects.get(section_id=PRIVATE_SECTION, kind="answer").version == 1
