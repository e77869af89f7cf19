"""The form of a proposal: who is meant, until when, and that nothing typed is lost."""

import datetime as dt

import pytest
from django.utils import timezone

from leder.agreements.models import DataKey, Share
from leder.agreements.states import Step, advance
from tests.factories import PRIVATE_SECTION, make_agreement, make_leader, make_user, propose, share

pytestmark = pytest.mark.django_db


def text_of(response):
    return response.content.decode()


@pytest.mark.parametrize("role", ["leader", "superior"])
@pytest.mark.parametrize("named_by", ["email", "username", "get_full_name"])
def test_one_exact_name_is_enough(role, named_by, agreement, reader, as_user, page_of, posted):
    named = getattr(reader, named_by)
    words = named() if callable(named) else named.upper()
    response = as_user(getattr(agreement, role)).post(page_of(agreement), posted(reader=f" {words} "))
    assert response.status_code == 302
    proposal = agreement.shares.get()
    assert (proposal.reader, proposal.section_id, proposal.status) == (reader, PRIVATE_SECTION, "proposed")
    assert proposal.until == timezone.localdate() + dt.timedelta(days=10)
    assert proposal.proposed_by == getattr(agreement, role)


def test_the_whole_agreement_is_a_part(agreement, reader, as_user, page_of, posted):
    as_user(agreement.leader).post(page_of(agreement), posted(reader=reader.email, part="all"))
    assert agreement.shares.get().section_id == ""


def test_several_of_a_name_are_listed_with_what_they_lead(agreement, as_user, page_of, posted):
    leading, position = make_leader(first_name="Ola", last_name="Åsen")
    other = make_user(first_name="Ola", last_name="Åsheim")
    make_user(first_name="Ola", last_name="Åsgård", is_active=False)
    client = as_user(agreement.leader)
    asked = client.post(page_of(agreement), posted(reader="ola ås"))
    assert asked.status_code == 422
    assert not Share.objects.exists()
    page = text_of(asked)
    assert f"Ola Åsen ({position})" in page
    assert f"Ola Åsheim ({other.email})" in page
    assert "Åsgård" not in page
    assert page.count('name="person"') == 2
    assert 'value="ola ås"' in page
    assert 'value="Veiledning"' in page
    chosen = client.post(page_of(agreement), posted(reader="ola ås", person=str(leading.pk)))
    assert chosen.status_code == 302
    assert agreement.shares.get().reader == leading


def test_a_key_that_does_not_open_is_told(agreement, reader, as_user, page_of, posted):
    DataKey.objects.filter(agreement=agreement).update(wrapped=b"\0" * 60)
    response = as_user(agreement.leader).post(page_of(agreement), posted(reader=reader.email))
    assert response.status_code == 422
    assert "Avtalen lar seg ikke åpne nå" in text_of(response)
    assert "Veiledning" in text_of(response)
    assert not Share.objects.exists()


def test_a_part_of_a_name_is_asked_about_even_when_one_fits(agreement, reader, as_user, page_of, posted):
    response = as_user(agreement.leader).post(page_of(agreement), posted(reader="ragnhild"))
    assert response.status_code == 422
    assert text_of(response).count('name="person"') == 1
    assert not Share.objects.exists()


def test_two_of_the_same_name_or_address_are_both_listed(agreement, as_user, page_of, posted):
    for email in ("a@example.org", "b@example.org", "b@example.org"):
        make_user(first_name="Ola", last_name="Åsen", email=email)
    for words, hits in (("Ola Åsen", 3), ("b@example.org", 2)):
        response = as_user(agreement.leader).post(page_of(agreement), posted(reader=words))
        assert response.status_code == 422
        assert text_of(response).count('name="person"') == hits
    assert not Share.objects.exists()


def test_a_choice_is_kept_when_something_else_is_wrong(agreement, reader, as_user, page_of, posted):
    fields = posted(reader="ragnhild", person=str(reader.pk), purpose="")
    response = as_user(agreement.leader).post(page_of(agreement), fields)
    assert response.status_code == 422
    row = text_of(response).partition('name="person"')[2].partition(">")[0]
    assert "checked" in row


def test_one_who_is_not_among_the_found_is_not_chosen(agreement, reader, as_user, page_of, posted):
    stranger = make_user(first_name="En", last_name="Annen")
    response = as_user(agreement.leader).post(
        page_of(agreement), posted(reader="ragnhild", person=str(stranger.pk))
    )
    assert response.status_code == 422
    assert not Share.objects.exists()


@pytest.mark.parametrize("who", ["nobody", "party", "inactive", "none"])
def test_who_can_not_be_given_it(who, agreement, as_user, page_of, posted):
    words = {
        "nobody": "finnes ikke",
        "party": agreement.superior.email,
        "inactive": make_user(is_active=False).email,
        "none": "",
    }[who]
    response = as_user(agreement.leader).post(page_of(agreement), posted(reader=words))
    assert response.status_code == 422
    assert 'id="id_reader_error"' in text_of(response)
    assert not Share.objects.exists()


def test_very_many_of_a_name_are_not_all_listed(agreement, as_user, page_of, posted):
    for _number in range(20):
        make_user(first_name="Nils", last_name="Nilsen")
    response = as_user(agreement.leader).post(page_of(agreement), posted(reader="nilsen"))
    assert text_of(response).count('name="person"') == 15
    assert 'id="id_reader_error"' in text_of(response)


@pytest.mark.parametrize(
    "until", ["", "i morgen", (timezone.localdate() - dt.timedelta(days=1)).isoformat(), "2099-01-01"]
)
def test_a_day_within_a_year(until, agreement, reader, as_user, page_of, posted):
    response = as_user(agreement.leader).post(page_of(agreement), posted(reader=reader.email, until=until))
    assert response.status_code == 422
    assert 'id="id_until_error"' in text_of(response)
    assert f'value="{reader.email}"' in text_of(response)
    assert not Share.objects.exists()


@pytest.mark.parametrize("change", [{"part": ""}, {"part": "introduction"}, {"purpose": " "}])
def test_a_part_and_a_purpose_are_asked_for(change, agreement, reader, as_user, page_of, posted):
    response = as_user(agreement.leader).post(page_of(agreement), posted(reader=reader.email, **change))
    assert response.status_code == 422
    assert not Share.objects.exists()


def test_what_is_shared_already_says_so(agreement, reader, as_user, page_of, posted):
    share(agreement, reader)
    response = as_user(agreement.leader).post(page_of(agreement), posted(reader=reader.email))
    assert response.status_code == 422
    assert 'id="id_reader_error"' in text_of(response)
    assert agreement.shares.count() == 1


def test_the_usual_is_thirty_days_and_the_part_one_comes_from(agreement, as_user, page_of):
    page = text_of(as_user(agreement.leader).get(page_of(agreement) + "?part=2"))
    assert f'value="{(timezone.localdate() + dt.timedelta(days=30)).isoformat()}"' in page
    assert "checked" in page.partition(f'value="{PRIVATE_SECTION}"')[2].partition(">")[0]
    assert "checked" not in text_of(as_user(agreement.leader).get(page_of(agreement) + "?part=x"))


def test_an_ended_agreement_has_no_form_and_keeps_what_is_posted(agreement, reader, as_user, page_of, posted):
    propose(agreement, reader, section_id="")
    advance(agreement, Step.END)
    client = as_user(agreement.leader)
    assert 'name="purpose"' not in text_of(client.get(page_of(agreement)))
    response = client.post(page_of(agreement), posted(reader=reader.email, purpose="Mentor i vår"))
    assert response.status_code == 403
    assert "Mentor i vår" in text_of(response)
    assert agreement.shares.count() == 1


class TestWithoutARecentSignIn:
    def test_one_is_asked_who_one_is_first(self, agreement, as_user, page_of):
        response = as_user(agreement.leader, recent=False).get(page_of(agreement))
        assert response.status_code == 302
        assert page_of(agreement) in response["Location"]

    def test_what_was_typed_comes_back_to_be_sent_again(self, agreement, reader, as_user, page_of, posted):
        client = as_user(agreement.leader, recent=False)
        fields = posted(reader=reader.email, purpose="Mentor i vår")
        response = client.post(page_of(agreement), fields)
        assert response.status_code == 403
        page = text_of(response)
        assert not Share.objects.exists()
        for name, value in fields.items():
            assert f'name="{name}" value="{value}"' in page
        shown = page.partition('id="typed"')[2]
        assert "Mentor i vår" in shown
        assert PRIVATE_SECTION not in shown  # an id is nothing to read

    def test_a_session_that_has_expired_loses_nothing(self, agreement, reader, client, page_of, posted):
        response = client.post(page_of(agreement), posted(reader=reader.email, purpose="Mentor i vår"))
        assert response.status_code == 401
        assert "Mentor i vår" in text_of(response)

    def test_an_old_page_loses_nothing(self, agreement, reader, page_of, posted):
        from django.test import Client

        strict = Client(enforce_csrf_checks=True)
        strict.force_login(agreement.leader)
        response = strict.post(page_of(agreement), posted(reader=reader.email, purpose="Mentor i vår"))
        assert response.status_code == 403
        assert "Mentor i vår" in text_of(response)
        assert not Share.objects.exists()


def test_a_stranger_finds_no_page(agreement, reader, as_user, page_of, posted):
    share(agreement, reader)
    for person in (reader, make_user(is_superuser=True), make_agreement().leader):
        client = as_user(person)
        assert client.get(page_of(agreement)).status_code == 404
        assert client.post(page_of(agreement), posted(reader=reader.email)).status_code == 404
    assert agreement.shares.count() == 1
