"""What the one it is shared with is shown, and nobody else."""

import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.answers import new_goal
from leder.agreements.models import Entry, Reading, Share
from leder.agreements.reading import log as reading_log
from leder.agreements.states import State
from leder.agreements.vault.bindings import entry_binding
from leder.agreements.vault.cipher import cipher_of
from leder.conversations import actions as conversing
from leder.sharing import actions as sharing
from tests.factories import (
    FOLLOW_UP_SECTION,
    PRIVATE_SECTION,
    SECTION,
    access_of,
    bring_to,
    lapse,
    make_agreement,
    make_user,
    propose,
    share,
)
from tests.sharing.pages import LIST, links_into_the_agreement, text_of, write

pytestmark = pytest.mark.django_db


def address(share):
    return reverse("leder:shared", args=[share.uuid])


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
                access_of(person, agreement), section_id=PRIVATE_SECTION, version=0, payload=prepared
            )
        bring_to(agreement, State.DISCUSSED)
        actions.add_comment(
            access_of(agreement.superior, agreement), section_id=PRIVATE_SECTION, text="Kommentert"
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
            access_of(agreement.superior, agreement),
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

    def test_what_was_changed_after_signing_is_shown_as_signed_and_said(self, reader, as_user):
        agreement = make_agreement()
        write(agreement, note="Som signert")
        bring_to(agreement, State.SIGNED)
        client, agreed = as_user(reader), share(agreement, reader)
        assert not client.get(address(agreed)).context["sections"][0].is_altered
        entry = agreement.entries.get(section_id=PRIVATE_SECTION)
        changed = {"note": "Byttet ut", "answers": {}, "choices": [], "goals": []}
        entry.ciphertext = cipher_of(agreement).seal(changed, *entry_binding(entry))
        entry.save()
        response = client.get(address(agreed))
        assert response.context["sections"][0].is_altered
        assert "Som signert" in text_of(response)
        assert "Byttet ut" not in text_of(response)

    @pytest.mark.parametrize("closed", ["proposed", "declined", "withdrawn", "lapsed", "forged", "deleted"])
    def test_closed_is_not_found_and_not_logged(self, closed, agreement, reader, as_user):
        write(agreement, note="Jeg øver på å lytte")
        if closed in ("proposed", "declined"):
            made = propose(agreement, reader)
            if closed == "declined":
                sharing.decline(access_of(agreement.superior, made.agreement), made)
        else:
            made = share(agreement, reader)
        if closed == "withdrawn":
            sharing.withdraw(access_of(agreement.leader, made.agreement), made)
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
                Share._base_manager.filter(pk=agreed.pk).update(status="withdrawn", mac="")
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
