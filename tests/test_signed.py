"""Signed rows (`signed`): every kind is reached, and only what the plugin has written counts."""

import logging

import pytest
from django.apps import apps

from leder.agreements.models import Share
from leder.signed import Signed, genuine, signed_models
from tests.factories import make_agreement, make_user, share

pytestmark = pytest.mark.django_db


def test_every_signature_is_exchanged_and_verified():
    """A column that holds a signature, of a model that says nothing of it, would be neither."""
    columns = {
        (model, field.name)
        for model in apps.get_app_config("leder").get_models()
        for field in model._meta.fields
        if field.name == "mac" or field.name.endswith("_mac")
    }
    assert columns == {(model, field) for model in signed_models() for field in model.signatures}
    assert all(issubclass(model, Signed) for model, _field in columns)


def test_every_kind_has_a_name_and_a_purpose_of_its_own():
    names = [model.named(field) for model in signed_models() for field in model.signatures]
    assert len(names) == len(set(names)) == 19
    assert {"ready, leader", "ready, superior", "grants", "shares"} <= set(names)


def test_what_was_changed_is_left_out_and_logged(caplog):
    agreement = make_agreement()
    kept, changed = share(agreement, make_user()), share(agreement, make_user())
    Share.objects.filter(pk=changed.pk).update(reader=make_user())
    with caplog.at_level(logging.ERROR, logger="leder.access"):
        assert [row.pk for row in genuine(Share.objects.order_by("pk"))] == [kept.pk]
    [said] = caplog.messages
    reader = Share.objects.get(pk=changed.pk).reader_id
    assert said == f"forged share: row {changed.pk}, reader {reader}, agreement {agreement.uuid}"
