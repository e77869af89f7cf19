"""E-mail about a changed account: to the person and to the parties of every agreement whose text the account opens.

Each at the address that was known before and at the one that stands now, active or not: one who takes over accounts
switches them off and changes addresses first. Says what was changed and what to do, never what is written (R2).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from leder.agreements.models import AccountChange
from leder.identity.concerned import Changed
from leder.identity.models import KnownSignIn
from leder.identity.watch import address_key
from leder.mail.language import languages_of
from leder.mail.sending import after_commit, letter, link, name_of
from leder.words import date_words


def tell(changed: Collection[Changed]) -> None:
    """Tell each person, and each party once of all whose account was changed, when it is committed. Two queries."""
    people = {each.person.pk: each.person for each in changed}
    others: dict[Any, dict[Any, Changed]] = {}
    for each in changed:
        for agreement in each.agreements:
            for party in (agreement.leader, agreement.superior):
                if party.pk != each.person.pk:
                    people.setdefault(party.pk, party)
                    others.setdefault(party.pk, {})[each.person.pk] = each
    languages = languages_of(people)
    known = dict(KnownSignIn.objects.filter(pk__in=others).values_list("pk", "email"))
    known |= {each.person.pk: each.old_address for each in changed}

    def send(pk: Any, subject: str, body: str) -> None:
        person = people[pk]
        addresses = {address_key(each): each for each in (known.get(pk, ""), person.email) if each}
        for address in addresses.values():
            after_commit(letter(address, subject, body), person=person, about="sign-in")

    for each in changed:
        with translation.override(languages[each.person.pk]):
            send(each.person.pk, *_to_the_person(each))
    for pk, about in others.items():
        with translation.override(languages[pk]):
            send(pk, *_to_a_party(about.values()))


def _to_the_person(changed: Changed) -> tuple[str, str]:
    paragraphs = [
        _("On %(when)s we noticed this about your account on the intranet:") % _when(),
        _in_order(changed),
        _(
            "We tell you because you can read what stands in a leader agreement, and it is private. Its parties are "
            "told too."
        ),
        _("Was it you, or did you know of it? Then you need not do anything."),
        _("If not: tell IT support at once, by telephone, and ask for a new password."),
    ]
    if changed.is_party:
        paragraphs += [_("Then look in the agreement at who has read it:"), _my_page()]
    return _("Your account was changed"), "\n\n".join(paragraphs) + "\n"


def _to_a_party(about: Iterable[Changed]) -> tuple[str, str]:
    paragraphs = [
        _("On %(when)s we noticed this about accounts on the intranet:") % _when(),
        *(f"{name_of(each.person)}:\n{_in_order(each)}" for each in about),
        _(
            "We tell you because whoever signs in there can read what stands in a leader agreement of yours, and it is "
            "private."
        ),
        _(
            "Ask whom it concerns whether this is right, by telephone or when you meet. If it is not: tell IT support "
            "at once, and look in the agreement at who has read it:"
        ),
        _my_page(),
    ]
    subject = _("An account that can read your leader agreement was changed")
    return subject, "\n\n".join(paragraphs) + "\n"


def _when() -> dict[str, str]:
    return {"when": date_words(timezone.localtime(), "time")}


def _in_order(changed: Changed) -> str:
    return "\n".join(f"- {each.label}" for each in AccountChange if each in changed.changes)


def _my_page() -> str:
    return link(reverse("leder:my_page"))
