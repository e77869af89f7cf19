"""How far a section has come, as its marks say it."""

import pytest

from leder.agreements import actions
from leder.agreements.reading import open_texts
from leder.agreements.sections.marks import mark_of
from tests.factories import SECTION, make_agreement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("approve", "at_once", "later"), [(True, "approved", "changed"), (False, "changes", "answered")]
)
def test_a_verdict_counts_for_its_version_and_is_remembered_after_it(approve, at_once, later):
    agreement = make_agreement()
    section = agreement.form_edition.section(SECTION)
    values = {"agreement": agreement, "section_id": SECTION}

    def write(version, note):
        payload = {"note": note, "answers": {}, "choices": [], "goals": []}
        actions.save_section(actor=agreement.leader, version=version, payload=payload, **values)

    def mark():
        text = open_texts(reader=agreement.leader, agreement=agreement, recent=True).answers.get(SECTION)
        review = agreement.reviews.first()
        return mark_of(section, text, review, damaged=False, state=agreement.state).key

    assert mark() == "empty"
    write(0, "Mål")
    assert mark() == "written"
    if approve:
        actions.approve_section(actor=agreement.superior, version=1, **values)
    else:
        actions.ask_for_changes(actor=agreement.superior, version=1, comment="Endre", **values)
    assert mark() == at_once
    write(1, "Bedre mål")
    assert mark() == later
