"""Channels that would carry people or text out of the agreement by themselves are closed on every model."""

import pytest
from django.apps import apps
from wagtail.models import Page, ReferenceIndex

from leder import models
from leder.agreements.states import State
from tests.factories import make_agreement

MODELS = [model for model in apps.get_app_config("leder").get_models() if not issubclass(model, Page)]
OF_THE_PARTIES = [
    models.Agreement,
    models.AgreementUserObjectPermission,
    models.Comment,
    models.Conversation,
    models.DataKey,
    models.Entry,
    models.Event,
    models.Seal,
    models.SectionReview,
    models.Signature,
    models.Version,
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_model_enters_the_reference_index(model):
    assert model.wagtail_reference_index_ignore


@pytest.mark.parametrize("model", OF_THE_PARTIES, ids=lambda model: model.__name__)
def test_there_is_no_permission_to_hand_out(model):
    assert model._meta.default_permissions == ()


@pytest.mark.django_db
def test_names_of_objects_tell_nothing():
    agreement = make_agreement(state=State.SIGNED)
    for model in OF_THE_PARTIES:
        for thing in model.objects.all():
            for name in (agreement.leader.last_name, agreement.leader.username, agreement.unit_name):
                assert name not in str(thing)


@pytest.mark.django_db
def test_a_whole_life_leaves_nothing_in_the_reference_index():
    before = ReferenceIndex.objects.count()
    make_agreement(state=State.FOLLOWED_UP)
    assert ReferenceIndex.objects.count() == before
