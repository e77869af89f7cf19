"""What is written by hand in the database opens nothing, and `leder_verify` names it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from leder.agreements import actions, rules
from leder.agreements.access.grants import party_permission
from leder.agreements.models import (
    Agreement,
    AgreementUserObjectPermission,
    DataKey,
    Entry,
    Reading,
    Seal,
    SealHead,
    SealLink,
    Share,
    Version,
)
from leder.agreements.reading.current import open_texts
from leder.agreements.states import State
from leder.canonical import digest
from leder.conversations import actions as conversing
from leder.pages.editions import Edition
from tests.factories import (
    PRIVATE_SECTION,
    SECTION,
    YEAR,
    access_of,
    bring_to,
    make_agreement,
    make_user,
    opened_by,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement():
    agreement = make_agreement()
    for person, section in ((agreement.leader, SECTION), (agreement.superior, PRIVATE_SECTION)):
        actions.save_section(
            access_of(person, agreement),
            section_id=section,
            version=0,
            payload={"note": "Grågås", "answers": {}, "choices": [], "goals": []},
        )
        conversing.save_preparation(
            access_of(person, agreement),
            section_id=SECTION,
            version=0,
            payload={"note": f"Bare {person.pk}", "answers": {}, "choices": [], "goals": []},
        )
    return agreement


def told(**options):
    out = StringIO()
    try:
        call_command("leder_verify", stdout=out, **options)
    except CommandError:
        return out.getvalue().splitlines()
    assert "as the plugin wrote it" in out.getvalue()
    return []


def reads(person, agreement):
    visible = Agreement.objects.visible_to(person).filter(pk=agreement.pk).exists()
    texts = opened_by(person, agreement, kinds=Reading.Kind.values)
    return visible or bool(texts.answers or texts.preparations or texts.comments)


def test_nothing_is_found_where_nothing_is_wrong(agreement):
    make_agreement(state=State.FOLLOWED_UP)
    assert told(texts=True) == []


def test_a_grant_inserted_by_hand_opens_nothing_and_is_named(agreement):
    stranger = make_user()
    row = AgreementUserObjectPermission.objects.create(
        user=stranger, permission=party_permission(), content_object=agreement, role="superior"
    )
    Agreement.objects.filter(pk=agreement.pk).update(superior=stranger)
    assert not reads(stranger, agreement)
    lines = told()
    assert f"grants: row {row.pk} is not genuine (user {stranger.pk}, agreement {agreement.uuid})" in lines
    # And that the rightful superior's grant no longer fits, and nobody has known the stranger's account.
    assert len(lines) == 3
    assert f"known account: missing for user {stranger.pk}" in lines


def test_a_grant_copied_from_another_agreement_opens_nothing(agreement):
    other = make_agreement()
    own = AgreementUserObjectPermission.objects.get(content_object=other, role="superior")
    AgreementUserObjectPermission.objects.create(
        user=other.superior,
        permission=party_permission(),
        content_object=agreement,
        role="superior",
        mac=own.mac,
    )
    Agreement.objects.filter(pk=agreement.pk).update(superior=other.superior)
    assert not reads(other.superior, agreement)
    assert len(told()) == 2


def test_two_who_change_places_read_nothing(agreement):
    Agreement.objects.filter(pk=agreement.pk).update(leader=agreement.superior, superior=agreement.leader)
    assert not reads(agreement.leader, agreement)
    assert not reads(agreement.superior, agreement)
    assert len(told()) == 2


def test_a_ready_date_set_by_hand_opens_no_preparation(agreement):
    Agreement.objects.filter(pk=agreement.pk).update(
        leader_ready_at=timezone.now(), superior_ready_at=timezone.now(), state=State.PREPARED
    )
    fresh = Agreement.objects.get(pk=agreement.pk)
    assert not rules.preparations_are_open(fresh)
    texts = open_texts(access_of(agreement.superior, fresh), kinds=Reading.Kind.values)
    assert {role for role, _section in texts.preparations} == {"superior"}
    assert len(told()) == 2


def test_a_ready_date_moved_by_hand_no_longer_counts(agreement):
    for person in (agreement.leader, agreement.superior):
        conversing.mark_ready(access_of(person, agreement))
    Agreement.objects.filter(pk=agreement.pk).update(leader_ready_at=timezone.now())
    assert not rules.preparations_are_open(Agreement.objects.get(pk=agreement.pk))


def test_a_share_written_by_hand_opens_nothing_and_is_named(agreement):
    stranger = make_user()
    share = Share.objects.create(
        agreement=agreement,
        reader=stranger,
        purpose=b"",
        until=timezone.localdate(),
        status=Share.Status.AGREED,
        proposed_by=agreement.leader,
        proposed_at=timezone.now(),
        answered_at=timezone.now(),
    )
    assert not Share.objects.visible_to(stranger).exists()
    assert not rules.may_read_share(stranger, share)
    assert told() == [
        f"shares: row {share.pk} is not genuine (reader {stranger.pk}, agreement {agreement.uuid})",
        f"known account: missing for user {stranger.pk}",
    ]


def test_a_reading_taken_away_is_named(agreement):
    open_texts(access_of(agreement.superior, agreement), kinds=Reading.Kind.values)
    agreement.readings.order_by("number").last().delete()
    assert told() == [f"reading log: it does not end where its head says (agreement {agreement.uuid})"]


def test_a_data_key_of_another_agreement_is_named(agreement):
    other = make_agreement()
    DataKey.objects.filter(agreement=agreement).update(wrapped=bytes(other.data_key.wrapped))
    assert [line.split(":")[0] for line in told()] == ["data key"]


def test_texts_and_seals_that_were_changed_are_named():
    agreement = make_agreement(state=State.SIGNED)
    assert told(texts=True) == []
    Seal.objects.filter(agreement=agreement).update(sha256="0" * 64)
    expected = ["signatures", "signatures", f"chain of {YEAR}, link 2", "seal"]
    assert [line.split(":")[0] for line in told(texts=True)] == expected
    actions.save_section(
        access_of(agreement.leader, agreement),
        section_id="s-follow-up",
        version=0,
        payload={"note": "x", "answers": {}, "choices": [], "goals": []},
    )
    Entry.objects.filter(agreement=agreement).update(version=9)
    assert [line.split(":")[0] for line in told(texts=True)] == [*expected, "entry"]


def test_an_earlier_version_that_was_changed_is_named(agreement):
    opened_by(agreement.superior, agreement)
    assert told(texts=True) == []
    version = Version.objects.get()
    Version.objects.update(shown=False)
    assert [line.split(" does")[0] for line in told(texts=True)] == [f"version: {version.pk}"]


def test_a_signed_text_exchanged_for_an_earlier_one_is_shown_as_signed_and_named(as_user, url_of):
    agreement = make_agreement()
    old = _write(agreement, "Et tidligere ord")
    kept = bytes(old.ciphertext)
    _write(agreement, "Det de signerte", version=1)
    bring_to(agreement, State.SIGNED)
    client = as_user(agreement.leader)
    page = client.get(url_of("agreement", agreement)).content.decode()
    assert "Det de signerte" in page
    assert 'data-color="danger"' not in page
    # The earlier ciphertext is genuine, in its own place, with its own version.
    Entry.objects.filter(pk=old.pk).update(ciphertext=kept, version=1)
    page = client.get(url_of("agreement", agreement)).content.decode()
    assert "Et tidligere ord" not in page
    assert "Det de signerte" in page
    assert 'data-color="danger"' in page
    assert told(texts=True) == [
        f"text: section {SECTION} is not what was signed (agreement {agreement.uuid})"
    ]
    Entry.objects.filter(pk=old.pk).delete()
    assert "Det de signerte" in client.get(url_of("agreement", agreement)).content.decode()


def test_a_form_that_says_another_part_is_private_is_named():
    agreement = make_agreement(state=State.SIGNED)
    form = agreement.form_edition
    parts = [{**part, "private": False} if "private" in part else part for part in form.parts]
    content = {**form.content, "parts": parts}
    named = f"editions: row {form.pk} is not genuine (page None)"
    Edition._base_manager.filter(pk=form.pk).update(content=content)
    assert told() == [named]
    # With a digest that fits it is told by what was signed, too.
    Edition._base_manager.filter(pk=form.pk).update(sha256=digest(content))
    assert told() == [named, f"edition: another than what was signed (agreement {agreement.uuid})"]


def test_the_date_of_signing_taken_away_is_named():
    agreement = make_agreement(state=State.SIGNED)
    Agreement.objects.update(signed_at=None, state=State.DISCUSSED)
    told_of = [f"seal: both have signed, and the date of it is missing (agreement {agreement.uuid})"]
    assert told(texts=True) == told_of


def test_a_seal_taken_away_is_told(as_user, url_of):
    agreement = make_agreement(state=State.SIGNED)
    SealLink.objects.all().delete()
    SealHead.objects.all().delete()
    Seal.objects.filter(agreement=agreement).delete()
    assert (
        'data-color="danger"'
        in as_user(agreement.leader).get(url_of("agreement", agreement)).content.decode()
    )
    assert told(texts=True) == [f"seal: missing for the signed agreement {agreement.uuid}"]


def _write(agreement, note, version=0):
    return actions.save_section(
        access_of(agreement.leader, agreement),
        section_id=SECTION,
        version=version,
        payload={"note": note, "answers": {}, "choices": [], "goals": []},
    )
