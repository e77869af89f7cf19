"""What a person can choose about e-mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from leder.mail.language import or_default
from leder.mail.models import MailPreference


class NotificationsForm(forms.Form):
    """Language of mail, and whether reminders that can be turned off are wanted."""

    language = forms.ChoiceField(label=_("Language of e-mail to you"), widget=forms.RadioSelect)
    optional_reminders = forms.BooleanField(
        label=_("Remind me ahead of deadlines and conversations"),
        help_text=_("One e-mail a week at most, and only when it is your turn."),
        required=False,
    )

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        held = MailPreference.objects.filter(pk=person.pk).first() or MailPreference(pk=person.pk)
        self.initial = {
            "language": or_default(held.language),
            "optional_reminders": held.optional_reminders,
        }

    def save(self) -> None:
        """Keep what was chosen."""
        MailPreference.objects.update_or_create(pk=self.person.pk, defaults=self.cleaned_data)
