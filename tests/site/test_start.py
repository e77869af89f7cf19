"""The site starts."""

import pytest
from django.core.management import call_command
from wagtail.models import Page


def test_system_checks_find_nothing() -> None:
    call_command("check", fail_level="WARNING")


@pytest.mark.django_db
def test_database_is_made_by_the_migrations() -> None:
    assert Page.objects.filter(depth=1).exists()
