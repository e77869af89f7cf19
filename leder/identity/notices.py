"""E-mail about a changed account, a table: to the person, and to the parties of every agreement that it opens.

Each at the address that was known before and at the one that stands now, active or not: one who takes over accounts
switches them off and changes addresses first. Says what was changed and what to do, never what is written (R2).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import AccountChange
from leder.identity.concerned import Changed
from leder.identity.models import KnownSignIn
from leder.identity.watch import address_key
from leder.mail.notices import Notice, paragraphs, tell_all
from leder.mail.sending import name_of
from leder.words import date_words


@dataclass(frozen=True)
class Told:
    """What one is told, of their own account or of others', and at which addresses."""

    person: Any
    addresses: tuple[str, ...]
    changed: tuple[Changed, ...]


def _my_page(_about: Told) -> str:
    return reverse("leder:my_page")


def _nowhere(_about: Told) -> str:
    return ""


def _values(about: Told) -> dict[str, str]:
    return {
        "when": date_words(timezone.localtime(), "time"),
        "changes": _in_order(about.changed[0]),
        "accounts": "\n\n".join(f"{name_of(each.person)}:\n{_in_order(each)}" for each in about.changed),
    }


def _in_order(changed: Changed) -> str:
    return "\n".join(f"- {each.label}" for each in AccountChange if each in changed.changes)


def _notice(subject: Promise, *said: str | Promise, leads_on: bool = True) -> Notice[Told]:
    return Notice(
        lambda about: [about.person],
        subject,
        paragraphs(*said),
        _my_page if leads_on else _nowhere,
        _values,
        lambda about, _person: about.addresses,
        "sign-in",
    )


# Subject and paragraphs.
ONES_OWN = (
    _("Your account was changed"),
    _("On {when} we noticed this about your account on the intranet:"),
    "{changes}",
    _(
        "We tell you because you can read what stands in a leader agreement, and it is private. Its parties are "
        "told too."
    ),
    _("Was it you, or did you know of it? Then you need not do anything."),
    _("If not: tell IT support at once, by telephone, and ask for a new password."),
)
TO_THE_PERSON = _notice(*ONES_OWN, leads_on=False)
# One with an agreement of their own sees there who has read.
TO_THE_PERSON_WHO_IS_A_PARTY = _notice(*ONES_OWN, _("Then look in the agreement at who has read it:"))
TO_A_PARTY = _notice(
    _("An account that can read your leader agreement was changed"),
    _("On {when} we noticed this about accounts on the intranet:"),
    "{accounts}",
    _(
        "We tell you because whoever signs in there can read what stands in a leader agreement of yours, and it is "
        "private."
    ),
    _(
        "Ask whom it concerns whether this is right, by telephone or when you meet. If it is not: tell IT support "
        "at once, and look in the agreement at who has read it:"
    ),
)


def tell(changed: Collection[Changed]) -> None:
    """Tell each person, and each party once of all whose account was changed, when it is committed. Two queries."""
    people: dict[Any, Any] = {each.person.pk: each.person for each in changed}
    others: dict[Any, dict[Any, Changed]] = {}
    for each in changed:
        for agreement in each.agreements:
            for party in (agreement.leader, agreement.superior):
                if party.pk != each.person.pk:
                    people.setdefault(party.pk, party)
                    others.setdefault(party.pk, {})[each.person.pk] = each
    known = dict(KnownSignIn.objects.filter(pk__in=others).values_list("pk", "email"))
    known |= {each.person.pk: each.old_address for each in changed}

    def told(pk: Any, *about: Changed) -> Told:
        person = people[pk]
        addresses = {address_key(each): each for each in (known.get(pk, ""), person.email) if each}
        return Told(person, tuple(addresses.values()), about)

    own = [
        (TO_THE_PERSON_WHO_IS_A_PARTY if each.is_party else TO_THE_PERSON, told(each.person.pk, each))
        for each in changed
    ]
    tell_all([*own, *((TO_A_PARTY, told(pk, *about.values())) for pk, about in others.items())])
