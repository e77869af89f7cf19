"""A site with one text of each kind, and the people who work with them."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Site

from leder.pages import roles
from leder.pages.models import AgreementFormPage, LeaderPlatformPage, LeadershipPage, SteeringLetterPage

from . import samples


def publish(page: Any, parent: Any) -> Any:
    """Add a page below another, published as the page editor does."""
    parent.add_child(instance=page)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


@pytest.fixture(autouse=True)
def no_search(settings: Any) -> None:
    """Nobody searches here, and to gather the words of each page takes a quarter of the time of publishing it."""
    settings.WAGTAILSEARCH_BACKENDS = {
        name: {**backend, "AUTO_UPDATE": False} for name, backend in settings.WAGTAILSEARCH_BACKENDS.items()
    }


@pytest.fixture
def leadership(db: None) -> LeadershipPage:
    return publish(LeadershipPage(title="Ledelse", slug="ledelse"), Site.objects.get().root_page)


@pytest.fixture
def platform(leadership: LeadershipPage) -> LeaderPlatformPage:
    body = samples.stored(LeaderPlatformPage, samples.platform_body(), "p")
    return publish(
        LeaderPlatformPage(
            title="Lederplattform", slug="plattform", introduction="<p>God ledelse.</p>", body=body
        ),
        leadership,
    )


@pytest.fixture
def letter(leadership: LeadershipPage) -> SteeringLetterPage:
    body = samples.stored(SteeringLetterPage, samples.letter_body(), "l")
    return publish(
        SteeringLetterPage(title="Styringsbrev 2028", slug="styringsbrev-2028", year=2028, body=body),
        leadership,
    )


@pytest.fixture
def form(leadership: LeadershipPage) -> AgreementFormPage:
    body = samples.stored(AgreementFormPage, samples.form_body(), "f")
    return publish(
        AgreementFormPage(title="Lederavtale 2028", slug="lederavtale-2028", year=2028, body=body), leadership
    )


def member(group_name: str, username: str) -> Client:
    user = get_user_model().objects.create_user(username, first_name=username.title(), last_name="Eksempel")
    user.groups.add(Group.objects.get(name=group_name))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def groups(leadership: LeadershipPage) -> None:
    roles.set_up_roles()


@pytest.fixture
def editor(groups: None) -> Client:
    """The browser of one in the communications group: edits and submits, publishes nothing."""
    return member(roles.COMMUNICATIONS, "redaktor")


@pytest.fixture
def approver(groups: None) -> Client:
    """The browser of one who approves."""
    return member(roles.APPROVERS, "godkjenner")


@pytest.fixture
def reader(db: None) -> Client:
    """The browser of an employee who only reads."""
    client = Client()
    client.force_login(get_user_model().objects.create_user("leser"))
    return client
