"""The form of the check: one file, kept in memory."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.utils.translation import gettext_lazy as _

from leder.documents.checking import MOST_BYTES


class InMemory(MemoryFileUploadHandler):
    """Keeps an uploaded file in memory whatever its size up to the limit; nothing of a document is put on a disk."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Take the file if what is sent is small enough; else it is passed by, and the form says so."""
        # Beside the file there are a token and the boundaries.
        self.activated = content_length <= MOST_BYTES + 64 * 1024


class CheckForm(forms.Form):
    """A PDF to check."""

    file = forms.FileField(
        label=_("PDF file"),
        help_text=_("At most 20 MB. The file is read once, and not kept."),
        error_messages={
            "required": _("Choose a PDF file of at most 20 MB."),
            "empty": _("The file is empty. Choose another."),
        },
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is no PDF by its first bytes."""
        file = self.cleaned_data["file"]
        if not file.read(5).startswith(b"%PDF-"):
            raise ValidationError(_("This is not a PDF file. Choose the file as you got it."))
        file.seek(0)
        return file
