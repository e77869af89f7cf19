"""The two forms of an import: the file, and what its columns are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .cells import clean
from .columns import every_column
from .faults import FileRefused
from .reading import LARGEST_FILE, Table, parse

SAMPLES = 3


class FileForm(forms.Form):
    """The file. Valid only when it can be read; `table` is then what stands in it."""

    file = forms.FileField(
        label=gettext_lazy("File from the HR system"),
        help_text=gettext_lazy("CSV or Excel (.xlsx), at most 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 10 MB. Send the leader positions only."))
        content = sent.read()
        try:
            table = parse(content)
        except FileRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        self.cleaned_data |= {"table": table, "name": PurePath(sent.name).name}
        return sent


class ColumnsForm(forms.Form):
    """For each of our columns, the column of the file that it is."""

    def __init__(
        self, *args: Any, table: Table, places: Mapping[int, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places: dict[int, str] = {}
        place_of = {key: place for place, key in (places or {}).items()}
        choices = [(str(place), heading) for place, heading in enumerate(table.headings) if heading]
        for column in every_column():
            found = place_of.get(column.key)
            self.fields[column.key] = forms.ChoiceField(
                label=column.heading,
                required=column.needed,
                choices=[("", _("Choose a column") if column.needed else _("Not in the file")), *choices],
                initial="" if found is None else str(found),
                help_text=_samples(table, found),
                error_messages={"required": _("The import needs this column.")},
            )

    def clean(self) -> dict[str, Any]:
        chosen: dict[str, str] = {}
        for key, place in list(self.cleaned_data.items()):
            if place and place in chosen:
                self.add_error(
                    key,
                    _("The same column is chosen for “%(other)s”.")
                    % {"other": self.fields[chosen[place]].label},
                )
            elif place:
                chosen[place] = key
        self.places = {int(place): key for place, key in chosen.items()}
        return self.cleaned_data


def _samples(table: Table, place: int | None) -> str:
    """What stands in the first rows of the column, so that one sees whether it is the right one."""
    if place is None:
        return ""
    values = (clean(row[place]) for _number, row in table.rows[:50] if place < len(row))
    found = list(dict.fromkeys(value[:40] for value in values if value))[:SAMPLES]
    return _("For instance %(values)s") % {"values": ", ".join(found)} if found else ""
