"""What a person has chosen about e-mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class MailPreference(models.Model):
    """In which language a person gets mail, and whether reminders that can be turned off are wanted.

    One who has chosen nothing has no row, and gets everything in the language of the site.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    # Empty: not chosen.
    language = models.CharField(max_length=10, blank=True, default="")
    optional_reminders = models.BooleanField(default=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"mail preference {self.pk}"
