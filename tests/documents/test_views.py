"""Who is given the document, what stands in it for them, and what is noted of it."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from leder.agreements.models import Reading, Seal, Signature
from leder.agreements.states import State
from leder.documents.checking import Verdict, check
from leder.documents.models import IssuedDocument
from tests.documents.records import words_in
from tests.factories import FOLLOW_UP_SECTION, SECTION, bring_to, leave_office, make_agreement, make_user
from tests.pdf import attached_to, changed_by_hand, text_of
from tests.sharing.pages import write

pytestmark = pytest.mark.django_db


class TestWho:
    def test_both_parties_and_nobody_else(self, signed, fetch):
        strangers = (make_user(), make_user(is_superuser=True, is_staff=True))
        for person in (signed.leader, signed.superior):
            assert fetch(person, signed).status_code == 200
        for person in strangers:
            assert fetch(person, signed).status_code == 404
            assert fetch(person, signed, without_private=True).status_code == 404
        assert Client().get(reverse("leder:document", args=[signed.uuid])).status_code == 302
        assert Reading.objects.exclude(reader__in=[signed.leader, signed.superior]).count() == 0

    def test_a_recent_sign_in_is_asked_for(self, signed, fetch):
        for without_private in (False, True):
            response = fetch(signed.leader, signed, recent=False, without_private=without_private)
            assert response.status_code == 302
            assert "dokument.pdf" in response["Location"]
        assert not IssuedDocument.objects.exists()

    def test_it_is_read_only(self, signed, as_user):
        address = reverse("leder:document", args=[signed.uuid])
        assert as_user(signed.leader).post(address).status_code == 405

    def test_nobody_keeps_it_on_the_way(self, signed, fetch):
        response = fetch(signed.leader, signed)
        assert "no-store" in response["Cache-Control"]
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == 'attachment; filename="lederavtale-2027.pdf"'

    def test_the_way_to_it_is_on_the_page(self, signed, as_user):
        address = reverse("leder:document", args=[signed.uuid])
        client = as_user(signed.leader)
        pages = [
            client.get(reverse(f"leder:{name}", args=[signed.uuid])).content.decode()
            for name in ("agreement", "sign")
        ]
        assert all(f'"{address}"' in page for page in pages)
        assert f'"{address}?uten-private=1"' in pages[1]


class TestDraft:
    def test_shows_what_stands_now(self, written, fetch):
        text = text_of(fetch(written.leader, written).content)
        assert "Hemmelig nok" in text
        assert "Felles notat" in text
        assert "Draft" in text or "Utkast" in text

    def test_is_not_noted_as_issued(self, written, fetch):
        fetch(written.leader, written)
        assert not IssuedDocument.objects.exists()

    def test_with_one_signature_is_still_a_draft(self, written, fetch):
        bring_to(written, State.SIGNING)
        text = text_of(fetch(written.superior, written).content)
        assert "DRAFT" in text or "UTKAST" in text
        assert "Lørenskog" in text

    def test_without_private_sections(self, written, fetch):
        content = fetch(written.superior, written, without_private=True).content
        everything = text_of(content) + str(attached_to(content))
        assert "Felles notat" in everything
        assert "Hemmelig nok" not in everything
        assert "Spørre først" not in everything

    def test_is_logged_as_what_is_shown(self, written, fetch):
        fetch(written.superior, written, without_private=True)
        assert set(Reading.objects.values_list("section_id", flat=True)) == {SECTION}
        fetch(written.superior, written)
        assert Reading.objects.filter(reader=written.superior).count() == 2

    def test_what_does_not_open_makes_no_document(self, written, fetch):
        written.entries.update(ciphertext=b"\x01" + b"0" * 600)
        response = fetch(written.leader, written)
        assert response.status_code == 409
        assert "Hemmelig" not in response.content.decode()


class TestSigned:
    def test_is_the_sealed_record(self, signed, pdf):
        seal = signed.seals.get()
        record = attached_to(pdf)["record.json"]
        assert [part["written"]["note"] for part in record["sections"]] == [
            "Felles notat",
            "Hemmelig nok",
            "",
        ]
        text = text_of(pdf)
        assert "Spørre først" in text
        assert seal.sha256[:8] in text
        # An address may break after a hyphen.
        assert words_in(str(seal.uuid)) in words_in(text)

    def test_is_byte_for_byte_the_same_whatever_happens_later(self, signed, pdf, fetch):
        write(signed, FOLLOW_UP_SECTION, note="Skrevet senere")
        assert fetch(signed.superior, signed).content == pdf
        changed_by_hand("leder_edition", page_id=None, title="Et annet navn")
        type(signed).objects.update(state=State.REPLACED)
        assert fetch(signed.leader, signed).content == pdf
        assert IssuedDocument.objects.count() == 1

    def test_is_the_same_after_keys_are_exchanged(self, signed, pdf, fetch, settings):
        from tests.safekeeping.test_keys import NEW, run

        settings.LEDER_KEYS = [NEW, *settings.LEDER_KEYS]
        assert "issued documents: 1 made anew" in run("leder_keys", "rotate")
        settings.LEDER_KEYS = [NEW]
        assert fetch(signed.leader, signed).content == pdf

    def test_speaks_the_language_of_the_reader(self, signed, fetch, as_user):
        contents = set()
        for language in ("nb", "nn", "en"):
            with translation.override(language):
                client = as_user(signed.leader)
                client.cookies["django_language"] = language
                contents.add(client.get(reverse("leder:document", args=[signed.uuid])).content)
        assert len(contents) == 3
        assert set(IssuedDocument.objects.values_list("language", flat=True)) == {"nb", "nn", "en"}

    def test_without_private_sections(self, signed, fetch):
        content = fetch(signed.leader, signed, without_private=True).content
        everything = text_of(content) + str(attached_to(content))
        assert "Felles notat" in everything
        assert "Hemmelig nok" not in everything
        assert IssuedDocument.objects.get().variant == "without_private"

    def test_is_what_was_signed_where_the_text_was_changed_by_hand(self, signed, pdf, fetch):
        signed.entries.update(ciphertext=b"\x01" + b"0" * 600)
        assert fetch(signed.leader, signed).content == pdf

    @pytest.mark.parametrize("damage", ["seal", "hash", "signature", "form", "key"])
    def test_what_is_not_as_it_was_signed_makes_no_document(self, damage, signed, fetch):
        if damage == "seal":
            Seal.objects.update(ciphertext=b"\x01" + b"0" * 600)
        elif damage == "hash":
            Seal.objects.update(sha256="0" * 64)
        elif damage == "signature":
            Signature.objects.filter(role="leader").delete()
        elif damage == "form":
            edition = signed.form_edition
            edition.content["parts"][0]["html"] = "<p>Noe annet.</p>"
            changed_by_hand("leder_edition", content=json.dumps(edition.content))
        else:
            signed.data_key.delete()
        response = fetch(signed.leader, signed)
        assert response.status_code == 409
        assert "Hemmelig" not in response.content.decode()
        assert not IssuedDocument.objects.exists()

    def test_a_signature_put_in_by_hand_makes_no_document_that_looks_signed(self, written, fetch):
        bring_to(written, State.SIGNING)
        type(written).objects.update(signed_at=timezone.now(), state=State.SIGNED)
        row = Signature.objects.get()
        row.pk, row.role, row.signer = None, "superior", written.superior
        row.save()
        assert fetch(written.leader, written).status_code == 409
        assert not IssuedDocument.objects.exists()

    def test_deleted_text_makes_no_document(self, signed, fetch):
        type(signed).objects.update(text_deleted_at=timezone.now())
        assert fetch(signed.leader, signed).status_code == 410

    @pytest.mark.parametrize("state", [State.OPENED, State.SIGNED])
    def test_takes_a_fixed_number_of_queries(self, state, as_user, django_assert_max_num_queries):
        agreement = make_agreement(state=state)
        client = as_user(agreement.superior)
        address = reverse("leder:document", args=[agreement.uuid])
        client.get(address)
        with django_assert_max_num_queries(20):
            assert client.get(address).status_code == 200


class TestFormerSuperior:
    def test_gets_it_as_it_was_signed(self, signed, pdf, fetch):
        write(signed, FOLLOW_UP_SECTION, note="Skrevet senere")
        leave_office(signed)
        assert fetch(signed.superior, signed).status_code == 404
        content = fetch(signed.superior, signed, name="signed_document").content
        assert attached_to(content) == attached_to(pdf)
        assert check(content).verdict == Verdict.GENUINE
        # The places are the two's own.
        left_out = set(text_of(pdf).split()) - set(text_of(content).split())
        assert left_out == {"Lørenskog,", "Sted"}
        line = Reading.objects.get(kind=Reading.Kind.RECORD)
        assert line.reader == signed.superior

    def test_it_is_for_nobody_else(self, signed, fetch):
        people = (signed.leader, signed.superior, make_user(is_superuser=True))
        for person in people:
            assert fetch(person, signed, name="signed_document").status_code == 404
        leave_office(signed)
        given = [fetch(person, signed, name="signed_document").status_code for person in people]
        assert given == [404, 200, 404]
        assert fetch(signed.superior, signed, name="signed_document", recent=False).status_code == 302

    def test_nothing_comes_of_what_was_never_signed(self, written, fetch):
        leave_office(written)
        assert fetch(written.superior, written, name="signed_document").status_code == 404
