"""What is checked before the site starts, each by itself."""

from typing import Any

import pytest
from django.core.checks import Error

from leder.agreements.models import DataKey
from leder.checks import check_keys_open
from lorenskog_intranet.checks import check_demo_sign_in
from tests.factories import make_agreement


def found(messages: Any) -> list[str | None]:
    assert all(isinstance(message, Error) for message in messages)
    return [message.id for message in messages]


@pytest.mark.django_db
def test_a_key_that_is_not_listed() -> None:
    make_agreement()
    assert found(check_keys_open(None, databases=["default"])) == []
    DataKey.objects.update(wrapped_by="0123456789abcdef")
    assert found(check_keys_open(None, databases=["default"])) == ["leder.E002"]


@pytest.mark.django_db
def test_a_database_that_is_not_asked_for_is_not_asked() -> None:
    make_agreement()
    DataKey.objects.update(wrapped_by="0123456789abcdef")
    assert found(check_keys_open(None)) == []


def test_demo_sign_in_is_the_demos_alone(settings: Any) -> None:
    assert found(check_demo_sign_in(None)) == []
    settings.DEMO_SIGN_IN = True
    assert found(check_demo_sign_in(None)) == ["site.E001"]
    settings.SETTINGS_MODULE = "lorenskog_intranet.settings.demo"
    assert found(check_demo_sign_in(None)) == []
