"""People and pages of the site's own tests."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client


@pytest.fixture
def person(db: None) -> Client:
    """The browser of somebody who is signed in and has no rights at all."""
    client = Client()
    client.force_login(get_user_model().objects.create_user("kari", first_name="Kari", last_name="Eksempel"))
    return client


@pytest.fixture
def it_operations(db: None) -> Client:
    """The browser of a superuser."""
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("it", first_name="It", last_name="Eksempel"))
    return client


@pytest.fixture
def demo(settings: pytest.FixtureRequest) -> None:
    """The demo's settings."""
    settings.DEMO_SIGN_IN = True
    settings.SETTINGS_MODULE = "lorenskog_intranet.settings.demo"
