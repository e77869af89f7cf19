"""What was chosen from a text that no longer has it keeps its words: where they are counted, read, shared and set."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leder.agreements import actions
from leder.agreements.models import Agreement, TextDecision
from leder.agreements.reading.counting import count_letter
from leder.agreements.reading.current import texts_for_work
from leder.agreements.seals.record import agreement_record
from leder.agreements.states import State
from leder.documents.parts import section_part
from leder.pages.editions import Edition
from leder.signed import signed_models
from lorenskog_intranet.demo.example_text import load_example_text
from tests import factories
from tests.agreements.publishing import decide, publish, texts_with_pages, without
from tests.agreements.views.test_agreement import EXAMPLE_TEXT
from tests.documents.records import make_facts
from tests.factories import SECTION, make_agreement, make_user
from tests.pages.samples import platform_body

pytestmark = pytest.mark.django_db
GONE, STAYS = "Kortere ventetid", "Flere i heltid"


@pytest.fixture
def agreement():
    """Two assignments chosen, of which the adopted edition has one."""
    agreement = make_agreement(editions=texts_with_pages(), state=State.DISCUSSED)
    choices = [
        {"id": each, "contribution": "Mitt", "ambition": "", "expectations": ""}
        for each in ("assignment-1", "assignment-2")
    ]
    actions.save_section(
        factories.access_of(agreement.leader, agreement),
        section_id=SECTION,
        version=0,
        payload={"note": "", "answers": {}, "choices": choices, "goals": []},
    )
    publish(agreement.letter_edition, without("assignment-1"))
    decide(agreement, agreement.superior)
    return Agreement.objects.get(pk=agreement.pk)


def sign(agreement):
    for person in (agreement.leader, agreement.superior):
        factories.sign(Agreement.objects.get(pk=agreement.pk), person)


def test_it_is_counted(agreement):
    sign(agreement)
    tally = count_letter({agreement.pk: 1})[1]
    assert tally.assignments == {"assignment-1": 1, "assignment-2": 1}


@pytest.mark.parametrize("many", [1, 5])
def test_counting_takes_as_many_queries_for_many(many):
    groups = {}
    for _each in range(many):
        agreement = make_agreement(editions=texts_with_pages(), state=State.DISCUSSED)
        publish(agreement.letter_edition, without("assignment-1"))
        decide(agreement, agreement.leader)
        sign(agreement)
        groups[agreement.pk] = 1
    with CaptureQueriesContext(connection) as queries:
        assert count_letter(groups)[1].agreements == many
    assert len(queries) == 5


def test_a_reader_it_is_shared_with_reads_it(agreement, as_user):
    reader = make_user()
    share = factories.share(agreement, reader, section_id=SECTION)
    page = as_user(reader).get(reverse("leder:shared", args=[share.uuid])).content.decode()
    assert GONE in page
    assert STAYS in page


def test_the_document_says_which_is_kept(agreement):
    record = agreement_record(agreement, texts_for_work(factories.access_of(agreement.leader, agreement)))
    choices = section_part(1, record["sections"][0], make_facts(record))["choices"]
    assert [each["statement"] for each in choices] == [GONE, STAYS]
    assert [len(each["lines"]) for each in choices] == [2, 1]


def test_keys_are_exchanged_for_decisions_too(agreement):
    assert TextDecision in signed_models()
    assert TextDecision.to_be_signed("mac").count() == 1


def test_texts_from_before_editions_get_theirs_once(capsys):
    pages = load_example_text(EXAMPLE_TEXT, parent=None, work_year=2027)
    count = Edition.objects.count()
    call_command("leder_editions")
    assert Edition.objects.count() == count
    page = pages["platform"]
    # As one who publishes past the page editor.
    page.body = platform_body()
    page.save()
    call_command("leder_editions")
    call_command("leder_editions")
    assert Edition.objects.count() == count + 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 editions made"
