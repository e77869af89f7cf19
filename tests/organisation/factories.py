"""Small organisations for tests."""

import factory
from django.contrib.auth import get_user_model

from leder.organisation.models import Appointment, Position, Unit


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    first_name = factory.Sequence(lambda n: f"Fornavn{n}")
    last_name = "Granskaug"
    email = factory.LazyAttribute(lambda person: f"{person.username}@example.no")


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"U{n}")
    name = factory.Sequence(lambda n: f"Enhet {n}")
    kind = "department"


class PositionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Position

    code = factory.Sequence(lambda n: f"P{n}")
    title = factory.Sequence(lambda n: f"Avdelingsleder {n}")
    unit = factory.SubFactory(UnitFactory)
    group = 3
    hta_chapter = "5"


class AppointmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Appointment

    position = factory.SubFactory(PositionFactory)
    person = factory.SubFactory(PersonFactory)
    starts = "2020-01-01"
