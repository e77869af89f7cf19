"""No document leaves where something is missing, damaged or put in by hand: it would say what the two have not."""

import pytest
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.actions.signing import standing_seal
from leder.agreements.models import Agreement, Entry, Seal, Share, Signature
from leder.agreements.reading.current import open_entry
from leder.agreements.reading.sealed import open_place
from leder.agreements.reading.why import open_why
from leder.agreements.states import State
from leder.documents import issuing
from leder.documents.following_up import follow_up_for_party
from leder.documents.issuing import NoDocument
from leder.documents.models import IssuedDocument
from leder.documents.variants import Variant
from leder.sharing import actions as sharing
from tests.factories import SECTION, access_of, bring_to, make_agreement, make_user, reopen, share

pytestmark = pytest.mark.django_db


def found(agreement, person):
    """As a page finds it."""
    return Agreement.objects.visible_to(person).with_status().get(pk=agreement.pk)


def whole(agreement):
    return issuing.document_for_party(
        access_of(agreement.leader, found(agreement, agreement.leader)), Variant.WHOLE
    )


def follow_up(agreement):
    return follow_up_for_party(access_of(agreement.leader, found(agreement, agreement.leader)), Variant.WHOLE)


def shared_with(agreement):
    reader = make_user()
    return reader, share(agreement, reader, section_id="")


def none_leaves(give, *args, error=NoDocument, **kwargs):
    with pytest.raises(error):
        give(*args, **kwargs)
    assert not IssuedDocument.objects.exists()


def delete_text(agreement):
    Agreement.objects.filter(pk=agreement.pk).update(text_deleted_at=timezone.now())


def damage(rows):
    rows.update(ciphertext=b"\0" * 64)


class TestTextIsDeleted:
    def test_for_a_party(self, signed):
        delete_text(signed)
        none_leaves(whole, signed)
        none_leaves(follow_up, signed)

    def test_for_a_reader(self, signed):
        reader, shared = shared_with(signed)
        delete_text(signed)
        none_leaves(issuing.document_for_shared, reader=reader, share=Share.objects.get(pk=shared.pk))


class TestNothingStandsSigned:
    """The agreement says that it is signed, and no seal stands."""

    def test_for_a_party(self, signed):
        Seal.objects.update(voided_at=timezone.now())
        none_leaves(whole, signed)
        none_leaves(follow_up, signed)

    def test_for_a_reader(self, signed):
        reader, shared = shared_with(signed)
        Seal.objects.update(voided_at=timezone.now())
        none_leaves(issuing.document_for_shared, reader=reader, share=Share.objects.get(pk=shared.pk))

    def test_for_a_follow_up_that_nobody_confirmed(self, written):
        signed = bring_to(written, State.FOLLOWED_UP)
        Signature.objects.filter(seal__kind=Seal.Kind.FOLLOW_UP).delete()
        none_leaves(follow_up, signed)


class TestItDoesNotOpen:
    def test_a_draft(self, written):
        reader, shared = shared_with(written)
        damage(Entry.objects.filter(section_id=SECTION))
        none_leaves(whole, written)
        none_leaves(issuing.document_for_shared, reader=reader, share=Share.objects.get(pk=shared.pk))

    def test_a_follow_up(self, signed):
        progress = {"note": "Godt i gang", "goals": {}}
        access = access_of(signed.leader, signed)
        actions.save_progress(access, section_id=SECTION, version=0, payload=progress)
        damage(Entry.objects.filter(kind=Entry.Kind.PROGRESS))
        none_leaves(follow_up, signed)

    def test_what_was_agreed_beside_a_follow_up(self, written):
        signed = bring_to(written, State.FOLLOWED_UP)
        damage(Seal.objects.filter(kind=Seal.Kind.AGREEMENT))
        none_leaves(follow_up, signed)

    def test_what_was_signed_before(self, signed):
        reopen(signed)
        seal = Seal.objects.get()
        damage(Seal.objects.all())
        seal.refresh_from_db()
        leader = signed.leader
        none_leaves(
            issuing.document_for_earlier,
            reader=leader,
            agreement=found(signed, leader),
            variant=Variant.WHOLE,
            seal=seal,
        )

    def test_what_a_superior_has_left(self, signed):
        damage(Seal.objects.all())
        none_leaves(
            issuing.document_for_former, reader=signed.superior, agreement=signed, variant=Variant.WHOLE
        )


class TestWhoeverAsks:
    """The views find the rows for those who may see them; what they call asks again."""

    def test_one_who_has_not_left_is_no_former_superior(self, signed):
        none_leaves(
            issuing.document_for_former, reader=signed.superior, agreement=signed, variant=Variant.WHOLE
        )

    def test_a_stranger_is_given_nothing_signed_before(self, signed):
        reopen(signed)
        none_leaves(
            issuing.document_for_earlier,
            reader=make_user(),
            agreement=signed,
            variant=Variant.WHOLE,
            seal=Seal.objects.get(),
        )

    def test_a_share_that_was_withdrawn_meanwhile(self, written):
        reader, shared = shared_with(written)
        sharing.withdraw(
            access_of(written.leader, written),
            Share.objects.get(pk=shared.pk),
        )
        none_leaves(issuing.document_for_shared, reader=reader, share=shared, error=PermissionError)

    def test_an_entry_a_purpose_and_a_signature(self, signed):
        reader, shared = shared_with(signed)
        stranger = make_user()
        entry = signed.entries.get(section_id=SECTION)
        assert open_entry(access_of(signed.leader, signed), entry) is not None
        other = make_agreement()
        assert open_entry(access_of(other.leader, other), entry) is None
        assert open_why(reader, shared)
        assert open_why(stranger, shared) is None
        signature = standing_seal(signed, Seal.Kind.AGREEMENT).signatures.first()
        assert open_place(access_of(signed.leader, signature.seal.agreement), signature) != ""
        assert open_place(access_of(other.leader, other), signature) == ""


def test_whole_documents_do_leave():
    """Otherwise the refusals above would say little."""
    agreement = bring_to(make_agreement(), State.FOLLOWED_UP)
    assert whole(agreement).startswith(b"%PDF-")
    assert follow_up(agreement).startswith(b"%PDF-")
