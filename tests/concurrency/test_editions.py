"""A text is published while others publish it and pin it: one edition each, and the newest is what stands (R6)."""

from functools import partial

import pytest
from wagtail.models import Site

from leder.pages.editions import Edition, edition_of
from leder.pages.models import LeadershipPage, SteeringLetterPage
from tests.concurrency.together import ROUNDS, together
from tests.pages.conftest import publish
from tests.pages.samples import letter_body, stored


@pytest.fixture
def letter():
    landing = publish(LeadershipPage(title="Ledelse", slug="ledelse"), Site.objects.get().root_page)
    body = stored(SteeringLetterPage, letter_body(), "l")
    return publish(SteeringLetterPage(title="Brev", slug="brev", year=2028, body=body), landing)


def rewrite(page, title):
    draft = SteeringLetterPage.objects.get(pk=page.pk)
    draft.title = title
    draft.save_revision().publish()
    return title


def pin(page):
    return edition_of(page).title


@pytest.mark.parametrize("number", ROUNDS)
def test_published_and_pinned_at_once(letter, number):
    titles = [f"Brev {number}.{n}" for n in range(2)]
    acts = [partial(rewrite, letter, title) for title in titles] + [partial(pin, letter)] * 2
    outcomes = together(*acts)
    assert all(outcome.done for outcome in outcomes)
    now = SteeringLetterPage.objects.get(pk=letter.pk)
    editions = list(Edition.objects.of(now))
    assert editions[0].content == now.edition_content()
    assert [edition.number for edition in editions] == list(range(len(editions), 0, -1))
    found = [edition.title for edition in editions]
    assert len(found) == len(set(found)) <= 3
    assert {outcome.result for outcome in outcomes[2:]} <= set(found)


def test_several_make_the_first_edition_at_once(letter):
    Edition._base_manager.all().delete()
    outcomes = together(*[partial(edition_of, letter)] * 4)
    assert {outcome.result for outcome in outcomes} == {Edition.objects.get()}
