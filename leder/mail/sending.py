"""The one way by which mail goes out. A failing mail server never undoes what was done; it shows in the log.

A mail says that something happened and where to look, never what a party has written (R2). The log (`leder.mail`)
says to whom by number and about what in one word; neither subject nor text.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from email.utils import quote
from enum import Enum
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils.functional import Promise

logger = logging.getLogger("leder.mail")

# A name longer than this would be broken over lines in a header.
LONGEST_NAME = 100
# This one mail is not wanted, or goes to what is no address.
REFUSALS = (SMTPRecipientsRefused, SMTPDataError, ValueError)


class Delivery(Enum):
    """What became of a mail."""

    SENT = "sent"
    REFUSED = "refused"
    # The server does not take any mail just now.
    DOWN = "down"


def is_reached(person: Any) -> bool:
    """Whether a person gets mail: one who is active and has an address."""
    return bool(person.is_active and person.email)


def link(path: str) -> str:
    """Return the full address of a path, for one who reads it outside the site."""
    return str(settings.WAGTAILADMIN_BASE_URL) + path


def letter(address: str, subject: str | Promise, body: str, **options: Any) -> EmailMultiAlternatives:
    """Return a mail in plain text from the site's address, in the language that is active now."""
    return EmailMultiAlternatives(
        one_line(str(subject)), body, settings.DEFAULT_FROM_EMAIL, [address], **options
    )


def after_commit(
    mail: EmailMultiAlternatives, *, person: Any, about: str, then: Callable[[], None] | None = None
) -> None:
    """Send a mail once what happened is committed, and if it went do what follows (`then`).

    One that fails unexpectedly does not stop the others.
    """

    # No `partial`: Django notes a failure by the function's name, and one without it ends the rest.
    def send() -> None:
        if deliver(mail, person_id=person.pk, about=about) and then is not None:
            then()

    transaction.on_commit(send, robust=True)


def deliver(mail: EmailMultiAlternatives, *, person_id: int, about: str) -> bool:
    """Send a mail now. Returns whether it went; one that did not is noted in the log, without what it says."""
    return try_to_deliver(mail, person_id=person_id, about=about) is Delivery.SENT


def try_to_deliver(mail: EmailMultiAlternatives, *, person_id: int, about: str) -> Delivery:
    """Send a mail now, and say what became of it; for one who sends many."""
    try:
        mail.send()
    except REFUSALS as error:
        return _noted(error, Delivery.REFUSED, person_id, about)
    except (SMTPException, OSError) as error:
        return _noted(error, Delivery.DOWN, person_id, about)
    return Delivery.SENT


def _noted(error: Exception, delivery: Delivery, person_id: int, about: str) -> Delivery:
    logger.error("mail not sent: %s, person %s (%s)", about, person_id, type(error).__name__)
    return delivery


def one_line(text: str, longest: int = 0) -> str:
    """Return a text as it can stand in a header or a calendar: no line breaks nor other control characters."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return plain[: longest - 1].rstrip() + "…" if longest and len(plain) > longest else plain


def name_of(person: Any) -> str:
    """Return what a person is called, on one line."""
    return one_line(person.get_full_name() or person.get_username(), LONGEST_NAME)


def addressed(person: Any) -> str:
    """Return a person's name and address for a header such as Reply-To."""
    return f'"{quote(name_of(person))}" <{one_line(person.email)}>'


def reply_to(people: Sequence[Any]) -> list[str]:
    """Return the addresses that answers go to: those of the people who have one."""
    return [addressed(person) for person in people if is_reached(person)]
