"""What the templates of form fields and of the error summary need to know about a Django form."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BaseForm, BaseFormSet, BoundField

# Browsers want these in ISO form, whatever the language of the page.
NATIVE_TYPES: dict[type[forms.Widget], tuple[str, str]] = {
    forms.DateInput: ("date", "%Y-%m-%d"),
    forms.TimeInput: ("time", "%H:%M"),
    forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
}
DEFAULT_ROWS = 4  # the text grows with what is written


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "hidden" if widget.is_hidden else "input"


def _widget(bound: BoundField) -> forms.Widget:
    """The field's widget; dates and times as the browser's own inputs."""
    widget = bound.field.widget
    native = NATIVE_TYPES.get(type(widget))
    if native is None:
        return widget
    widget = copy.copy(widget)
    widget.input_type, widget.format = native
    widget.is_localized = False
    return widget


def field_context(
    bound: BoundField, rows: int | None = None, size: str = "", hide_label: bool = False, variant: str = ""
) -> dict[str, Any]:
    """The context of ``leder/components/field.html`` for a bound field.

    Errors are named before the description in ``aria-describedby``, so that they are read first.
    """
    kind = _kind(bound.field.widget)
    error_id, help_id = f"{bound.auto_id}_error", f"{bound.auto_id}_help"
    described_by = " ".join([error_id] * bool(bound.errors) + [help_id] * bool(bound.help_text))
    attrs: dict[str, Any] = {"class": f"ds-input {bound.field.widget.attrs.get('class', '')}".strip()}
    if described_by:
        attrs["aria-describedby"] = described_by
    if isinstance(bound.field.widget, forms.Textarea):
        attrs["rows"] = rows or DEFAULT_ROWS
        attrs["cols"] = False  # the width is the column's
    return {
        "bound": bound,
        "kind": kind,
        "control": "" if kind == "choices" else bound.as_widget(widget=_widget(bound), attrs=attrs),
        "choices": list(_choices(bound)) if kind == "choices" else [],
        "choice_type": "checkbox"
        if isinstance(bound.field.widget, forms.CheckboxSelectMultiple)
        else "radio",
        "error_id": error_id,
        "help_id": help_id,
        "described_by": described_by,
        "size": size,
        "hide_label": hide_label,
        "variant": variant,
    }


def _choices(bound: BoundField) -> Iterator[dict[str, Any]]:
    for option in bound.subwidgets:
        data = option.data
        yield {
            "id": data["attrs"].get("id", ""),
            "name": data["name"],
            "value": data["value"],
            "label": data["label"],
            "selected": data["selected"],
            "disabled": bool(data["attrs"].get("disabled")),
        }


def errors_of(form: BaseForm | BaseFormSet | Any) -> Iterator[dict[str, Any]]:
    """Each error of a form or formset as ``text`` and ``target`` (the id of its field, or empty)."""
    if isinstance(form, BaseFormSet):
        yield from ({"text": text, "target": ""} for text in form.non_form_errors())
        for each in form.forms:
            yield from errors_of(each)
        return
    yield from ({"text": text, "target": ""} for text in form.non_field_errors())
    for bound in form:
        target = bound.id_for_label or f"{bound.auto_id}_0"
        yield from ({"text": text, "target": target} for text in bound.errors)
