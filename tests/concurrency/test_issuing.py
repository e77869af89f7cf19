"""A document is fetched for the first time by several at once, or while its text is deleted: one is issued, or none."""

from functools import partial

import pytest

from leder.agreements.states import State
from leder.documents import issuing
from leder.documents.document import NoDocument
from leder.documents.models import IssuedDocument
from leder.documents.variants import Variant
from leder.safekeeping import deletion
from leder.safekeeping.verification import findings
from tests import factories
from tests.concurrency.lives import fresh
from tests.concurrency.together import ROUNDS, together
from tests.documents.sealed import certificate_pem


@pytest.fixture(autouse=True)
def certificate(settings, tmp_path):
    """The municipality's seal is made anew each time, and so tells two documents apart."""
    file = tmp_path / "seal.pem"
    file.write_bytes(certificate_pem())
    settings.LEDER_SEAL_CERTIFICATE = str(file)


def fetch(agreement, person):
    """What a party is given; None where there is nothing to give."""
    access = factories.access_of(person, fresh(agreement))
    try:
        return issuing.document_for_party(access, Variant.WHOLE)
    except NoDocument as refusal:
        # It is gone, and not damaged.
        assert type(refusal) is NoDocument
        return None


def test_both_fetch_it_at_once_and_get_the_same_bytes():
    for _round in ROUNDS:
        agreement = factories.make_agreement(state=State.SIGNED)
        people = [agreement.leader, agreement.superior, agreement.leader]
        outcomes = together(*(partial(fetch, agreement, person) for person in people))
        (given,) = {outcome.result for outcome in outcomes}
        assert given
        assert IssuedDocument.objects.filter(seal__agreement=agreement).count() == 1
        assert fetch(agreement, agreement.superior) == given
    assert list(findings(with_texts=True)) == []


def test_the_text_is_deleted_while_it_is_fetched():
    for _round in ROUNDS:
        agreement = factories.make_agreement(state=State.SIGNED)
        # Known before: who asks has found the agreement, and then it is deleted.
        access = factories.access_of(agreement.leader, fresh(agreement))

        def late(access=access):
            try:
                return issuing.document_for_party(access, Variant.WHOLE)
            except NoDocument as refusal:
                assert type(refusal) is NoDocument
                return None

        deleted, _given = together(partial(deletion.delete_texts, [agreement.pk]), late)
        assert deleted.result == 1
        assert not list(deletion.remains())
