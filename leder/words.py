"""Dates and people in words: what templates and slices both need, in the language that is active."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from leder import conf
from leder.languages import language


def date_words(value: date | datetime | None, form: str = "") -> str:
    """A date in words: 31. mars 2027. ``form``: "weekday"; of a datetime "time", "weekday_time". None: nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return format_date(value, language(get_language()).date_format(form))


def full_name(user: Any) -> str:
    """What a person is called; the user name where nothing else is known."""
    return user.get_full_name() or user.get_username()


def help_desk() -> str:
    """Whom to ring, by name and number (LEDER_HELP_DESK); without a number where the site names none."""
    return conf.help_desk() or _("IT support")
