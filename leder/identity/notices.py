"""E-mail about a changed account, a table: to the person, and to the parties of every agreement that it opens.

Each at the address that was known before and at the one that stands now, active or not: one who takes over accounts
switches them off and changes addresses first. Says what was changed and what to do, never what is written (R2).
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder import conf
from leder.agreements.models import AccountChange, Agreement, KnownAccount
from leder.agreements.models.account import address_key
from leder.identity.concerned import Changed
from leder.identity.links import confirm_address
from leder.mail.notices import Notice, paragraphs, tell_all
from leder.mail.sending import link, name_of
from leder.words import date_words, help_desk

# Which changes (user, name of the change) were told to the person, and to a party.
Names = set[tuple[Any, uuids.UUID]]
Then = Callable[[Names, Names], None]
SECONDS_AN_HOUR = 3600


@dataclass(frozen=True)
class Told:
    """What one is told, of their own account or of others', and at which addresses."""

    person: Any
    addresses: tuple[str, ...]
    changed: tuple[Changed, ...]
    own: bool = False


@dataclass(frozen=True)
class Answer:
    """What a party has said of a changed account, to one whom it is told, and at which addresses.

    `no_by` is the party whose “no” is taken back by it; None where there was none.
    """

    person: Any
    addresses: tuple[str, ...]
    of: Any
    by: Any
    no_by: Any = None


def _my_page(_about: Any) -> str:
    return reverse("leder:my_page")


def _shut_page(_about: Any) -> str:
    return reverse("leder:account_shut")


def _nowhere(_about: Any) -> str:
    return ""


def _values(about: Told) -> dict[str, Any]:
    return {
        "when": date_words(timezone.localtime(), "time"),
        "changes": _in_order(about.changed[0]),
        "accounts": "\n\n".join(_account(each) for each in about.changed),
        "desk": help_desk(),
        "hours": int(conf.quarantine().total_seconds() // SECONDS_AN_HOUR),
    }


def _account(changed: Changed) -> str:
    lines = [f"{name_of(changed.person)}:", _in_order(changed)]
    if changed.shuts:
        lines.append(link(confirm_address(changed.person.pk, changed.uuid)))
    return "\n".join(lines)


def _in_order(changed: Changed) -> str:
    return "\n".join(f"- {each.label}" for each in AccountChange if each in changed.changes)


def _notice(
    subject: Promise,
    *said: str | Promise,
    page: Callable[[Any], str] = _my_page,
    values: Callable[[Any], dict[str, Any]] = _values,
) -> Notice[Any]:
    return Notice(
        lambda about: [about.person],
        subject,
        paragraphs(*said),
        page,
        values,
        lambda about, _person: about.addresses,
        "account",
    )


# Subject and paragraphs. Each is read by somebody in a hurry: what happened, what to do, whom to ring.
ONES_OWN = (
    _("Your account was changed"),
    _("On {when} we noticed this about your account on the intranet:"),
    "{changes}",
)
TOLD_TOO = _("You can read what stands in a leader agreement, so its parties are told too.")
IF_NOT = _("Was it not you, and did you not ask for it? Ring at once: {desk}.")
TO_THE_PERSON = _notice(*ONES_OWN, IF_NOT, TOLD_TOO, page=_nowhere)
# One with an agreement of their own sees there who has read.
TO_THE_PERSON_WHO_IS_A_PARTY = _notice(
    *ONES_OWN, TOLD_TOO, IF_NOT, _("Then look in the agreement at who has read it:")
)
TO_THE_PERSON_SHUT = _notice(
    *ONES_OWN,
    IF_NOT,
    _(
        "So that nobody else reads as you, the texts of leader agreements are shut to your account for now. Nothing "
        "is lost. Here you see whom to ring, so that they open again:"
    ),
    page=_shut_page,
)
OTHERS = (
    _("An account that can read your leader agreement was changed"),
    _("On {when} we noticed this about accounts that can read a leader agreement of yours:"),
    "{accounts}",
)
TO_A_PARTY = _notice(
    *OTHERS,
    _("Ask whether it is right, by telephone or when you meet. If it is not, ring at once: {desk}."),
    _("Then look in the agreement at who has read it:"),
)
IS_IT_NOT = _("Is it not them? Say so there, and ring at once: {desk}.")
TO_A_PARTY_SHUT = _notice(
    *OTHERS,
    _(
        "The texts are shut to this account. Ring whom it concerns, on a number you know, or meet. Then open the "
        "address above and say whether it is them. If nobody answers, the texts open by themselves {hours} hours "
        "after both of you were told."
    ),
    IS_IT_NOT,
    page=_nowhere,
)
# Of several in one mail some may be shut.
TO_A_PARTY_SOME_SHUT = _notice(
    *OTHERS,
    _(
        "The texts are shut to an account with an address below it. Ring whom it concerns, on a number you know, or "
        "meet. Then open the address and say whether it is them. If nobody answers, the texts open by themselves "
        "{hours} hours after both of you were told."
    ),
    IS_IT_NOT,
    page=_nowhere,
)


def _names(about: Answer) -> dict[str, Any]:
    no_by = "" if about.no_by is None else name_of(about.no_by)
    return {"name": name_of(about.of), "by": name_of(about.by), "no_by": no_by, "desk": help_desk()}


# What a party has said: to the person, and to the other parties.
ANSWERED = {
    AccountChange.CONFIRMED: (
        _notice(
            _("The texts are open to your account again"),
            _("{by} has confirmed that your account is yours. You can read and write as before."),
            values=_names,
        ),
        _notice(
            _("An account is open again"),
            _("{by} has confirmed that the account of {name} is theirs."),
            values=_names,
        ),
    ),
    AccountChange.REFUSED: (
        _notice(
            _("The texts stay shut to your account"),
            _("{by} has said that it is not you who signs in with your account. The texts stay shut to it."),
            _("Ring at once: {desk}. When your account is yours again, {by} can open the texts."),
            values=_names,
        ),
        _notice(
            _("An account stays shut"),
            _("{by} has said that it is not {name} who signs in with the account of {name}."),
            _(
                "The texts stay shut to it. Ring at once: {desk}. Then look in the agreement at who has read it:"
            ),
            values=_names,
        ),
    ),
}
# The same where a “no” is taken back by it.
TAKEN_BACK = (
    _notice(
        _("The texts are open to your account again"),
        _(
            "{no_by} had said that it is not you who signs in with your account. That is taken back: {by} has "
            "confirmed that your account is yours. You can read and write as before."
        ),
        values=_names,
    ),
    _notice(
        _("An account is open again"),
        _(
            "{no_by} had said that it is not {name} who signs in with the account of {name}. That is taken back: "
            "{by} has confirmed that the account is theirs."
        ),
        values=_names,
    ),
)


def tell(changed: Collection[Changed], *, then: Then) -> None:
    """Tell each person, and each party once of all whose account was changed, when it is committed. Two queries.

    After that `then` is called with the changes that the person, and a party, was told of.
    """
    people = {each.person.pk: each.person for each in changed}
    others: dict[Any, list[Changed]] = {}
    for each in changed:
        for party in each.others if each.to_parties else ():
            people.setdefault(party.pk, party)
            others.setdefault(party.pk, []).append(each)
    known = known_addresses(others)
    own = [
        (
            _to_the_person(each),
            Told(each.person, each_once(each.old_address, each.person.email), (each,), own=True),
        )
        for each in changed
        if each.to_person
    ]
    to_parties = [
        (
            _to_a_party(about),
            Told(people[pk], each_once(*known.get(pk, ()), people[pk].email), tuple(about)),
        )
        for pk, about in others.items()
    ]
    told: Names = set()
    parties_told: Names = set()

    def went(about: Told) -> None:
        names = {(each.person.pk, each.uuid) for each in about.changed}
        (told if about.own else parties_told).update(names)

    tell_all([*own, *to_parties], went=went)
    transaction.on_commit(lambda: then(told, parties_told), robust=True)


def tell_answer(
    person: Any,
    actor: Any,
    said: AccountChange,
    agreements: Iterable[Agreement],
    *,
    address_before: str,
    no_by: Any = None,
) -> None:
    """Tell what a party has said: the person, at both addresses where one was changed, and each other party.

    `no_by` is the party whose “no” is taken back by a yes. One query. Who has said it knows.
    """
    parties = {
        party.pk: party
        for agreement in agreements
        for party in (agreement.leader, agreement.superior)
        if party.pk not in (person.pk, actor.pk)
    }
    to_the_person, to_a_party = ANSWERED[said] if no_by is None else TAKEN_BACK
    addresses = each_once(address_before, person.email)
    tell_all(
        [
            (to_the_person, Answer(person, addresses, person, actor, no_by)),
            *(
                (to_a_party, Answer(party, each_once(party.email), person, actor, no_by))
                for party in parties.values()
            ),
        ]
    )


def _to_the_person(changed: Changed) -> Notice[Any]:
    if changed.shuts:
        return TO_THE_PERSON_SHUT
    return TO_THE_PERSON_WHO_IS_A_PARTY if changed.is_party else TO_THE_PERSON


def _to_a_party(about: Collection[Changed]) -> Notice[Any]:
    if not any(each.shuts for each in about):
        return TO_A_PARTY
    return TO_A_PARTY_SHUT if len(about) == 1 else TO_A_PARTY_SOME_SHUT


def known_addresses(people: Iterable[Any]) -> dict[Any, tuple[str, ...]]:
    """Return where mail to these people (by key) went before, as far as their accounts are known. One query."""
    rows = KnownAccount.objects.filter(pk__in=people).values_list("pk", "email", "email_before")
    return {pk: tuple(addresses) for pk, *addresses in rows}


def each_once(*addresses: str) -> tuple[str, ...]:
    """Return each address once, and none that is empty."""
    return tuple({address_key(each): each for each in addresses if each}.values())
