"""What a share of the whole holds: what the two had in view when they agreed, never what is prepared."""

import pytest
from django.urls import reverse

from leder.agreements import actions
from leder.agreements.access.shares import sharing_of
from leder.agreements.models import Entry, Share
from leder.agreements.reading.current import open_shared
from leder.conversations import actions as conversing
from tests.agreements.publishing import decide, publish, texts_with_pages
from tests.factories import PRIVATE_SECTION, SECTION, _section, access_of, make_agreement, share
from tests.sharing.pages import text_of

pytestmark = pytest.mark.django_db

NEW_OPEN, NEW_PRIVATE = "s-new-open", "s-new-private"


def with_two_more(content):
    """The form with a section more for all, and a private one."""
    content["parts"] += [
        _section(NEW_OPEN, "Ny åpen del"),
        _section(NEW_PRIVATE, "Ny privat del", private=True),
    ]


def write(agreement, section, note):
    payload = {"note": note, "answers": {}, "choices": [], "goals": []}
    actions.save_section(
        access_of(agreement.leader, agreement), section_id=section, version=0, payload=payload
    )


@pytest.fixture
def agreement(db):
    return make_agreement(editions=texts_with_pages())


def adopt_later_form(agreement):
    publish(agreement.form_edition, with_two_more)
    decide(agreement, agreement.superior, kind="form")
    agreement.refresh_from_db()
    write(agreement, NEW_OPEN, "Skrevet i den nye åpne delen")
    write(agreement, NEW_PRIVATE, "Skrevet i den nye private delen")


def test_a_private_section_that_a_later_form_brings_is_not_shared_with_the_whole(agreement, reader, as_user):
    write(agreement, PRIVATE_SECTION, "Privat da de ble enige")
    shared = share(agreement, reader, section_id="")
    adopt_later_form(agreement)
    texts = open_shared(reader=reader, share=Share.objects.get())
    assert set(texts.answers) == {PRIVATE_SECTION, NEW_OPEN}
    page = text_of(as_user(reader).get(reverse("leder:shared", args=[shared.uuid])))
    assert "Skrevet i den nye åpne delen" in page
    assert "Skrevet i den nye private delen" not in page
    # Nor is it said to be there, or the reader among those who read it.
    assert "Ny privat del" not in page
    assert NEW_PRIVATE not in sharing_of(agreement).readers
    assert sharing_of(agreement).readers.keys() >= {PRIVATE_SECTION, NEW_OPEN}


def test_a_private_section_is_shared_with_the_whole_that_was_agreed_to_after_it_came(agreement, reader):
    adopt_later_form(agreement)
    shared = share(agreement, reader, section_id="")
    assert set(open_shared(reader=reader, share=shared).answers) == {NEW_OPEN, NEW_PRIVATE}
    assert NEW_PRIVATE in sharing_of(agreement).readers


@pytest.mark.parametrize("section", ["", SECTION])
def test_no_preparation_is_opened_with_what_is_shared(section, agreement, reader):
    write(agreement, SECTION, "Avtalt")
    payload = {"note": "Bare forberedt", "answers": {}}
    for person in (agreement.leader, agreement.superior):
        conversing.save_preparation(
            access_of(person, agreement), section_id=SECTION, version=0, payload=payload
        )
        conversing.mark_ready(access_of(person, agreement))
    agreement.refresh_from_db()
    assert agreement.entries.filter(kind=Entry.Kind.PREPARATION).count() == 2
    texts = open_shared(reader=reader, share=share(agreement, reader, section_id=section))
    assert texts.preparations == {}
    assert texts.answers[SECTION].payload["note"] == "Avtalt"
    assert "Bare forberedt" not in str(texts)
