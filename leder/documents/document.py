"""A document (dokument) from a record: pure, so that the same record and facts always give the same bytes."""

from __future__ import annotations

from typing import Any

import rfc8785

from leder.agreements.record import digest
from leder.documents.content import content_of
from leder.documents.facts import Facts
from leder.documents.typesetting import typeset
from leder.documents.variants import Variant, without_private


class FormChanged(Exception):
    """The text of the form is not the one that the record names: the document would show what nobody signed."""


def render(
    record: dict[str, Any], form: dict[str, Any], facts: Facts, variant: Variant = Variant.WHOLE
) -> bytes:
    """Return the PDF of a record, sealed or a draft's (`agreements.record`).

    `form` is the content of the form's edition. With `WITHOUT_PRIVATE` the attached record holds what is shown and
    the SHA-256 of the whole. Raises FormChanged, and NotSet when it can't be set.
    """
    # A record in short, as in examples, names no form.
    if digest(form) != record.get("editions", {}).get("form", {}).get("sha256"):
        raise FormChanged
    shown = without_private(record) if variant == Variant.WITHOUT_PRIVATE else record
    return typeset(
        content_of(shown, form, facts),
        record=rfc8785.dumps(shown),
        form=rfc8785.dumps(form),
        at=facts.as_of,
    )
