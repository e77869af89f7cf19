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
from tests.factories import make_position, make_user

YEAR = 2027


@pytest.fixture
def texts(november):
    """A platform, and a letter and a form for the year, published."""
    landing = Page.objects.get(depth=1).add_child(instance=LeadershipPage(title="Ledelse", slug="ledelse"))
    landing.save_revision().publish()

    def published(model, title, **kwargs):
        page = landing.add_child(instance=model(title=title, **kwargs))
        page.save_revision().publish()
        page.refresh_from_db()
        return page

    return {
        "platform_page": published(LeaderPlatformPage, "Lederplattform"),
        "letter_page": published(SteeringLetterPage, f"Styringsbrev {YEAR}", year=YEAR),
        "form_page": published(AgreementFormPage, f"Lederavtale {YEAR}", year=YEAR),
    }


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
