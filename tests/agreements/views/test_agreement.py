"""The agreement page: who sees what, in which state, at what cost."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from bench import writing
from leder.agreements import actions
from leder.agreements.actions.opening import pinned_editions
from leder.agreements.answers import new_goal
from leder.agreements.states import State
from lorenskog_intranet.demo.example_text import load_example_text
from tests import factories
from tests.factories import PRIVATE_SECTION, SECTION, make_agreement, make_user

pytestmark = pytest.mark.django_db

EXAMPLE_TEXT = Path(__file__).resolve().parents[3] / "fixtures" / "text"


def write(agreement, person, section=SECTION, version=0, **payload):
    whole = {"note": "", "answers": {}, "choices": [], "goals": [], **payload}
    return actions.save_section(
        factories.access_of(person, agreement), section_id=section, version=version, payload=whole
    )


@pytest.mark.parametrize("state", [state for state in State if state not in (State.REPLACED, State.ENDED)])
def test_both_parties_see_it_in_every_state(state, as_user, url_of):
    agreement = make_agreement(state=state)
    for person in (agreement.leader, agreement.superior):
        response = as_user(person).get(url_of("agreement", agreement))
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
        page = response.content.decode().partition("leder-flow")[2]
        assert page.index("Innledning") < page.index("Sentrale tema") < page.index("Ledelsesutvikling")
        assert ("data-autosave=" in page) == (state in (State.OPENED, State.PREPARED, State.DISCUSSED))


@pytest.mark.parametrize("superuser", [False, True])
def test_a_stranger_and_a_missing_agreement_look_the_same(superuser, agreement, as_user, url_of):
    client = as_user(make_user(is_superuser=superuser, is_staff=superuser))
    for name in ("agreement", "sign", "follow_up"):
        there = client.get(url_of(name, agreement))
        address = url_of(name, agreement).replace(str(agreement.uuid), "0" * 8 + str(agreement.uuid)[8:])
        missing = client.get(address)
        assert there.status_code == missing.status_code == 404


def test_the_superiors_superior_sees_nothing(agreement, as_user, url_of):
    above = make_agreement(leader=agreement.superior)
    assert as_user(above.superior).get(url_of("agreement", agreement)).status_code == 404


def test_anonymous_is_asked_to_sign_in(agreement, client, url_of):
    assert client.get(url_of("agreement", agreement)).status_code == 302


def test_what_is_written_shows_with_the_text_it_builds_on(agreement, as_user, url_of):
    write(
        agreement,
        agreement.leader,
        choices=[{"id": "assignment-1", "contribution": "Flere vakter", "ambition": "", "expectations": ""}],
        goals=[new_goal(goal="Kortere kø", due="2027-06-01")],
    )
    page = as_user(agreement.superior).get(url_of("agreement", agreement)).content.decode()
    assert "Flere vakter" in page
    assert "Kortere kø" in page
    assert "#s-assignment-1" in page
    assert 'value="2027-06-01"' in page


def test_what_is_signed_is_text_and_not_fields(as_user, url_of):
    agreement = make_agreement()
    write(agreement, agreement.leader, note="Vi er enige")
    factories.bring_to(agreement, State.SIGNED)
    page = as_user(agreement.leader).get(url_of("agreement", agreement)).content.decode()
    assert "Vi er enige" in page
    assert 'name="note"' not in page


def test_after_one_signature_a_section_is_opened_for_change_on_purpose(as_user, url_of):
    agreement = make_agreement(state=State.SIGNING)
    client, url = as_user(agreement.leader), url_of("agreement", agreement)
    assert 'name="note"' not in client.get(url).content.decode()
    opened = client.get(f"{url}?change={SECTION}").content.decode()
    assert opened.count('name="note"') == 1
    assert "data-autosave=" not in opened


def test_titles_carry_no_text_and_no_names(agreement, as_user, url_of):
    write(agreement, agreement.leader, note="Hemmelig")
    for name in ("agreement", "sign"):
        page = as_user(agreement.leader).get(url_of(name, agreement)).content.decode()
        title = page[page.index("<title>") : page.index("</title>")]
        assert "Hemmelig" not in title
        assert agreement.leader.get_full_name() not in title


@pytest.mark.parametrize("many", [1, 30])
def test_queries_do_not_grow(many, as_user, url_of):
    last = make_agreement(year=2026)
    write(last, last.leader, goals=[new_goal(goal=f"I fjor {n}") for n in range(many)])
    agreement = make_agreement(leader=last.leader, superior=last.superior)
    write(agreement, agreement.leader, goals=[new_goal(goal=f"Mål {n}") for n in range(many)])
    write(agreement, agreement.leader, section=PRIVATE_SECTION, note="Privat")
    for n in range(many):
        actions.add_comment(
            factories.access_of(agreement.superior, agreement), section_id=SECTION, text=f"Merknad {n}"
        )
    client = as_user(agreement.superior)
    # Whether a person uses the CMS is asked once a session.
    client.get(reverse("leder:my_page"))
    for ceiling in (18, 16):
        # The first time it is shown to the other it is kept as a version, too: the agreement locked, versions made.
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url_of("agreement", agreement))
        asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
        assert response.status_code == 200
        assert len(asked) <= ceiling, "\n".join(sql[:110] for sql in asked)


def test_of_the_usual_size_it_weighs_less_than_70_kilobytes(as_user, url_of):
    pages = load_example_text(EXAMPLE_TEXT, parent=None, work_year=2027)
    year_round = factories.make_round(2027)
    year_round.platform_page, year_round.letter_page, year_round.form_page = (
        pages[name] for name in ("platform", "letter_next", "form_next")
    )
    agreement = make_agreement(editions=pinned_editions(year_round))
    writing.write(agreement, State.DISCUSSED)
    for section in agreement.form_edition.sections:
        if section.takes_answers and not section.is_follow_up:
            actions.add_comment(
                factories.access_of(agreement.leader, agreement),
                section_id=section.id,
                text=writing.NOTE[:140],
            )
    agreement.refresh_from_db()
    for person in (agreement.leader, agreement.superior):
        page = as_user(person).get(url_of("agreement", agreement)).content
        assert page.count(b"data-row=") == 6
        assert page.count(b" checked>") >= 5
        assert len(page) < 70_000


def test_an_empty_goal_is_offered_where_there_is_none_and_when_asked_for(as_user, url_of, post_section):
    agreement = make_agreement()
    client, url = as_user(agreement.leader), url_of("agreement", agreement)
    assert client.get(url).content.decode().count("data-row=") == 3
    answer = post_section(agreement, agreement.leader, g__0__goal="Kortere kø", add="goal")
    assert answer.status_code == 302
    asked = client.get(answer["Location"]).content.decode()
    assert 'name="g-1-goal"' in asked
    assert answer["Location"].endswith("#s-s-letter")
    assert 'name="g-1-goal"' not in client.get(url).content.decode()


def test_what_is_typed_keeps_its_line_breaks_and_its_indentation(agreement, as_user, url_of):
    note = "Først:\n    innrykket\n\n<div>\n  ikke en tagg\n</div>"
    write(agreement, agreement.leader, note=note)
    actions.add_comment(factories.access_of(agreement.leader, agreement), section_id=SECTION, text=note)
    page = as_user(agreement.leader).get(url_of("agreement", agreement)).content.decode()
    assert page.count(escape(note)) == 2


def test_the_superior_approves_the_leader_does_not(agreement, as_user, url_of):
    write(agreement, agreement.leader, note="Utkast")
    review = url_of("review", agreement, SECTION)
    assert review in as_user(agreement.superior).get(url_of("agreement", agreement)).content.decode()
    assert " required" not in as_user(agreement.superior).get(url_of("agreement", agreement)).content.decode()
    assert review not in as_user(agreement.leader).get(url_of("agreement", agreement)).content.decode()


def test_only_the_methods_that_mean_something(agreement, as_user, url_of):
    client = as_user(agreement.leader)
    for name in ("section", "comment", "review", "follow_up_progress"):
        assert client.get(url_of(name, agreement, SECTION)).status_code == 405
    assert client.get(url_of("follow_up_confirm", agreement)).status_code == 405
    for name in ("agreement", "follow_up"):
        assert client.post(url_of(name, agreement)).status_code == 405


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Veiledning <meta http-equiv='refresh' content='0;url=https://example.com/?",
        "<p>Veiledning</p><meta http-equiv=refresh content=0><script src='/static/x.js'></script><form action='/x'>",
    ],
)
def test_markup_that_no_editor_can_write_is_not_passed_on(agreement, as_user, url_of, markup):
    """One who writes to the database can: an open quote would take what is written below it to another address."""
    write(agreement, agreement.leader, note="Hemmelig")
    form = agreement.form_edition
    parts = [{**part, "html": f"{markup}" if part["html"] else ""} for part in form.parts]
    with connection.cursor() as cursor:
        content = json.dumps({**form.content, "parts": parts})
        cursor.execute("UPDATE leder_edition SET content = %s WHERE id = %s", [content, form.pk])
    client = as_user(agreement.leader)
    for url in (
        url_of("agreement", agreement),
        url_of("preparation_section", agreement, SECTION),
        reverse("leder:edition", args=[form.pk]),
    ):
        page = client.get(url).content.decode()
        assert "Veiledning" in page
        assert "http-equiv" not in page.replace("&lt;meta http-equiv", "")
        assert "/static/x.js" not in page and 'action="/x"' not in page
