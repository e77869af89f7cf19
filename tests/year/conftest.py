"""What tests of the year share: published texts for it, a round on them, HR, and an organisation of any size."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Page

from leder.agreements.forms.round import usual_dates
from leder.agreements.models import Round
from leder.organisation.models import Appointment
from leder.pages.models import AgreementFormPage, LeaderPlatformPage, LeadershipPage, SteeringLetterPage
from leder.pages.roles import HR, set_up_roles
from tests import clock
from tests.factories import make_position, make_user

YEAR = 2027
TEXTS = {
    "platform_page": LeaderPlatformPage,
    "letter_page": SteeringLetterPage,
    "form_page": AgreementFormPage,
}
TITLES = {
    "platform_page": "Lederplattform",
    "letter_page": f"Styringsbrev {YEAR}",
    "form_page": f"Lederavtale {YEAR}",
}


@pytest.fixture(scope="module")
def published(kept_below):
    """The keys of a platform, and of a letter and a form for the year, published in the November before it."""
    with clock.in_november():
        return publish_texts()


@pytest.fixture
def texts(published, november):
    """Those pages, as they are before a test changes them."""
    return {name: model.objects.get(pk=published[name]) for name, model in TEXTS.items()}


def publish_texts():
    """Publish a text of each kind below a landing page. Returns their keys."""
    landing = Page.objects.get(depth=1).add_child(instance=LeadershipPage(title="Ledelse", slug="ledelse"))
    landing.save_revision().publish()
    keys = {}
    for name, model in TEXTS.items():
        of_year = {} if model is LeaderPlatformPage else {"year": YEAR}
        page = landing.add_child(instance=model(title=TITLES[name], **of_year))
        page.save_revision().publish()
        keys[name] = page.pk
    return keys


@pytest.fixture
def year_round(texts):
    """The year's round, not open yet."""
    ids = {f"{name}_id": page.pk for name, page in texts.items()}
    return Round.objects.create(year=YEAR, **usual_dates(YEAR), **ids)


@pytest.fixture
def hr(texts):
    """Somebody in the group HR, as `leder_roles` makes it."""
    set_up_roles()
    person = make_user(first_name="Hilde", last_name="Haugen")
    person.groups.add(Group.objects.get(name=HR))
    return person


def make_leaders(number):
    """A superior at the top with that many leaders below. Returns the superior, the top position and the leaders."""
    top = make_position(title="Kommunedirektør", group=1, hta_chapter="3.4.1")
    superior = make_user(first_name="Siri", last_name="Overordnet")
    appoint(superior, top)
    leaders = []
    for _each in range(number):
        leader = make_user()
        appoint(leader, make_position(reports_to=top))
        leaders.append(leader)
    return superior, top, leaders


def appoint(person, position, **kwargs):
    """An appointment since 2020, unless the days are given."""
    values = {"starts": dt.date(2020, 1, 1), **kwargs}
    return Appointment.objects.create(position=position, person=person, **values)


def position_of(person):
    """The only position that a person is appointed to."""
    return person.leader_appointments.get().position
