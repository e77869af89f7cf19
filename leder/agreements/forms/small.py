"""Forms with one field: a comment, what to change, where it was signed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leder.agreements.forms.fields import LongText
from leder.pages.editions import Section


class OfSection(forms.Form):
    """A form that stands once for each section on the same page, so its elements carry the section's number."""

    def __init__(self, data: Any = None, *, section: Section) -> None:
        super().__init__(data, auto_id=f"{self.element}{section.number}-%s")

    element = "f"


class CommentForm(OfSection):
    """A remark to the other party."""

    element = "comment"
    text = LongText(
        label=_("Comment"),
        required=True,
        error_messages={"required": _("Write the comment before you send it.")},
    )


class ChangeRequestForm(OfSection):
    """What the superior asks the leader to change."""

    element = "change"
    comment = LongText(
        label=_("What should be changed?"),
        required=True,
        error_messages={"required": _("Write what should be changed, so that the other knows what to do.")},
    )


class SignForm(forms.Form):
    """Where the agreement is signed, and the content that was read (its hash)."""

    place = forms.CharField(
        label=_("Place"),
        max_length=100,
        error_messages={"required": _("Write where you sign, for example the name of the municipality.")},
    )
    content_hash = forms.CharField(widget=forms.HiddenInput(), required=False)
