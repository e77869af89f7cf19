"""Making the example: what is refused, that a seed tells the same story, and the site's own part."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from wagtail.models import Page, Site

from leder.agreements.models import Agreement, Round
from leder.agreements.reading.current import open_texts
from leder.organisation.models import Position, Unit
from leder.pages.models import LeadershipPage
from lorenskog_intranet.demo.scenario import Size, build
from tests.factories import access_of

from .conftest import ORGANISATION, TEXT

pytestmark = pytest.mark.django_db


def test_a_real_organisation_is_left_alone():
    Unit.objects.create(code="1000", name="Ekte kommune", kind="municipality")
    before = [model.objects.count() for model in (Unit, Position, Round, Agreement, Page)]
    with pytest.raises(CommandError):
        call_command("site_demo", stdout=StringIO())
    assert [model.objects.count() for model in (Unit, Position, Round, Agreement, Page)] == before


@pytest.mark.parametrize("given", [{"leaders": 3}, {"years": 0}, {"years": 4}, {"text": TEXT / "nowhere"}])
def test_what_can_not_be_made_is_refused_and_leaves_nothing(given):
    before = [model.objects.count() for model in (Unit, Position, Round, Agreement, Page)]
    with pytest.raises(CommandError):
        call_command(
            "site_demo", **{"leaders": 12, "organisation": ORGANISATION / "x", **given}, stdout=StringIO()
        )
    assert [model.objects.count() for model in (Unit, Position, Round, Agreement, Page)] == before


def test_an_example_half_made_is_not_there(monkeypatch):
    def fail(**kwargs):
        raise KeyError

    monkeypatch.setattr("lorenskog_intranet.demo.scenario.write_agreements", fail)
    before = [model.objects.count() for model in (Unit, Position, Round, Agreement, Page)]
    with pytest.raises(KeyError):
        build(size=Size(12, 1, 1), text=TEXT, organisation=ORGANISATION, say=lambda line: None)
    assert [model.objects.count() for model in (Unit, Position, Round, Agreement, Page)] == before


def _told():
    return [
        (
            agreement.year,
            agreement.leader.username,
            agreement.state,
            str(agreement.uuid),
            {
                key: text.payload
                for key, text in open_texts(access_of(agreement.leader, agreement)).answers.items()
            },
        )
        for agreement in Agreement.objects.select_related(
            "round", "leader", "data_key", "form_edition", "letter_edition", "platform_edition"
        ).order_by("round__year", "leader__username")
    ]


def test_the_same_seed_tells_the_same_story():
    stories = []
    for _ in range(2):
        with transaction.atomic():
            build(size=Size(20, 2, 5), text=TEXT, organisation=ORGANISATION, say=lambda line: None)
            stories.append(_told())
            transaction.set_rollback(True)
    assert stories[0] == stories[1]
    assert len(stories[0]) > 20


def test_the_site_gets_a_front_page_with_the_example_below_it():
    for _ in range(2):
        call_command("site_demo", leaders=12, years=1, text=TEXT, stdout=StringIO())
    front = Site.objects.get(is_default_site=True).root_page.specific
    assert type(front).__name__ == "HomePage"
    assert front.live
    assert LeadershipPage.objects.child_of(front).count() == 1
    assert Page.objects.filter(depth=2).count() == 1
    assert Round.objects.count() == 1
    assert Position.objects.count() == 12
