"""The document of the follow-up: how the goals stand, what is answered, and who is given it."""

import io
import re

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.answers import new_goal
from leder.agreements.models import Reading, Seal, Signature
from leder.agreements.states import State
from leder.canonical import digest
from leder.conversations import actions as conversing
from leder.documents.checking import Verdict, check
from leder.documents.models import IssuedDocument
from tests.documents.records import words_in
from tests.factories import (
    FOLLOW_UP_SECTION,
    PRIVATE_SECTION,
    SECTION,
    access_of,
    bring_to,
    confirm,
    make_agreement,
    make_user,
)
from tests.pdf import all_of, attached_to, text_of
from tests.sharing.pages import write

pytestmark = pytest.mark.django_db
OPEN, PRIVATE = (
    new_goal(id=f"goal-{name}", goal=f"{name} mål", measures=f"{name} tiltak", due="2027-10-01")
    for name in ("Åpent", "Privat")
)


def how_it_stands(agreement, section, goal, comment, note=""):
    payload = {"note": note, "goals": {goal["id"]: {"status": "started", "comment": comment}}}
    actions.save_progress(
        access_of(agreement.leader, agreement), section_id=section, version=0, payload=payload
    )


@pytest.fixture
def autumn(db):
    """A signed agreement whose follow-up is written and held, not confirmed."""
    agreement = make_agreement()
    write(agreement, SECTION, note="Felles notat", goals=[OPEN])
    write(agreement, PRIVATE_SECTION, note="Hemmelig nok", goals=[PRIVATE])
    bring_to(agreement, State.SIGNED)
    how_it_stands(agreement, SECTION, OPEN, "Godt i gang", note="Åpen vurdering")
    how_it_stands(agreement, PRIVATE_SECTION, PRIVATE, "Går trått", note="Taus vurdering")
    write(agreement, FOLLOW_UP_SECTION, note="Nye forhold her")
    conversing.hold(access_of(agreement.superior, agreement), held_on=timezone.localdate())
    agreement.refresh_from_db()
    return agreement


@pytest.fixture
def confirmed(autumn):
    for person in (autumn.leader, autumn.superior):
        confirm(autumn, person)
    autumn.refresh_from_db()
    return autumn


@pytest.fixture
def get(fetch):
    def follow_up(person, agreement, **kwargs):
        return fetch(person, agreement, name="follow_up_document", **kwargs)

    return follow_up


PRIVATE_WORDS = ("Hemmelig", "Privat mål", "Privat tiltak", "Går trått", "Taus", "Nye forhold her")
OPEN_WORDS = ("Åpent mål", "Åpent tiltak", "Godt i gang", "Åpen vurdering")


class TestConfirmed:
    def test_shows_how_the_goals_stand_and_what_is_answered(self, confirmed, get):
        content = get(confirmed.leader, confirmed).content
        text = text_of(content)
        for words in (*OPEN_WORDS, *PRIVATE_WORDS[1:], "Under way"):
            assert words in text or (words == "Under way" and "I gang" in text), words
        assert "Notat" in text and not re.search(r"\bNote\b", text)
        # What was agreed besides the goals stands in the agreement's own document.
        assert "Felles notat" not in all_of(content)
        assert "Hemmelig nok" not in all_of(content)

    def test_holds_what_was_confirmed_and_names_what_was_signed(self, confirmed, get):
        content = get(confirmed.superior, confirmed).content
        seals = {seal.kind: seal for seal in confirmed.seals.all()}
        held = attached_to(content)
        assert digest(held["record.json"]) == seals["follow_up"].sha256
        assert held["goals.json"] == {
            "signed_sha256": seals["agreement"].sha256,
            "goals": [
                {"id": SECTION, "goals": [OPEN]},
                {"id": PRIVATE_SECTION, "goals": [PRIVATE]},
                {"id": "s-work", "goals": []},
            ],
        }
        text = words_in(text_of(content))
        for seal in seals.values():
            assert seal.sha256 in text
        assert words_in(str(seals["follow_up"].uuid)) in text

    def test_is_known_again_and_the_same_each_time(self, confirmed, get):
        first = get(confirmed.leader, confirmed).content
        finding = check(first)
        assert (finding.verdict, finding.seal.kind) == (Verdict.GENUINE, Seal.Kind.FOLLOW_UP)
        type(confirmed).objects.update(state=State.REPLACED)
        assert get(confirmed.superior, confirmed).content == first
        assert IssuedDocument.objects.count() == 1

    def test_one_changed_bit_is_found_and_named(self, confirmed, get):
        content = get(confirmed.leader, confirmed).content
        changed = bytearray(content)
        changed[len(content) // 2] ^= 1
        finding = check(bytes(changed))
        assert (finding.verdict, finding.seal.kind) == (Verdict.CHANGED, Seal.Kind.FOLLOW_UP)

    def test_without_private_sections(self, confirmed, get):
        content = get(confirmed.superior, confirmed, without_private=True).content
        everything = all_of(content)
        for words in OPEN_WORDS:
            assert words in everything, words
        for words in PRIVATE_WORDS:
            assert words not in everything, words
        assert check(content).verdict == Verdict.GENUINE
        assert (
            confirmed.seals.get(kind="follow_up").sha256
            == (attached_to(content)["record.json"]["whole_sha256"])
        )

    def test_is_logged_as_what_is_shown(self, confirmed, get):
        Reading.objects.all().delete()
        get(confirmed.superior, confirmed, without_private=True)
        private = {PRIVATE_SECTION, FOLLOW_UP_SECTION}
        lines = Reading.objects.filter(reader=confirmed.superior)
        assert not set(lines.values_list("section_id", flat=True)) & private
        get(confirmed.superior, confirmed)
        assert private <= set(lines.values_list("section_id", flat=True))

    @pytest.mark.parametrize("language", ["nb", "nn", "en"])
    def test_speaks_the_language_of_the_reader(self, language, confirmed, as_user):
        client = as_user(confirmed.leader)
        client.cookies["django_language"] = language
        content = client.get(reverse("leder:follow_up_document", args=[confirmed.uuid])).content
        assert pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/Lang"].startswith(language)

    @pytest.mark.parametrize("damage", ["seal", "hash", "signature", "agreement"])
    def test_nothing_comes_of_what_is_not_as_it_was_confirmed(self, damage, confirmed, get):
        kind = "agreement" if damage == "agreement" else "follow_up"
        if damage in ("seal", "agreement"):
            Seal.objects.filter(kind=kind).update(ciphertext=b"\x01" + b"0" * 600)
        elif damage == "hash":
            Seal.objects.filter(kind=kind).update(sha256="0" * 64)
        else:
            Signature.objects.filter(seal__kind=kind, role="leader").delete()
        assert get(confirmed.superior, confirmed).status_code == 409
        assert not IssuedDocument.objects.exists()

    def test_a_confirmation_put_in_by_hand_does_not_count(self, autumn, get):
        confirm(autumn, autumn.leader)
        row = Signature.objects.get(seal__kind="follow_up")
        row.pk, row.role, row.signer = None, "superior", autumn.superior
        row.save()
        assert check(get(autumn.leader, autumn).content).verdict == Verdict.DRAFT
        assert not IssuedDocument.objects.exists()


class TestDraft:
    @pytest.mark.parametrize("by", ["nobody", "leader"])
    def test_says_so_until_both_have_confirmed(self, by, autumn, get):
        if by == "leader":
            confirm(autumn, autumn.leader)
        content = get(autumn.superior, autumn).content
        assert "DRAFT" in text_of(content) or "UTKAST" in text_of(content)
        assert "Går trått" in text_of(content)
        assert check(content).verdict == Verdict.DRAFT
        assert not IssuedDocument.objects.exists()

    def test_without_private_sections(self, autumn, get):
        everything = all_of(get(autumn.superior, autumn, without_private=True).content)
        assert not [words for words in PRIVATE_WORDS if words in everything]
        assert "Godt i gang" in everything


class TestWho:
    def test_both_parties_and_nobody_else(self, confirmed, get):
        for person in (confirmed.leader, confirmed.superior):
            assert get(person, confirmed).status_code == 200
            assert get(person, confirmed, recent=False).status_code == 302
        before = Reading.objects.count()
        for person in (make_user(), make_user(is_superuser=True)):
            assert get(person, confirmed).status_code == 404
        assert Reading.objects.count() == before

    def test_there_is_none_before_the_agreement_is_signed(self, written, get):
        assert get(written.leader, written).status_code == 403

    def test_the_way_to_it_is_on_the_page(self, confirmed, as_user):
        page = as_user(confirmed.leader).get(reverse("leder:follow_up", args=[confirmed.uuid]))
        address = reverse("leder:follow_up_document", args=[confirmed.uuid])
        assert f'"{address}"' in page.content.decode()
        assert f'"{address}?uten-private=1"' in page.content.decode()

    def test_the_address_on_paper_tells_what_to_compare(self, confirmed, get, as_user):
        seal = confirmed.seals.get(kind="follow_up")
        address = reverse("leder:check_seal", args=[seal.uuid])
        # No document of it has left.
        assert as_user(make_user()).get(address).status_code == 404
        get(confirmed.leader, confirmed)
        page = as_user(make_user()).get(address).content.decode()
        assert seal.sha256 in page
        assert "Lars Leder" not in page

    @pytest.mark.parametrize("count", [1, 30])
    def test_takes_a_fixed_number_of_queries(self, count, as_user, django_assert_max_num_queries):
        agreement = make_agreement()
        write(agreement, SECTION, goals=[new_goal(goal=f"Mål {n}") for n in range(count)])
        bring_to(agreement, State.FOLLOWED_UP)
        client = as_user(agreement.superior)
        address = reverse("leder:follow_up_document", args=[agreement.uuid])
        client.get(address)
        with django_assert_max_num_queries(25):
            assert client.get(address).status_code == 200


def test_a_new_name_after_one_has_confirmed_is_confirmed_by_both_anew(autumn):
    confirm(autumn, autumn.leader)
    autumn.leader.last_name = "Nyttnavn"
    autumn.leader.save()
    confirm(autumn, autumn.superior)
    autumn.refresh_from_db()
    assert autumn.state == State.SIGNED
    seals = Seal.objects.filter(kind=Seal.Kind.FOLLOW_UP).order_by("pk")
    assert [seal.voided_at is None for seal in seals] == [False, True]
    assert [each.role for each in seals[1].signatures.all()] == ["superior"]
    confirm(autumn, autumn.leader)
    autumn.refresh_from_db()
    assert autumn.state == State.FOLLOWED_UP
