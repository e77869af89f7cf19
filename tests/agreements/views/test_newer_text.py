"""The pages of texts that were published anew, and what the agreement's other pages say of them."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from wagtail.models import PageViewRestriction

from leder.agreements import actions
from leder.agreements.models import Agreement, Reading
from leder.agreements.states import State
from leder.agreements.views.guard.recent import SESSION_KEY
from tests import factories
from tests.agreements.publishing import (
    ADOPT,
    KEEP,
    decide,
    first_edition,
    publish,
    reworded,
    seen,
    texts_with_pages,
    with_section,
    without,
)
from tests.clock import LONG_AGO
from tests.factories import PRIVATE_SECTION, QUESTIONS_SECTION, SECTION, make_agreement, make_user

pytestmark = pytest.mark.django_db
CHOSEN = {"id": "assignment-1", "contribution": "Mitt bidrag her", "ambition": "", "expectations": ""}
EXPECTED = {"id": "expectation-1", "stance": "strength", "why": "Fordi"}


@pytest.fixture
def agreement():
    return make_agreement(editions=texts_with_pages())


@pytest.fixture
def url(agreement, url_of):
    return url_of("newer_text", agreement)


def write(agreement, section=SECTION, **values):
    payload = {"note": "", "answers": {}, "choices": [], "goals": [], **values}
    return actions.save_section(
        factories.access_of(agreement.leader, agreement), section_id=section, version=0, payload=payload
    )


def not_recent(client):
    session = client.session
    session[SESSION_KEY] = LONG_AGO
    session.save()
    return client


def shown(response):
    """The words of a page, without its marks for the ear and its markup."""
    html = response.content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", html.partition("<main")[2]).split())


# -- What is shown ------------------------------------------------------------------------------------------------
def test_the_agreement_says_so_in_one_line(agreement, as_user, url_of, url):
    for person in (agreement.leader, agreement.superior):
        client = as_user(person)
        page = client.get(url_of("agreement", agreement)).content.decode()
        assert url not in page.partition("leder-panes")[0]
        publish(agreement.letter_edition)
        page = client.get(url_of("agreement", agreement)).content.decode()
        assert f'<a href="{url}">' in page.partition("leder-panes")[0]
        decide(agreement, person, KEEP)


def test_the_signing_page_asks_to_consider_it(as_user, url_of):
    agreement = make_agreement(editions=texts_with_pages(), state=State.DISCUSSED)
    publish(agreement.platform_edition)
    page = as_user(agreement.leader).get(url_of("sign", agreement)).content.decode()
    assert f'href="{url_of("newer_text", agreement)}"' in page


def test_what_touches_the_agreement_stands_first(agreement, as_user, url):
    write(agreement, choices=[CHOSEN])
    newest = publish(agreement.letter_edition, reworded("assignment-1", "Mye kortere ventetid"))
    publish(agreement.platform_edition, without("expectation-3"))
    page = as_user(agreement.superior).get(url).content.decode()
    assert "<ins>" in page
    assert "Mye" in page
    assert reverse("leder:comparison", args=[newest.pk, agreement.letter_edition_id]) in page
    # Nothing that is chosen: told in figures, not in words.
    assert "Samarbeider" not in page
    assert page.count('name="choice" value="adopted"') == page.count('name="choice" value="retained"') == 2


def test_what_is_removed_is_said_to_keep_its_wording(agreement, as_user, url):
    write(agreement, choices=[CHOSEN])
    publish(agreement.letter_edition, without("assignment-1"))
    page = as_user(agreement.superior).get(url).content.decode()
    assert 'data-change="removed"' in page
    assert "Kortere ventetid" in page


def test_what_is_typed_anew_is_told(agreement, as_user, url):
    write(agreement, choices=[CHOSEN])

    def anew(content):
        content["parts"][0]["statements"][0]["id"] = "assignment-9"

    publish(agreement.letter_edition, anew)
    assert "Kortere ventetid" in as_user(agreement.superior).get(url).content.decode()


def test_private_choices_ask_for_a_recent_sign_in(agreement, as_user, url):
    write(agreement, PRIVATE_SECTION, choices=[EXPECTED])
    publish(agreement.platform_edition, reworded("expectation-1", "Setter innbyggeren aller først"))
    client = as_user(agreement.superior)
    assert "aller" in shown(client.get(url))
    page = not_recent(client).get(url)
    assert page.status_code == 200
    assert "aller" not in shown(page)
    assert "Setter innbyggeren" not in shown(page)


def test_that_another_has_chosen_it_is_a_reading(agreement, as_user, url):
    write(agreement, choices=[CHOSEN])
    write(agreement, QUESTIONS_SECTION, note="Ikke vist her")
    publish(agreement.letter_edition, without("assignment-1"))
    before = set(Reading.objects.values_list("pk", flat=True))
    as_user(agreement.superior).get(url)
    (line,) = Reading.objects.exclude(pk__in=before)
    assert (line.reader, line.section_id, line.kind) == (agreement.superior, SECTION, "answer")
    assert "Ikke vist her" not in as_user(agreement.superior).get(url).content.decode()


def test_a_form_that_does_not_fit_says_why_and_offers_to_keep(agreement, as_user, url):
    write(agreement, QUESTIONS_SECTION, note="Skrevet")
    publish(agreement.form_edition, with_section(QUESTIONS_SECTION, goals=False))
    client = as_user(agreement.leader)
    page = client.get(url).content.decode()
    assert 'value="adopted"' not in page
    assert 'value="retained"' in page
    answer = client.post(url, {**seen(agreement, "form"), "choice": ADOPT})
    assert answer.status_code == 403
    assert Agreement.objects.get().form_edition == agreement.form_edition


def test_a_text_for_others_only_is_not_shown(agreement, as_user, url):
    newest = publish(agreement.letter_edition, reworded("assignment-1", "For noen få"))
    PageViewRestriction.objects.create(
        page=newest.page, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    client = as_user(agreement.leader)
    page = client.get(url).content.decode()
    assert "For noen få" not in page
    assert 'name="choice"' not in page
    answer = client.post(url, {**seen(agreement), "choice": ADOPT})
    assert answer.status_code == 409
    assert Agreement.objects.get().letter_edition == agreement.letter_edition


@pytest.mark.parametrize("many", [1, 30])
def test_queries_do_not_grow(many, as_user, url_of):
    letter = {
        **factories.LETTER,
        "parts": [
            {
                **factories.LETTER["parts"][0],
                "statements": [
                    {**factories.LETTER["parts"][0]["statements"][0], "id": f"a-{n}"} for n in range(many)
                ],
            }
        ],
    }
    agreement = make_agreement(editions={**texts_with_pages(), "letter_edition": first_edition(letter)})
    write(agreement, choices=[{**CHOSEN, "id": f"a-{n}"} for n in range(many)])
    for n in range(many):
        actions.add_comment(factories.access_of(agreement.leader, agreement), section_id=SECTION, text=f"{n}")
    for edition in (agreement.letter_edition, agreement.platform_edition, agreement.form_edition):
        publish(edition, lambda content: content["parts"].reverse())
    for _n in range(min(many, 3)):
        decide(agreement, agreement.superior)
        decide(agreement, agreement.superior, edition=agreement.letter_edition_id)
    client, url = as_user(agreement.superior), url_of("newer_text", agreement)
    client.get(reverse("leder:my_page"))
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200
    assert len(queries) <= 36, "\n".join(query["sql"][:110] for query in queries)
    assert len(response.content) < 60_000
    # What is read the first time goes into the log.
    client.get(url_of("agreement", agreement))
    with CaptureQueriesContext(connection) as queries:
        client.get(url_of("agreement", agreement))
    assert len(queries) <= 20, "\n".join(query["sql"][:110] for query in queries)


# -- Deciding -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["leader", "superior"])
def test_a_party_adopts_and_both_see_it(agreement, as_user, url_of, url, role):
    person = getattr(agreement, role)
    newest = publish(agreement.letter_edition, reworded("assignment-1", "Mye kortere ventetid"))
    answer = as_user(person).post(url, {**seen(agreement), "choice": ADOPT})
    assert (answer.status_code, answer["Location"]) == (302, url)
    assert Agreement.objects.get().letter_edition == newest
    for each in (agreement.leader, agreement.superior):
        page = shown(as_user(each).get(url))
        assert person.get_full_name() in page
        history = as_user(each).get(url_of("agreement", agreement)).content.decode()
        assert f'href="{url}"' in history
        assert "Mye kortere ventetid" in history


def test_a_still_newer_edition_is_shown_instead(agreement, as_user, url):
    publish(agreement.letter_edition)
    looked = seen(agreement)
    publish(agreement.letter_edition, reworded("assignment-2", "Enda nyere"))
    client = as_user(agreement.leader)
    answer = client.post(url, {**looked, "choice": ADOPT})
    assert answer.status_code == 409
    assert f'value="{seen(agreement)["edition"]}"' in answer.content.decode()
    assert Agreement.objects.get().letter_edition == agreement.letter_edition


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"choice": "other"},
        {"stands_on": "x"},
        {"edition": "-1"},
        {"edition": "9" * 30},
        {"seen": ""},
        {"edition": "٣"},
    ],
)
def test_what_no_page_posts_changes_nothing(agreement, as_user, url, posted):
    publish(agreement.letter_edition)
    values = {**seen(agreement), "choice": ADOPT, **posted} if posted else {}
    answer = as_user(agreement.leader).post(url, values)
    assert answer.status_code in (409, 422)
    assert Agreement.objects.get().letter_edition == agreement.letter_edition


@pytest.mark.parametrize("choice", [ADOPT, KEEP])
def test_signed_it_is_not_offered_and_refused(as_user, url_of, choice):
    agreement = make_agreement(editions=texts_with_pages(), state=State.SIGNED)
    newest = publish(agreement.letter_edition)
    url = url_of("newer_text", agreement)
    posted = {"stands_on": agreement.letter_edition_id, "edition": newest.pk, "seen": 0, "choice": choice}
    for person in (agreement.leader, agreement.superior):
        client = as_user(person)
        assert "<form" not in client.get(url).content.decode().partition("<main")[2]
        assert url not in client.get(url_of("agreement", agreement)).content.decode()
        assert client.post(url, posted).status_code == 403
    assert Agreement.objects.get().letter_edition == agreement.letter_edition


def test_a_stranger_finds_nothing(agreement, as_user, url, url_of):
    publish(agreement.letter_edition)
    for person in (make_user(), make_user(is_superuser=True)):
        client = as_user(person)
        assert client.get(url).status_code == 404
        assert client.post(url, {**seen(agreement), "choice": ADOPT}).status_code == 404
        assert client.get(url_of("letter_news", agreement)).status_code == 404
    assert Agreement.objects.get().letter_edition == agreement.letter_edition


# -- Kept words -----------------------------------------------------------------------------------------------------
def test_a_removed_statement_stays_chosen_when_the_section_is_saved_again(
    agreement, as_user, url_of, post_section
):
    write(agreement, choices=[CHOSEN])
    publish(agreement.letter_edition, without("assignment-1"))
    decide(agreement, agreement.superior)
    now = Agreement.objects.get()
    page = as_user(agreement.leader).get(url_of("agreement", agreement)).content.decode()
    assert page.count("Kortere ventetid") == 2
    assert 'value="nt-1" checked' in page
    answer = post_section(
        now,
        agreement.leader,
        version=1,
        json=True,
        chosen=["nt-1", "nt-2"],
        **{"c__nt__1__contribution": "", "c-nt-1-contribution": "Endret"},
    )
    assert answer.status_code == 200, answer.content
    page = as_user(agreement.leader).get(url_of("agreement", agreement)).content.decode()
    assert 'value="nt-1" checked' in page
    assert "Endret" in page
    for name in ("sign", "agreement"):
        assert "Kortere ventetid" in as_user(agreement.superior).get(url_of(name, agreement)).content.decode()


def test_taken_away_it_is_offered_no_more(agreement, as_user, url_of, post_section):
    write(agreement, choices=[CHOSEN])
    publish(agreement.letter_edition, without("assignment-1"))
    decide(agreement, agreement.superior)
    answer = post_section(Agreement.objects.get(), agreement.leader, version=1, json=True, note="Uten")
    assert answer.status_code == 200
    assert (
        "Kortere ventetid"
        not in as_user(agreement.leader).get(url_of("agreement", agreement)).content.decode()
    )


def test_one_who_had_it_open_when_it_was_removed_loses_nothing(agreement, post_section):
    publish(agreement.letter_edition, without("assignment-1"))
    decide(agreement, agreement.superior)
    answer = post_section(
        Agreement.objects.get(),
        agreement.leader,
        json=True,
        chosen=["nt-1"],
        **{"c-nt-1-contribution": "Skrevet før"},
    )
    assert answer.status_code == 200, answer.content


def test_the_edition_it_stood_in_is_still_theirs_to_read(agreement, as_user):
    write(agreement, choices=[CHOSEN])
    publish(agreement.letter_edition, without("assignment-1"))
    decide(agreement, agreement.superior)
    agreement.letter_edition.page.unpublish()
    url = reverse("leder:edition", args=[agreement.letter_edition_id])
    assert as_user(agreement.leader).get(url).status_code == 200
    assert as_user(make_user()).get(url).status_code == 404


# -- A form that was exchanged while somebody wrote ----------------------------------------------------------------
def test_what_fits_no_more_comes_back_to_be_copied(agreement, as_user, url_of):
    publish(agreement.form_edition, without(f"{QUESTIONS_SECTION}-q2"))
    before = url_of("section", agreement, QUESTIONS_SECTION)
    decide(agreement, agreement.superior, kind="form")
    client = as_user(agreement.leader)
    answer = client.post(before, {"version": 0, "a-k-q2": "Det jeg skrev"})
    assert answer.status_code == 403
    assert "Det jeg skrev" in answer.content.decode()
    answer = client.post(
        url_of("preparation_section", agreement, QUESTIONS_SECTION), {"version": 0, "a-k-q2": "Forberedt"}
    )
    assert answer.status_code == 403
    assert "Forberedt" in answer.content.decode()
    assert not agreement.entries.exists()
    page = client.get(url_of("agreement", agreement)).content.decode()
    (after,) = re.findall(rf'action="({before}\?f=\d+)"', page)
    assert client.post(after, {"version": 0, "a-k-q1": "Svar"}).status_code == 302
    assert agreement.entries.exists()


def test_a_comment_on_a_section_that_is_gone_comes_back(agreement, as_user, url_of):
    publish(agreement.form_edition, without(QUESTIONS_SECTION))
    decide(agreement, agreement.superior, kind="form")
    answer = as_user(agreement.leader).post(
        url_of("comment", agreement, QUESTIONS_SECTION), {"text": "Min merknad"}
    )
    assert answer.status_code == 403
    assert "Min merknad" in answer.content.decode()
    assert not agreement.comments.exists()


# -- This year's letter beside last year's ---------------------------------------------------------------------------
@pytest.fixture
def years():
    """Last year's agreement with two assignments chosen, and this year's, whose letter keeps one of them."""
    last_letter = first_edition({**factories.LETTER, "year": 2026, "title": "Styringsbrev 2026"})
    last = make_agreement(year=2026, editions={**texts_with_pages(), "letter_edition": last_letter})
    write(last, choices=[CHOSEN, {**CHOSEN, "id": "assignment-2"}])
    statements = factories.LETTER["parts"][0]["statements"]
    letter = first_edition(
        {
            **factories.LETTER,
            "parts": [
                {
                    **factories.LETTER["parts"][0],
                    "statements": [
                        {**statements[0], "text": "Enda kortere ventetid"},
                        {**statements[1], "id": "assignment-7", "text": "Øv på beredskap"},
                    ],
                }
            ],
        }
    )
    this = make_agreement(
        leader=last.leader, superior=last.superior, editions={**texts_with_pages(), "letter_edition": letter}
    )
    assert this.previous_id == last.pk
    return last, this


def test_it_tells_what_has_become_of_last_years_assignments(years, as_user, url_of):
    last, this = years
    for person in (this.leader, this.superior):
        client = as_user(person)
        page = client.get(url_of("letter_news", this)).content.decode()
        answered, new = page.split('id="added"')
        assert "Enda" in answered
        assert "Flere i heltid" in answered
        assert 'data-change="removed"' in answered
        assert "Øv på beredskap" in new
        assert url_of("agreement", last) in page
        assert url_of("letter_news", this) in client.get(url_of("agreement", this)).content.decode()
        assert client.post(url_of("letter_news", this)).status_code == 405
    reading = Reading.objects.filter(agreement=last, reader=this.superior).values_list(
        "section_id", flat=True
    )
    assert set(reading) == {SECTION}


def test_a_new_superior_sees_the_letters_alone(years, as_user, url_of):
    last, this = years
    other = make_agreement(leader=last.leader, year=2028, editions={**texts_with_pages()})
    assert other.previous_id == this.pk
    page = as_user(other.superior).get(url_of("letter_news", other)).content.decode()
    assert url_of("agreement", this) not in page
    assert 'id="added"' in page
    this.letter_edition.page.unpublish()
    page = as_user(other.superior).get(url_of("letter_news", other)).content.decode()
    assert "beredskap" not in page
    assert as_user(other.leader).get(url_of("letter_news", other)).content.decode().count('id="added"') == 1


def test_without_a_last_year_there_is_no_such_page(agreement, as_user, url_of):
    assert as_user(agreement.leader).get(url_of("letter_news", agreement)).status_code == 404
    page = as_user(agreement.leader).get(url_of("agreement", agreement)).content.decode()
    assert url_of("letter_news", agreement) not in page


def test_names_are_escaped(agreement, as_user, url):
    title = "<script>alert(1)</script>"
    publish(agreement.letter_edition, lambda content: content.update(title=title))
    page = as_user(agreement.leader).get(url).content.decode()
    assert title not in page
    assert escape(title) in page
    assert settings.LANGUAGE_CODE == "nb"
