"""What HR can put into a text of reminders: {navn} and {frist}, and nothing else."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NAME, DEADLINE = "{navn}", "{frist}"
PLACEHOLDERS = (NAME, DEADLINE)
BRACED = re.compile(r"\{[^{}]*\}|[{}]")


def check_placeholders(text: str) -> None:
    """Refuse braces that stand for nothing (ValidationError, which says what can be used)."""
    for found in BRACED.findall(text):
        if found not in PLACEHOLDERS:
            raise ValidationError(
                _(
                    "“%(found)s” stands for nothing. Use {navn} for the reader's name and {frist} for the date."
                ),
                code="placeholder",
                params={"found": found},
            )


def fill_in(text: str, *, name: str, deadline: str) -> str:
    """Return the text with name and date. Nothing in either is taken for a placeholder."""
    values = {NAME: name, DEADLINE: deadline}
    return BRACED.sub(lambda found: values.get(found[0], found[0]), text)
