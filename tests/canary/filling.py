"""Fills in forms as a person would: every field for text gets a mark of its own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.urls import Resolver404, resolve
from django.utils import timezone

from tests.canary.html import Field, Form

Mark = Callable[[str], str]
# The parts of a field's name that differ from section to section: `c-<statement>-why`, `g-<row>-goal`.
VARYING = re.compile(r"^([acgp])-.+?(-[a-z_]+)?$")
PATTERN_KEY = "__n__"


def address_of(path: str) -> str:
    """The name of an address: what a form is for, whatever agreement it belongs to. "" for none."""
    try:
        return resolve(path.partition("?")[0]).view_name or ""
    except Resolver404:
        return ""


def kind_of(name: str) -> str:
    """The name of a field without what varies: "c-*-why"."""
    return VARYING.sub(lambda found: f"{found[1]}-*{found[2] or ''}", name)


def filled(form: Form, mark: Mark, given: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What the form would post with every text field filled in, the first choice of each kind made, dates set.

    What is `given` is put in as it is. What script would add is added: the fields of a chosen statement, from their
    pattern.
    """
    data: dict[str, Any] = dict(given or {})
    chosen = ""
    for field in form.fields:
        if field.in_pattern or field.name in (given or {}):
            continue
        if field.type == "checkbox" and field.name == "chosen":
            chosen = chosen or field.value
            continue
        value = _value(field, mark)
        if value is not None and (field.type != "radio" or field.checked or field.name not in data):
            data[field.name] = value
    if chosen:
        data["chosen"] = chosen
        for field in form.fields:
            if field.in_pattern:
                value = _value(field, mark)
                if value is not None:
                    data[field.name.replace(PATTERN_KEY, chosen)] = value
    return data


def _value(field: Field, mark: Mark) -> str | None:
    """What is put into a control; None to leave it out."""
    if field.is_text:
        return mark(field.name)
    today = timezone.localdate()
    if field.type == "date":
        # The day a conversation was held can't be to come; the others can't be past, nor far ahead: at the end of
        # December a year's last conversation can be called for a day or two more.
        is_past = field.name.endswith("held_on")
        return (today if is_past else today + dt.timedelta(days=1)).isoformat()
    if field.type == "time":
        return "10:30"
    if field.type in {"hidden", "select", "radio"}:
        return field.value
    return None
