"""How far a section has come, as its marks say it."""

import pytest

from leder.agreements import actions
from leder.agreements.presenting.marks import mark_of
from leder.agreements.reading.current import open_texts
from tests.factories import SECTION, access_of, make_agreement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("approve", "at_once", "later"), [(True, "approved", "changed"), (False, "changes", "answered")]
)
def test_a_verdict_counts_for_its_version_and_is_remembered_after_it(approve, at_once, later):
    agreement = make_agreement()
    section = agreement.form_edition.section(SECTION)

    def write(version, note):
        payload = {"note": note, "answers": {}, "choices": [], "goals": []}
        actions.save_section(
            access_of(agreement.leader, agreement), section_id=SECTION, version=version, payload=payload
        )

    def mark():
        text = open_texts(access_of(agreement.leader, agreement)).answers.get(SECTION)
        review = agreement.reviews.first()
        return mark_of(section, text, review, damaged=False, state=agreement.state).key

    assert mark() == "empty"
    write(0, "Mål")
    assert mark() == "written"
    if approve:
        actions.approve_section(access_of(agreement.superior, agreement), section_id=SECTION, version=1)
    else:
        actions.ask_for_changes(
            access_of(agreement.superior, agreement), section_id=SECTION, version=1, comment="Endre"
        )
    assert mark() == at_once
    write(1, "Bedre mål")
    assert mark() == later
