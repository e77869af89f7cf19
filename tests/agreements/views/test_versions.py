"""The pages of a section's earlier versions."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leder.agreements.models import Version
from leder.agreements.states import State
from tests.agreements.versions import look, standing, write
from tests.factories import PRIVATE_SECTION, SECTION, bring_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(agreement):
    """One version that both have seen, one that only the superior has, and what stands."""
    leader, superior = agreement.leader, agreement.superior
    write(agreement, leader, "Grågås")
    look(agreement, superior)
    write(agreement, superior, "Hemmelig tanke")
    write(agreement, leader, "Det som står")
    return agreement


def test_from_the_section_to_one_and_back_again(written, as_user, url_of):
    leader, superior = written.leader, written.superior
    clients = {person: as_user(person) for person in (leader, superior)}
    list_url = url_of("versions", written, SECTION)
    for person, count in ((leader, 1), (superior, 2)):
        assert list_url in clients[person].get(url_of("agreement", written)).content.decode()
        page = clients[person].get(list_url).content.decode()
        assert page.count(f'href="{list_url}') == count
        assert "Grågås" not in page
        assert page.count("bare du kan lese dette") == count - 1
    # Another's own is as if it were not there.
    for number in (2, 3, 17, 10**30):
        assert clients[leader].get(url_of("version", written, SECTION, number)).status_code == 404
        answer = clients[leader].post(url_of("version_put_back", written, SECTION, number), {"version": 3})
        assert answer.status_code == 404
    assert "Hemmelig tanke" in clients[superior].get(url_of("version", written, SECTION, 2)).content.decode()
    url = url_of("version", written, SECTION, 1)
    page = clients[superior].get(url).content.decode()
    assert "Grågås" in page
    # Without a page's version, or with an old one, it says so and changes nothing.
    back = url_of("version_put_back", written, SECTION, 1)
    for posted in ({}, {"version": "2"}, {"version": "x"}):
        answer = clients[superior].post(back, posted)
        assert answer.status_code == 409
        assert "Delen er endret siden du åpnet denne siden" in answer.content.decode()
    assert standing(written).version == 3
    assert 'name="version" value="3"' in page
    answer = clients[superior].post(back, {"version": "3"}, follow=True)
    assert answer.redirect_chain[0][0].endswith(f"#s-{SECTION}")
    assert "hentet tilbake" in answer.content.decode()
    assert (standing(written).version, standing(written).author) == (4, superior)


def test_when_it_can_not_be_put_back_there_is_no_button(written, as_user, url_of):
    client, url = as_user(written.leader), url_of("version", written, SECTION, 1)
    assert "Hent tilbake" in client.get(url).content.decode()
    bring_to(written, State.SIGNING)
    assert "Hent tilbake" not in client.get(url).content.decode()
    assert client.post(url_of("version_put_back", written, SECTION, 1), {"version": "3"}).status_code == 403
    assert standing(written).version == 3


def test_what_does_not_open_says_so(written, as_user, url_of):
    client = as_user(written.leader)
    Version.objects.update(ciphertext=b"\x01" * 600)
    page = client.get(url_of("version", written, SECTION, 1)).content.decode()
    assert "lar seg ikke åpne" in page
    assert "Hent tilbake" not in page
    assert not written.readings.filter(kind="version").exists()


def test_nothing_is_put_over_a_text_that_does_not_open(written, as_user, url_of):
    written.entries.update(ciphertext=b"\x01" * 600)
    answer = as_user(written.leader).post(url_of("version_put_back", written, SECTION, 1), {"version": "3"})
    assert answer.status_code == 409
    assert "lar seg ikke åpne" in answer.content.decode()
    assert standing(written).version == 3


@pytest.mark.parametrize("number", [1, 20])
def test_as_many_queries_for_one_as_for_twenty(
    agreement, number, as_user, url_of, django_assert_max_num_queries
):
    leader, superior = agreement.leader, agreement.superior
    for each in range(number):
        write(agreement, leader, f"Nummer {each}")
        look(agreement, superior)
    write(agreement, leader, "Det som står")
    client = as_user(superior)
    urls = [url_of("versions", agreement, SECTION), url_of("version", agreement, SECTION, 1)]
    for url in urls:
        client.get(url)
    assert len(client.get(urls[0]).context["versions"]) == number
    for url, most in zip(urls, (8, 15), strict=True):
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200


def test_a_page_of_the_journey_asks_once_when_something_is_first_shown(agreement):
    for section in (SECTION, PRIVATE_SECTION):
        write(agreement, agreement.leader, "Noe", section)
    asked = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            look(agreement, agreement.superior)
        asked.append(sum("leder_version" in each["sql"] for each in queries))
    assert asked == [1, 0]
    assert Version.objects.count() == 2
