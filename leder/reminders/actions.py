"""The daily run: each who is to be reminded gets one digest a week at most, also when it is run twice or breaks off."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from smtplib import SMTPException

from django.core.mail import get_connection
from django.utils import timezone

from leder.mail.sending import Delivery, logger, try_to_deliver
from leder.reminders.due import is_day_for_mail, week_of
from leder.reminders.gathering import Addressee, addressees
from leder.reminders.models import Digest, ReminderPlan
from leder.reminders.texts import Texts
from leder.reminders.writing import digest

# So many failures one after the other mean that the server is down; the next run tries again.
MOST_FAILURES = 3


@dataclass
class Outcome:
    """What became of a run: figures only."""

    sent: int = 0
    failed: int = 0
    broken_off: bool = False


def remind(*, today: dt.date) -> Outcome:
    """Send the digests that are due on a day, and return how many went.

    A mail that could not be sent is tried again at the next run. When the mail server is down, the rest is left to it.
    """
    outcome = Outcome()
    plan = ReminderPlan.current()
    if not is_day_for_mail(today, plan):
        return outcome
    run = _Run(today, outcome)
    for batch in addressees(today=today, plan=plan):
        if not run.send(batch):
            outcome.broken_off = True
            break
    run.close()
    return outcome


class _Run:
    """The mails of a run, over one connection to the mail server."""

    def __init__(self, today: dt.date, outcome: Outcome) -> None:
        self.today, self.outcome = today, outcome
        self.texts, self.connection, self.failures = Texts(), get_connection(), 0

    def send(self, batch: list[Addressee]) -> bool:
        """Send what these people are to have. Returns False when the mail server does not answer (any more)."""
        if not self._open(batch):
            return False
        for addressee in batch:
            claimed = _claim(addressee, week_of(self.today))
            if claimed is not None and not self._deliver(addressee, claimed):
                return False
        return True

    def close(self) -> None:
        """Hang up, whatever the server says to that."""
        with suppress(SMTPException, OSError):
            self.connection.close()

    def _open(self, batch: list[Addressee]) -> bool:
        # Otherwise Django calls the server anew for each mail.
        if batch:
            try:
                self.connection.open()
            except (SMTPException, OSError) as error:
                logger.error("no digest sent: the mail server does not answer (%s)", type(error).__name__)
                return False
        return True

    def _deliver(self, addressee: Addressee, claimed: Digest) -> bool:
        mail = digest(addressee, self.texts, today=self.today)
        mail.connection = self.connection
        delivery = try_to_deliver(mail, person_id=addressee.person.pk, about="digest")
        _settle(claimed, delivery)
        if delivery is Delivery.SENT:
            self.outcome.sent += 1
        else:
            self.outcome.failed += 1
        if delivery is not Delivery.DOWN:
            self.failures = 0
            return True
        # What is broken is not used again.
        self.close()
        self.failures += 1
        return self.failures < MOST_FAILURES


def _claim(addressee: Addressee, week_start: dt.date) -> Digest | None:
    """Note that the digest is about to be sent; None where another run has done so.

    Committed before the mail goes: a run that is broken off just here leaves one person without a digest this week,
    never one with two.
    """
    kinds = Counter(str(reminder.kind) for reminder in addressee.reminders)
    claimed, is_new = Digest.objects.get_or_create(
        person_id=addressee.person.pk, week_start=week_start, defaults={"kinds": kinds}
    )
    return claimed if is_new else None


def _settle(claimed: Digest, delivery: Delivery) -> None:
    """Note that it went; or forget it, so that the next run tries again."""
    if delivery is Delivery.SENT:
        claimed.sent_at = timezone.now()
        claimed.save(update_fields=["sent_at"])
    else:
        claimed.delete()
