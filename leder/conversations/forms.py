"""Forms of conversations (ledersamtaler): when and where, held or not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Round
from leder.words import date_words

MESSAGE_LENGTH = 2000
MINUTES = [
    (30, _("30 minutes")),
    (45, _("45 minutes")),
    (60, _("1 hour")),
    (90, _("1 hour and 30 minutes")),
    (120, _("2 hours")),
    (180, _("3 hours")),
]


class ConversationForm(forms.Form):
    """When and where a conversation is: for calling one, and for moving it. Times are the municipality's own."""

    date = forms.DateField(
        label=_("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a date."), "invalid": _("Write the date as day.month.year.")},
    )
    time = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Choose a time."), "invalid": _("Write the time as 10:30.")},
    )
    minutes = forms.TypedChoiceField(label=_("Length"), choices=MINUTES, coerce=int, initial=60)
    place = forms.CharField(
        label=_("Place"),
        max_length=200,
        help_text=_("A room, or a link to a video meeting."),
        error_messages={"required": _("Write where you meet.")},
    )
    message = forms.CharField(
        label=_("Message"),
        max_length=MESSAGE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Something the leader should know or bring. You may leave this empty."),
    )

    def __init__(self, *args: Any, year_round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A slip in the year is a common one; a conversation a year after the round is never meant.
        self.latest = year_round.follow_up_due + dt.timedelta(days=366)

    def clean_date(self) -> dt.date:
        """A day from today on, and not years ahead."""
        date: dt.date = self.cleaned_data["date"]
        if date < timezone.localdate():
            raise forms.ValidationError(
                _("%(date)s has passed. Choose a date from today on."),
                code="past",
                params={"date": date_words(date)},
            )
        if date > self.latest:
            raise forms.ValidationError(
                _("%(date)s is too far ahead. Is the year right?"),
                code="far",
                params={"date": date_words(date)},
            )
        return date

    def clean(self) -> dict[str, Any]:
        """Put date and time together as `starts_at`, which has not passed."""
        cleaned = super().clean() or self.cleaned_data
        date, time = cleaned.get("date"), cleaned.get("time")
        if date and time:
            starts_at = timezone.make_aware(dt.datetime.combine(date, time))
            if starts_at < timezone.now():
                self.add_error("time", forms.ValidationError(_("That time has passed today."), code="past"))
            cleaned["starts_at"] = starts_at
        return cleaned

    def values(self) -> dict[str, Any]:
        """The valid form as keyword arguments of the actions `call` and `move`."""
        return {name: self.cleaned_data[name] for name in ("starts_at", "minutes", "place", "message")}


class HeldForm(forms.Form):
    """The day the conversation was held."""

    held_on = forms.DateField(
        label=_("Held on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a date."), "invalid": _("Write the date as day.month.year.")},
    )

    def __init__(self, *args: Any, earliest: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.earliest = earliest

    def clean_held_on(self) -> dt.date:
        """Not a day to come, nor one before the agreement was opened."""
        held_on: dt.date = self.cleaned_data["held_on"]
        if held_on > timezone.localdate():
            raise forms.ValidationError(
                _("That day is still to come. Note the conversation when you have had it."), code="future"
            )
        if held_on < self.earliest:
            raise forms.ValidationError(
                _("The conversation can't be earlier than %(date)s."),
                code="early",
                params={"date": date_words(self.earliest)},
            )
        return held_on
