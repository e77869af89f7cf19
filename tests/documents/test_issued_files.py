"""What was issued is kept: later fetches give it as it was, to those who may read it, and nothing else in its place."""

import json

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from leder.agreements.models import Reading, Seal, Signature
from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.documents import content, issuing, register, typesetting
from leder.documents.checking import Verdict, check
from leder.documents.document import NoDocument
from leder.documents.models import IssuedDocument, IssuedFile
from leder.documents.variants import Variant
from leder.handover.consenting import consent
from leder.safekeeping import deletion
from leder.safekeeping.verification import findings
from leder.sharing import actions as sharing
from tests.documents.sealed import certificate_pem
from tests.factories import (
    PRIVATE_SECTION,
    access_of,
    confirm,
    leave_office,
    make_agreement,
    make_user,
    share,
)
from tests.handover.conftest import case_in
from tests.handover.writing import everything_before
from tests.pdf import all_of, changed_by_hand, text_of

pytestmark = pytest.mark.django_db
__all__ = ["case_in"]
PLACE = "Lørenskog, "


@pytest.fixture(autouse=True)
def certificate(settings, tmp_path):
    """The municipality's seal is made anew each time, and so tells a document that was."""
    file = tmp_path / "seal.pem"
    file.write_bytes(certificate_pem())
    settings.LEDER_SEAL_CERTIFICATE = str(file)


class TestStays:
    @pytest.mark.parametrize("change", ["organisation", "address", "catalogue", "program"])
    def test_whatever_the_program_says_later(self, change, signed, pdf, fetch, settings, monkeypatch):
        if change == "organisation":
            settings.LEDER_ORGANISATION = "Nye Eksempel kommune"
        elif change == "address":
            settings.WAGTAILADMIN_BASE_URL = "https://ny.example"
        elif change == "catalogue":
            words = content.labels
            monkeypatch.setattr(
                content, "labels", lambda **given: {**words(**given), "signatures": "Ordet i ny katalog"}
            )
        else:
            monkeypatch.setattr(typesetting, "typst", None)
            typesetting._compiler.cache_clear()
        assert fetch(signed.superior, signed).content == pdf
        assert IssuedDocument.objects.count() == IssuedFile.objects.count() == 1
        if change in ("organisation", "catalogue"):
            # What leaves for the first time is of today.
            anew = all_of(fetch(signed.leader, signed, without_private=True).content)
            assert "Ordet i ny katalog" in anew or "Nye Eksempel kommune" in anew

    def test_each_variant_and_language_by_itself(self, signed, fetch, as_user):
        def get(person, language, **query):
            client = as_user(person)
            client.cookies["django_language"] = language
            return client.get(reverse("leder:document", args=[signed.uuid], query=query)).content

        asked = [(language, query) for language in ("nb", "nn", "en") for query in ({}, {"uten-private": 1})]
        first = [get(signed.leader, language, **query) for language, query in asked]
        assert len(set(first)) == len(asked)
        assert [get(signed.superior, language, **query) for language, query in asked] == first
        assert IssuedFile.objects.count() == len(asked)
        assert list(findings(with_texts=True)) == []

    def test_each_fetch_is_logged(self, signed, pdf, fetch):
        def readings():
            return Reading.objects.filter(reader=signed.superior).count()

        now = timezone.now()
        seen = []
        for minutes in (1, 20, 40):
            with time_machine.travel(now + timezone.timedelta(minutes=minutes)):
                assert fetch(signed.superior, signed).content == pdf
                seen.append(readings())
        assert seen[0] > 0
        assert seen == [seen[0], 2 * seen[0], 3 * seen[0]]

    def test_as_ciphertext_whose_length_is_of_a_size_class(self, signed, pdf):
        kept = bytes(IssuedFile.objects.get().ciphertext)
        assert pdf[:8] not in kept
        assert pdf[1000:1016] not in kept
        # A version byte, a nonce and a tag.
        assert (len(kept) - 1 - 12 - 16) % 512 == 0
        assert 0 < len(kept) - len(pdf) < 600

    def test_until_its_text_is_deleted(self, signed, pdf, fetch):
        deletion.delete_texts([signed.pk])
        assert bytes(IssuedFile.objects.get().ciphertext) == b""
        assert fetch(signed.leader, signed).status_code == 410
        assert check(pdf).verdict == Verdict.GENUINE
        assert list(findings(with_texts=True)) == []


class TestWhatDoesNotOpen:
    """It is said, and no other document takes its place."""

    def damage(self, how, signed, fetch):
        rows, row = IssuedFile.objects.all(), IssuedDocument.objects.get()
        if how == "a bit":
            ciphertext = bytearray(bytes(rows.get().ciphertext))
            ciphertext[len(ciphertext) // 2] ^= 1
            rows.update(ciphertext=bytes(ciphertext))
        elif how == "emptied":
            rows.update(ciphertext=b"")
        elif how == "taken away":
            rows.delete()
        elif how == "the register":
            IssuedDocument.objects.update(mac="x")
        elif how == "without private sections":
            fetch(signed.leader, signed, without_private=True)
            other = IssuedFile.objects.exclude(issued=row).get()
            rows.filter(issued=row).update(ciphertext=bytes(other.ciphertext))
        else:
            other = make_agreement(state=State.SIGNED)
            fetch(other.leader, other)
            taken = IssuedFile.objects.exclude(issued=row).get()
            rows.filter(issued=row).update(ciphertext=bytes(taken.ciphertext))
        return row

    @pytest.mark.parametrize(
        "how",
        ["a bit", "emptied", "taken away", "the register", "without private sections", "another agreement"],
    )
    def test_is_told(self, how, signed, pdf, fetch, caplog):
        row = self.damage(how, signed, fetch)
        before = list(IssuedDocument.objects.values_list()), list(IssuedFile.objects.values_list())
        for person in (signed.leader, signed.superior):
            answer = fetch(person, signed)
            assert answer.status_code == 409
            assert "et annet i stedet" in answer.content.decode()
        assert (
            list(IssuedDocument.objects.values_list()),
            list(IssuedFile.objects.values_list()),
        ) == before
        assert f"not as issued: document {row.pk}, agreement {signed.uuid}" in caplog.text
        told = [line for line in findings(with_texts=True) if str(signed.uuid) in line]
        assert len(told) == 1
        assert f" {row.pk} " in told[0]

    def test_it_is_there_again_once_its_rows_are_restored(self, signed, pdf, fetch):
        rows = IssuedDocument.objects.get(), IssuedFile.objects.get()
        self.damage("the register", signed, fetch)
        self.damage("a bit", signed, fetch)
        assert fetch(signed.leader, signed).status_code == 409
        for row in rows:
            row.save()
        assert fetch(signed.leader, signed).content == pdf

    def test_a_line_taken_away_is_known_by_the_seal_on_the_file(self, signed, pdf, fetch):
        IssuedDocument.objects.all().delete()
        anew = fetch(signed.leader, signed).content
        assert anew != pdf
        assert [check(each).verdict for each in (anew, pdf)] == [Verdict.GENUINE, Verdict.UNLISTED]

    @pytest.mark.parametrize("swapped", ["variant", "language", "extent"])
    def test_one_that_is_said_to_be_another(self, swapped, signed, fetch):
        """As if what one may read were what another may: the register by hand, or all of it but the keys."""
        whole = IssuedDocument.objects.get(sha256=self.issued(signed, fetch))
        said = {"variant": "without_private", "language": "xx", "extent": "0" * 64}
        setattr(whole, swapped, said[swapped])
        # Even where a signature would fit.
        whole.sign()
        whole.save()
        answer = fetch(signed.leader, signed, without_private=swapped == "variant")
        if swapped == "variant":
            assert answer.status_code == 409
        assert [line for line in findings(with_texts=True) if "does not open" in line] == [
            f"document: {whole.pk} does not open (agreement {signed.uuid})"
        ]

    def issued(self, signed, fetch):
        fetch(signed.leader, signed)
        return IssuedDocument.objects.get().sha256


class TestWho:
    """It is asked as before, each time, before what is kept is looked for."""

    def test_nobody_else_for_its_having_been_issued(self, signed, pdf, fetch):
        for person in (make_user(), make_user(is_superuser=True, is_staff=True)):
            assert fetch(person, signed).status_code == 404
        assert fetch(signed.leader, signed, recent=False).status_code == 302
        leave_office(signed)
        assert fetch(signed.superior, signed).status_code == 404
        assert not Reading.objects.filter(reader=signed.superior).exists()

    @pytest.mark.parametrize("damage", ["seal", "hash", "signature", "form", "key", "voided"])
    def test_what_is_not_as_it_was_signed_answers_as_before(self, damage, signed, pdf, fetch):
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
        elif damage == "voided":
            Seal.objects.update(voided_at=timezone.now())
        else:
            signed.data_key.delete()
        assert fetch(signed.leader, signed).status_code == 409
        assert IssuedDocument.objects.count() == 1

    @pytest.mark.parametrize("first", ["leader", "former", "reader"])
    def test_the_places_are_the_twos_own_whoever_came_first(self, first, signed, fetch, as_user):
        reader = make_user()
        shared = share(signed, reader, section_id="")

        def given(who):
            if who == "reader":
                return as_user(reader).get(reverse("leder:shared_document", args=[shared.uuid])).content
            if who == "leader":
                return fetch(signed.leader, signed).content
            return fetch(signed.superior, signed, name="signed_document").content

        leave_office(signed)
        order = [first, *({"leader", "former", "reader"} - {first})]
        told = {who: text_of(given(who)) for who in order}
        assert {who for who, text in told.items() if PLACE in text} == {"leader"}
        assert {who for who, text in told.items() if "Hemmelig nok" in text} == {"leader", "former"}
        assert IssuedFile.objects.count() == 3
        own = all_of(fetch(signed.leader, signed, without_private=True).content)
        assert PLACE in own
        assert "Hemmelig nok" not in own

    def test_not_one_whose_share_was_withdrawn(self, signed, as_user):
        reader = make_user()
        shared = share(signed, reader, section_id="")
        address = reverse("leder:shared_document", args=[shared.uuid])
        assert as_user(reader).get(address).status_code == 200
        sharing.withdraw(access_of(signed.leader, shared.agreement), shared)
        assert as_user(reader).get(address).status_code == 404

    @pytest.mark.parametrize("leader_first", [True, False])
    def test_a_new_superior_gets_the_goals_that_the_leader_lets_them_read(self, leader_first, case_in, fetch):
        case = case_in(State.SIGNED, everything_before)
        case.hand_over()
        conversing.hold(access_of(case.successor, case.agreement), held_on=timezone.localdate())
        for person in (case.leader, case.successor):
            confirm(case.agreement, person)

        def private_goals(person):
            return "goal-2" in all_of(fetch(person, case.agreement, name="follow_up_document").content)

        people = [case.leader, case.successor]
        for person in people if leader_first else people[::-1]:
            assert private_goals(person) == (person == case.leader)
        assert IssuedFile.objects.count() == 2
        before = fetch(case.leader, case.agreement, name="follow_up_document").content
        consent(access_of(case.leader, case.fresh()), section_id=PRIVATE_SECTION)
        assert private_goals(case.successor)
        assert fetch(case.leader, case.agreement, name="follow_up_document").content == before


class TestMeanwhile:
    """Between one step and the next of who fetches it; at the same moment is `tests/concurrency/test_issuing.py`."""

    def given(self, signed, person):
        access = access_of(person, type(signed).objects.get(pk=signed.pk))
        try:
            return issuing.document_for_party(access, Variant.WHOLE)
        except NoDocument as refusal:
            # It is gone, and not damaged.
            assert type(refusal) is NoDocument
            return None

    def test_the_text_is_deleted_between_setting_and_issuing(self, signed, monkeypatch):
        with_seal = issuing.with_seal

        def slowly(pdf, **given):
            deletion.delete_texts([signed.pk])
            return with_seal(pdf, **given)

        monkeypatch.setattr(issuing, "with_seal", slowly)
        assert self.given(signed, signed.leader) is None
        assert not IssuedFile.objects.exists()
        assert not IssuedDocument.objects.exists()

    def test_the_page_says_that_it_was_deleted(self, signed, fetch, monkeypatch):
        with_seal = issuing.with_seal

        def slowly(pdf, **given):
            deletion.delete_texts([signed.pk])
            return with_seal(pdf, **given)

        monkeypatch.setattr(issuing, "with_seal", slowly)
        assert fetch(signed.leader, signed).status_code == 410

    def test_another_issues_it_between_setting_and_issuing(self, signed, monkeypatch):
        with_seal, theirs = issuing.with_seal, []

        def slowly(pdf, **given):
            monkeypatch.setattr(issuing, "with_seal", with_seal)
            theirs.append(self.given(signed, signed.superior))
            return with_seal(pdf, **given)

        monkeypatch.setattr(issuing, "with_seal", slowly)
        assert [self.given(signed, signed.leader)] == theirs
        assert IssuedDocument.objects.count() == 1

    def test_the_text_is_deleted_between_finding_it_and_opening_it(self, signed, monkeypatch):
        assert self.given(signed, signed.leader)
        open_issued = register.open_issued

        def late(row, agreement):
            deletion.delete_texts([signed.pk])
            row.file.refresh_from_db()
            return open_issued(row, agreement)

        monkeypatch.setattr(register, "open_issued", late)
        assert self.given(signed, signed.leader) is None


def test_what_could_not_be_checked_is_not_issued(signed, fetch, monkeypatch):
    size = len(fetch(signed.leader, signed, without_private=True).content)
    monkeypatch.setattr(issuing, "MOST_BYTES", size - 1)
    assert fetch(signed.leader, signed).status_code == 409
    assert IssuedDocument.objects.count() == IssuedFile.objects.count() == 1
