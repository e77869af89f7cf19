"""E-mail about a changed way in: to the person, at the old and the new address, and to the other parties.

Says what was changed and what to do, never what is written in an agreement (R2).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leder.agreements.models import Agreement
from leder.identity.watch import Change
from leder.mail.language import languages_of
from leder.mail.sending import after_commit, is_reached, letter, link
from leder.templatetags.leder_ui import date_words

TO_THE_PERSON = {
    Change.PASSWORD: gettext_lazy("Your password was changed."),
    Change.EMAIL: gettext_lazy("Your e-mail address was changed."),
    Change.METHOD: gettext_lazy("You signed in in a way that you have not used before."),
    Change.UNKNOWN: gettext_lazy(
        "What the intranet knew of how you sign in was removed, so anything may have been changed."
    ),
}
TO_OTHERS = {
    Change.PASSWORD: gettext_lazy("The password was changed."),
    Change.EMAIL: gettext_lazy("The e-mail address was changed."),
    Change.METHOD: gettext_lazy("Somebody signed in as this person in a way that has not been used before."),
    Change.UNKNOWN: gettext_lazy(
        "What the intranet knew of how this person signs in was removed, so anything may have been changed."
    ),
}


def tell(
    person: Any, *, old_address: str, changes: Collection[Change], agreements: Iterable[Agreement]
) -> None:
    """Tell the person and the other party of each agreement, each once, when the change is committed."""
    others = {}
    for agreement in agreements:
        other = agreement.superior if agreement.leader_id == person.pk else agreement.leader
        if is_reached(other):
            others[other.pk] = other
    languages = languages_of([person.pk, *others])
    if person.is_active:
        with translation.override(languages[person.pk]):
            subject, body = _to_the_person(changes)
        for address in {each.casefold(): each for each in (old_address, person.email) if each}.values():
            after_commit(letter(address, subject, body), person=person, about="sign-in")
    for other in others.values():
        with translation.override(languages[other.pk]):
            subject, body = _to_others(person, changes)
        after_commit(letter(other.email, subject, body), person=other, about="sign-in")


def _to_the_person(changes: Collection[Change]) -> tuple[str, str]:
    paragraphs = [
        _when(),
        _in_order(TO_THE_PERSON, changes),
        _("We tell you because you have a leader agreement, and it is private. The other party is told too."),
        _("Was it you? Then you need not do anything."),
        _(
            "Was it not you? Tell IT support at once and ask for a new password. Then look in the agreement at who has "
            "read it:"
        ),
        _my_page(),
    ]
    return _("The way you sign in was changed"), "\n\n".join(paragraphs) + "\n"


def _to_others(person: Any, changes: Collection[Change]) -> tuple[str, str]:
    name = {"name": person.get_full_name() or person.get_username()}
    paragraphs = [
        _when(),
        _("The way %(name)s signs in was changed.") % name + " " + _in_order(TO_OTHERS, changes),
        _("We tell you because you two have a leader agreement, and it is private."),
        _(
            "Ask %(name)s whether this is right, by telephone or when you meet. If it is not: tell IT support at once, "
            "and look in the agreement at who has read it:"
        )
        % name,
        _my_page(),
    ]
    return _("The way the other party of your leader agreement signs in was changed"), "\n\n".join(
        paragraphs
    ) + "\n"


def _when() -> str:
    return _("This we noticed on %(when)s:") % {"when": date_words(timezone.localtime(), "time")}


def _in_order(words: dict[Change, Any], changes: Collection[Change]) -> str:
    return " ".join(str(words[change]) for change in Change if change in changes)


def _my_page() -> str:
    return link(reverse("leder:my_page"))
