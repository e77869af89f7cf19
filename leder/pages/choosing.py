"""Choosing which two editions to compare."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leder.pages.editions import Edition
from leder.words import date_words


def name_of(edition: Edition) -> str:
    """What an edition is called: title, number and day, in the language of the moment."""
    date = date_words(edition.published_at)
    return _("%(title)s, edition %(number)s, %(date)s") % {
        "title": edition.title,
        "number": edition.number,
        "date": date,
    }


class EditionsForm(forms.Form):
    """Two editions of one kind, among those that the reader may read. Their ids are whole numbers once cleaned."""

    prefix = None
    old = forms.TypedChoiceField(label=gettext_lazy("From"), coerce=int)
    new = forms.TypedChoiceField(label=gettext_lazy("To"), coerce=int)

    def __init__(self, readable: Iterable[Edition], data: Any, old: Edition, new: Edition) -> None:
        super().__init__(data, initial={"old": old.pk, "new": new.pk})
        choices = [(each.pk, name_of(each)) for each in readable]
        for name in ("old", "new"):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
