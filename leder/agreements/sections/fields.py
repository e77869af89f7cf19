"""The fields of a section. They keep what was typed, also when it is too long or not a date."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.agreements.answers import GoalStatus, Responsible

MOST_CHARACTERS = 20_000
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y"]


class LongText(forms.CharField):
    """Free text, never required. The length is checked here only: `maxlength` in a browser cuts what is pasted."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Return the text with the line breaks of the web written as one character, as it is stored."""
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > MOST_CHARACTERS:
            raise ValidationError(
                _("Write at most %(most)s characters here. You have written %(count)s."),
                code="too_long",
                params={"most": MOST_CHARACTERS, "count": len(value)},
            )


class DayInput(forms.DateInput):
    """A date field of the browser; an ordinary one when what was typed is no date, so that it is not lost."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not ISO_DAY.fullmatch(str(shown)):
            context["widget"]["type"] = "text"
        return context


class Day(forms.DateField):
    """A date, optional, as browsers and people write it. Cleans to ISO text, which is what is stored."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            input_formats=DAY_FORMATS,
            widget=DayInput(),
            error_messages={"invalid": _("Write the date as day, month and year, for example 31.12.2027.")},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        """Return the date as ISO text, "" for none. Raises ValidationError for what is no date."""
        day = super().clean(value)
        return day.isoformat() if day else ""


class Identity(forms.CharField):
    """The id of a goal, carried by the page. What is no id counts as none."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput(attrs={"id": False}))

    def clean(self, value: Any) -> str:
        """Return the id as text, "" when it is none."""
        try:
            return str(uuid.UUID(str(value)))
        except ValueError:
            return ""


def goal_fields() -> dict[str, forms.Field]:
    """Return new fields of one goal, by name."""
    return {
        "id": Identity(),
        "carried_from": Identity(),
        "goal": LongText(label=_("Goal")),
        "measures": LongText(label=_("Measures")),
        "due": Day(label=_("Due")),
        "responsible": forms.ChoiceField(label=_("Responsible"), choices=Responsible.choices, required=False),
        "status": forms.ChoiceField(label=_("Status"), choices=GoalStatus.choices, required=False),
        "remove": forms.BooleanField(label=_("Remove this goal"), required=False),
    }


def words_for(field: forms.Field, value: str) -> str | Promise:
    """Return a stored value as it is read: the words of a choice, "" for one not known; else the value itself."""
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return next((words for key, words in choices if key == value), "")
    return value
