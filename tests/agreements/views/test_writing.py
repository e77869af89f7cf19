"""Saving sections, with and without script: nothing typed is lost, nobody's text is overwritten."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leder.agreements import actions
from leder.agreements.models import Entry, Seal
from leder.agreements.reading.current import open_texts
from leder.agreements.states import State
from leder.pages import answer_kinds
from tests import factories
from tests.factories import (
    FOLLOW_UP_SECTION,
    PRIVATE_SECTION,
    QUESTIONS_SECTION,
    SECTION,
    make_agreement,
    make_user,
)

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\"'</textarea><img src=x onerror=alert(2)>"


def stored(agreement, section=SECTION):
    return open_texts(factories.access_of(agreement.leader, agreement)).answers[section].payload


class TestSaving:
    def test_the_button_saves_and_leads_back_to_the_section(self, agreement, post_section):
        response = post_section(agreement, agreement.leader, note="Et notat", g__0__goal="Et mål")
        assert response.status_code == 302
        assert response["Location"].endswith(f"#s-{SECTION}")
        assert stored(agreement)["note"] == "Et notat"
        assert stored(agreement)["goals"][0]["goal"] == "Et mål"

    def test_the_script_gets_version_time_and_ids(self, agreement, post_section):
        response = post_section(agreement, agreement.leader, json=True, g__3__goal="Et mål")
        told = response.json()
        assert told["version"] == 1
        assert told["saved_at"]
        assert told["message"]
        assert told["goals"] == {"3": stored(agreement)["goals"][0]["id"]}
        assert "no-store" in response["Cache-Control"]

    def test_saving_the_same_twice_is_saving_it_once(self, agreement, post_section):
        same = {"g__0__goal": "Et mål", "g__0__id": "6f1f2c3e-7b0d-4a53-9d0a-3f4d8d4a1a11"}
        post_section(agreement, agreement.leader, json=True, **same)
        again = post_section(agreement, agreement.leader, json=True, **same)
        assert again.status_code == 200
        assert again.json()["version"] == 1

    def test_both_may_write(self, agreement, post_section):
        assert post_section(agreement, agreement.superior, note="Fra meg").status_code == 302

    def test_what_is_wrong_is_told_and_everything_typed_shows_again(self, agreement, post_section):
        fields = {"note": "Mitt notat", "g__0__goal": "Mitt mål", "g__0__due": "snart"}
        response = post_section(agreement, agreement.leader, **fields)
        page = response.content.decode()
        assert response.status_code == 422
        assert all(text in page for text in ("Mitt notat", "Mitt mål", 'value="snart"'))
        assert 'aria-invalid="true"' in page
        told = post_section(agreement, agreement.leader, json=True, **fields)
        assert told.status_code == 422
        assert told.json()["errors"]
        assert not Entry.objects.exists()

    def test_a_choice_outside_the_text_saves_nothing(self, agreement, post_section):
        response = post_section(agreement, agreement.leader, chosen="annet", note="Mitt notat")
        assert response.status_code == 422
        assert "Mitt notat" in response.content.decode()
        assert not Entry.objects.exists()

    @pytest.mark.parametrize("version", ["", "-1", "x", "9" * 30, "²"])
    def test_a_version_that_is_no_number_counts_as_none(self, version, agreement, post_section):
        assert post_section(agreement, agreement.leader, version=version, note="A").status_code == 302

    @pytest.mark.parametrize("superuser", [False, True])
    def test_a_stranger_writes_nothing_and_learns_nothing(self, superuser, agreement, post_section):
        stranger = make_user(is_superuser=superuser)
        assert post_section(agreement, stranger, note="Hei").status_code == 404
        assert post_section(agreement, stranger, note="Hei", json=True).status_code == 404
        assert not Entry.objects.exists()

    def test_an_unknown_section_is_not_found(self, agreement, post_section):
        assert post_section(agreement, agreement.leader, section="finnes-ikke").status_code == 404

    @pytest.mark.parametrize("json", [False, True])
    def test_what_is_signed_stays_and_what_was_typed_is_handed_back(self, json, post_section):
        agreement = make_agreement(state=State.SIGNED)
        response = post_section(agreement, agreement.leader, note="For sent", json=json)
        assert response.status_code == 403
        assert json or "For sent" in response.content.decode()
        assert not Entry.objects.exists()

    def test_a_change_after_one_signature_says_that_it_voids_it(self, post_section):
        agreement = make_agreement(state=State.SIGNING)
        told = post_section(agreement, agreement.superior, note="Endret", json=True).json()
        assert len(told["message"]) > len("Saved at 14.02")
        assert Seal.objects.get().voided_at

    def test_the_follow_up_leads_back_to_the_follow_up(self, post_section):
        agreement = make_agreement(state=State.SIGNED)
        response = post_section(agreement, agreement.leader, FOLLOW_UP_SECTION, **{"a-ow-up-q1": "Bra"})
        assert "oppfolging" in response["Location"]

    def test_a_text_that_does_not_open_is_not_overwritten(self, agreement, post_section):
        post_section(agreement, agreement.leader, note="Først")
        Entry.objects.update(ciphertext=b"\x01ugyldig" + bytes(40))
        response = post_section(agreement, agreement.leader, note="Nytt", version=1, json=True)
        assert response.status_code == 422
        assert Entry.objects.get().version == 1

    @pytest.mark.parametrize("goals", [1, 30])
    def test_autosave_asks_the_database_little(self, goals, agreement, as_user, url_of):
        client = as_user(agreement.leader)
        # As one who has the page before them, and is not shown the first text of all.
        client.get(url_of("agreement", agreement))
        fields = {f"g-{n}-goal": f"Mål {n}" for n in range(goals)}
        with CaptureQueriesContext(connection) as queries:
            response = client.post(
                url_of("section", agreement, SECTION), fields, headers={"Accept": "application/json"}
            )
        assert response.status_code == 200
        # Beginning and ending the transaction, which is a savepoint here, are not among them.
        asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
        assert len(asked) <= 10, [sql[:120] for sql in asked]


class TestConflict:
    def test_both_texts_show_and_neither_is_lost(self, agreement, post_section):
        post_section(agreement, agreement.leader, note="Vi møtes på mandag")
        response = post_section(
            agreement, agreement.superior, note="Vi møtes på fredag", g__0__goal="Mitt mål"
        )
        page = response.content.decode()
        assert response.status_code == 409
        assert "mandag" in page
        assert "fredag" in page
        assert "Mitt mål" in page
        assert 'name="version" value="1"' in page
        assert stored(agreement)["note"] == "Vi møtes på mandag"

    def test_the_script_is_told_the_version(self, agreement, post_section):
        post_section(agreement, agreement.leader, note="Først")
        response = post_section(agreement, agreement.superior, note="Så", json=True)
        assert response.status_code == 409
        assert response.json() == {"version": 1, "own": False}

    def test_two_tabs_of_one_person_are_told_so(self, agreement, post_section):
        post_section(agreement, agreement.leader, note="Fra en fane")
        told = post_section(agreement, agreement.leader, note="Fra en annen", json=True)
        assert (told.status_code, told.json()) == (409, {"version": 1, "own": True})
        page = post_section(agreement, agreement.leader, note="Fra en annen").content.decode()
        assert page.count("Du har skrevet to ganger i samme del") == 2
        assert "To har skrevet" not in page

    def test_differences_are_marked_with_words_as_well(self, agreement, post_section):
        post_section(agreement, agreement.leader, note="Vi møtes på mandag")
        page = post_section(agreement, agreement.superior, note="Vi møtes på fredag").content.decode()
        assert page.count("<ins>") == page.count("<del>") == 1
        assert page.count("ds-sr-only") >= 4

    def test_a_number_is_told_whole(self, agreement, post_section):
        post_section(agreement, agreement.leader, note="Vi sparer 1 200 000,- kr i 2027")
        response = post_section(agreement, agreement.superior, note="Vi sparer 1 500 000,- kr i 2027")
        page = response.content.decode()
        for tag, number in (("ins", "1 500 000,-"), ("del", "1 200 000,-")):
            assert number in page.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]

    def test_keeping_mine_posts_what_i_wrote_with_the_new_version(self, agreement, post_section):
        post_section(agreement, agreement.leader, note="Først")
        post_section(agreement, agreement.superior, note="Så")
        assert post_section(agreement, agreement.superior, note="Så", version=1).status_code == 302
        assert stored(agreement)["note"] == "Så"

    def test_a_third_change_leads_to_the_choice_again(self, agreement, post_section):
        post_section(agreement, agreement.leader, note="En")
        post_section(agreement, agreement.leader, note="To", version=1)
        assert post_section(agreement, agreement.superior, note="Tre", version=1).status_code == 409

    def test_the_merged_text_has_all_of_both(self, agreement, post_section):
        post_section(
            agreement,
            agreement.leader,
            note="Fra A",
            chosen="assignment-1",
            c__nt__1__contribution="Bidrag A",
        )
        page = post_section(
            agreement,
            agreement.superior,
            note="Fra B",
            chosen="assignment-2",
            c__nt__2__ambition="Ambisjon B",
        ).content.decode()
        merge = page[page.index('id="merge"') :]
        assert all(text in merge for text in ("Fra A", "Fra B", "Bidrag A", "Ambisjon B"))

    def test_hostile_text_is_text(self, agreement, post_section):
        post_section(agreement, agreement.leader, note=HOSTILE)
        page = post_section(agreement, agreement.superior, note=f"{HOSTILE} to").content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


class TestSignedOut:
    def test_what_was_typed_is_handed_back_and_nothing_is_revealed(self, agreement, client, url_of):
        fields = {"note": "Mitt notat", "version": "3", "g-0-goal": "Mål & <b>mer</b>", "g-0-id": "x"}
        with CaptureQueriesContext(connection) as queries:
            response = client.post(url_of("section", agreement, SECTION), fields)
        page = response.content.decode()
        assert response.status_code == 401
        assert "Mitt notat" in page
        assert "Mål &amp; &lt;b&gt;mer&lt;/b&gt;" in page
        assert 'name="version" value="3"' in page
        assert agreement.leader.get_full_name() not in page
        assert not [query for query in queries if "leder_agreement" in query["sql"]]
        missing = client.post(url_of("section", make_agreement(), "tull"), fields)
        assert missing.status_code == 401

    def test_the_script_is_told_shortly(self, agreement, client, url_of):
        response = client.post(
            url_of("section", agreement, SECTION), {"note": "A"}, headers={"Accept": "application/json"}
        )
        assert response.status_code == 401
        assert response.json() == {"signed_out": True}

    def test_line_breaks_come_through_unchanged(self, agreement, client, url_of):
        page = client.post(url_of("section", agreement, SECTION), {"note": "En\n\n  to"}).content.decode()
        assert 'name="note" value="En\n\n  to"' in page

    def test_sent_again_after_signing_in_it_is_saved(self, agreement, client, url_of):
        url, fields = url_of("section", agreement, SECTION), {"note": "Mitt notat", "version": "0"}
        client.post(url, fields)
        client.force_login(agreement.leader)
        assert client.post(url, fields).status_code == 302
        assert stored(agreement)["note"] == "Mitt notat"

    def test_another_person_in_the_same_browser_saves_nothing(self, agreement, post_section):
        response = post_section(
            agreement, agreement.superior, note="Skrevet av Lars", writer=str(agreement.leader.pk)
        )
        assert response.status_code == 401
        assert "Skrevet av Lars" in response.content.decode()
        assert not Entry.objects.exists()


class TestKindGone:
    """A kind of section that is not installed any more, on a site that does not heed leder.E003."""

    def test_the_page_says_so_and_nothing_typed_is_lost(
        self, agreement, as_user, post_section, url_of, monkeypatch
    ):
        left = {key: kind for key, kind in answer_kinds.REGISTERED.items() if key == "none"}
        monkeypatch.setattr(answer_kinds, "REGISTERED", left)
        page = as_user(agreement.leader).get(url_of("agreement", agreement))
        assert page.status_code == 503
        assert "En del av avtalen kan ikke vises nå" in page.content.decode()
        posted = post_section(agreement, agreement.leader, note="Mitt notat")
        assert posted.status_code == 503
        assert "Mitt notat" in posted.content.decode()
        assert not Entry.objects.exists()
        assert as_user(make_user()).get(url_of("agreement", agreement)).status_code == 404


class TestOldToken:
    def strict(self, person=None):
        client = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "same-origin"})
        if person:
            client.force_login(person)
        return client

    def test_a_text_form_gets_its_text_back_with_a_new_token(self, agreement, url_of):
        client = self.strict(agreement.leader)
        response = client.post(url_of("section", agreement, SECTION), {"note": "Mitt notat", "version": "0"})
        page = response.content.decode()
        assert response.status_code == 403
        assert "Mitt notat" in page
        token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        again = client.post(
            url_of("section", agreement, SECTION),
            {"note": "Mitt notat", "version": "0", "csrfmiddlewaretoken": token},
        )
        assert again.status_code == 302
        assert stored(agreement)["note"] == "Mitt notat"

    def test_the_script_gets_a_new_token(self, agreement, url_of):
        client = self.strict(agreement.leader)
        response = client.post(
            url_of("section", agreement, SECTION), {"note": "A"}, headers={"Accept": "application/json"}
        )
        assert response.status_code == 403
        assert response.json()["csrf"]

    def test_what_comes_from_another_site_is_refused_as_ever(self, agreement, url_of):
        client = self.strict(agreement.leader)
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            response = client.post(url_of("section", agreement, SECTION), {"note": "Lurt"}, headers=headers)
            assert response.status_code == 403
            assert "Lurt" not in response.content.decode()

    def test_one_click_on_what_may_be_another_sites_saves_nothing(self, agreement, url_of):
        """A browser that names no site sends no session with a foreign post; the page must offer nothing to press."""
        address = url_of("section", agreement, SECTION)
        for client, status in ((Client(enforce_csrf_checks=True), 401), (self.strict(agreement.leader), 403)):
            client.defaults.pop("HTTP_SEC_FETCH_SITE", None)
            response = client.post(address, {"note": "Lurt", "version": "0"})
            assert response.status_code == status
            page = response.content.decode().partition("<main")[2].partition("</main>")[0]
            assert "Lurt" in page
            assert not [tag for tag in ("<form", "<button", "<input") if tag in page]
        assert not Entry.objects.exists()

    def test_other_forms_get_the_ordinary_answer(self, agreement, url_of):
        client = self.strict(agreement.leader)
        response = client.post(url_of("carry_over", agreement, SECTION), {"note": "Tull"})
        assert response.status_code == 403
        assert "Tull" not in response.content.decode()


class TestHostileText:
    def test_every_field_is_escaped_wherever_it_shows(self, agreement, as_user, post_section, url_of):
        post_section(
            agreement,
            agreement.leader,
            note=HOSTILE,
            chosen="assignment-1",
            c__nt__1__contribution=HOSTILE,
            c__nt__1__ambition=HOSTILE,
            c__nt__1__expectations=HOSTILE,
            g__0__goal=HOSTILE,
            g__0__measures=HOSTILE,
        )
        post_section(
            agreement, agreement.leader, PRIVATE_SECTION, chosen="expectation-1", c__tation__1__why=HOSTILE
        )
        post_section(agreement, agreement.leader, QUESTIONS_SECTION, **{"a--work-q1": HOSTILE})
        actions.add_comment(
            factories.access_of(agreement.leader, agreement), section_id=SECTION, text=HOSTILE
        )
        clean = self.clean
        client = as_user(agreement.superior)
        clean(client.get(url_of("agreement", agreement)))
        factories.bring_to(agreement, State.DISCUSSED)
        clean(client.get(url_of("sign", agreement)))
        for person in (agreement.leader, agreement.superior):
            factories.sign(agreement, person)
        agreement.refresh_from_db()
        clean(client.get(url_of("agreement", agreement)))
        goal = stored(agreement)["goals"][0]["id"]
        client.post(
            url_of("follow_up_progress", agreement, SECTION),
            {"version": 0, "note": HOSTILE, f"p-{goal}-comment": HOSTILE},
        )
        clean(client.get(url_of("follow_up", agreement)))

    @staticmethod
    def clean(response):
        page = response.content.decode()
        assert response.status_code == 200
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
