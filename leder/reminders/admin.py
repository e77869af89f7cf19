"""HR's own words in the reminders, as a list in the CMS."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.admin import display
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel

from leder.organisation.modeladmin import HardenedModelAdmin
from leder.reminders.models import ReminderText


def _help() -> SafeString:
    return format_html(
        '<p>{}</p><p>{}</p><p><a href="{}">{}</a></p>',
        gettext(
            "A digest begins and ends with these words. What waits, with whom and by when stands between them."
        ),
        gettext(
            "{navn} becomes the reader's name, {frist} the date. What you leave empty is as the product says it."
        ),
        reverse("leder_reminder_preview"),
        gettext("See how the mails look"),
    )


class ReminderTextAdmin(HardenedModelAdmin):
    """One row a kind of reminder and language. What HR changes stands in the log."""

    model = ReminderText
    menu_label = _("Texts of reminders")
    menu_icon = "mail"
    base_url_path = "leder/reminder-texts"
    list_display = ("kind_name", "language_name", "subject")
    list_filter = ("kind", "language")
    panels: ClassVar[list[Any]] = [
        HelpPanel(lazy(_help, str)()),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("language")]),
        FieldPanel("subject"),
        FieldPanel("introduction"),
        FieldPanel("closing"),
    ]

    @display(description=_("when it is sent"), ordering="kind")
    def kind_name(self, text: ReminderText) -> str:
        return text.get_kind_display()

    @display(description=_("language"), ordering="language")
    def language_name(self, text: ReminderText) -> str:
        return text.get_language_display()
