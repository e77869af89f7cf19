"""The filter of the list of reports."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from leder.agreements.states import ACTIVE, State
from leder.oversight.reports import MISSING


class ReportFilterForm(forms.Form):
    """State and words, from the query string. What makes no sense counts as no filter."""

    ord = forms.CharField(label=_("Name or unit"), required=False, max_length=100)
    status = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All states")),
            ("mine", _("Waits for me")),
            (MISSING, _("Missing")),
            *[(state.value, state.label) for state in State if state in ACTIVE],
        ],
    )
