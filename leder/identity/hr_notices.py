"""E-mail to those in HR who can hand leader agreements over, a table: who else can, and whose account was changed.

Each at the address that was known before and at the one that stands, active or not (`notices`). Names, never what is
written (R2).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder import conf
from leder.agreements.models import AccountChange
from leder.identity.notices import IF_NOT, SECONDS_AN_HOUR, Names, Then, each_once, known_addresses
from leder.identity.noting import Seen
from leder.mail.notices import Notice, paragraphs, tell_all
from leder.mail.sending import name_of
from leder.words import date_words, help_desk

Line = Callable[[], str]


@dataclass(frozen=True)
class Told:
    """What one is told, in lines that are written in their language, and at which addresses. `about` names changes."""

    person: Any
    addresses: tuple[str, ...]
    lines: tuple[Line, ...]
    about: frozenset[tuple[Any, Any]] = frozenset()
    own: bool = False


def _values(told: Told) -> dict[str, Any]:
    return {
        "when": date_words(timezone.localtime(), "time"),
        "lines": "\n".join(line() for line in told.lines),
        "desk": help_desk(),
        "hours": int(conf.quarantine().total_seconds() // SECONDS_AN_HOUR),
    }


def _notice(subject: Promise, *said: str | Promise, page: str = "leder_handovers") -> Notice[Told]:
    return Notice(
        lambda told: [told.person],
        subject,
        paragraphs(*said),
        lambda _told: reverse(page) if page else "",
        _values,
        lambda told, _person: told.addresses,
        "account in HR",
    )


WRONG = _(
    "Is something here wrong? Ring those whom it concerns, and whoever is responsible for security. Then look at what "
    "is planned:"
)
WHO = _notice(
    _("Others in HR can hand leader agreements over"),
    _("On {when} we noticed this on the intranet:"),
    "{lines}",
    _("One who is new can approve what another has planned {hours} hours after this, not before."),
    WRONG,
)
CHANGED = _notice(
    _("An account in HR was changed"),
    _("On {when} we noticed this about accounts that can hand leader agreements over:"),
    "{lines}",
    _(
        "Whoever signs in there can approve what another has planned, {hours} hours after this. Ask whom it concerns "
        "whether this is right, by telephone or when you meet."
    ),
    WRONG,
)
ONES_OWN = _notice(
    _("Your account was changed"),
    _("On {when} we noticed this about your account on the intranet:"),
    "{lines}",
    _(
        "We tell you because you can hand leader agreements over. The others who can are told too. For {hours} hours "
        "you can't approve what another has planned."
    ),
    IF_NOT,
    page="",
)


def tell_who(people: Collection[Any], *, came: Collection[Any], left: Collection[Any]) -> None:
    """Tell each of these people who of them (by key) has got the right to hand over, and who lost it. Two queries."""
    known = known_addresses(person.pk for person in people)
    told = []
    for person in people:
        lines = [
            *(_got(each) for each in people if each.pk in came and each.pk != person.pk),
            *(_lost(each) for each in people if each.pk in left),
        ]
        if lines:
            addresses = each_once(*known.get(person.pk, ()), person.email)
            told.append((WHO, Told(person, addresses, tuple(lines))))
    tell_all(told)


def tell_changes(
    changed: Collection[Seen], in_hr: Collection[Any], *, opens_text: Collection[Any], then: Then
) -> None:
    """Tell of changed accounts in HR. `then` is called with the changes of which person, and others, were told.

    Of those who open text (by key) neither: they and the parties are told otherwise. Two queries.
    """
    known = known_addresses(person.pk for person in in_hr)
    told: list[tuple[Notice[Told], Told]] = []
    for person in in_hr:
        others = [each for each in changed if each.to_others and each.person.pk != person.pk]
        if others:
            addresses = each_once(*known.get(person.pk, ()), person.email)
            told.append(
                (CHANGED, Told(person, addresses, tuple(_of(each) for each in others), _names(others)))
            )
    for each in changed:
        if each.to_person and each.person.pk not in opens_text:
            addresses = each_once(each.address, each.person.email)
            told.append((ONES_OWN, Told(each.person, addresses, _labels(each), _names([each]), own=True)))
    persons: Names = set()
    others_told: Names = set()

    def went(about: Told) -> None:
        names = {(pk, uuid) for pk, uuid in about.about if pk not in opens_text}
        (persons if about.own else others_told).update(names)

    tell_all(told, went=went)
    transaction.on_commit(lambda: then(persons, others_told), robust=True)


def _names(changed: Iterable[Seen]) -> frozenset[tuple[Any, Any]]:
    return frozenset((each.person.pk, each.uuid) for each in changed)


def _got(person: Any) -> Line:
    return lambda: "- " + str(_("%(name)s can hand over from now")) % {"name": name_of(person)}


def _lost(person: Any) -> Line:
    return lambda: "- " + str(_("%(name)s can hand over no longer")) % {"name": name_of(person)}


def _of(each: Seen) -> Line:
    return lambda: "\n".join([f"{name_of(each.person)}:", *(line() for line in _labels(each))])


def _labels(each: Seen) -> tuple[Line, ...]:
    found = [change for change in AccountChange if change in each.found]
    return tuple(lambda change=change: f"- {change.label}" for change in found)
