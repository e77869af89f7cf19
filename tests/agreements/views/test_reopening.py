"""The page where two open again what they signed: what it shows in each state, and that nothing typed is lost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.models import Seal
from leder.agreements.states import State, Step, advance
from leder.agreements.views.guard.recent import SESSION_KEY
from leder.conversations import actions as conversing
from tests.clock import LONG_AGO
from tests.concurrency.lives import save
from tests.factories import (
    PRIVATE_SECTION,
    access_of,
    bring_to,
    confirm,
    leave_office,
    make_agreement,
    make_user,
    propose_reopening,
    reopen,
    sign,
)

pytestmark = pytest.mark.django_db
REASON = "Ny rolle fra mai <b>æ</b>"
SHOWN = "Ny rolle fra mai &lt;b&gt;æ&lt;/b&gt;"


@pytest.fixture
def agreement(db):
    agreement = make_agreement()
    save(agreement, agreement.leader, "Det som ble signert", section=PRIVATE_SECTION)
    return bring_to(agreement, State.SIGNED)


def text_of(response):
    return response.content.decode()


def standing(agreement):
    return str(agreement.seals.get(kind=Seal.Kind.AGREEMENT, voided_at=None).uuid)


def stale(person):
    client = Client()
    client.force_login(person)
    session = client.session
    session[SESSION_KEY] = LONG_AGO
    session.save()
    return client


def act_on(agreement, act):
    return reverse(f"leder:reopening_{act}", args=[agreement.uuid, agreement.reopenings.latest("pk").uuid])


def test_one_proposes_the_other_agrees_and_both_go_on(agreement, as_user, url_of):
    page = url_of("reopening", agreement)
    leader, superior = as_user(agreement.leader), as_user(agreement.superior)
    first = text_of(leader.get(page))
    assert f'name="seal" value="{standing(agreement)}"' in first
    posted = leader.post(page, {"reason": REASON, "seal": standing(agreement)})
    assert (posted.status_code, posted["Location"]) == (302, page)
    for client, act in ((leader, "withdraw"), (superior, "consent")):
        shown = text_of(client.get(page))
        assert SHOWN in shown
        assert act_on(agreement, act) in shown
        assert 'name="reason"' not in shown
    done = superior.post(act_on(agreement, "consent"))
    assert done["Location"] == url_of("agreement", agreement)
    agreement.refresh_from_db()
    assert agreement.state == State.DISCUSSED
    seal = agreement.reopenings.get().seal
    for client in (leader, superior):
        after = text_of(client.get(page))
        assert SHOWN in after
        way = url_of("earlier_seal", agreement, seal.uuid)
        assert way in after
        record = text_of(client.get(way))
        assert "Det som ble signert" in record
        assert seal.sha256 in record
        assert "Lørenskog" in record


def test_the_way_there_is_where_the_signatures_are(agreement, as_user, url_of):
    here = f'href="{url_of("reopening", agreement)}"'
    client = as_user(agreement.leader)
    for name in ("agreement", "sign"):
        assert here in text_of(client.get(url_of(name, agreement)))
    unsigned = make_agreement(state=State.DISCUSSED)
    for name in ("agreement", "sign"):
        page = text_of(as_user(unsigned.leader).get(url_of(name, unsigned)))
        assert url_of("reopening", unsigned) not in page
    reopen(agreement)
    for name in ("agreement", "sign"):
        assert here in text_of(client.get(url_of(name, agreement)))


@pytest.mark.parametrize("state", [State.DISCUSSED, State.FOLLOWED_UP])
def test_where_it_can_not_be_the_page_says_why_and_keeps_what_was_typed(state, as_user, url_of):
    agreement = make_agreement(state=state)
    client, page = as_user(agreement.leader), url_of("reopening", agreement)
    assert 'name="reason"' not in text_of(client.get(page))
    refused = client.post(page, {"reason": REASON, "seal": "x"})
    assert refused.status_code == 403
    assert SHOWN in text_of(refused)
    assert not agreement.reopenings.exists()


class TestWhatWasTyped:
    def test_comes_back_when_there_is_no_reason(self, agreement, as_user, url_of):
        answer = as_user(agreement.leader).post(url_of("reopening", agreement), {"seal": standing(agreement)})
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in text_of(answer)
        assert not agreement.reopenings.exists()

    def test_comes_back_when_it_is_too_long(self, agreement, as_user, url_of):
        typed = REASON + "å" * 20_000
        answer = as_user(agreement.leader).post(
            url_of("reopening", agreement), {"reason": typed, "seal": standing(agreement)}
        )
        assert answer.status_code == 422
        assert SHOWN in text_of(answer)

    def test_comes_back_from_an_old_page_with_what_stands_now(self, agreement, as_user, url_of):
        old = standing(agreement)
        reopen(agreement)
        for person in (agreement.leader, agreement.superior):
            sign(agreement, person)
        answer = as_user(agreement.leader).post(
            url_of("reopening", agreement), {"reason": REASON, "seal": old}
        )
        assert answer.status_code == 422
        assert SHOWN in text_of(answer)
        assert f'name="seal" value="{standing(agreement)}"' in text_of(answer)
        assert not agreement.reopenings.filter(status="proposed").exists()

    def test_comes_back_when_the_other_was_first(self, agreement, as_user, url_of):
        propose_reopening(agreement, by=agreement.superior, reason="Den andres grunn")
        answer = as_user(agreement.leader).post(
            url_of("reopening", agreement), {"reason": REASON, "seal": standing(agreement)}
        )
        assert answer.status_code == 422
        assert SHOWN in text_of(answer)
        assert "Den andres grunn" in text_of(answer)
        assert agreement.reopenings.count() == 1

    def test_comes_back_without_a_recent_sign_in(self, agreement, url_of):
        client, page = stale(agreement.leader), url_of("reopening", agreement)
        assert page in client.get(page)["Location"]
        answer = client.post(page, {"reason": REASON, "seal": standing(agreement)})
        assert answer.status_code == 403
        shown = text_of(answer)
        assert SHOWN in shown
        assert f'name="seal" value="{standing(agreement)}"' in shown
        assert standing(agreement) not in shown.partition('id="typed"')[2]
        assert not agreement.reopenings.exists()

    def test_comes_back_from_a_session_that_has_expired(self, agreement, client, url_of):
        answer = client.post(url_of("reopening", agreement), {"reason": REASON, "seal": standing(agreement)})
        assert answer.status_code == 401
        assert SHOWN in text_of(answer)

    def test_comes_back_from_a_page_that_had_become_too_old(self, agreement, url_of):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(agreement.leader)
        answer = strict.post(url_of("reopening", agreement), {"reason": REASON, "seal": standing(agreement)})
        assert answer.status_code == 403
        assert SHOWN in text_of(answer)
        assert not agreement.reopenings.exists()


class TestAnswering:
    def test_asks_who_one_is(self, agreement, url_of):
        propose_reopening(agreement)
        for act in ("consent", "decline"):
            answer = stale(agreement.superior).post(act_on(agreement, act))
            assert answer.status_code == 302
            assert url_of("reopening", agreement) in answer["Location"]
        agreement.refresh_from_db()
        assert agreement.state == State.SIGNED
        assert agreement.reopenings.get().status == "proposed"

    def test_is_not_for_the_one_who_proposed(self, agreement, as_user, url_of):
        propose_reopening(agreement)
        for act, person in (
            ("consent", agreement.leader),
            ("decline", agreement.leader),
            ("withdraw", agreement.superior),
        ):
            assert as_user(person).post(act_on(agreement, act)).status_code == 403
        assert agreement.reopenings.get().status == "proposed"

    def test_of_what_has_changed_shows_how_it_stands(self, agreement, as_user, url_of):
        proposal = propose_reopening(agreement)
        actions.withdraw_reopening(access_of(agreement.leader, proposal.agreement), proposal)
        client = as_user(agreement.superior)
        answer = client.post(act_on(agreement, "consent"), follow=True)
        assert answer.redirect_chain == [(url_of("reopening", agreement), 302)]
        assert len(answer.context["messages"]) == 1
        agreement.refresh_from_db()
        assert agreement.state == State.SIGNED

    @pytest.mark.parametrize(("act", "by"), [("decline", "superior"), ("withdraw", "leader")])
    def test_no_leaves_what_is_signed(self, act, by, agreement, as_user, url_of):
        propose_reopening(agreement, reason=REASON)
        client = as_user(getattr(agreement, by))
        answer = client.post(act_on(agreement, act), follow=True)
        agreement.refresh_from_db()
        assert agreement.state == State.SIGNED
        shown = text_of(answer)
        # One can propose again, and sees what came of it.
        assert SHOWN in shown
        assert 'name="reason"' in shown

    def test_tells_that_a_confirmation_will_not_count(self, agreement, as_user, url_of):
        page = url_of("reopening", agreement)
        before = text_of(as_user(agreement.superior).get(page)).count("<li>")
        conversing.hold(access_of(agreement.superior, agreement), held_on=timezone.localdate())
        confirm(agreement, agreement.leader)
        assert text_of(as_user(agreement.superior).get(page)).count("<li>") == before + 1


class TestWhatWasSignedBefore:
    def test_does_not_open_says_so(self, agreement, as_user, url_of):
        seal = reopen(agreement).seal
        Seal.objects.filter(pk=seal.pk).update(ciphertext=b"\x01" + b"x" * 60)
        page = text_of(as_user(agreement.leader).get(url_of("earlier_seal", agreement, seal.uuid)))
        assert 'data-color="danger"' in page
        assert "Det som ble signert" not in page

    def test_is_read_on_by_a_superior_who_has_left(self, agreement, as_user, url_of):
        seal = reopen(agreement).seal
        client, way = as_user(agreement.superior), url_of("earlier_seal", agreement, seal.uuid)
        listed = reverse("leder:shared_with_me")
        assert way not in text_of(client.get(listed))
        leave_office(agreement)
        assert client.get(url_of("reopening", agreement)).status_code == 404
        assert way in text_of(client.get(listed))
        page = text_of(client.get(way))
        assert "Det som ble signert" in page
        # Where the two were is the two's; nothing leads into the agreement.
        assert "Lørenskog, " not in page.partition("<main")[2]
        assert f'href="{url_of("agreement", agreement)}"' not in page

    def test_is_nobody_elses(self, agreement, as_user, url_of):
        seal = reopen(agreement).seal
        way = url_of("earlier_seal", agreement, seal.uuid)
        for person in (make_user(), make_user(is_superuser=True), make_agreement().leader):
            assert as_user(person).get(way).status_code == 404

    def test_is_only_what_was_opened_again(self, agreement, as_user, url_of):
        way = url_of("earlier_seal", agreement, standing(agreement))
        assert as_user(agreement.leader).get(way).status_code == 404


def test_the_page_costs_the_same_with_many(agreement, as_user, url_of):
    client, page = as_user(agreement.leader), url_of("reopening", agreement)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    def again(times):
        for _number in range(times):
            reopen(agreement)
            for person in (agreement.leader, agreement.superior):
                sign(agreement, person)
            declined = propose_reopening(agreement)
            actions.decline_reopening(access_of(agreement.superior, declined.agreement), declined)

    again(1)
    cost()
    one = cost()
    again(4)
    assert cost() == one
    assert one <= 13


@pytest.mark.parametrize("step", [Step.REPLACE, Step.END])
def test_what_was_signed_before_can_be_read_when_all_is_over(step, agreement, as_user, url_of):
    seal = reopen(agreement).seal
    for person in (agreement.leader, agreement.superior):
        sign(agreement, person)
    agreement.refresh_from_db()
    advance(agreement, step)
    for person in (agreement.leader, agreement.superior):
        client = as_user(person)
        assert url_of("earlier_seal", agreement, seal.uuid) in text_of(
            client.get(url_of("reopening", agreement))
        )
        assert client.get(url_of("earlier_seal", agreement, seal.uuid)).status_code == 200
