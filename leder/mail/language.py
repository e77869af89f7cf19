"""The language that a person reads: chosen on the site or on the page of notifications, else the site's own."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.utils import translation

from leder.mail.models import MailPreference


def known(language: str) -> bool:
    """Whether the site is translated to a language."""
    return language in dict(settings.LANGUAGES)


def language_of(person: Any) -> str:
    """Return the language of a person's mail. One query."""
    return languages_of([person.pk])[person.pk]


def languages_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Return the language of each of many by their id. One query."""
    chosen = dict(MailPreference.objects.filter(pk__in=list(person_ids)).values_list("pk", "language"))
    return {pk: or_default(chosen.get(pk, "")) for pk in person_ids}


def or_default(language: str) -> str:
    """Return the language, or the site's own for one that it does not have (any more)."""
    return language if known(language) else settings.LANGUAGE_CODE


def in_language_of(person: Any) -> AbstractContextManager[None]:
    """Render what is written inside, dates too, in the person's language: the one who acts may read another."""
    return translation.override(language_of(person))


def remember_language(*, person: Any, language: str) -> None:
    """Remember the language that a person has chosen. One that the site does not have is not kept."""
    if known(language):
        MailPreference.objects.update_or_create(pk=person.pk, defaults={"language": language})
