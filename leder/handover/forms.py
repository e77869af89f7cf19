"""The form that stops a handover: why, as a choice, so that nobody writes here about another."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Handover


class StopForm(forms.Form):
    """Why it is stopped. Seen by the three and HR until a second person in HR has decided."""

    reason = forms.ChoiceField(
        label=_("Why do you stop it?"),
        choices=Handover.StopReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why.")},
    )
