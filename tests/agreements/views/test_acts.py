"""Comments, review, goals carried over, signing, follow-up: each act, by whom, in which state."""

import uuid
from functools import partial

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.answers import new_goal
from leder.agreements.models import (
    AgreementUserObjectPermission,
    Comment,
    Entry,
    Event,
    Reading,
    SectionReview,
    Signature,
)
from leder.agreements.presenting.next_step import next_step
from leder.agreements.reading import log as reading_log
from leder.agreements.reading.current import open_texts
from leder.agreements.states import State
from leder.agreements.views.guard import recent
from leder.conversations import actions as conversing
from tests import factories
from tests.agreements.views.test_agreement import write
from tests.clock import LONG_AGO
from tests.factories import FOLLOW_UP_SECTION, PRIVATE_SECTION, SECTION, make_agreement, make_user

pytestmark = pytest.mark.django_db
# Goals of last year.
FIRST, SECOND = str(uuid.uuid4()), str(uuid.uuid4())


def content_hash(client, url):
    page = client.get(url).content.decode()
    return page.partition('name="content_hash" value="')[2].partition('"')[0]


def heading_of(response):
    return response.content.decode().partition("<h1")[2].partition(">")[2].partition("</h1>")[0].strip()


class TestComment:
    def test_both_comment(self, agreement, as_user, url_of):
        url = url_of("comment", agreement, SECTION)
        response = as_user(agreement.leader).post(url, {"text": "Hva mener du?"})
        assert response["Location"].endswith(f"#s-{SECTION}")
        page = as_user(agreement.superior).get(url_of("agreement", agreement)).content.decode()
        assert "Hva mener du?" in page

    def test_an_empty_comment_is_told(self, agreement, as_user, url_of):
        response = as_user(agreement.leader).post(url_of("comment", agreement, SECTION), {"text": "  "})
        assert response.status_code == 422
        assert not Comment.objects.exists()

    def test_a_stranger_comments_nothing(self, agreement, as_user, url_of):
        stranger = make_user(is_superuser=True)
        assert as_user(stranger).post(url_of("comment", agreement, SECTION), {"text": "A"}).status_code == 404
        assert not Comment.objects.exists()

    def test_after_the_follow_up_it_is_closed_and_the_text_handed_back(self, as_user, url_of):
        agreement = make_agreement(state=State.FOLLOWED_UP)
        response = as_user(agreement.leader).post(url_of("comment", agreement, SECTION), {"text": "For sent"})
        assert response.status_code == 403
        assert "For sent" in response.content.decode()
        assert not Comment.objects.exists()

    def test_signed_out_it_is_handed_back(self, agreement, client, url_of):
        response = client.post(url_of("comment", agreement, SECTION), {"text": "Min merknad"})
        assert response.status_code == 401
        assert "Min merknad" in response.content.decode()


class TestReview:
    def test_the_superior_approves_what_was_read(self, agreement, as_user, url_of):
        write(agreement, agreement.leader, note="Klart")
        as_user(agreement.superior).post(
            url_of("review", agreement, SECTION), {"verdict": "approved", "version": 1}
        )
        assert SectionReview.objects.get().verdict == "approved"

    def test_what_stands_beside_the_button_is_sent_along(self, agreement, as_user, url_of):
        write(agreement, agreement.leader, note="Klart")
        fields = {"verdict": "approved", "version": 1, "text": "Godt skrevet"}
        as_user(agreement.superior).post(url_of("review", agreement, SECTION), fields)
        page = as_user(agreement.leader).get(url_of("agreement", agreement)).content.decode()
        assert "Godt skrevet" in page

    def test_changes_are_asked_for_with_words(self, agreement, as_user, url_of):
        client, url = as_user(agreement.superior), url_of("review", agreement, SECTION)
        assert client.post(url, {"verdict": "changes", "version": 0, "text": ""}).status_code == 422
        assert not SectionReview.objects.exists()
        client.post(url, {"verdict": "changes", "version": 0, "text": "Skriv mer om heltid"})
        assert SectionReview.objects.get().verdict == "changes"
        page = as_user(agreement.leader).get(url_of("agreement", agreement)).content.decode()
        assert "Skriv mer om heltid" in page

    def test_text_changed_since_is_not_approved_and_the_comment_is_kept(self, agreement, as_user, url_of):
        write(agreement, agreement.leader, note="En")
        write(agreement, agreement.leader, note="To", version=1)
        client, url = as_user(agreement.superior), url_of("review", agreement, SECTION)
        assert client.post(url, {"verdict": "approved", "version": 1}).status_code == 409
        response = client.post(url, {"verdict": "changes", "version": 1, "text": "Min merknad"})
        assert response.status_code == 409
        assert "Min merknad" in response.content.decode()
        assert not SectionReview.objects.exists()

    def test_the_leader_and_a_stranger_do_not_review(self, agreement, as_user, url_of):
        fields, url = {"verdict": "approved", "version": 0}, url_of("review", agreement, SECTION)
        assert as_user(agreement.leader).post(url, fields).status_code == 403
        assert as_user(make_user()).post(url, fields).status_code == 404
        assert not SectionReview.objects.exists()

    def test_what_is_signed_is_not_reviewed(self, as_user, url_of):
        agreement = make_agreement(state=State.SIGNED)
        fields = {"verdict": "changes", "version": 0, "text": "For sent"}
        response = as_user(agreement.superior).post(url_of("review", agreement, SECTION), fields)
        assert response.status_code == 403
        assert not SectionReview.objects.exists()

    def test_a_change_after_approval_shows(self, agreement, as_user, url_of):
        write(agreement, agreement.leader, note="En")
        actions.approve_section(
            factories.access_of(agreement.superior, agreement), section_id=SECTION, version=1
        )
        client = as_user(agreement.superior)
        assert 'data-mark="approved"' in client.get(url_of("agreement", agreement)).content.decode()
        write(agreement, agreement.leader, note="To", version=1)
        assert 'data-mark="changed"' in client.get(url_of("agreement", agreement)).content.decode()


class TestCarryOver:
    @pytest.fixture
    def years(self):
        last = make_agreement(year=2026)
        goals = [
            new_goal(id=FIRST, goal="I fjor", due="2026-12-01"),
            new_goal(id=SECOND, goal="Også i fjor"),
            new_goal(goal="Ferdig", status="reached"),
        ]
        write(last, last.leader, goals=goals)
        return last, make_agreement(leader=last.leader, superior=last.superior)

    @staticmethod
    def goals(agreement):
        written = open_texts(factories.access_of(agreement.leader, agreement)).answers.get(SECTION)
        return [(goal["goal"], goal["due"]) for goal in written.payload["goals"]] if written else []

    def test_open_goals_are_offered_chosen_and_taken_over_once(self, years, as_user, url_of):
        _last, agreement = years
        client, url = as_user(agreement.leader), url_of("carry_over", agreement, SECTION)
        whole = client.get(url_of("agreement", agreement)).content.decode()
        assert url in whole
        assert "2 åpne mål" in whole
        page = client.get(url).content.decode()
        assert all(words in page for words in ("I fjor", "Også i fjor", "1. desember 2026", 'type="date"'))
        assert not [words for words in ("Ferdig", "ikke nådd", "checked", "2026-12-01") if words in page]
        chosen = {"version": 0, "goal": FIRST, f"due-{FIRST}": "2027-10-01", f"due-{SECOND}": "2027-11-01"}
        # Nothing chosen adds nothing; what is no date is told, and what was chosen stays so.
        assert client.post(url, {**chosen, "goal": []})["Location"] == url
        wrong = client.post(url, {**chosen, f"due-{FIRST}": "til våren"})
        assert wrong.status_code == 422
        assert all(words in wrong.content.decode() for words in (" checked", 'value="til våren"'))
        assert self.goals(agreement) == []
        assert client.post(url, chosen).status_code == 302
        assert client.post(url, {**chosen, "version": 1}).status_code == 302
        assert self.goals(agreement) == [("I fjor", "2027-10-01")]
        left = client.get(url).content.decode()
        assert FIRST not in left
        assert SECOND in left
        client.post(url, {"version": 1, "goal": SECOND})
        assert self.goals(agreement)[1] == ("Også i fjor", "")
        assert url not in client.get(url_of("agreement", agreement)).content.decode()

    def test_saving_the_section_keeps_where_a_goal_came_from(self, years, as_user, url_of, post_section):
        _last, agreement = years
        chosen = {"version": 0, "goal": FIRST}
        as_user(agreement.leader).post(url_of("carry_over", agreement, SECTION), chosen)
        page = as_user(agreement.leader).get(url_of("agreement", agreement)).content.decode()
        assert 'name="g-0-carried_from"' in page

    def test_a_new_superior_who_could_not_read_it_carries_nothing(self, as_user, url_of):
        last = make_agreement(year=2026)
        write(last, last.leader, goals=[new_goal(id=FIRST, goal="I fjor")])
        agreement = make_agreement(leader=last.leader)
        client, url = as_user(agreement.superior), url_of("carry_over", agreement, SECTION)
        assert url not in client.get(url_of("agreement", agreement)).content.decode()
        assert "I fjor" not in client.get(url).content.decode()
        client.post(url, {"version": 0, "goal": FIRST})
        assert not Entry.objects.filter(agreement=agreement).exists()

    def test_goals_that_the_other_wrote_are_read_when_they_are_shown(self, years, as_user, url_of):
        """Under one's own name afterwards, they would never be in the log."""
        last, agreement = years
        as_user(agreement.superior).get(url_of("carry_over", agreement, SECTION))
        line = last.readings.values_list("reader", "section_id", "kind", "version").get()
        assert line == (agreement.superior.pk, SECTION, "answer", 1)

    def test_long_after_the_sign_in_it_asks_first(self, years, as_user, url_of):
        _last, agreement = years
        client = as_user(agreement.leader)
        session = client.session
        session[recent.SESSION_KEY] = LONG_AGO
        session.save()
        chosen = {"version": 0, "goal": FIRST}
        for ask in (client.get, partial(client.post, data=chosen)):
            response = ask(url_of("carry_over", agreement, SECTION))
            assert response["Location"].startswith(recent.confirm_url("").partition("?")[0])
        assert not Entry.objects.filter(agreement=agreement).exists()

    def test_strangers_and_late_comers(self, agreement, as_user, url_of):
        url = url_of("carry_over", agreement, SECTION)
        for method in ("get", "post"):
            assert getattr(as_user(make_user()), method)(url).status_code == 404
            assert getattr(as_user(agreement.leader), method)(url).status_code == 403


class TestSigning:
    def test_both_sign_what_they_read(self, as_user, url_of):
        agreement = make_agreement(state=State.DISCUSSED)
        url = url_of("sign", agreement)
        # The usual place is put in beforehand, then the one where the other signed.
        for person, usual in ((agreement.leader, "Lørenskog"), (agreement.superior, "Strømmen")):
            client = as_user(person)
            fields = {"place": "Strømmen", "content_hash": content_hash(client, url)}
            asked = client.get(url)
            assert heading_of(asked) == "Signer avtalen"
            assert f'name="place" value="{usual}"' in asked.content.decode()
            assert client.post(url, fields).status_code == 302
            # What is done is not asked for again.
            done = client.get(url)
            assert heading_of(done) == "Signaturer"
            assert "Signer" not in done.content.decode().partition("</title>")[0].replace("Signaturer", "")
            page = client.get(url_of("agreement", agreement)).content.decode()
            assert "Les gjennom og signer" not in page
            assert "Vent på den andre signaturen</a>" not in page
            assert ("Se signaturene</a>" in page) is (person == agreement.leader)
        agreement.refresh_from_db()
        assert agreement.state == State.SIGNED
        page = as_user(agreement.leader).get(url_of("agreement", agreement)).content.decode()
        assert "Strømmen" in page

    def test_content_changed_in_the_meantime_is_shown_instead_of_signed(self, as_user, url_of):
        agreement = make_agreement(state=State.DISCUSSED)
        client, url = as_user(agreement.leader), url_of("sign", agreement)
        read = content_hash(client, url)
        write(agreement, agreement.superior, note="Endret i mellomtiden")
        response = client.post(url, {"place": "Lørenskog", "content_hash": read})
        page = response.content.decode()
        assert response.status_code == 409
        assert "Endret i mellomtiden" in page
        assert 'value="Lørenskog"' in page
        assert not Signature.objects.exists()

    def test_without_a_place_nothing_is_signed(self, as_user, url_of):
        agreement = make_agreement(state=State.DISCUSSED)
        client, url = as_user(agreement.leader), url_of("sign", agreement)
        response = client.post(url, {"place": "", "content_hash": content_hash(client, url)})
        assert response.status_code == 422
        assert not Signature.objects.exists()

    @pytest.mark.parametrize("state", [State.OPENED, State.PREPARED, State.SIGNED, State.FOLLOWED_UP])
    def test_in_other_states_nobody_signs(self, state, as_user, url_of):
        agreement = make_agreement(state=state)
        before = Signature.objects.count()
        client, url = as_user(agreement.leader), url_of("sign", agreement)
        assert not content_hash(client, url)
        assert client.post(url, {"place": "A", "content_hash": "0" * 64}).status_code == 403
        assert Signature.objects.count() == before

    def test_nobody_signs_while_a_change_is_asked_for(self, as_user, url_of):
        agreement = make_agreement(state=State.DISCUSSED)
        actions.ask_for_changes(
            factories.access_of(agreement.superior, agreement), section_id=SECTION, version=0, comment="Mer"
        )
        client, url = as_user(agreement.leader), url_of("sign", agreement)
        page = client.get(url).content.decode()
        assert f"#s-{SECTION}" in page
        assert "content_hash" not in page
        assert client.post(url, {"place": "A", "content_hash": ""}).status_code == 403
        assert not Signature.objects.exists()

    def test_nobody_signs_twice_or_for_another(self, as_user, url_of):
        agreement = make_agreement(state=State.SIGNING)
        url = url_of("sign", agreement)
        assert "content_hash" not in as_user(agreement.leader).get(url).content.decode()
        fields = {"place": "A", "content_hash": content_hash(as_user(agreement.superior), url)}
        assert as_user(agreement.leader).post(url, fields).status_code == 403
        assert as_user(make_user(is_superuser=True)).post(url, fields).status_code == 404
        assert Signature.objects.count() == 1

    def test_signed_out_one_is_asked_to_sign_in(self, agreement, client, url_of):
        assert client.get(url_of("sign", agreement)).status_code == 302
        assert client.post(url_of("sign", agreement), {"place": "A"}).status_code == 401


class TestFollowUp:
    @pytest.fixture
    def signed(self):
        agreement = make_agreement()
        write(agreement, agreement.leader, goals=[new_goal(goal="Et mål")])
        return factories.bring_to(agreement, State.SIGNED)

    def goal(self, agreement):
        return (
            open_texts(factories.access_of(agreement.leader, agreement))
            .answers[SECTION]
            .payload["goals"][0]["id"]
        )

    def test_before_signing_there_is_none(self, agreement, as_user, url_of):
        assert as_user(agreement.leader).get(url_of("follow_up", agreement)).status_code == 403

    def test_how_the_goals_stand_is_saved(self, signed, as_user, url_of):
        goal, url = self.goal(signed), url_of("follow_up_progress", signed, SECTION)
        fields = {"version": 0, f"p-{goal}-status": "reached", f"p-{goal}-comment": "Vi klarte det"}
        response = as_user(signed.superior).post(url, fields, headers={"Accept": "application/json"})
        assert response.json()["version"] == 1
        page = as_user(signed.leader).get(url_of("follow_up", signed)).content.decode()
        assert "Vi klarte det" in page

    def test_two_who_write_at_once_see_both_texts(self, signed, as_user, url_of):
        goal, url = self.goal(signed), url_of("follow_up_progress", signed, SECTION)
        as_user(signed.leader).post(url, {"version": 0, f"p-{goal}-comment": "Fra lederen"})
        response = as_user(signed.superior).post(url, {"version": 0, f"p-{goal}-comment": "Fra overordnet"})
        page = response.content.decode()
        assert response.status_code == 409
        assert "lederen" in page
        assert "overordnet" in page

    def test_strangers_and_wrong_states(self, signed, as_user, url_of):
        url = url_of("follow_up_progress", signed, SECTION)
        assert as_user(make_user()).post(url, {"note": "A"}).status_code == 404
        opened = make_agreement()
        late = as_user(opened.leader).post(
            url_of("follow_up_progress", opened, SECTION), {"note": "For tidlig"}
        )
        assert late.status_code == 403
        assert "For tidlig" in late.content.decode()
        assert not Entry.objects.filter(kind="progress").exists()

    def test_both_confirm_what_they_read(self, signed, as_user, url_of):
        conversing.hold(factories.access_of(signed.superior, signed), held_on=timezone.localdate())
        url = url_of("follow_up", signed)
        assert not content_hash(as_user(signed.leader), url)
        for person in (signed.leader, signed.superior):
            client = as_user(person)
            read = content_hash(client, f"{url}?read=1")
            client.post(url_of("follow_up_confirm", signed), {"content_hash": read})
        signed.refresh_from_db()
        assert signed.state == State.FOLLOWED_UP
        assert 'name="note"' not in as_user(signed.leader).get(url).content.decode()

    def test_a_change_in_the_meantime_is_shown_instead_of_confirmed(self, signed, as_user, url_of):
        conversing.hold(factories.access_of(signed.superior, signed), held_on=timezone.localdate())
        client = as_user(signed.leader)
        read = content_hash(client, url_of("follow_up", signed) + "?read=1")
        write(signed, signed.superior, FOLLOW_UP_SECTION, note="Nye forhold")
        response = client.post(url_of("follow_up_confirm", signed), {"content_hash": read})
        assert response.status_code == 409
        assert "Nye forhold" in response.content.decode()
        assert not Event.objects.filter(kind=Event.Kind.CONFIRMED).exists()

    def test_nobody_confirms_before_the_conversation_is_held(self, signed, as_user, url_of):
        response = as_user(signed.leader).post(
            url_of("follow_up_confirm", signed), {"content_hash": "0" * 64}
        )
        assert response.status_code == 403

    def test_after_one_has_confirmed_it_is_opened_for_change_on_purpose(self, signed, as_user, url_of):
        conversing.hold(factories.access_of(signed.superior, signed), held_on=timezone.localdate())
        factories.confirm(signed, signed.leader)
        client, url = as_user(signed.superior), url_of("follow_up", signed)
        assert 'name="note"' not in client.get(url).content.decode()
        opened = client.get(f"{url}?change=1").content.decode()
        assert 'name="note"' in opened
        assert "data-autosave=" not in opened


class TestMarks:
    @pytest.fixture
    def page(self, agreement):
        from wagtail.models import Page

        page = Page.objects.get(depth=2)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE leder_edition SET page_id = %s WHERE id = %s",
                [page.pk, agreement.platform_edition_id],
            )
        agreement.platform_edition.refresh_from_db()
        return page

    def marks(self, user, page, *, signed_in_at=None):
        request = RequestFactory().get("/")
        request.user = user
        request.session = {}
        recent.note_sign_in(request=request)
        if signed_in_at is not None:
            request.session[recent.SESSION_KEY] = signed_in_at
        template = Template("{% load leder_agreements %}{% my_agreement_marks page %}")
        return template.render(Context({"request": request, "page": page}))

    def choose(self, agreement, person, section=PRIVATE_SECTION, version=0):
        choice = {"id": "expectation-2", "stance": "strength", "why": f"Hemmelig {version}"}
        write(agreement, person, section, version, choices=[choice])

    def test_a_leader_sees_where_the_own_agreement_builds_on_the_page(
        self, agreement, page, django_assert_num_queries
    ):
        self.choose(agreement, agreement.leader)
        with django_assert_num_queries(1):
            shown = self.marks(agreement.leader, page)
        assert "#s-expectation-2" in shown
        assert "Hemmelig" not in shown
        assert not Reading.objects.exists()
        for other in (agreement.superior, make_user(is_superuser=True)):
            assert not self.marks(other, page).strip()

    def test_what_another_has_chosen_is_a_reading(self, agreement, page, django_assert_num_queries):
        self.choose(agreement, agreement.leader)
        self.choose(agreement, agreement.superior, version=1)
        assert "#s-expectation-2" in self.marks(agreement.leader, page)
        line = Reading.objects.values_list("reader", "section_id", "kind", "version").get()
        assert line == (agreement.leader.pk, PRIVATE_SECTION, "answer", 2)
        assert reading_log.first_fault(agreement) is None
        with django_assert_num_queries(5):
            self.marks(agreement.leader, page)
        assert Reading.objects.count() == 1

    def test_without_a_recent_sign_in_nothing_private_is_named(self, agreement, page):
        self.choose(agreement, agreement.superior)
        shown = self.marks(agreement.leader, page, signed_in_at=LONG_AGO)
        assert url_of_agreement(agreement) in shown
        assert "expectation-2" not in shown
        assert not Reading.objects.exists()
        self.choose(agreement, agreement.superior, section=SECTION)
        assert "expectation-2" in self.marks(agreement.leader, page, signed_in_at=LONG_AGO)

    @pytest.mark.parametrize("changes", [{"mac": ""}, {"mac": "0" * 81}, {"role": "superior"}])
    def test_a_grant_that_is_not_genuine_shows_nothing(self, agreement, page, changes):
        grants = AgreementUserObjectPermission.objects.filter(user=agreement.leader)
        assert self.marks(agreement.leader, page).strip()
        assert grants.update(**changes) == 1
        assert not self.marks(agreement.leader, page).strip()


def url_of_agreement(agreement):
    return reverse("leder:agreement", args=[agreement.uuid])


class TestNextStep:
    @pytest.mark.parametrize(
        ("state", "leaders", "superiors"),
        [
            (State.OPENED, "preparation", "preparation"),
            (State.PREPARED, "agreement", "conversations"),
            (State.DISCUSSED, "sign", "sign"),
            (State.SIGNED, "follow_up", "conversations"),
            (State.FOLLOWED_UP, "agreement", "agreement"),
        ],
    )
    def test_each_party_has_a_way_on(self, state, leaders, superiors):
        agreement = make_agreement(state=state)
        assert next_step(agreement.leader, agreement).url_name == leaders
        assert next_step(agreement.superior, agreement).url_name == superiors

    def test_whose_turn_it_is_between_the_signatures(self):
        agreement = make_agreement(state=State.SIGNING)
        assert not next_step(agreement.leader, agreement, signed_roles=["leader"]).mine
        assert next_step(agreement.superior, agreement, signed_roles=["leader"]).mine

    def test_a_change_asked_for_is_the_leaders_turn(self):
        agreement = make_agreement(state=State.DISCUSSED)
        assert next_step(agreement.leader, agreement, changes_asked=True).mine
        assert not next_step(agreement.superior, agreement, changes_asked=True).mine
