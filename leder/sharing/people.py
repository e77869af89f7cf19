"""Finding the person to share with, by name or e-mail, without a script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone

from leder.agreements.models import Agreement
from leder.organisation.models import Appointment
from leder.sharing.rules import may_be_reader

MOST = 15


@dataclass(frozen=True)
class Found:
    """Who may be meant. `exact` says that the words can mean no other, `more` that not all are listed."""

    people: list[Any] = field(default_factory=list)
    exact: bool = False
    more: bool = False
    is_party: bool = False


def find(words: str, *, agreement: Agreement) -> Found:
    """Return the active people whom the words may mean, the two parties left out. At most two queries."""
    model = get_user_model()
    active = model._default_manager.filter(is_active=True)
    names = {f"{model.EMAIL_FIELD}__iexact": words, f"{model.USERNAME_FIELD}__iexact": words}
    exact = list(active.filter(Q(*names.items(), _connector=Q.OR))[:MOST])
    hits = exact or list(active.filter(*(_in_a_name(word) for word in words.split()))[: MOST + 3])
    people = [person for person in hits if may_be_reader(person, agreement)]
    alone = len(people) == 1
    return Found(
        people=people[:MOST],
        exact=alone and (bool(exact) or people[0].get_full_name().casefold() == words.casefold()),
        more=len(people) > MOST,
        is_party=bool(hits) and not people,
    )


def titles_of(people: Iterable[Any]) -> dict[Any, str]:
    """Return what each of them leads today, by their keys: title and unit. One query."""
    appointments = (
        Appointment.objects.on(timezone.localdate())
        .filter(person__in=[person.pk for person in people])
        .select_related("position__unit")
        .order_by("-acting", "-starts")
    )
    return {appointment.person_id: str(appointment.position) for appointment in appointments}


def _in_a_name(word: str) -> Q:
    # SQLite takes capital letters beyond A–Z for other letters.
    return Q(*((f"{name}__icontains", each) for name in ("first_name", "last_name")
               for each in (word, word.capitalize())), _connector=Q.OR)  # fmt: skip
