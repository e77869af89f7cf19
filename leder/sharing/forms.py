"""The form of a proposal: what, with whom, for what, until when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leder.agreements.access.shares import sharing_of
from leder.agreements.models import Agreement
from leder.agreements.sections.fields import DAY_FORMATS, DayInput
from leder.pages.editions import Section
from leder.sharing.people import Found, find, titles_of
from leder.sharing.rules import WHOLE, latest_day
from leder.words import date_words, full_name

USUAL_DAYS = 30
# A radio button without a value would look like none chosen.
ALL = "all"


class ProposalForm(forms.Form):
    """A proposal to share. When the words fit several people they are listed as `person`, to choose one."""

    part = forms.ChoiceField(
        label=_("What do you want to share?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a part, or the whole agreement.")},
    )
    reader = forms.CharField(
        label=_("Who is to read it?"),
        max_length=150,
        help_text=_("Name or e-mail address of one person."),
        error_messages={"required": _("Write the name or e-mail address of the one who is to read it.")},
    )
    # Checked against those whom the words fit, in `clean`.
    person = forms.CharField(label=_("Whom do you mean?"), required=False, widget=forms.RadioSelect)
    purpose = forms.CharField(
        label=_("What for?"),
        max_length=200,
        help_text=_("In a few words, for example “guidance before the conversation”. The reader sees this."),
        error_messages={"required": _("Write what the reader is to use it for.")},
    )
    until = forms.DateField(
        label=_("Until and including"),
        input_formats=DAY_FORMATS,
        widget=DayInput(),
        error_messages={
            "required": _("Choose a date."),
            "invalid": _("Write the date as day, month and year, for example 31.12.2027."),
        },
    )

    def __init__(self, data: Any = None, *, agreement: Agreement, part: str = "") -> None:
        super().__init__(data)
        self.agreement = agreement
        self.today = timezone.localdate()
        self.shared = sharing_of(agreement).readers
        sections = [section for section in agreement.form_edition.sections if section.takes_answers]
        self.fields["part"].choices = [  # type: ignore[attr-defined]
            *((section.id, self._name_of(section)) for section in sections),
            (ALL, _("The whole agreement")),
        ]
        self.initial["part"] = next((each.id for each in sections if str(each.number) == part), "")
        self.initial["until"] = self.today + dt.timedelta(days=USUAL_DAYS)

    def clean_until(self) -> dt.date:
        """A day from today on, and at most a year ahead."""
        until: dt.date = self.cleaned_data["until"]
        if until < self.today:
            raise forms.ValidationError(
                _("%(date)s has passed. Choose a date from today on."),
                code="past",
                params={"date": date_words(until)},
            )
        if until > latest_day(self.today):
            raise forms.ValidationError(
                _("Share for a year at most: to %(date)s. You can agree on it again then."),
                code="far",
                params={"date": date_words(latest_day(self.today))},
            )
        return until

    def clean(self) -> dict[str, Any]:
        """Find the person who is meant, as `reader`."""
        cleaned = super().clean() or self.cleaned_data
        words = cleaned.get("reader")
        found = find(words, agreement=self.agreement) if words else Found()
        if found.exact:
            cleaned["reader"] = found.people[0]
        elif found.people:
            cleaned["reader"] = self._chosen(found, cleaned.get("person", ""))
        elif found.is_party:
            self.add_error("reader", _("That is one of you two, who already read it. Write somebody else."))
        elif words:
            nobody = _("Nobody is found by “%(words)s”. Try the e-mail address.")
            self.add_error("reader", forms.ValidationError(nobody, params={"words": words}))
        return cleaned

    def values(self) -> dict[str, Any]:
        """The valid form as keyword arguments of the action `propose`."""
        part = self.cleaned_data["part"]
        return {
            "section_id": WHOLE if part == ALL else part,
            **{name: self.cleaned_data[name] for name in ("reader", "purpose", "until")},
        }

    @property
    def asks_for_person(self) -> bool:
        """Whether there are people to choose among."""
        return bool(self.fields["person"].widget.choices)

    def _name_of(self, section: Section) -> str:
        if not section.private or section.id in self.shared:
            return section.heading
        return f"{section.heading} ({gettext('Only you two')})"

    def _chosen(self, found: Found, key: str) -> Any:
        """The one chosen among those whom the words fit; they are listed on the page, and the choice is kept."""
        titles = titles_of(found.people)
        self.fields["person"].widget.choices = [
            (str(person.pk), f"{full_name(person)} ({titles.get(person.pk) or person.email})")
            for person in found.people
        ]
        chosen = next((person for person in found.people if str(person.pk) == key), None)
        if chosen is None:
            self.add_error("person", _("Choose whom you mean."))
            if found.more:
                more = _("There are more of that name. Write more of it, or the e-mail address.")
                self.add_error("reader", more)
        return chosen
