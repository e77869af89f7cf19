"""Notices: that something happened and where to look, one row each in the table of the slice that it happens in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import format_lazy

from leder.mail.language import languages_of
from leder.mail.sending import after_commit, is_reached, letter, link

About = TypeVar("About")


def _nothing(_about: Any) -> dict[str, Any]:
    return {}


def _own(_about: Any, person: Any) -> Iterable[str]:
    return [person.email] if is_reached(person) else []


@dataclass(frozen=True)
class Notice(Generic[About]):
    """A row of such a table: to whom, subject, message, where to look, and what fills them in.

    What it is about, a proposal or a handover, says whom it goes to. Never what was written (R2).
    """

    to: Callable[[About], Iterable[Any]]
    subject: str | Promise
    message: str | Promise
    # The path it leads to; "" for nowhere.
    page: Callable[[About], str]
    values: Callable[[About], dict[str, Any]] = _nothing
    # Where a person is written to: at their own address, if they are active and have one.
    addresses: Callable[[About, Any], Iterable[str]] = _own
    # What the log calls it.
    kind: str = "notice"


def paragraphs(*texts: str | Promise) -> Promise:
    """Return a message of several paragraphs."""
    return format_lazy("\n\n".join(["{}"] * len(texts)), *texts)


def written(notice: Notice[About], about: About, address: str, **options: Any) -> EmailMultiAlternatives:
    """Return the mail of a notice to an address, in the language that is active now. `options` as in `letter`."""
    values = notice.values(about)
    page = notice.page(about)
    body = str(notice.message).format(**values)
    if page:
        body += f"\n\n{link(page)}"
    return letter(address, str(notice.subject).format(**values), f"{body}\n", **options)


def tell(notice: Notice[About], about: About) -> None:
    """Send a notice to each whom it is for, in their language, once what happened is committed. One query."""
    tell_all([(notice, about)])


def tell_all(told: Iterable[tuple[Notice[Any], Any]], *, went: Callable[[Any], None] | None = None) -> None:
    """Send several notices, each with what it is about. One query for all.

    `went` is called with what a mail was about, if the mail server has taken it.
    """
    sent = [
        (notice, about, person, address)
        for notice, about in told
        for person in notice.to(about)
        for address in notice.addresses(about, person)
    ]
    languages = languages_of({person.pk for _notice, _about, person, _address in sent})
    for notice, about, person, address in sent:
        with translation.override(languages[person.pk]):
            mail = written(notice, about, address)
        after_commit(mail, person=person, about=notice.kind, then=_then(went, about))


def _then(went: Callable[[Any], None] | None, about: Any) -> Callable[[], None] | None:
    return None if went is None else lambda: went(about)
