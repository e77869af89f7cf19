"""The steps before a year is opened: its texts, its deadlines, and what of the preview is shown."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from leder.agreements.forms.round import DATES, PAGES, Deadlines, usual_dates
from leder.agreements.models import Round
from leder.year.plan import Plan, Remark


class PageChoice(forms.ModelChoiceField):
    """One of the pages of a kind; says which are not published."""

    def label_from_instance(self, obj: Any) -> str:
        title = str(obj.get_admin_display_title())
        return title if obj.live else _("%(title)s (draft, not published)") % {"title": title}


def _label(name: str) -> Any:
    return capfirst(Round._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


class TextsForm(forms.Form):
    """Which texts the year's agreements stand on. Drafts can be chosen, and are published before the opening."""

    platform_page = PageChoice(queryset=None)
    letter_page = PageChoice(queryset=None)
    form_page = PageChoice(queryset=None)

    def __init__(self, *args: Any, year: int, instance: Round | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        self.instance = instance
        for name, model in PAGES.items():
            pages = model.objects.all() if name == "platform_page" else model.objects.filter(year=year)
            pages = pages.filter(alias_of=None).order_by("-live", "-last_published_at", "-pk")
            field = self.fields[name]
            field.label = _label(name)
            field.queryset = pages  # type: ignore[attr-defined]
            field.empty_label = None  # type: ignore[attr-defined]
            chosen = getattr(instance, f"{name}_id", None)
            self.initial.setdefault(name, chosen or pages.values_list("pk", flat=True).first())

    @property
    def lacks(self) -> bool:
        """Whether there is a kind of text of which there is none to choose."""
        return any(initial is None for initial in self.initial.values())

    def save(self) -> Round:
        """Save the round with its texts; a new one gets the usual deadlines."""
        # The round refers to pages of Wagtail's own kind, whatever a host has made of it.
        texts = {f"{name}_id": self.cleaned_data[name].pk for name in PAGES}
        # Two who begin with the same year at once make one round.
        year_round, _created = Round.objects.update_or_create(
            year=self.year, defaults=texts, create_defaults={**usual_dates(self.year), **texts}
        )
        return year_round


class DeadlinesForm(Deadlines, forms.ModelForm):
    """The round's deadlines (R4)."""

    class Meta:
        model = Round
        fields = DATES
        widgets: ClassVar[dict[str, Any]] = dict.fromkeys(DATES, AdminDateInput)

    def clean(self) -> dict[str, Any]:
        """Check the dates against the year and against each other."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.check_dates(self.instance.year, cleaned)
        return cleaned


class PreviewForm(forms.Form):
    """What of the preview is shown; anything senseless shows it all."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=100)
    area = forms.ChoiceField(label=gettext_lazy("Sector or staff department"), required=False)
    show = forms.ChoiceField(label=gettext_lazy("Show"), required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area, show = self.fields["area"], self.fields["show"]
        area.choices = [("", _("All")), *((str(unit.pk), unit.name) for unit in plan.areas)]  # type: ignore[attr-defined]
        remarks = [(remark.value, remark.label) for remark in Remark if plan.counts[remark]]
        show.choices = [  # type: ignore[attr-defined]
            ("", _("All positions")),
            ("ready", _("Gets an agreement")),
            ("having", _("Has an agreement")),
            ("wrong", _("Something to look at")),
            *remarks,
        ]

    def asked(self) -> dict[str, str]:
        """What is asked for, as keyword arguments of `plan.filtered`."""
        self.is_valid()
        cleaned = self.cleaned_data
        return {
            "words": cleaned.get("q", "").replace("\x00", ""),
            "area": cleaned.get("area", ""),
            "show": cleaned.get("show", ""),
        }
