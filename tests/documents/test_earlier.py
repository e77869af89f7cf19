"""What was signed before a reopening, as a document: the bytes it was; that it no longer counts is said beside it."""

import pytest
from django.urls import reverse

from leder.agreements.models import Reading, Seal
from leder.documents.checking import Verdict, check
from leder.documents.models import IssuedDocument
from leder.pages.editions import Edition
from tests.factories import make_user, reopen, sign
from tests.pdf import all_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def get(as_user):
    def earlier_document(person, seal, *, without_private=False, **kwargs):
        query = {"uten-private": 1} if without_private else None
        address = reverse("leder:earlier_document", args=[seal.agreement.uuid, seal.uuid], query=query)
        return as_user(person, **kwargs).get(address)

    return earlier_document


@pytest.fixture
def earlier(signed, pdf):
    """The seal of an agreement that both opened again, whose document has left before."""
    reopen(signed)
    signed.refresh_from_db()
    return Seal.objects.get()


def test_is_byte_for_byte_what_it_was(earlier, signed, pdf, get):
    for person in (signed.leader, signed.superior):
        assert get(person, earlier).content == pdf
    assert IssuedDocument.objects.count() == 1
    kinds = set(Reading.objects.filter(reader=signed.superior).values_list("kind", flat=True))
    assert Reading.Kind.RECORD in kinds


def test_stands_on_the_text_it_was_signed_on(earlier, signed, pdf, get):
    form = signed.form_edition
    content = {**form.content, "title": "Ny utgave"}
    from leder.canonical import digest

    signed.form_edition = Edition.objects.create(
        kind="form",
        year=form.year,
        title="Ny utgave",
        published_at=form.published_at,
        content=content,
        sha256=digest(content),
    )
    signed.save(update_fields=["form_edition"])
    assert get(signed.leader, earlier).content == pdf


def test_the_check_says_that_it_was_opened_again(earlier, signed, pdf, as_user, upload):
    finding = check(pdf)
    assert (finding.verdict, finding.seal) == (Verdict.REPLACED, earlier)
    assert finding.reopened_at == earlier.reopenings.get().answered_at
    address = reverse("leder:check_seal", args=[earlier.uuid])
    # Not signed anew yet: the one that no longer counts is known all the same.
    for page in (upload(make_user(), pdf), as_user(make_user()).get(address)):
        assert page.status_code == 200
        assert earlier.sha256 in page.content.decode()


def test_both_stand_once_it_is_signed_anew(earlier, signed, pdf, get, fetch):
    for person in (signed.leader, signed.superior):
        signed.refresh_from_db()
        sign(signed, person)
    signed.refresh_from_db()
    anew = fetch(signed.leader, signed).content
    assert anew != pdf
    assert get(signed.leader, earlier).content == pdf
    assert [check(each).verdict for each in (anew, pdf)] == [Verdict.GENUINE, Verdict.REPLACED]


def test_without_private_sections(earlier, signed, get):
    everything = all_of(get(signed.superior, earlier, without_private=True).content)
    assert "Felles notat" in everything
    assert "Hemmelig nok" not in everything


def test_is_for_those_who_signed_it(earlier, signed, get):
    issued = IssuedDocument.objects.count()
    for person in (make_user(), make_user(is_superuser=True)):
        assert get(person, earlier).status_code == 404
    assert get(signed.leader, earlier, recent=False).status_code == 302
    assert IssuedDocument.objects.count() == issued


def test_what_stands_is_not_an_earlier_one(signed, get):
    assert get(signed.leader, signed.seals.get()).status_code == 404


def test_the_way_to_it_is_on_its_page(earlier, signed, as_user):
    page = as_user(signed.leader).get(reverse("leder:earlier_seal", args=[signed.uuid, earlier.uuid]))
    assert reverse("leder:earlier_document", args=[signed.uuid, earlier.uuid]) in page.content.decode()
