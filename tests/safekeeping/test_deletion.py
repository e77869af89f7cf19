"""On the stated date the text is gone for good: from the pages, the database, and for one who holds every key."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.models import Agreement, DataKey, Entry, Event, Seal, Signature, Version
from leder.agreements.reading.current import open_texts
from leder.agreements.states import State
from leder.agreements.vault.cipher import Cipher, DamagedText, cipher_of
from leder.conversations import actions as conversing
from leder.conversations.models import Conversation
from leder.documents.issuing import document_for_party
from leder.documents.models import IssuedDocument, IssuedFile
from leder.documents.variants import Variant
from leder.organisation.importing.models import OrganisationFile
from leder.safekeeping import deletion
from leder.safekeeping.texts import TEXTS
from leder.safekeeping.verification import findings
from tests.agreements.versions import look, write
from tests.factories import (
    FOLLOW_UP_SECTION,
    SECTION,
    access_of,
    bring_to,
    confirm,
    make_agreement,
    make_user,
    propose,
    share,
)
from tests.safekeeping.written import write_one_of_each

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement():
    agreement = make_agreement()
    actions.save_section(
        access_of(agreement.leader, agreement),
        section_id=SECTION,
        version=0,
        payload={"note": "Grågås", "answers": {}, "choices": [], "goals": []},
    )
    return bring_to(agreement, State.SIGNED)


def due(agreement):
    return agreement.round.text_deleted_on


def test_nothing_is_deleted_before_the_date(agreement):
    assert deletion.delete_due_texts(today=due(agreement) - dt.timedelta(days=1)) == 0
    assert DataKey.objects.exists()


def test_on_the_date_text_is_gone_and_states_and_dates_stay(agreement):
    hashes = list(Seal.objects.values_list("sha256", flat=True))
    assert deletion.delete_due_texts(today=due(agreement)) == 1
    fresh = Agreement.objects.get(pk=agreement.pk)
    assert (fresh.state, fresh.signed_at, fresh.discussed_on) == (
        State.ENDED,
        agreement.signed_at,
        agreement.discussed_on,
    )
    assert fresh.text_deleted_at is not None
    assert fresh.events.filter(kind=Event.Kind.DELETED).count() == 1
    assert list(Seal.objects.values_list("sha256", flat=True)) == hashes
    assert not open_texts(access_of(agreement.leader, fresh)).answers
    with pytest.raises(DamagedText):
        cipher_of(fresh)
    assert list(findings(with_texts=True)) == []
    assert deletion.delete_due_texts(today=due(agreement)) == 0


def test_no_column_keeps_a_ciphertext(agreement):
    document_for_party(access_of(agreement.leader, agreement), Variant.WHOLE)
    deletion.delete_due_texts(today=due(agreement))
    with connection.cursor() as cursor:
        for model in (Entry, Seal, Signature, Conversation, IssuedFile, DataKey):
            columns = [
                field.column for field in model._meta.fields if field.get_internal_type() == "BinaryField"
            ]
            assert columns, model
            for column in columns:
                cursor.execute(f'SELECT "{column}" FROM "{model._meta.db_table}"')  # noqa: S608
                assert all(bytes(value) == b"" for (value,) in cursor.fetchall()), (model, column)


def test_every_kind_of_text_is_emptied(agreement):
    """One of each; a kind of text that somebody adds is missing here until there is one, and it is deleted too."""
    write_one_of_each(agreement)
    kept = {
        (model, field.attname)
        for model in apps.get_app_config("leder").get_models()
        for field in model._meta.fields
        if field.get_internal_type() == "BinaryField" and model not in (DataKey, OrganisationFile)
    }
    assert kept == {(store.model, store.column) for store in TEXTS}
    for model, column in kept:
        assert model._default_manager.exclude(**{column: b""}).exists(), (model, column)
    deletion.delete_due_texts(today=due(agreement))
    for model, column in kept:
        assert not model._default_manager.exclude(**{column: b""}).exists(), (model, column)
    # What has left is known for ever.
    assert IssuedDocument.objects.get().is_genuine
    assert list(findings(with_texts=True)) == []


def with_versions(agreement):
    """An agreement of the same round that is not signed, with an earlier version that both have seen."""
    other = make_agreement()
    write(other, other.leader, "Først")
    look(other, other.superior)
    write(other, other.leader, "Så")
    assert other.round == agreement.round
    return other


def test_earlier_versions_go_thirty_days_after_both_have_signed(agreement):
    unsigned, signed, ended = (with_versions(agreement) for _each in range(3))
    follow_up = bring_to(make_agreement(), State.SIGNED)
    write(follow_up, follow_up.leader, "Først", FOLLOW_UP_SECTION)
    look(follow_up, follow_up.superior)
    write(follow_up, follow_up.leader, "Så", FOLLOW_UP_SECTION)
    bring_to(signed, State.SIGNED)
    actions.end_agreement(agreement=ended, actor=None)
    left = Version.objects.values_list("agreement", flat=True)
    now = timezone.now()
    assert deletion.delete_due_versions(now=now + dt.timedelta(days=29)) == 0
    assert deletion.delete_due_versions(now=now + dt.timedelta(days=31)) == 2
    assert set(left.all()) == {unsigned.pk, follow_up.pk}
    conversing.hold(access_of(follow_up.superior, follow_up), held_on=timezone.localdate())
    for person in (follow_up.leader, follow_up.superior):
        confirm(follow_up, person)
    assert deletion.delete_due_versions(now=now + dt.timedelta(days=31)) == 1
    assert set(left.all()) == {unsigned.pk}
    assert list(findings(with_texts=True)) == []


def test_earlier_versions_go_with_the_text(agreement):
    unsigned = with_versions(agreement)
    deletion.delete_due_texts(today=due(agreement))
    assert not Version.objects.exists()
    assert Agreement.objects.get(pk=unsigned.pk).text_deleted_at is not None


def test_the_nightly_run_deletes_earlier_versions(agreement):
    signed = bring_to(with_versions(agreement), State.SIGNED)
    out = StringIO()
    with time_machine.travel(signed.signed_at + dt.timedelta(days=30), tick=False):
        call_command("leder_tidy", stdout=out)
    assert "Deleted 1 earlier versions" in out.getvalue()
    assert not Version.objects.exists()


def test_what_is_shared_or_proposed_ends_with_the_text(agreement):
    shares = [share(agreement, make_user()), propose(agreement, make_user())]
    deletion.delete_due_texts(today=due(agreement))
    for each in shares:
        each.refresh_from_db()
        assert (each.status, each.mac) == ("withdrawn", "")


def test_a_kept_ciphertext_opens_with_no_key_that_is_left(agreement, settings):
    entry = Entry.objects.get(kind="answer")
    kept = bytes(entry.ciphertext)
    deletion.delete_due_texts(today=due(agreement))
    from leder import conf

    # Not even with the wrapping keys themselves in hand.
    for key in conf.wrapping_keys():
        with pytest.raises(DamagedText):
            Cipher(agreement, key).open(kept, "answer", SECTION, "", entry.version)


def test_what_remains_is_found(agreement):
    Agreement.objects.update(text_deleted_at=agreement.opened_at)
    lines = list(deletion.remains())
    assert any(line.startswith("data key of agreement") for line in lines)
    assert any(line.startswith("entry") for line in lines)
    assert any(line.startswith("signature") for line in lines)


def test_the_page_says_so_and_can_be_read(agreement, as_user, url_of):
    day = due(agreement)
    page = as_user(agreement.leader).get(url_of("agreement", agreement)).content.decode()
    assert f"31. desember {day.year}" in page
    deletion.delete_due_texts(today=day)
    for name in ("agreement", "sign", "follow_up", "preparation", "readings", "conversations"):
        response = as_user(agreement.superior).get(url_of(name, agreement))
        assert response.status_code == 200, name
        assert "Grågås" not in response.content.decode()
