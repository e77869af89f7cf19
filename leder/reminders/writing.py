"""A digest as a mail: what waits for the reader, with whom, by when, and where. Plain text, in their language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leder.mail.sending import letter, link, name_of, one_line
from leder.reminders.due import Reminder
from leder.reminders.gathering import Addressee
from leder.reminders.kinds import Kind
from leder.reminders.placeholders import fill_in
from leder.reminders.texts import Texts
from leder.words import date_words

# One who has many reports sees the rest on the page.
MOST_LINES = 15


def digest(addressee: Addressee, texts: Texts, *, today: dt.date) -> EmailMultiAlternatives:
    """Return the mail with these reminders (at least one, sorted)."""
    with translation.override(addressee.language):
        subject, body = written(addressee, texts, today=today)
        page = link(reverse("leder:notifications"))
        headers = {
            "List-Unsubscribe": f"<{page}>",
            # No out-of-office answers, please: by the standard (RFC 3834), and as Exchange reads it.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        }
        return letter(addressee.person.email, subject, body, headers=headers)


def written(addressee: Addressee, texts: Texts, *, today: dt.date) -> tuple[str, str]:
    """Return subject and text in the language that is active now."""
    first = addressee.reminders[0]
    words = texts.words(first.kind, addressee.language)
    values = {
        "name": name_of(addressee.person),
        "deadline": date_words(first.day) or _("as soon as you can"),
    }
    parts = [fill_in(str(words.introduction), **values)]
    groups = [
        (Kind(kind), list(group)) for kind, group in groupby(addressee.reminders, key=lambda one: one.kind)
    ]
    for kind, group in groups:
        lines = [_line(reminder, today) for reminder in group[:MOST_LINES]]
        if len(groups) > 1:
            lines.insert(0, f"{kind.label}:")
        if more := len(group) - MOST_LINES:
            lines += _more(more) if more > 0 else []
        parts.append("\n".join(lines))
    parts += [fill_in(str(words.closing), **values), _foot(addressee.reminders)]
    return one_line(fill_in(str(words.subject), **values)), "\n\n".join(parts) + "\n"


def _line(reminder: Reminder, today: dt.date) -> str:
    words = {"what": reminder.what, "whom": one_line(reminder.whom, 100), "year": reminder.year}
    said = _("%(what)s: %(whom)s, %(year)s") % words
    return f"– {said}{_when(reminder, today)}\n  {link(reminder.path)}"


def _when(reminder: Reminder, today: dt.date) -> str:
    if reminder.at:
        return f", {date_words(reminder.at, 'weekday_time')}"
    if reminder.due is None:
        return ""
    days, date = (reminder.due - today).days, date_words(reminder.due)
    if days < 0:
        late = ngettext("%(days)d day past the deadline", "%(days)d days past the deadline", -days) % {
            "days": -days
        }
        return ", " + _("due %(date)s, %(late)s") % {"date": date, "late": late}
    if days == 0:
        return ", " + _("by %(date)s, today") % {"date": date}
    left = ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return ", " + _("by %(date)s, %(left)s") % {"date": date, "left": left}


def _more(number: int) -> list[str]:
    said = ngettext("– and %(number)d more:", "– and %(number)d more:", number) % {"number": number}
    return [f"{said}\n  {link(reverse('leder:my_reports'))}"]


def _foot(reminders: Iterable[Reminder]) -> str:
    lines = [_("You get this once a week at most, and only when something waits for you.")]
    if any(reminder.optional for reminder in reminders):
        lines.append(_("Choose language, or turn off reminders ahead of deadlines, here:"))
    else:
        lines.append(_("Reminders of deadlines that have passed can't be turned off. Choose language here:"))
    lines.append(link(reverse("leder:notifications")))
    return "\n".join(lines)
