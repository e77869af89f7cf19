"""The filter of a superior's line."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from leder.oversight.completion.stages import Stage


class LineFilterForm(forms.Form):
    """State and words, from the query string. What makes no sense counts as no filter."""

    OVERDUE = "overdue"

    ord = forms.CharField(label=_("Name or unit"), required=False, max_length=100)
    status = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), (OVERDUE, _("Past a deadline")), *Stage.choices],
    )
