"""The round (avtaleår) as HR sets it up: which published texts it stands on, and its deadlines (R4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from leder import conf
from leder.pages.models import AgreementFormPage, LeaderPlatformPage, SteeringLetterPage

PAGES = {
    "platform_page": LeaderPlatformPage,
    "letter_page": SteeringLetterPage,
    "form_page": AgreementFormPage,
}
# How long before it happens the parties see that their text will be deleted.
NOTICE = dt.timedelta(days=30)
DATES = ("conversation_due", "follow_up_from", "follow_up_due", "unshared_deleted_on", "text_deleted_on")


def usual_dates(year: int) -> dict[str, dt.date]:
    """Return the deadlines of a year as the domain states them: first quarter, and autumn."""
    return {
        "conversation_due": dt.date(year, 3, 31),
        "follow_up_from": dt.date(year, 8, 1),
        "follow_up_due": dt.date(year, 12, 31),
        "unshared_deleted_on": dt.date(year, 12, 31),
        "text_deleted_on": dt.date(year + conf.retention_years(), 12, 31),
    }


class Deadlines:
    """Mixin of forms with a round's deadlines: checks them against the year and against each other."""

    changed_data: list[str]
    add_error: Any

    def check_dates(self, year: int, cleaned: dict[str, Any]) -> None:
        """Note what is wrong with the deadlines of a year on their fields."""
        # A first conversation may be set before the year begins, and a follow-up may slip past its end.
        first, last = dt.date(year - 1, 11, 1), dt.date(year + 1, 3, 31)
        for name in set(DATES) - {"text_deleted_on"}:
            date = cleaned.get(name)
            if date is not None and not first <= date <= last:
                self.add_error(
                    name,
                    forms.ValidationError(
                        _("This date is far from %(year)s."), code="far", params={"year": year}
                    ),
                )
        self._check_text_deleted_on(year, cleaned)
        self._check_order(
            cleaned, "conversation_due", "follow_up_from", _("The follow-up comes after the first.")
        )
        self._check_order(
            cleaned, "follow_up_from", "follow_up_due", _("The follow-up can't end before it begins.")
        )
        self._check_order(
            cleaned,
            "conversation_due",
            "unshared_deleted_on",
            _("Preparations can't be deleted before the conversation is to be held."),
        )

    def _check_text_deleted_on(self, year: int, cleaned: dict[str, Any]) -> None:
        date = cleaned.get("text_deleted_on")
        if date is None:
            return
        # An agreement stands until the next one is signed, and the two need what they wrote to make it.
        if date < dt.date(year + 1, 12, 31):
            self.add_error("text_deleted_on", _("The text is needed at least until the next year has ended."))
        elif "text_deleted_on" in self.changed_data and date < timezone.localdate() + NOTICE:
            self.add_error(
                "text_deleted_on", _("The parties must be able to see the date at least 30 days before.")
            )

    def _check_order(self, cleaned: dict[str, Any], earlier: str, later: str, message: Any) -> None:
        before, after = cleaned.get(earlier), cleaned.get(later)
        if before is not None and after is not None and after < before:
            self.add_error(later, message)


class RoundForm(Deadlines, WagtailAdminModelForm):
    """The texts and deadlines of a round that is there. Rounds are made, and opened, by `leder.year`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_agreements = self.instance.pk is not None and self.instance.agreements.exists()

    def clean(self) -> dict[str, Any]:
        """Check the year against texts and dates, and the dates against each other."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        year = cleaned.get("year")
        for name, model in PAGES.items():
            self._check_page(name, model, cleaned.get(name), year)
        if year:
            self.check_dates(year, cleaned)
        if self.has_agreements and "year" in self.changed_data:
            self.add_error("year", _("There are agreements in this round, so its year stays."))
        return cleaned

    def _check_page(self, name: str, model: Any, page: Any, year: int | None) -> None:
        if page is None:
            return
        specific = model.objects.filter(pk=page.pk).first()
        if specific is None:
            self.add_error(name, _("Choose a page of the right kind."))
        elif not specific.live and self.instance.opened_at is not None:
            self.add_error(name, _("This page is not published. Agreements stand on published text only."))
        elif year and getattr(specific, "year", year) != year:
            self.add_error(
                name,
                forms.ValidationError(
                    _("This text is for %(page_year)s, and the round is for %(year)s."),
                    code="other_year",
                    params={"page_year": specific.year, "year": year},
                ),
            )
