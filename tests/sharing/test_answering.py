"""The page of the two: what is shared, what waits, and the buttons."""

import pytest
from django.urls import reverse

from leder.agreements.models import Share
from leder.sharing import actions
from tests.factories import (
    PRIVATE_SECTION,
    SECTION,
    access_of,
    lapse,
    make_agreement,
    make_user,
    propose,
    share,
)

pytestmark = pytest.mark.django_db


def text_of(response):
    return response.content.decode()


def button(name, share):
    return reverse(f"leder:share_{name}", args=[share.agreement.uuid, share.uuid])


def test_the_other_answers_and_the_proposer_waits(agreement, reader, as_user, page_of):
    proposal = propose(agreement, reader, purpose="Lønnssamtale")
    mine, others = (
        text_of(as_user(person).get(page_of(agreement))) for person in (agreement.leader, agreement.superior)
    )
    assert button("withdraw", proposal) in mine
    assert button("consent", proposal) not in mine
    assert button("decline", proposal) not in mine
    assert button("consent", proposal) in others
    assert button("decline", proposal) in others
    assert button("withdraw", proposal) not in others
    for page in (mine, others):
        assert "Lønnssamtale" in page
        assert "Ragnhild Rådgiver" in page
        assert "Ledelsesutvikling" in page


def test_what_is_shared_is_said_with_whom_for_what_until_when_and_by_whom(
    agreement, reader, as_user, page_of
):
    agreed = share(agreement, reader, purpose="Lønnssamtale", by=agreement.superior)
    for person in (agreement.leader, agreement.superior):
        page = text_of(as_user(person).get(page_of(agreement)))
        row = page[page.index(f'id="p-{agreed.pk}"') :].partition("</article>")[0]
        for words in ("Ledelsesutvikling", "Ragnhild Rådgiver", "Lønnssamtale", agreed.until.isoformat()):
            assert words in row
        assert "Siri Overordnet" in row
        assert "Lars Leder" in row
        assert button("withdraw", agreed) in row


@pytest.mark.parametrize(
    ("act", "status"), [("consent", "agreed"), ("decline", "declined"), ("withdraw", "withdrawn")]
)
def test_a_button_does_what_it_says(act, status, agreement, reader, as_user, page_of):
    proposal = propose(agreement, reader)
    person = agreement.leader if act == "withdraw" else agreement.superior
    response = as_user(person).post(button(act, proposal), follow=True)
    assert response.redirect_chain == [(page_of(agreement), 302)]
    proposal.refresh_from_db()
    assert proposal.status == status
    assert len(list(response.context["messages"])) == 1


@pytest.mark.parametrize(
    ("act", "role"), [("consent", "leader"), ("decline", "leader"), ("withdraw", "superior")]
)
def test_who_may_not_changes_nothing(act, role, agreement, reader, as_user):
    proposal = propose(agreement, reader)
    before = Share.objects.filter(pk=proposal.pk).values().get()
    assert as_user(getattr(agreement, role)).post(button(act, proposal)).status_code == 403
    assert Share.objects.filter(pk=proposal.pk).values().get() == before


@pytest.mark.parametrize("act", ["consent", "decline", "withdraw"])
def test_a_share_is_reached_through_its_own_agreement_only(act, agreement, reader, as_user):
    proposal, elsewhere = propose(agreement, reader), make_agreement()
    address = reverse(f"leder:share_{act}", args=[elsewhere.uuid, proposal.uuid])
    for person in (elsewhere.leader, elsewhere.superior):
        assert as_user(person).post(address).status_code == 404
    proposal.refresh_from_db()
    assert proposal.status == "proposed"


def test_what_has_changed_in_the_meantime_is_told_and_not_punished(agreement, reader, as_user, page_of):
    proposal = propose(agreement, reader)
    actions.withdraw(access_of(agreement.leader, proposal.agreement), proposal)
    for act in ("consent", "decline", "withdraw"):
        response = as_user(agreement.superior).post(button(act, proposal), follow=True)
        assert response.redirect_chain == [(page_of(agreement), 302)]
        assert [message.level_tag for message in response.context["messages"]] == ["warning"]
    proposal.refresh_from_db()
    assert proposal.status == "withdrawn"


def test_pressing_twice_is_no_error(agreement, reader, as_user, page_of):
    proposal = propose(agreement, reader)
    client = as_user(agreement.superior)
    for _time in range(2):
        assert client.post(button("consent", proposal)).status_code == 302
    assert Share.objects.get().status == "agreed"


@pytest.mark.parametrize("act", ["consent", "decline", "withdraw"])
def test_a_button_asks_for_a_recent_sign_in(act, agreement, reader, as_user, page_of):
    proposal = propose(agreement, reader)
    person = agreement.leader if act == "withdraw" else agreement.superior
    response = as_user(person, recent=False).post(button(act, proposal))
    assert response.status_code == 302
    assert response["Location"] != page_of(agreement)
    assert page_of(agreement) in response["Location"]
    proposal.refresh_from_db()
    assert proposal.status == "proposed"


def test_what_has_ended_is_listed_as_ended(agreement, as_user, page_of):
    people = [make_user(last_name=name) for name in ("Avslag", "Trukket", "Utløpt")]
    actions.decline(access_of(agreement.superior, agreement), propose(agreement, people[0]))
    actions.withdraw(access_of(agreement.superior, agreement), share(agreement, people[1]))
    lapse(share(agreement, people[2]))
    response = as_user(agreement.leader).get(page_of(agreement))
    assert (response.context["shared"], response.context["waiting"]) == ([], [])
    page = text_of(response)
    assert "leder:share" not in page
    assert page.count("/trekk/") == page.count("/godta/") == 0
    for name in ("Avslag", "Trukket", "Utløpt"):
        assert name in page


def test_a_row_by_hand_is_not_told_as_shared(agreement, reader, as_user, page_of):
    agreed = share(agreement, reader)
    Share.objects.filter(pk=agreed.pk).update(section_id="")
    assert as_user(agreement.leader).get(page_of(agreement)).context["shared"] == []


def test_the_title_names_nobody_and_nothing(agreement, reader, as_user, page_of):
    share(agreement, reader, purpose="Lønnssamtale")
    page = text_of(as_user(agreement.leader).get(page_of(agreement)))
    title = page.partition("<title>")[2].partition("</title>")[0]
    for words in ("Lønnssamtale", "Ragnhild", "Lars", "Ledelsesutvikling"):
        assert words not in title


class TestTheAgreementPage:
    def readers(self, agreement, as_user):
        response = as_user(agreement.leader).get(reverse("leder:agreement", args=[agreement.uuid]))
        sections = response.context["view"].sections
        return {
            key: [(reader.person, reader.until) for reader in each.readers[2:]]
            for key, each in sections.items()
        }, text_of(response)

    def test_a_section_names_those_it_is_shared_with(self, agreement, reader, as_user):
        agreed = share(agreement, reader)
        readers, page = self.readers(agreement, as_user)
        assert readers.pop(PRIVATE_SECTION) == [(reader, agreed.until)]
        assert set(map(tuple, readers.values())) == {()}
        box = page[page.index('id="about-2"') :].partition("</aside>")[0]
        assert "Ragnhild Rådgiver" in box

    def test_the_whole_counts_in_every_section_and_a_person_once(self, agreement, reader, as_user):
        share(agreement, reader)
        whole = share(agreement, reader, section_id="")
        readers, _page = self.readers(agreement, as_user)
        assert set(map(tuple, readers.values())) == {((reader, whole.until),)}

    def test_only_what_is_open_counts(self, agreement, as_user):
        propose(agreement, make_user())
        lapse(share(agreement, make_user()))
        actions.withdraw(
            access_of(agreement.leader, agreement),
            share(agreement, make_user()),
        )
        gone = share(agreement, make_user()).reader
        gone.is_active = False
        gone.save()
        forged = share(agreement, make_user(), section_id=SECTION)
        Share.objects.filter(pk=forged.pk).update(section_id="")
        readers, page = self.readers(agreement, as_user)
        assert set(map(tuple, readers.values())) == {()}

    def test_one_who_is_asked_sees_it(self, agreement, reader, as_user):
        propose(agreement, reader)
        for person, asked in ((agreement.leader, False), (agreement.superior, True)):
            response = as_user(person).get(reverse("leder:agreement", args=[agreement.uuid]))
            assert response.context["view"].is_asked_to_share is asked


@pytest.mark.parametrize("many", [1, 30])
def test_the_price(many, agreement, as_user, page_of, django_assert_max_num_queries):
    for _number in range(many):
        share(agreement, make_user())
        propose(agreement, make_user(), section_id=SECTION)
        actions.decline(
            access_of(agreement.superior, agreement),
            propose(agreement, make_user()),
        )
    client = as_user(agreement.superior)
    with django_assert_max_num_queries(14):  # five of them its own
        assert client.get(page_of(agreement)).status_code == 200
    with django_assert_max_num_queries(20):
        assert client.get(reverse("leder:agreement", args=[agreement.uuid])).status_code == 200
