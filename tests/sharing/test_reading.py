"""What the reader is shown, and what a former superior has signed."""

import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from leder.agreements import actions, reading_log
from leder.agreements.answers import new_goal
from leder.agreements.models import Entry, Reading, Seal, Share
from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.sharing import actions as sharing
from tests.factories import (
    FOLLOW_UP_SECTION,
    PRIVATE_SECTION,
    SECTION,
    bring_to,
    lapse,
    leave_office,
    make_agreement,
    make_user,
    propose,
    share,
)

pytestmark = pytest.mark.django_db
LIST = "/leder/delt/"


def text_of(response):
    return response.content.decode()


def write(agreement, section=PRIVATE_SECTION, **payload):
    whole = {"note": "", "answers": {}, "choices": [], "goals": [], **payload}
    actions.save_section(
        actor=agreement.leader, agreement=agreement, section_id=section, version=0, payload=whole
    )


def address(share):
    return reverse("leder:shared", args=[share.uuid])


def record_of(agreement):
    return reverse("leder:signed_record", args=[agreement.uuid])


def links_into_the_agreement(page):
    return "/leder/avtale/" in page


class TestWhatIsShared:
    def test_the_text_says_who_for_what_and_until_when(self, agreement, reader, as_user):
        write(
            agreement,
            note="Jeg øver på å lytte",
            choices=[{"id": "expectation-1", "stance": "strength", "why": "Folk kommer til meg"}],
            goals=[new_goal(goal="Spørre før jeg svarer", due="2027-09-01")],
        )
        write(agreement, SECTION, note="Noe annet")
        agreed = share(agreement, reader, purpose="Lønnssamtale")
        page = text_of(as_user(reader).get(address(agreed)))
        for words in (
            "Lars Leder",
            "Siri Overordnet",
            "Lønnssamtale",
            "Ledelsesutvikling",
            "Jeg øver på å lytte",
            "Setter innbyggeren først",
            "Folk kommer til meg",
            "Spørre før jeg svarer",
        ):
            assert words in page
        assert "Noe annet" not in page
        assert not links_into_the_agreement(page)
        assert page.count("<form") == text_of(as_user(reader).get(LIST)).count("<form")  # the frame's own

    def test_never_a_preparation_or_a_comment(self, agreement, reader, as_user):
        prepared = {"note": "Forberedt", "answers": {}, "choices": [], "goals": []}
        for person in (agreement.leader, agreement.superior):
            conversing.save_preparation(
                actor=person,
                agreement=agreement,
                section_id=PRIVATE_SECTION,
                version=0,
                payload=prepared,
            )
        bring_to(agreement, State.DISCUSSED)
        actions.add_comment(
            actor=agreement.superior, agreement=agreement, section_id=PRIVATE_SECTION, text="Kommentert"
        )
        write(agreement, note="Skrevet sammen")
        for section in (PRIVATE_SECTION, ""):
            page = text_of(as_user(reader).get(address(share(agreement, reader, section_id=section))))
            assert "Skrevet sammen" in page
            assert "Forberedt" not in page
            assert "Kommentert" not in page

    def test_the_whole_has_every_section_and_what_comes_later(self, reader, as_user):
        agreement = make_agreement()
        goal = new_goal(goal="Spørre før jeg svarer")
        write(agreement, goals=[goal])
        write(agreement, SECTION, note="Noe annet")
        agreed = share(agreement, reader, section_id="")
        client = as_user(reader)
        page = text_of(client.get(address(agreed)))
        assert "Noe annet" in page
        assert ">Oppfølging</h2>" not in page
        bring_to(agreement, State.SIGNED)
        write(agreement, FOLLOW_UP_SECTION, note="Nye oppgaver")
        actions.save_progress(
            actor=agreement.superior,
            agreement=agreement,
            section_id=PRIVATE_SECTION,
            version=0,
            payload={
                "note": "Går bra",
                "goals": {goal["id"]: {"status": "started", "comment": "Godt i gang"}},
            },
        )
        page = text_of(client.get(address(agreed)))
        for words in ("Nye oppgaver", "Går bra", "Godt i gang"):
            assert words in page

    def test_nothing_written_yet_is_said(self, agreement, reader, as_user):
        page = text_of(as_user(reader).get(address(share(agreement, reader))))
        assert "leder-nothing" in page

    def test_what_does_not_open_is_said_and_shows_the_rest(self, agreement, reader, as_user):
        write(agreement, note="Borte")
        write(agreement, SECTION, note="Her")
        Entry.objects.filter(section_id=PRIVATE_SECTION).update(ciphertext=b"\x01" + b"0" * 600)
        response = as_user(reader).get(address(share(agreement, reader, section_id="")))
        assert response.status_code == 200
        damaged = {each.section.id for each in response.context["sections"] if each.is_damaged}
        assert damaged == {PRIVATE_SECTION}
        assert "Her" in text_of(response)

    @pytest.mark.parametrize("closed", ["proposed", "declined", "withdrawn", "lapsed", "forged", "deleted"])
    def test_closed_is_not_found_and_not_logged(self, closed, agreement, reader, as_user):
        write(agreement, note="Jeg øver på å lytte")
        if closed in ("proposed", "declined"):
            made = propose(agreement, reader)
            if closed == "declined":
                sharing.decline(actor=agreement.superior, share=made)
        else:
            made = share(agreement, reader)
        if closed == "withdrawn":
            sharing.withdraw(actor=agreement.leader, share=made)
        if closed == "lapsed":
            lapse(made)
        if closed == "forged":
            Share.objects.filter(pk=made.pk).update(section_id="")
        if closed == "deleted":
            agreement.text_deleted_at = timezone.now()
            agreement.save()
        client = as_user(reader)
        assert client.get(address(made)).status_code == 404
        assert list(client.get(LIST).context["shares"]) == []
        assert not Reading.objects.exists()

    def test_the_last_day_is_open(self, agreement, reader, as_user):
        today = share(agreement, reader, until=timezone.localdate())
        assert as_user(reader).get(address(today)).status_code == 200

    def test_it_asks_for_a_recent_sign_in_before_anything_is_shown(self, agreement, reader, as_user):
        write(agreement, note="Jeg øver på å lytte")
        agreed = share(agreement, reader)
        client = as_user(reader, recent=False)
        response = client.get(address(agreed))
        assert response.status_code == 302
        assert address(agreed) in response["Location"]
        assert not Reading.objects.exists()
        # The list says that there is something, not what for.
        assert "Ledelsesutvikling" in text_of(client.get(LIST))
        assert "Veiledning" not in text_of(client.get(LIST))

    def test_a_reading_stands_in_the_log_with_the_share(self, agreement, reader, as_user):
        write(agreement, note="Jeg øver på å lytte")
        agreed = share(agreement, reader)
        as_user(reader).get(address(agreed))
        line = Reading.objects.get()
        assert (line.reader, line.share, line.section_id, line.kind) == (
            reader,
            agreed,
            PRIVATE_SECTION,
            "answer",
        )
        assert reading_log.first_fault(agreement) is None
        page = text_of(as_user(agreement.leader).get(reverse("leder:readings", args=[agreement.uuid])))
        assert "Ragnhild Rådgiver" in page

    def test_one_withdrawn_while_the_page_is_made_is_not_found(self, agreement, reader, as_user):
        write(agreement, note="Jeg øver på å lytte")
        agreed = share(agreement, reader)
        client = as_user(reader)

        def withdraw_first(execute, sql, *arguments):
            # The reading begins a transaction of its own once the page has found the share.
            if sql.startswith("SAVEPOINT"):
                Share.objects.filter(pk=agreed.pk).update(status="withdrawn", mac="")
            return execute(sql, *arguments)

        with connection.execute_wrapper(withdraw_first):
            assert client.get(address(agreed)).status_code == 404
        assert not Reading.objects.exists()

    def test_denied_attempts_are_told_to_operators(self, agreement, reader, as_user, caplog):
        agreed = share(agreement, reader)
        stranger = make_user()
        as_user(stranger).get(address(agreed))
        assert f"user {stranger.pk}" in caplog.text
        assert str(agreement.uuid) in caplog.text
        caplog.clear()
        as_user(reader).get(address(agreed))
        assert "denied" not in caplog.text

    def test_one_who_is_no_longer_active_reads_nothing(self, agreement, reader, as_user):
        agreed = share(agreement, reader)
        reader.is_active = False
        assert list(Share.objects.visible_to(reader)) == []
        reader.save()
        assert as_user(agreement.leader).get(address(agreed)).status_code == 404


class TestTheSignedRecord:
    @pytest.fixture
    def signed(self):
        agreement = make_agreement()
        write(
            agreement,
            note="Jeg øver på å lytte",
            choices=[{"id": "expectation-1", "stance": "challenge", "why": "Jeg svarer for fort"}],
            goals=[new_goal(goal="Spørre før jeg svarer", due="2027-09-01")],
        )
        write(
            agreement,
            SECTION,
            choices=[{"id": "assignment-1", "contribution": "Vakter", "ambition": "", "expectations": ""}],
        )
        write(agreement, "s-work", answers={"s-work-q1": "Et svar"})
        bring_to(agreement, State.SIGNED)
        write(agreement, FOLLOW_UP_SECTION, note="Skrevet senere")
        return agreement

    def test_is_as_it_was_signed_and_no_more(self, signed, as_user):
        leave_office(signed)
        page = text_of(as_user(signed.superior).get(record_of(signed)))
        for words in (
            "Lars Leder",
            "Siri Overordnet",
            "Ledelsesutvikling",
            "Jeg øver på å lytte",
            "Setter innbyggeren først",
            "Jeg svarer for fort",
            "Spørre før jeg svarer",
            "Kortere ventetid",
            "Vakter",
            "Spørsmål 1?",
            "Et svar",
        ):
            assert words in page
        assert "Skrevet senere" not in page
        assert not links_into_the_agreement(page)

    def test_is_for_the_one_who_has_left_alone(self, signed, as_user):
        people = (signed.leader, signed.superior, make_user(is_superuser=True))
        for person in people:
            assert as_user(person).get(record_of(signed)).status_code == 404
        leave_office(signed)
        assert [as_user(person).get(record_of(signed)).status_code for person in people] == [404, 200, 404]

    def test_the_way_to_it_is_on_the_list(self, signed, as_user):
        client = as_user(signed.superior)
        assert record_of(signed) not in text_of(client.get(LIST))
        leave_office(signed)
        assert record_of(signed) in text_of(client.get(LIST))
        assert not links_into_the_agreement(text_of(client.get(LIST)))

    @pytest.mark.parametrize("state", [State.OPENED, State.DISCUSSED, State.SIGNING])
    def test_what_was_never_signed_by_both_is_closed(self, state, as_user):
        agreement = make_agreement(state=state)
        leave_office(agreement)
        client = as_user(agreement.superior)
        assert client.get(record_of(agreement)).status_code == 404
        assert client.get(reverse("leder:agreement", args=[agreement.uuid])).status_code == 404
        assert list(client.get(LIST).context["signed"]) == []

    def test_it_is_logged(self, signed, as_user):
        leave_office(signed)
        as_user(signed.superior).get(record_of(signed))
        line = Reading.objects.get(kind=Reading.Kind.RECORD)
        assert (line.reader, line.share) == (signed.superior, None)

    def test_it_asks_for_a_recent_sign_in(self, signed, as_user):
        leave_office(signed)
        response = as_user(signed.superior, recent=False).get(record_of(signed))
        assert response.status_code == 302
        assert record_of(signed) in response["Location"]

    @pytest.mark.parametrize("damage", ["seal", "key"])
    def test_what_does_not_open_is_said(self, damage, signed, as_user):
        leave_office(signed)
        if damage == "seal":
            Seal.objects.update(ciphertext=b"\x01" + b"0" * 600)
        else:
            signed.data_key.delete()
        response = as_user(signed.superior).get(record_of(signed))
        assert response.status_code == 200
        assert response.context["is_damaged"]
        assert "Jeg øver" not in text_of(response)

    def test_deleted_text_is_gone_here_too(self, signed, as_user):
        leave_office(signed)
        signed.text_deleted_at = timezone.now()
        signed.save()
        client = as_user(signed.superior)
        assert client.get(record_of(signed)).status_code == 404
        assert record_of(signed) not in text_of(client.get(LIST))


def test_min_side_has_a_quiet_way_to_it(reader, as_user):
    assert f'href="{LIST}"' in text_of(as_user(reader).get(reverse("leder:my_page")))


def test_an_empty_list_says_what_comes(reader, as_user):
    response = as_user(reader).get(LIST)
    assert response.status_code == 200
    assert "leder-empty" in text_of(response)


@pytest.mark.parametrize("many", [1, 30])
def test_the_price(many, reader, as_user, django_assert_max_num_queries):
    agreements = [make_agreement() for _number in range(many)]
    made = [share(agreement, reader) for agreement in agreements]
    # One text of 30 versions is one text; whole agreements have more.
    for agreement in agreements:
        write(agreement, note="Skrevet")
    whole = share(agreements[0], reader, section_id="", until=timezone.localdate() + dt.timedelta(days=3))
    client = as_user(reader)
    client.get(LIST)
    with django_assert_max_num_queries(13):
        assert len(client.get(LIST).context["shares"]) == many + 1
    for each in (made[-1], whole):
        client.get(address(each))
        with django_assert_max_num_queries(14):
            assert client.get(address(each)).status_code == 200
