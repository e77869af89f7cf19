"""Notices: that something happened and where to look, one row each in the table of the slice that it happens in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.utils.functional import Promise

from leder.mail.language import in_language_of
from leder.mail.sending import after_commit, is_reached, letter, link

About = TypeVar("About")


def _nothing(_about: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Notice(Generic[About]):
    """A row of such a table: to whom, subject, message, where to look, and what fills the message in.

    What it is about, a proposal or a handover, says whom it goes to. Never what was written (R2).
    """

    to: Callable[[About], Iterable[Any]]
    subject: Promise
    message: Promise
    page: Callable[[About], str]
    values: Callable[[About], dict[str, Any]] = _nothing


def tell(notice: Notice[About], about: About) -> None:
    """Send a notice to each whom it is for, in their language, once what happened is committed."""
    for recipient in filter(is_reached, notice.to(about)):
        with in_language_of(recipient):
            message = str(notice.message).format(**notice.values(about))
            body = f"{message}\n\n{link(notice.page(about))}\n"
            mail = letter(recipient.email, notice.subject, body)
        after_commit(mail, person=recipient, about="notice")
