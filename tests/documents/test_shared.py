"""The document for one whom the whole agreement is shared with: without private sections, as long as it is shared."""

import pytest
from django.urls import reverse

from leder.agreements.models import AccountChange, Reading
from leder.documents.checking import Verdict, check
from leder.documents.models import IssuedDocument
from leder.sharing import actions
from tests.factories import PRIVATE_SECTION, SECTION, access_of, lapse, make_user, share
from tests.pdf import all_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def get(as_user):
    def shared_document(person, shared, **kwargs):
        return as_user(person, **kwargs).get(reverse("leder:shared_document", args=[shared.uuid]))

    return shared_document


def test_what_was_signed_without_what_is_private(signed, get):
    reader = make_user()
    shared = share(signed, reader, section_id="")
    content = get(reader, shared).content
    assert check(content).verdict == Verdict.GENUINE
    assert check(content).document.variant == "without_private"
    everything = all_of(content)
    assert "Felles notat" in everything
    assert "Hemmelig nok" not in everything
    assert "Spørre først" not in everything
    # Where the two were when they signed is not shared.
    assert "Lørenskog, " not in text_of(content)


def test_a_draft_until_both_have_signed(written, get):
    reader = make_user()
    content = get(reader, share(written, reader, section_id="")).content
    assert check(content).verdict == Verdict.DRAFT
    assert "Felles notat" in all_of(content)
    assert "Hemmelig nok" not in all_of(content)
    assert not IssuedDocument.objects.exists()


def test_is_logged_with_the_share(signed, get):
    reader = make_user()
    shared = share(signed, reader, section_id="")
    get(reader, shared)
    lines = list(Reading.objects.filter(reader=reader))
    assert {(line.share_id, line.kind) for line in lines} == {(shared.pk, Reading.Kind.RECORD)}
    assert SECTION in {line.section_id for line in lines}
    assert PRIVATE_SECTION not in {line.section_id for line in lines}


@pytest.mark.parametrize("end", ["withdrawn", "lapsed", "forged", "of a section", "deactivated"])
def test_is_there_while_the_whole_is_shared_and_no_longer(end, signed, get):
    reader = make_user()
    shared = share(signed, reader, section_id=SECTION if end == "of a section" else "")
    if end == "withdrawn":
        actions.withdraw(access_of(signed.leader, shared.agreement), shared)
    elif end == "lapsed":
        lapse(shared)
    elif end == "forged":
        type(shared).objects.update(mac="x")
    elif end == "deactivated":
        reader.is_active = False
        reader.save()
    assert get(reader, shared).status_code == (302 if end == "deactivated" else 404)
    # That the account was switched off is no reading.
    assert not Reading.objects.filter(reader=reader).exclude(kind=AccountChange.DEACTIVATED).exists()
    assert not IssuedDocument.objects.exists()


def test_is_for_that_reader_alone(signed, get):
    reader = make_user()
    shared = share(signed, reader, section_id="")
    for person in (make_user(), make_user(is_superuser=True), signed.leader, signed.superior):
        assert get(person, shared).status_code == 404
    assert get(reader, shared, recent=False).status_code == 302
    assert not IssuedDocument.objects.exists()


def test_the_way_to_it_is_on_the_page_of_the_whole_only(signed, as_user):
    reader = make_user()
    whole, part = (share(signed, reader, section_id=section) for section in ("", SECTION))
    for shared, leads in ((whole, True), (part, False)):
        page = as_user(reader).get(reverse("leder:shared", args=[shared.uuid])).content.decode()
        assert (reverse("leder:shared_document", args=[shared.uuid]) in page) == leads
